"""The story pages of `newsletter serve`: two processes are one door, and neither remembers."""

import http.client
import re
import sys
from pathlib import Path
from urllib.parse import urlencode

import pytest

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

    def ask(self, method: str, path: str, data: dict[str, str] | None = None) -> str:
        """The page in the end."""
        self._ports.append(self._ports.pop(0))
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection(HOST, self._ports[0], timeout=PATIENCE)
        connection.request(method, path, urlencode(data or {}), headers)
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
