"""The whole pipeline by its own commands: from 87 real feeds to inboxes, over real servers."""

import email
import email.policy
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from html.parser import HTMLParser
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from click.testing import CliRunner, Result

from newsletter.cli.main import cli
from newsletter.config import load
from newsletter.issues.drafting import draft_file
from newsletter.model.issue import issue_id_for
from newsletter.wiring import Workspace
from tests.conftest import NEWSLETTER_TOML
from tests.sending.mail_server import mail_server
from tests.web_server import WebServer

pytestmark = pytest.mark.usefixtures("processes")

ACTIVE = {"script", "iframe", "frame", "object", "embed", "applet", "form", "input", "button"} | {
    "base", "svg", "math", "audio", "video", "source", "template", "link",
}  # fmt: skip

PEOPLE = 12
KEY = "a key for tests only, at least 32 bytes"


class Keep:
    """aiosmtpd's handler: one entry a recipient."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.received += [(address, envelope.content) for address in envelope.rcpt_tos]
        return "250 OK"


@dataclass
class Inboxes:
    """A real mail server, and what it was given."""

    port: int
    received: list[tuple[str, bytes]]


@pytest.fixture
def inboxes() -> Iterator[Inboxes]:
    handler = Keep()
    with mail_server(handler) as port:
        yield Inboxes(port, handler.received)


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, inboxes: Inboxes) -> Run:
    """Calls a command in the test's workspace, as a user would; its exit code has to be 0."""

    def invoke(*words: str) -> Result:
        environment = {
            "NEWSLETTER_SECRET_KEY": KEY,
            "NEWSLETTER_TRANSPORT": "smtp",
            "NEWSLETTER_TRANSPORT_HOST": "127.0.0.1",
            "NEWSLETTER_TRANSPORT_PORT": str(inboxes.port),
            "NEWSLETTER_TRANSPORT_SECURITY": "none",
        }
        result = CliRunner().invoke(cli, ["-w", str(tmp_path), *words], env=environment)
        assert result.exit_code == 0, f"{words}: {result.output}\n{result.exception!r}"
        return result

    return invoke


def feeds_yaml(urls: list[str]) -> str:
    return "organisations:\n" + "".join(
        f"  - id: org-{number}\n    name: Organisation {number}\n"
        f"    url: https://org-{number}.example\n    languages: [en]\n"
        f"    feeds: [{{url: {url}}}]\n"
        for number, url in enumerate(urls, start=1)
    )


def settings(port: int) -> str:
    """Room for 60 organisations in one issue, one item each."""
    toml = NEWSLETTER_TOML.replace("[fetch]", f"[fetch]\nallow_ports = [{port}]")
    return (
        toml.replace("[[issue.sections]]", "[issue]\norganisation_cap = 1\n\n[[issue.sections]]", 1)
        + "most = 60\n"
    )


def subscribers() -> str:
    rows = (
        f"reader{n}@readers.example,{'es' if n % 2 else 'en'},confirmed\n" for n in range(PEOPLE)
    )
    return "address,language,state\n" + "".join(rows)


def make_all_of_it_news(root: Path) -> None:
    """The feeds are years old; an archive that arrives at first import is rightly not drafted."""
    with sqlite3.connect(root / "newsletter.db") as database:
        database.execute("UPDATE items SET is_backlog = 0")
    database.close()


def translate_nothing(root: Path, issue: str) -> None:
    """The Spanish edition takes what it lacks from the English one; both get a subject."""
    for language in ("en", "es"):
        draft = root / "issues" / issue / f"{language}.md"
        text = draft.read_text(encoding="utf-8")
        text = re.sub(r"^subject:.*$", f"subject: Issue {issue}", text, flags=re.MULTILINE)
        text = re.sub(r"<!-- TO TRANSLATE: .*?note\.\n(.*?)\n *-->", r"\1", text, flags=re.DOTALL)
        draft.write_text(text, encoding="utf-8")


def test_87_real_feeds_reach_every_inbox_whole_and_harmless(
    corpora: Path, tmp_path: Path, server: WebServer, inboxes: Inboxes, run: Run
) -> None:
    files = sorted((corpora / "real-feeds").iterdir())
    urls = [server.page(f"/{file.name}", file.read_bytes()) for file in files]
    (tmp_path / "newsletter.toml").write_text(settings(server.port), encoding="utf-8")
    (tmp_path / "people.csv").write_text(subscribers(), encoding="utf-8")
    run("subscribers", "import", str(tmp_path / "people.csv"), "--proof", "a test")
    assert len(urls) == 87

    today = datetime.now(UTC).date()
    placed: set[str] = set()
    # One issue has room for 60 items at most: half of the coalition joins a week later.
    for members, day in ((44, today), (87, today + timedelta(days=7))):
        issue = issue_id_for(day)
        (tmp_path / "feeds.yaml").write_text(feeds_yaml(urls[:members]), encoding="utf-8")
        pulled = json.loads(run("pull", "--json").stdout)
        assert {outcome["result"] for outcome in pulled["outcomes"]} <= {"new", "not due"}
        make_all_of_it_news(tmp_path)
        run("draft", issue)
        translate_nothing(tmp_path, issue)
        run("check", issue, "--no-links")
        run("preview", issue, "--no-open")
        run("approve", issue, "--as", "Ana", "--no-links")
        run("send", issue, "--yes")
        run("audit", issue)
        for path in (tmp_path / "issues" / issue).glob("??.md"):
            edition = draft_file.read(path.read_text(encoding="utf-8"), file=str(path))
            placed |= {placement.item_id or "" for placement in edition.placements}

    workspace = Workspace(config=load(tmp_path, {"NEWSLETTER_SECRET_KEY": KEY}))
    organisations = {item.organisation_id for item in workspace.items.get(placed).values()}
    workspace.engine.dispose()
    assert len(organisations) == 87

    assert Counter(address for address, _ in inboxes.received) == {
        f"reader{n}@readers.example": 2 for n in range(PEOPLE)
    }
    for _, data in inboxes.received:
        assert_whole_and_harmless(data)


def assert_whole_and_harmless(data: bytes) -> None:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    html_part, text_part = message.get_body(("html",)), message.get_body(("plain",))
    assert html_part is not None
    assert text_part is not None
    page = Page()
    page.feed(html_part.get_content())
    page.close()
    assert page.offences == []
    text = flat(text_part.get_content())
    assert page.titles
    assert [title for title in page.titles if flat(title) not in text] == []
    assert [link for link in page.links if link not in text] == []


def flat(text: str) -> str:
    return " ".join(text.split())


class Page(HTMLParser):
    """What an HTML part shows and does: its headings, its links, and whatever could act."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.titles: list[str] = []
        self.links: set[str] = set()
        self.offences: list[str] = []
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in ACTIVE or any(name.startswith("on") for name in values):
            self.offences.append(self.get_starttag_text() or tag)
        for name in ("href", "src", "background", "action"):
            url = values.get(name)
            if url is None or url.startswith("#"):
                continue
            schemes = (
                ("cid:",) if name == "src" else ("https://", "http://", "mailto:", "tel:", "sms:")
            )
            if not url.startswith(schemes):
                self.offences.append(self.get_starttag_text() or tag)
            if url.startswith("http"):
                self.links.add(url)
        if tag in ("h1", "h2", "h3"):
            self._in_heading = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "h2", "h3"):
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        if self._in_heading:
            self.titles[-1] += data
