"""newsletter feeds and pull and items, as editors call them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.members.registry import read
from newsletter.model.organisation import Feed, FeedKind
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller
from tests.pulling.conftest import NOW, Puller
from tests.pulling.feed_text import RSS, item, rss
from tests.web_server import WebServer


@pytest.fixture
def run(workspace: Workspace) -> Run:
    """`run("feeds", "list")`: the result; an expected error is raised."""

    return caller(workspace)


def registry(workspace: Workspace) -> str:
    return (workspace.root / "feeds.yaml").read_text()


def test_a_member_from_the_first_address_to_the_last(
    run: Run, workspace: Workspace, server: WebServer
) -> None:
    page = '<html><link rel="alternate" type="application/rss+xml" href="/feed/"></html>'
    site = server.page("/", page)
    feed = server.page("/feed/", RSS)
    added = run("feeds", "add", site, "--language", "es", "--terms", "excerpt", "--words", "40",
                "--contact", "web@harbor.example", "--yes")  # fmt: skip
    assert "2026-11-19  One" in added.stderr
    (member,) = read(registry(workspace))
    assert (member.id, member.languages, member.terms.words) == ("harbor", ("es",), 40)
    assert member.feeds == (Feed(url=feed, kind=FeedKind.NEWS),)

    pulled = run("pull", "--json")
    assert json.loads(pulled.stdout)["new"] == 2
    assert "2 new items from 1 of 1 feed" in pulled.stderr
    listed = json.loads(run("items", "list", "--json").stdout)
    assert [one["title"] for one in listed] == ["One", "Two"]
    assert "title: One" in run("items", "show", listed[0]["id"][:6]).stdout
    run("items", "hide", listed[0]["id"])
    assert json.loads(run("items", "list", "--json", "--hidden").stdout)[0]["title"] == "One"
    run("items", "hide", "--undo", listed[0]["id"])

    assert "new" in run("feeds", "list").stdout
    assert json.loads(run("feeds", "show", "harbor", "--json").stdout)["states"][0]["entries"] == 2
    assert "last new at" in run("feeds", "show", "harbor").stdout

    run("feeds", "edit", "harbor", "--terms", "full", "--topic", "food", "--pages")
    run("feeds", "pause", feed)
    (member,) = read(registry(workspace))
    assert member.terms.pages
    assert (member.terms.text, member.topics, member.feeds[0].paused) == ("full", ("food",), True)
    assert json.loads(run("pull", "--json").stdout)["outcomes"][0]["result"] == "paused"
    run("feeds", "pause", feed, "--undo")
    run("feeds", "remove", "harbor", "--yes")
    assert read(registry(workspace)) == ()
    assert len(workspace.items.all()) == 2


def test_a_second_feed_goes_to_the_same_member(
    run: Run, workspace: Workspace, server: WebServer
) -> None:
    run("feeds", "add", server.page("/a", RSS), "--yes")
    run("feeds", "add", server.page("/b", RSS), "--organisation", "harbor", "--yes")
    (member,) = read(registry(workspace))
    assert len(member.feeds) == 2
    run("feeds", "remove", server.url + "/a", "--yes")
    assert [one.url for one in read(registry(workspace))[0].feeds] == [server.url + "/b"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pull", "nobody"), "no organisation 'nobody'"),
        (("feeds", "show", "habor"), "no organisation 'habor'"),
        (("feeds", "check", "habor"), "no organisation 'habor'"),
        (("feeds", "pause", "https://nobody.example/"), "no feed"),
        (("feeds", "edit", "harbor"), "nothing to change"),
        (
            ("feeds", "proposals", "--accept", "https://nobody.example/"),
            "https://nobody.example/ has not moved",
        ),
        (("items", "show", "zzz"), "no item 'zzz'"),
        (("feeds", "add", "not a site", "--yes"), "cannot have"),
    ],
)
def test_a_mistake_is_said_in_one_line(
    run: Run, workspace: Workspace, server: WebServer, arguments: tuple[str, ...], message: str
) -> None:
    run("feeds", "add", server.page("/a", RSS), "--yes")
    with pytest.raises(NewsletterError, match=message):
        run(*arguments)


def test_a_pull_in_which_nothing_can_be_read_needs_attention(
    run: Run, workspace: Workspace, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("feeds", "add", server.page("/a", RSS), "--yes")
    server.page("/a", "no", status=500)
    monkeypatch.setenv("COLUMNS", "200")
    result = run("pull")
    assert result.exit_code == 1
    assert "error" in result.stdout
    assert "Ask your host why" in " ".join(result.stdout.split())
    assert "Ask your host why" in run("feeds", "check", server.url + "/a").stdout


def test_a_pull_shows_only_what_somebody_can_act_on(
    run: Run, workspace: Workspace, server: WebServer
) -> None:
    run("feeds", "add", server.page("/a", RSS), "--yes")
    run("feeds", "add", server.page("/b", RSS), "--name", "Quiet", "--yes")
    run("feeds", "add", server.page("/c", RSS), "--name", "Asleep", "--yes")
    run("feeds", "pause", f"{server.url}/c")
    shown = run("pull").stdout
    assert [line.split() for line in shown.splitlines()] == [
        ["2", "feeds", "new"], ["1", "feed", "paused"],
    ]  # fmt: skip
    assert run("pull").stdout.split() == ["2", "feeds", "not", "due", "1", "feed", "paused"]
    assert "harbor" in run("pull", "harbor").stdout, "whoever names one wants to see it"


def test_check_stores_nothing_and_says_what_could_be_better(
    run: Run, workspace: Workspace, server: WebServer
) -> None:
    (workspace.root / "feeds.yaml").write_text("organisations: []\n")
    spanish = "Hola a todas las vecinas y a todos los vecinos del barrio, mañana habrá comida. " * 5
    text = rss(item("Uno", text=spanish), channel="<language>en-US</language>")
    server.page("/old", status=301, location="/feed")
    server.page("/feed", text)
    result = run("feeds", "check", server.url + "/old")
    assert result.exit_code == 0
    assert "redirected: 301" in result.stdout
    assert "1 of 1 entries have no date" in result.stdout
    assert "declares en-US, but 1 of 1 entries read as es" in result.stdout
    assert "neither ETag nor Last-Modified" in result.stdout
    assert workspace.items.all() == []
    assert workspace.feeds.states() == {}
    run("feeds", "add", server.url + "/feed", "--name", "Uno", "--yes")
    assert f"{server.url}/feed: new" in run("feeds", "check", "uno").stdout
    broken = run("feeds", "check", "--json", server.page("/page", "<html>Hi</html>"))
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)[0]["result"] == "not a feed"


def test_a_list_goes_out_and_comes_in(
    run: Run, workspace: Workspace, server: WebServer, tmp_path: Path
) -> None:
    run("feeds", "add", server.page("/a", RSS), "--name", 'Harbor & "Co"', "--yes")
    opml = tmp_path / "list.opml"
    opml.write_text(run("feeds", "export").stdout)
    assert "Added 0 feeds; 1 already there" in run("feeds", "import", str(opml), "--yes").stderr
    before = registry(workspace)
    run("feeds", "remove", "harbor-co", "--yes")
    run("feeds", "import", str(opml), "--terms", "link", "--yes")
    (member,) = read(registry(workspace))
    assert (member.name, member.feeds, member.terms.text) == (
        'Harbor & "Co"', read(before)[0].feeds, "link",
    )  # fmt: skip
    opml.write_text('<opml><body><outline xmlUrl="https://a.example"/><outline type="rss"/></body>')
    with pytest.raises(NewsletterError, match="has no version"):
        run("feeds", "import", str(opml), "--strict", "--yes")
    torn = run("feeds", "import", str(opml), "--yes")
    assert torn.exit_code == 1
    assert "left out: line 1: the feed '' has no xmlUrl" in torn.stderr
    assert "Added 1 feed; 0 already there" in torn.stderr


@pytest.fixture
def moved(run: Run, puller: Puller, server: WebServer) -> str:
    """A feed that moved for good, as was seen for days."""
    url = server.page("/old", RSS)
    run("feeds", "add", url, "--yes")
    puller.now = NOW - timedelta(days=30)
    server.page("/old", status=301, location="/new")
    server.page("/new", RSS)
    for _ in range(4):
        puller.report(*read(registry(puller.workspace)), force=True)
        puller.later(days=2)
    return url


def test_an_accepted_move_is_written_and_the_memory_goes_along(
    run: Run, workspace: Workspace, server: WebServer, moved: str
) -> None:
    (proposal,) = json.loads(run("feeds", "proposals", "--json").stdout)
    assert (proposal["feed"], proposal["to"]) == (moved, server.url + "/new")
    assert read(registry(workspace))[0].feeds[0].url == moved, "never silently"
    run("feeds", "proposals", "--accept", moved)
    assert read(registry(workspace))[0].feeds[0].url == server.url + "/new"
    again = json.loads(run("pull", "--all", "--json").stdout)["outcomes"][0]
    assert (again["result"], again["new"]) == ("unchanged", 0)
    assert len(workspace.items.all()) == 2


def test_a_refused_move_is_not_proposed_again(
    run: Run, puller: Puller, workspace: Workspace, moved: str
) -> None:
    run("feeds", "proposals", "--refuse", moved)
    puller.report(*read(registry(workspace)), force=True)
    assert json.loads(run("feeds", "proposals", "--json").stdout) == []
    assert read(registry(workspace))[0].feeds[0].url == moved


def test_health_is_shown_and_mailed_in_the_members_language(
    run: Run, puller: Puller, workspace: Workspace, server: WebServer
) -> None:
    run("feeds", "add", server.page("/a", RSS), "--name", "Casa", "--language", "es",
        "--contact", "web@casa.example", "--yes")  # fmt: skip
    run(
        "feeds",
        "add",
        server.page("/b", RSS),
        "--name",
        "Well",
        "--contact",
        "w@well.example",
        "--yes",
    )
    puller.now = puller.workspace.now() - timedelta(days=9)
    puller.report(*read(registry(workspace)), force=True)
    server.page("/a", "<html>Just a moment...</html>")
    puller.report(*read(registry(workspace)), force=True)
    result = run("feeds", "health", "--email", "--yes")
    assert result.exit_code == 1
    assert "broken" in result.stdout
    assert "Emailed 1 organisation" in result.stderr
    assert "casa.example" not in result.stderr
    (letter,) = [path for path in (workspace.root / "outbox").rglob("*") if path.is_file()]
    mail = letter.read_bytes()
    assert b"To: web@casa.example" in mail
    import email.policy

    message = email.message_from_bytes(mail, policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "Un servicio de protecci" in text
    assert server.url + "/a" in text
    assert message["Subject"] == "El canal RSS de su sitio necesita atención: Casa"
    health = json.loads(run("feeds", "health", "--json").stdout)
    assert [one["needs_attention"] for one in health] == [True, False]
    assert [bool(feed["fix"]) for one in health for feed in one["feeds"]] == [True, False]


def test_a_script_that_runs_twice_adds_once(
    run: Run, workspace: Workspace, server: WebServer
) -> None:
    named = '<link rel=alternate type="application/rss+xml" href="/{}/">'
    site = server.page("/", f"<html>{named.format('a')}{named.format('b')}")
    for path in ("/a/", "/b/"):
        server.page(path, RSS)
    added = run("feeds", "add", site, "--yes")
    assert (
        f"another feed: newsletter feeds add {server.url}/b/ --organisation harbor" in added.stderr
    )
    with pytest.raises(NewsletterError, match="registered already, for harbor"):
        run("feeds", "add", site, "--yes")
    assert len(read(registry(workspace))) == 1
