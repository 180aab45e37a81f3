"""feeds add finds the feed of a site, whatever address of it is given."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import ServiceError
from newsletter.members.discover import How, candidates
from newsletter.members.find import FoundFeed, find
from newsletter.model.organisation import FeedKind
from tests.pulling.conftest import NOW, Puller
from tests.pulling.feed_text import RSS, calendar
from tests.web_server import Reply, WebServer

ARCHIVED = "https://web.archive.org/web/20110926231958/http://diveintomark.org"
FOLDER = "/tests/client/autodiscovery/"


def find_at(puller: Puller, url: str) -> tuple[FoundFeed, ...]:
    return find(url, replace(puller.workspace.feed_reader(), clock=lambda: NOW)).feeds


def test_every_page_of_the_autodiscovery_suite_leads_to_its_feed(
    corpora: Path, puller: Puller, server: WebServer
) -> None:
    """Each page names exactly one feed, and that feed links back to the page."""
    folder = corpora / "feedfinder"
    with WebServer() as elsewhere:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                encoding = "utf-16" if path.read_bytes().startswith(b"\xff\xfe") else "utf-8"
                text = path.read_text(encoding, "replace").replace(ARCHIVED, server.url)
                text = text.replace("http://www.ragingplatypus.com", elsewhere.url)
                text = text.replace("http://diveintomark.org", server.url)
                at = elsewhere if path.parent.name == "ragingplatypus" else server
                kind = "text/html" if path.suffix == ".html" else "application/atom+xml"
                at.page(FOLDER + path.name, text.encode(encoding), content_type=kind)
        wrong = {}
        pages = [
            path for path in sorted(folder.glob("*.html")) if list(folder.rglob(f"{path.stem}.xml"))
        ]  # the feed of one page is not in the corpus
        for path in pages:
            found = find_at(puller, server.url + FOLDER + path.name)
            feed = next(folder.rglob(f"{path.stem}.xml")).read_text()
            back = re.search(r'rel="alternate" type="text/html" href="([^"]+)"', feed)
            title = re.search(r"<title>(.*?)</title>", feed)
            assert back
            assert title
            if not (
                len(found) == 1
                and found[0].url.endswith(f"/{path.stem}.xml")
                and found[0].title == title[1]
                and back[1].endswith(path.name)
            ):
                wrong[path.name] = [one.url for one in found]
    assert wrong == {}
    assert len(pages) >= 28


def test_the_address_of_a_feed_is_the_feed(puller: Puller, server: WebServer) -> None:
    url = server.page("/feed", RSS, content_type="text/html")
    (found,) = find_at(puller, url)
    assert (found.url, found.how, found.title) == (url, How.ITSELF, "Harbor")
    assert [item.title for item in found.items] == ["One", "Two"]


@pytest.mark.parametrize(
    ("page", "is_same_site"),
    [("https://www.harbor.example/", True), ("https://bay.example/", False)],
)
def test_www_makes_no_other_site(page: str, is_same_site: bool) -> None:
    link = "https://harbor.example/feed.xml"
    found = candidates(f'<a href="{link}">News</a>', page)
    assert [candidate.url for candidate in found] == [link] * is_same_site


@pytest.mark.parametrize("scheme", ["webcal://", "WEBCAL://", "feed://", "feed:http://"])
def test_an_address_as_the_button_of_a_program_gives_it(
    puller: Puller, server: WebServer, scheme: str
) -> None:
    url = server.page("/walks", calendar(["UID:1", "DTSTART:20261201T190000Z", "SUMMARY:Walk"]))
    (found,) = find_at(puller, url.replace("http://", scheme))
    assert (found.url, found.kind) == (url, FeedKind.CALENDAR)


def test_a_page_that_names_none_is_searched_at_the_usual_places(
    puller: Puller, server: WebServer
) -> None:
    server.page("/about/", "<html><body>Hello</body></html>")
    url = server.page("/feed/", RSS)
    (found,) = find_at(puller, server.url + "/about/")
    assert (found.url, found.how) == (url, How.WELL_KNOWN)


def test_below_a_page_that_has_none_the_calendar_of_the_site_is_found(
    puller: Puller, server: WebServer
) -> None:
    server.page("/en/home/", "<html><body>Hello</body></html>")
    url = server.page("/events.ics", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:A\r\n"
        "DTSTART:20261201T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")  # fmt: skip
    (found,) = find_at(puller, server.url + "/en/home/")
    assert found.url == url  # the last of the usual places


def test_a_link_that_looks_like_a_feed_is_tried(puller: Puller, server: WebServer) -> None:
    server.page("/", '<html><a href="/syndication.rdf">RSS</a><a href="/shop">Shop</a></html>')
    url = server.page("/syndication.rdf", RSS)
    (found,) = find_at(puller, server.url)
    assert (found.url, found.how) == (url, How.LINK)


def test_feeds_of_comments_come_last_and_calendars_are_known_as_such(
    puller: Puller, server: WebServer
) -> None:
    server.page(
        "/",
        '<html><link rel="alternate" type="application/rss+xml" href="/comments/feed/">'
        '<link rel="alternate" type="text/calendar" href="/events.ics">'
        '<link rel="alternate" type="application/rss+xml" href="/feed/"></html>',
    )
    for path in ("/comments/feed/", "/feed/"):
        server.page(path, RSS)
    server.page(
        "/events.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART:20261201T100000Z\r\nSUMMARY:Clinic\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    )  # fmt: skip
    found = find_at(puller, server.url)
    assert [one.url.removeprefix(server.url) for one in found] == [
        "/events.ics", "/feed/", "/comments/feed/",
    ]  # fmt: skip
    assert [one.kind for one in found][:2] == [FeedKind.CALENDAR, FeedKind.NEWS]


def test_a_site_that_moved_for_good_is_registered_where_it_is_now(
    puller: Puller, server: WebServer
) -> None:
    url = server.page("/new", RSS)
    server.page("/old", status=301, location="/new")
    server.page("/for-now", status=302, location="/new")
    assert find_at(puller, server.url + "/old")[0].url == url
    assert find_at(puller, server.url + "/for-now")[0].url == server.url + "/for-now"


def test_a_site_without_a_feed_is_an_error_that_says_what_was_seen(
    puller: Puller, server: WebServer
) -> None:
    server.page("/", "<html><title>Just a moment...</title></html>")
    with pytest.raises(ServiceError, match="bot protection"):
        find_at(puller, server.url)


@pytest.mark.parametrize(
    "url", ["https://www.facebook.com/harbor", "m.facebook.com/harbor", "instagram.com/harbor"]
)
def test_a_closed_site_is_named_with_what_to_do_instead(puller: Puller, url: str) -> None:
    with pytest.raises(ServiceError, match=r"(Facebook|Instagram) shows .* log in") as caught:
        find_at(puller, url)
    assert "calendar" in caught.value.hint
    assert "by hand" in caught.value.hint


def test_a_login_page_is_named_with_what_to_do_instead(puller: Puller, server: WebServer) -> None:
    server.page("/", "<html><form><input type=password></form></html>")
    with pytest.raises(ServiceError, match="a login page") as caught:
        find_at(puller, server.url)
    assert "calendar" in caught.value.hint


LOGIN = "<html><title>{}</title><h1>{}</h1><form><input type=email></form></html>"
WALL = (
    "<html><head><title>{}</title><script>var words = 1;</script></head><body><h1>{}</h1>"
    "<p>{}</p><button>{}</button></body></html>"
)
PARTNERS = "We and our 812 partners store cookies on your device."


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("<html><title>Log in</title><form><input type='password'></form></html>", "a login page"),
        (LOGIN.format("Sign in | Harbor", "Sign in to continue"), "a login page"),
        (LOGIN.format("Harbor", "Inicia sesión"), "a login page"),
        (WALL.format("Before you go on", "Your privacy", PARTNERS, "Accept all"), "a cookie wall"),
        (WALL.format("Aviso", "Usamos cookies", "Para seguir, acepta.", "Acepto"), "a cookie wall"),
        (WALL.format("Vie privée", "Cookies", "Choisissez.", "J'accepte"), "a cookie wall"),
    ],
)
def test_a_closed_door_is_named_with_what_the_member_can_do_and_how_to_keep_them(
    puller: Puller, server: WebServer, page: str, said: str
) -> None:
    """Whatever is asked there answers so, at first or by a redirect."""
    server.default = Reply(body=page.encode(), headers={"Content-Type": "text/html"})
    server.pages["/"] = Reply(status=302, headers={"Location": "/door?next=/"})
    with pytest.raises(ServiceError, match=said) as caught:
        find_at(puller, server.url)
    assert caught.value.hint.startswith("for the member: ")
    assert "If they cannot, such a member can still be in" in caught.value.hint
    assert "by hand" in caught.value.hint


def test_a_site_that_refuses_us_says_how_to_keep_the_member(
    puller: Puller, server: WebServer
) -> None:
    server.default = Reply(status=401, headers={"WWW-Authenticate": "Basic realm=x"})
    with pytest.raises(ServiceError, match="401") as caught:
        find_at(puller, server.url)
    assert "such a member can still be in" in caught.value.hint


@pytest.mark.parametrize(
    "aside",
    [
        "<form><input type=password></form>",
        '<a href="/wp-login.php">Log in</a>',
        "<div>We use cookies. <button>Accept</button></div>",
    ],
)
def test_a_page_with_a_login_or_a_banner_aside_is_no_closed_door(
    puller: Puller, server: WebServer, aside: str
) -> None:
    server.page("/", f"<html><title>Harbor</title><p>{'news of the harbor ' * 100}</p>{aside}")
    with pytest.raises(ServiceError, match="the page names none") as caught:
        find_at(puller, server.url)
    assert caught.value.hint.startswith("check the spelling")


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            '<meta http-equiv="refresh" content="0; url=https://www.facebook.com/x">',
            "Facebook show",
        ),
        ('<p>News: <a class=x href="https://facebook.com/x">here</a>', "names none"),
    ],
)
def test_a_page_that_only_leads_to_a_closed_site_says_so(
    puller: Puller, server: WebServer, page: str, said: str
) -> None:
    server.page("/", f"<html>{page}</html>")
    with pytest.raises(ServiceError, match=said) as caught:
        find_at(puller, server.url)
    assert "such a member can still be in" in caught.value.hint


@pytest.mark.parametrize("hostile", ["<a " * 20_000, "<meta " * 20_000, "<script>" * 20_000])
def test_a_page_never_decides_how_long_it_is_looked_at(
    puller: Puller, server: WebServer, hostile: str
) -> None:
    server.page("/", f"<html>{hostile}")
    with pytest.raises(ServiceError):
        find_at(puller, server.url)


def test_a_feed_that_the_page_names_and_that_is_none_is_said(
    puller: Puller, server: WebServer
) -> None:
    server.page("/", '<html><link rel=alternate type="application/rss+xml" href="/feed/"></html>')
    server.page("/feed/", "no", status=403)
    with pytest.raises(ServiceError, match=r"names http\S+/feed/, but there: .*403") as caught:
        find_at(puller, server.url)
    assert "Allow it for everyone" in caught.value.hint


def drip(handler: Any) -> None:
    """Half an answer, and then a byte now and again."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n<html>")
    while not handler.server.released.wait(0.02):
        handler.wfile.write(b"x")


def test_a_search_has_one_time_for_all_it_tries_and_names_the_rest(
    puller: Puller, server: WebServer
) -> None:
    links = (f'<link rel=alternate type="application/rss+xml" href="/{n}.xml">' for n in range(30))
    server.page("/", f"<html>{''.join(links)}</html>")
    server.default = Reply(write=drip)
    with pytest.raises(ServiceError, match=r"not tried: http\S+"):
        find(server.url, puller.workspace.feed_reader(), total_seconds=0.5)
    assert len(server.asked) <= 2  # on a busy machine not even the page


@pytest.mark.parametrize("reply", [Reply(write=drip), Reply(status=429)], ids=["drips", "busy"])
def test_a_site_that_wants_no_more_is_asked_once(
    puller: Puller, server: WebServer, reply: Reply
) -> None:
    server.default = reply
    reader = puller.workspace.feed_reader()
    with pytest.raises(ServiceError):
        find(server.url, reader, total_seconds=1)
    assert len(server.asked) <= 1


@pytest.mark.parametrize(
    ("link", "is_kept"),
    [("{at}/blog", True), ("https://old.example/", False), ("http://localhost/", False)],
)
def test_the_site_is_the_one_that_answers(
    puller: Puller, server: WebServer, link: str, is_kept: bool
) -> None:
    """A feed's own link may still lead to a domain that was given up, or to somebody's desk."""
    link = link.format(at=server.url)
    server.page("/", '<html><link rel=alternate type="application/rss+xml" href=/feed/>')
    server.page("/feed/", RSS.replace("https://harbor.example/<", f"{link}<"))
    assert find_at(puller, server.url)[0].site == (link if is_kept else server.url)


def test_a_host_that_cannot_be_reached_is_an_error(puller: Puller) -> None:
    with WebServer() as closed:
        url = closed.url
    with pytest.raises(ServiceError, match="cannot connect to the host"):
        find_at(puller, url)
