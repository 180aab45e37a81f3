"""What happens at a piece's source after it was chosen is seen by check, approve and send."""

import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from html import escape

import pytest

from newsletter.errors import AttentionError
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller
from tests.web_server import Reply, WebServer

TEXT = "The clinic opens at ten. Bring any letter that worries you, opened or not."
OTHER = "On Friday the choir sings at the old mill; supper is at seven and everyone brings a bowl."


def publish(server: WebServer, entries: dict[str, str]) -> None:
    """The member's feed and pages: what is not named any more answers 404."""
    for path in list(server.pages):
        del server.pages[path]
    items = "".join(
        f"<item><guid>{server.url}/{name}</guid><link>{server.url}/{name}</link>"
        f"<title>Piece {name}</title><description>{escape(text)}</description>"
        f"<pubDate>{format_datetime(datetime.now(UTC))}</pubDate></item>"
        for name, text in entries.items()
    )
    feed = f'<rss version="2.0"><channel><title>H</title>{items}</channel></rss>'
    server.page("/feed", feed, content_type="application/rss+xml")
    for name, text in entries.items():
        server.page(f"/{name}", text)


@pytest.fixture
def run(workspace: Workspace, server: WebServer, monkeypatch: pytest.MonkeyPatch) -> Run:
    """An issue of two pieces, drafted."""
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    monkeypatch.setenv("NEWSLETTER_EDITOR", workspace.config.editors[0].name)
    (workspace.root / "feeds.yaml").write_text(
        "organisations:\n  - id: harbor\n    name: Harbor\n"
        f"    url: {server.url}\n    languages: [en]\n    feeds:\n"
        f'      - {{url: "{server.url}/feed", kind: news}}\n'
    )

    call = caller(workspace)
    publish(server, {"one": TEXT, "two": OTHER})
    assert call("pull").exit_code == 0
    assert call("draft").exit_code == 0
    es = next(workspace.root.glob("issues/*/es.md"))
    es.write_text(es.read_text().replace("subject:\n", "subject: Hola\nfallback: yes\n"))
    people = workspace.root / "people.csv"
    people.write_text("email,language\nana@x.example,en\n")
    call("subscribers", "import", str(people), "--proof", "sheet")
    return call


def test_an_untouched_issue_goes_through(run: Run, workspace: Workspace) -> None:
    assert run("approve").exit_code == 0
    assert run("send", "--yes").exit_code == 0


def test_a_piece_that_is_gone_blocks_approval(run: Run, server: WebServer) -> None:
    publish(server, {"two": OTHER})
    found = run("check")
    assert found.exit_code == 1
    assert "was removed at its source [source-withdrawn]" in found.stdout
    with pytest.raises(AttentionError, match="was removed at its source"):
        run("approve")


def test_a_piece_that_was_edited_is_flagged(run: Run, server: WebServer) -> None:
    publish(server, {"one": TEXT.replace("ten", "noon"), "two": OTHER})
    assert "source-edited" not in run("check").stdout
    publish(
        server,
        {
            "one": TEXT + " The address is not Pier 9 but Mill Lane, for once and for all.",
            "two": OTHER,
        },
    )
    found = run("check")
    assert found.exit_code == 0
    assert "[source-edited]" in found.stdout


def test_a_source_that_does_not_answer_is_said_so(run: Run, server: WebServer) -> None:
    for path in list(server.pages):
        server.page(path, "", status=500)
    found = run("check")
    assert found.exit_code == 0
    assert "[source-silent]" in found.stdout


def test_a_piece_taken_back_after_approval_holds_the_send_back(
    run: Run, server: WebServer, workspace: Workspace
) -> None:
    run("approve")
    publish(server, {"two": OTHER})
    with pytest.raises(AttentionError, match="was not started"):
        run("send", "--yes")
    assert list(workspace.root.glob("outbox/**/*.eml")) == []


WALK = [
    "BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", "SUMMARY:Walk", "LOCATION:Mill",
    f"DTSTART:{datetime.now(UTC) + timedelta(days=10):%Y%m%dT190000Z}",
    "END:VEVENT", "END:VCALENDAR", "",
]  # fmt: skip


def carry_walk(workspace: Workspace, server: WebServer, *members: str) -> None:
    """Members whose calendars have the walk, each at its own address."""
    with (workspace.root / "feeds.yaml").open("a") as registry:
        for name in members:
            registry.write(
                f"  - {{id: {name}, name: {name.title()}, url: https://{name}.example,\n"
                "     languages: [en],\n"
                f"     feeds: [{{url: '{server.url}/{name}', kind: calendar}}]}}\n"
            )
            server.page(f"/{name}", "\r\n".join(WALK))


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("T190000Z", "T170000Z", "edited"),
        ("LOCATION:Mill", "LOCATION:Town hall", "edited"),
        ("LOCATION:Mill", "LOCATION:Mill\r\nSTATUS:CANCELLED", "cancelled"),
    ],
    ids=["another time", "another place", "cancelled"],
)
def test_an_event_that_changed_in_its_calendar_is_flagged_and_holds_the_send_back(
    run: Run, workspace: Workspace, server: WebServer, before: str, after: str, said: str
) -> None:
    """Its title and its words are the same; who comes at the old time finds a closed door."""
    carry_walk(workspace, server, "walkers")
    run("pull")
    run("draft")
    assert "source-edited" not in run("check").stdout
    run("approve")
    server.page("/walkers", "\r\n".join(WALK).replace(before, after))
    assert f"was {said} at its source since it was chosen [source-edited]" in run("check").stdout
    with pytest.raises(AttentionError, match="not started"):
        run("send", "--yes")


def test_an_event_that_another_calendar_calls_off_after_approval_holds_the_send_back(
    run: Run, workspace: Workspace, server: WebServer
) -> None:
    """Two members carry the walk; only the one whose entry is not in the issue calls it off."""
    carry_walk(workspace, server, "walkers", "runners")
    run("pull")
    run("draft")
    run("approve")
    text = next(workspace.root.glob("issues/*/en.md")).read_text()
    other = "walkers" if "- shared_by: walkers" in text else "runners"
    off = "\r\n".join(WALK).replace("LOCATION:Mill", "LOCATION:Mill\r\nSTATUS:CANCELLED")
    server.page(f"/{other}", off)
    with pytest.raises(AttentionError, match="not started"):
        run("send", "--yes")
    found = run("check")
    assert f"called off by {other.title()}, still announced by" in found.stdout
    assert found.exit_code == 1


def test_an_event_called_off_after_approval_is_known_without_its_id(
    run: Run, workspace: Workspace, server: WebServer
) -> None:
    """The editor made the block theirs and took its `{id}` away; when and where stayed."""
    carry_walk(workspace, server, "walkers")
    run("pull")
    run("draft")
    draft = next(workspace.root.glob("issues/*/en.md"))
    text, times = re.subn(r"### Walk \{\w+\}", "### Come and walk with us", draft.read_text())
    assert times == 1
    draft.write_text(text)
    run("approve")
    off = "\r\n".join(WALK).replace("LOCATION:Mill", "LOCATION:Mill\r\nSTATUS:CANCELLED")
    server.page("/walkers", off)
    sent = run("send", "--yes", "--anyway")
    assert "“Come and walk with us” was called off since, if it is theirs: Walkers" in sent.stderr


def test_an_address_that_its_source_corrected_is_named_with_what_to_replace(
    run: Run, workspace: Workspace, server: WebServer
) -> None:
    """The old one still answers; an address of the editor's own is left alone, and `draft` changes
    neither."""
    feed = server.pages["/feed"]
    assert isinstance(feed, Reply)
    draft = next(workspace.root.glob("issues/*/en.md"))
    text = draft.read_text()
    assert f"({server.url}/one)" in text
    old, new = f"{server.url}/one", f"{server.url}/the-clinic"
    moved = feed.body.decode().replace(f"<link>{old}<", f"<link>{new}<")
    server.page("/feed", moved, content_type="application/rss+xml")
    assert f"replace {old} by {new}" in " ".join(run("check").stdout.split())
    run("draft")
    assert draft.read_text() == text
    draft.write_text(text.replace(f"({server.url}/one)", f"({server.url}/two#one)"))
    assert "gave up the address" not in run("check", "--no-links").stdout


def test_a_piece_edited_after_approval_holds_the_send_back_until_somebody_decides(
    run: Run, server: WebServer, workspace: Workspace
) -> None:
    run("approve")
    publish(server, {"one": "Cancelled. " * 9, "two": OTHER})
    with pytest.raises(AttentionError, match="was not started"):
        run("send", "--yes")
    sent = run("send", "--yes", "--anyway")
    assert "was edited at its source since the approval" in sent.stderr


def test_a_piece_that_vanished_after_an_issue_and_a_bulletin_with_it_is_told_once(
    run: Run, server: WebServer, workspace: Workspace
) -> None:
    (one,) = (item for item in workspace.items.all() if item.title == "Piece one")
    issue = next(workspace.root.glob("issues/*/en.md")).parent.name
    run("approve", issue, "--no-links")
    run("send", issue, "--yes", "--no-recheck")
    bulletin = urgent(run, workspace, one.id)
    for editor in workspace.config.editors:
        run("approve", bulletin, "--as", editor.name, "--no-links")
    run("send", bulletin, "--yes", "--no-recheck")
    later = urgent(run, workspace, one.id)
    asked = asked_for(server, "/one")
    assert "sent with it" not in run("pull", "--all").stderr
    assert asked_for(server, "/one") == asked, "the feed lists it"

    publish(server, {"two": OTHER})
    server.page("/one", "", status=410)
    told = " ".join(run("pull", "--all").stderr.split())
    for sent in (issue, bulletin):
        what = f"{one.id} (Piece one) was removed at its source, and {sent} was sent with it."
        assert f"{what} If readers should know: newsletter correct {sent}" in told
    assert "sent with it" not in run("pull", "--all").stderr
    assert asked_for(server, "/one") == asked + 1
    found = " ".join(run("doctor").stdout.split())
    assert f"(Piece one) was removed at its source, and was in {issue}, and 1 more" in found
    assert f"{one.id} was removed at its source" in run("check", later, "--no-links").stdout
    draft = workspace.root / f"issues/{issue}/en.md"
    draft.write_text(draft.read_text().replace("The clinic opens", "There is no clinic. It opens"))
    assert json.loads(run("correct", issue, "--json").stdout)["people"] == {"en": 1}


def urgent(run: Run, workspace: Workspace, item_id: str) -> str:
    """A bulletin with one piece, drafted."""
    lapses = f"{datetime.now(UTC) + timedelta(days=2):%Y-%m-%d %H:%M}"
    drafted = run("draft", "--bulletin", "--lapses", lapses, "--item", item_id, "--json")
    issue: str = json.loads(drafted.stdout)["issue"]
    es = workspace.root / f"issues/{issue}/es.md"
    es.write_text(es.read_text().replace("subject:\n", "subject: Hola\nfallback: yes\n"))
    return issue


def asked_for(server: WebServer, path: str) -> int:
    return sum(asked.path == path for asked in server.asked)
