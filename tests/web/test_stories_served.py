"""The story pages of `newsletter serve`: two processes are one door, and neither remembers."""

import http.client
import re
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

from newsletter.cli.serve import LARGEST_BODY
from newsletter.stories.taking.steps import LAST
from newsletter.web.stories_frame import TAKE_BACK, TELL
from newsletter.wiring import Workspace
from tests.cli.test_serve import HOST, KEY, port, serving
from tests.processes import PATIENCE, until
from tests.stories.making import ANSWERS, NAME, PHONE, give_keys
from tests.web.telling import Form

__all__ = ["port"]

pytestmark = pytest.mark.usefixtures("processes")


class Visitor:
    """A browser with cookies; each of its requests goes to the next process."""

    def __init__(self, *ports: int) -> None:
        self._ports = list(ports)
        self._cookies: dict[str, str] = {}

    def ask(
        self,
        method: str,
        path: str,
        data: dict[str, str] | bytes = b"",
        kind: str = "application/x-www-form-urlencoded",
    ) -> str:
        """The page in the end."""
        self._ports.append(self._ports.pop(0))
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": kind}
        connection = http.client.HTTPConnection(HOST, self._ports[0], timeout=PATIENCE)
        connection.request(
            method, path, data if isinstance(data, bytes) else urlencode(data), headers
        )
        answer = connection.getresponse()
        page = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        to = answer.headers["Location"]
        connection.close()
        return page if to is None else self.ask("GET", to)

    def press(self, page: str, **typed: str) -> str:
        form = Form(page)
        return self.ask("POST", form.action, {**form.fields, "go": "next", **typed})

    def tell(self) -> str:
        """Send all answers with the last step; return the code."""
        page = self.press(self.ask("GET", TELL))
        page = self.press(page, **ANSWERS, step=str(LAST))
        found = re.search(r'class="code"[^>]*>([0-9A-Z-]+)<', page)
        assert found is not None, page
        return found[1]


def in_memory(pid: int, words: list[str]) -> set[str]:
    """Which of the words a process has anywhere in what it can write to."""
    found: set[str] = set()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            where, may = line.split()[:2]
            if may.startswith("rw"):
                start, end = (int(edge, 16) for edge in where.split("-"))
                try:
                    memory.seek(start)
                    data = memory.read(end - start)
                except (OSError, ValueError):  # given back meanwhile, or none of ours
                    continue
                found |= {word for word in words if word.encode() in data}
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="looks at a process's memory")
def test_two_processes_are_one_door_and_forget_within_seconds(
    workspace: Workspace, port: int
) -> None:
    give_keys(workspace.story_services)
    options = ("--host", HOST, "--port")
    with (
        serving(workspace.root, *options, str(port)) as one,
        serving(workspace.root, *options, str(port + 1)) as other,
    ):
        for process in (one, other):
            assert process.stderr is not None
            assert process.stderr.readline()
        visitor = Visitor(port, port + 1)
        half = visitor.press(visitor.ask("GET", TELL), text=f"{NAME} {PHONE}")
        assert NAME in half
        code = visitor.tell()
        words = [NAME, PHONE, "cleaned offices", code, code.replace("-", "")]
        assert in_memory(one.pid, [KEY]) == {KEY}  # the search finds what is there
        until(lambda: not in_memory(one.pid, words) | in_memory(other.pid, words))
        done = visitor.press(visitor.ask("GET", TAKE_BACK), code=code)
        assert "Your story is taken back" in done
        until(lambda: not in_memory(one.pid, words) | in_memory(other.pid, words))


def test_a_file_far_too_large_is_refused_with_303_and_the_words_stay(
    workspace: Workspace, port: int
) -> None:
    give_keys(workspace.story_services)
    with serving(workspace.root, "--host", HOST, "--port", str(port)) as process:
        assert process.stderr is not None
        assert process.stderr.readline()
        visitor = Visitor(port)
        page = visitor.press(visitor.ask("GET", TELL))
        page = visitor.press(page, **{**ANSWERS, "capacity_attested": ""}, step=str(LAST))
        form = Form(page)
        after = {"capacity_attested": "yes", "service_guarantee_read": "yes", "go": "next"}
        part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
        head = "".join(part.format(*one) for one in form.fields.items() if one[0] not in after)
        head += part.format('picture"; filename="a.mp4', "")[:-2]
        tail = "\r\n" + "".join(part.format(*one) for one in after.items()) + "--x--\r\n"
        body = head.encode() + bytes(LARGEST_BODY) + tail.encode()
        page = visitor.ask("POST", form.action, body, "multipart/form-data; boundary=x")
    assert "This is not a picture we can read, or it is too large" in page
    assert Form(page).fields["text"] == ANSWERS["text"]
    assert Form(page).fields["capacity_attested"] == "yes"
