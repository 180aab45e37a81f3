"""Members' real articles, by the commands: pulled over HTTP, drafted, checked, approved, mailed.

Two prints of one article are one piece, in full or in summary, with the source credited; banners
are gone; a table is a table; slips are named; an event in a post is one when an editor says so.
"""

import email
import email.policy
import json
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result

from newsletter.cli.main import cli
from newsletter.issues.drafting import draft_file
from newsletter.model.issue import Edition, Placement, issue_id_for
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML
from tests.web_server import WebServer

pytestmark = pytest.mark.usefixtures("processes")

NOW = datetime.now(UTC)
TODAY = NOW.astimezone(ZoneInfo("America/Los_Angeles")).date()  # the coalition's
PEOPLE = ("ana@readers.example", "ben@readers.example")
BANNER = "Need a lawyer today? Call Ruiz and Partners, se habla español: 1-800-555-0199."
SHARE = "<p>Share this:</p><ul><li>Facebook</li><li>X</li><li>WhatsApp</li></ul>"


def day_in_words(days: int, *, weekday_off: int = 0) -> str:
    day = TODAY + timedelta(days=days)
    named = day + timedelta(days=weekday_off)
    return f"{named:%A}, {day:%B} {day.day}, {day.year}"


RENT_TABLE = (
    "<table><thead><tr><th>District</th><th>Median rent</th></tr></thead><tbody>"
    "<tr><td>Westside</td><td>$1,450</td></tr><tr><td>Hillcrest</td><td>$1,720</td></tr></tbody>"
    "</table>"
)
RENT_OPENS = "Rents in four districts rose by eleven percent within a year, our survey shows."
RENT = (
    f"<p>{RENT_OPENS} Families told our volunteers that they skip meals to keep their homes, and "
    "that repairs wait for months.</p>"
    f"{RENT_TABLE}"
    "<p>The council may cap increases as soon as it wants. We ask every neighbor to write to a "
    "member of the council before it meets again.</p>"
)
STRIKE_OPENS = (
    "The kitchen workers of the Grand Hotel went back to work with a raise and a contract."
)
STRIKE = (
    f"<p>{STRIKE_OPENS} For nineteen days they had stood at the gate in the rain, with drums, "
    "songs and soup that neighbors brought.</p>"
    "<p>Nobody was dismissed. The hotel now pays the hours that it had left out since spring, and "
    "a committee of five cooks reads each schedule before it is posted.</p>"
)
CHOIR = (
    "<p>The choir of the parish sings in seven languages now. Its singers come from eleven "
    "countries and rehearse under a roof that they mended themselves.</p>"
)
GARDEN = (
    "<p>Forty families grow beans, squash and corn where a gas station stood until last spring. "
    "The soil was tested twice, and both times it was clean.</p>"
)
WRONG_DAY = day_in_words(12, weekday_off=1)
SLIPS = (
    "<p>Teh library lends tools to neighbors now. Drills,saws and ladders go out for for a week, "
    f"free of charge, to whoever has a card. Bring them back clean by {WRONG_DAY}.</p>"
)
EVENT = (
    "<p>The new rules on wages confuse many of us, and some employers like it so.</p>"
    f"<p>Join us on {day_in_words(9)} at 6 pm at Union Hall, 614 Wilmer Street, to learn what "
    "they say.</p>"
)


class Entry(NamedTuple):
    """An entry of a member's feed; `age` in days."""

    title: str
    link: str
    html: str
    age: float = 1


def feed(name: str, entries: Sequence[Entry]) -> str:
    items = "".join(
        f"<item><title>{escape(one.title)}</title><link>{one.link}</link><guid>{one.link}</guid>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=one.age))}</pubDate>"
        f"<description>{escape(one.html)}</description></item>"
        for one in entries
    )
    about = f"<title>{name}</title><link>https://x.example</link><language>en</language>"
    return f'<rss version="2.0"><channel>{about}{items}</channel></rss>'


# Mesa writes on somebody else's platform; Casa reprints both articles whole, on its own site, days
# "before" they were written, and Harbor has the strike in one sentence.
FEEDS = {
    "mesa": [
        Entry("Cooks win", "https://writers.example/mesa/cooks", STRIKE, 2),
        Entry(
            "Rents rise, and meals are skipped",
            "https://writers.example/mesa/rents",
            f"<p>{RENT_OPENS}</p>",
        ),
    ],
    "harbor": [
        Entry("Rents rise, and meals are skipped", "https://harbor.example/rents", RENT, 2),
        Entry("Tools for everyone", "https://harbor.example/tools", SLIPS),
        Entry("Wages and the new rules", "https://harbor.example/wages", EVENT),
        Entry("Cooks win", "https://harbor.example/cooks", f"<p>{STRIKE_OPENS} […] Read more</p>"),
    ],
    "casa": [
        Entry(
            "A survey on rents",
            "https://casa.example/rents",
            f"<p>{BANNER}</p>{RENT}<p>Original source: Harbor Legal Aid</p>{SHARE}",
            6,
        ),
        Entry(
            "Cooks win their strike",
            "https://casa.example/cooks",
            f"{STRIKE}<p>{BANNER}</p>"
            '<p>Original source: <a href="https://writers.example/mesa/cooks">Mesa</a></p>',
            6,
        ),
        Entry(
            "A choir in seven languages",
            "https://casa.example/choir",
            f"{CHOIR}<p>{BANNER}</p>{SHARE}",
        ),
        Entry(
            "Beans where gas was sold", "https://casa.example/garden", f"<p>{BANNER}</p>{GARDEN}"
        ),
    ],
}
NAMES = {"harbor": "Harbor Legal Aid", "mesa": "Mesa", "casa": "Casa Libre"}


def feeds_yaml(urls: dict[str, str]) -> str:
    return "organisations:\n" + "".join(
        f"  - id: {id_}\n    name: {NAMES[id_]}\n    url: https://{id_}.example\n"
        f"    languages: [en]\n    terms: {{text: full}}\n    feeds: [{{url: {url}}}]\n"
        for id_, url in urls.items()
    )


Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Calls a command in the test's workspace as a user would."""

    def invoke(*words: str) -> Result:
        result = CliRunner().invoke(cli, ["-w", str(tmp_path), *words], env=ENVIRONMENT)
        assert result.exit_code in (0, 1), f"{words}: {result.output}\n{result.exception!r}"
        return result

    return invoke


def edition(draft: Path) -> Edition:
    return draft_file.read(draft.read_text(encoding="utf-8"), file=str(draft))


def piece(draft: Path, words: str) -> Placement:
    """The one piece whose blurb has the words: two prints of an article are one."""
    (placement,) = [one for one in edition(draft).placements if words in one.blurb]
    return placement


def block_of(text: str, title: str) -> str:
    (block,) = re.findall(rf"^### \[{title}\].*?(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
    return str(block)


def make_an_event(draft: Path, title: str) -> None:
    """As the note below the piece says: to the section for events, without the note's two marks."""
    text = draft.read_text(encoding="utf-8")
    block = block_of(text, title)
    accepted = re.sub(r"<!-- AN EVENT\?.*?\n(.*?)\n *-->", r"\1", block, flags=re.DOTALL)
    text = text.replace(block, "").rstrip()
    draft.write_text(f"{text}\n\n## Events {{#events}}\n\n{accepted}", encoding="utf-8")


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), 1) if words in line)


def mailed(root: Path) -> list[EmailMessage]:
    messages = []
    for path in sorted((root / "outbox").rglob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        messages.append(message)
    return messages


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_members_articles_from_their_feeds_to_the_inbox(
    tmp_path: Path, server: WebServer, run: Run
) -> None:
    issue = issue_id_for(TODAY)
    toml = NEWSLETTER_TOML.replace("[fetch]", f"[fetch]\nallow_ports = [{server.port}]")
    toml = toml.replace('languages = ["en", "es"]\npostal', 'languages = ["en"]\npostal')
    toml = toml.replace(
        "[[issue.sections]]", "[issue]\norganisation_cap = 4\n\n[[issue.sections]]", 1
    )
    (tmp_path / "newsletter.toml").write_text(toml, encoding="utf-8")
    rows = "".join(f"{address},en,confirmed\n" for address in PEOPLE)
    (tmp_path / "people.csv").write_text(f"address,language,state\n{rows}", encoding="utf-8")
    run("subscribers", "import", str(tmp_path / "people.csv"), "--proof", "a test")
    urls: dict[str, str] = {}
    for id_, entries in FEEDS.items():  # the copier's feed is met last
        urls[id_] = server.page(f"/{id_}.xml", feed(NAMES[id_], entries))
        (tmp_path / "feeds.yaml").write_text(feeds_yaml(urls), encoding="utf-8")
        run("pull")
    run("draft", issue)
    draft = tmp_path / "issues" / issue / "en.md"
    text = draft.read_text(encoding="utf-8")

    # One piece for the prints of one article; the source is credited, the others named.
    rents, strike = piece(draft, "eleven percent within a year"), piece(draft, "went back to work")
    assert rents.link == "https://harbor.example/rents"
    assert set(rents.details["shared_by"].split(", ")) == {"casa", "mesa"}
    assert strike.link == "https://writers.example/mesa/cooks"
    assert set(strike.details["shared_by"].split(", ")) == {"casa", "harbor"}

    # The articles are whole; what is around them is gone.
    assert "both times it was clean" in piece(draft, "Forty families").blurb
    assert "mended themselves" in piece(draft, "choir of the parish").blurb
    for junk in ("Ruiz", "WhatsApp", "Share this", "Read more", "Original source"):
        assert junk not in text, junk

    # Slips are named in their line, with the mend, and stop nobody.
    checked = run("check", issue, "--no-links", "--json")
    problems = json.loads(checked.stdout)["problems"]
    assert [one for one in problems if one["severity"] == "blocks"] == []
    at_slips = [one for one in problems if one["line"] == line_with(text, "Teh library")]
    told = "\n".join(f"{one['message']} {one['hint']}" for one in at_slips)
    for slip in ("Teh", "The", "Drills,saws", "for for", WRONG_DAY.split(",")[0]):
        assert slip in told, slip

    # An event in a post is offered; it is one when an editor says so.
    assert "AN EVENT? FROM THE TEXT: “Join us on" in block_of(text, "Wages and the new rules")
    assert piece(draft, "rules on wages").details == {}
    make_an_event(draft, "Wages and the new rules")
    event = piece(draft, "rules on wages")
    assert event.details["when"].endswith(" 18:00")
    assert event.details["where"] == "Union Hall, 614 Wilmer Street"

    approved = run("approve", issue, "--as", "Ana", "--no-links")
    assert approved.exit_code == 0, approved.output
    assert run("send", issue, "--yes").exit_code == 0
    assert run("audit", issue).exit_code == 0
    messages = mailed(tmp_path)
    assert sorted(message["To"].addresses[0].addr_spec for message in messages) == sorted(PEOPLE)
    for message in messages:
        html, plain = part(message, "html"), part(message, "plain")
        # The table is one in the mail, and its rows are rows in the text.
        assert re.search(
            r"<table[^>]*>(?:(?!</table>).)*<th[^>]*>\s*District\s*</th>", html, re.DOTALL
        )
        assert re.search(r"<td[^>]*>\s*Hillcrest\s*</td>\s*<td[^>]*>\s*\$1,720\s*</td>", html)
        assert re.search(r"^.*Hillcrest.*\$1,720.*$", plain, re.MULTILINE)
        for shown in ("Harbor Legal Aid", "Mesa", "Casa Libre", "Union Hall"):
            assert shown in html, shown
            assert shown in plain, shown
        assert "Ruiz" not in html + plain
