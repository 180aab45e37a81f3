"""A piece that was mailed, and that its feed no longer lists, is asked for at its own page."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from newsletter.model.answer import Failed, Failure, Fetched, Hop
from newsletter.model.item import Item, ItemKind
from newsletter.model.organisation import Feed
from newsletter.model.pulling import PullReport
from newsletter.pulling.mailed_pages import MOST, ask_pages, leads_home
from tests.processes import PATIENCE
from tests.pulling.conftest import NOW, Puller
from tests.pulling.feed_text import calendar, item, rss
from tests.web_server import Asked, Reply, WebServer

THERE = Reply(body=b"<html><h1>The clinic</h1><p>opens on Monday, as it always does</p></html>")
LOST = Reply(status=404)
GONE = Reply(status=410)
FORBIDDEN = Reply(status=403)
BROKEN = Reply(status=500)
LOGIN = Reply(body=b"<html><title>Log in</title><form><input type=password></form></html>")
HOME = Reply(status=301, headers={"Location": "/"})
DETOUR = Reply(status=302, headers={"Location": "/"})


class Member:
    """A member whose one piece was pulled, mailed, and is on its feed no more."""

    def __init__(self, puller: Puller, server: WebServer) -> None:
        self.puller, self.server = puller, server
        self.feed = server.page("/f", rss(item("One", link=server.url + "/one")))
        self.one = puller.organisation(self.feed)
        server.pages["/"] = THERE
        server.pages["/one"] = THERE
        self.pull()
        self.mailed = frozenset(each.id for each in puller.workspace.items.all())

    def pull(self, *mailed: str) -> PullReport:
        return self.puller.report(self.one, force=True, mailed=frozenset(mailed))

    def next_day(self, page: Reply, *, hours: float = 24) -> None:
        """What a pull finds then."""
        self.server.pages["/one"] = page
        self.puller.later(hours=hours)
        self.pull(*self.mailed)

    def unlist(self) -> None:
        self.server.page("/f", rss(item("Two")))

    def list_again(self) -> None:
        self.server.page("/f", rss(item("One", link=self.server.url + "/one")))

    @property
    def is_gone(self) -> bool:
        return self.item.withdrawn_at is not None

    @property
    def item(self) -> Item:
        (one,) = self.puller.workspace.items.get(self.mailed).values()
        return one

    @property
    def pages(self) -> int:
        """How often its page was asked."""
        return sum(asked.path == "/one" for asked in self.server.asked)


@pytest.fixture
def member(puller: Puller, server: WebServer) -> Member:
    return Member(puller, server)


def test_what_pages_answer_on_three_days(puller: Puller, server: WebServer) -> None:
    """Each piece's answers, day by day; an error says nothing."""
    answers = {
        "gone": [GONE],
        "gone, then a login": [GONE, LOGIN],
        "lost twice": [LOST, LOST],
        "lost, broken, lost": [LOST, BROKEN, LOST],
        "lost, a login, lost": [LOST, LOGIN, LOST],
        "leads home": [HOME, HOME],
        "lost once": [LOST],
        "lost once, and back": [LOST, THERE, LOST],
        "lost twice, and back": [LOST, LOST, THERE],
        "gone, and back": [GONE, THERE],
        "leads home for now": [DETOUR, DETOUR, DETOUR],
        "there": [THERE, THERE, THERE],
        "forbidden": [FORBIDDEN, FORBIDDEN, FORBIDDEN],
        "broken": [BROKEN, BROKEN, BROKEN],
        "a login": [LOGIN, LOGIN, LOGIN],
    }
    links = {name: f"{server.url}/{number}" for number, name in enumerate(answers)}
    feed = server.page("/f", rss(*(item(name, link=links[name]) for name in answers)))
    member = puller.organisation(feed)
    puller.report(member)
    items = puller.workspace.items
    mailed = frozenset(each.id for each in items.all())
    server.page("/f", rss(item("Other")))
    server.pages["/"] = THERE
    for day in range(3):
        for number, days in enumerate(answers.values()):
            server.pages[f"/{number}"] = days[day] if day < len(days) else BROKEN
        puller.later(days=1)
        puller.report(member, force=True, mailed=mailed)
    gone = [name for name in answers if titled(items.get(mailed), name).withdrawn_at]
    assert gone == list(answers)[:6]
    asked = Counter(server.url + each.path for each in server.asked)
    assert [asked[link] for link in links.values()] == [3] * len(links)


def titled(items: Mapping[str, Item], title: str) -> Item:
    (one,) = (each for each in items.values() if each.title == title)
    return one


def test_it_is_withdrawn_at_that_moment_and_no_later_one(member: Member) -> None:
    member.unlist()
    member.next_day(GONE)
    first = member.item.withdrawn_at
    assert first == member.puller.now
    member.next_day(GONE)
    assert member.item.withdrawn_at == first, "or it would be told again"


def test_a_page_is_asked_once_a_day(member: Member) -> None:
    member.unlist()
    member.next_day(LOST)
    member.next_day(LOST, hours=13)  # on another day already
    assert (member.pages, member.is_gone) == (1, False)
    member.next_day(LOST, hours=8)
    assert (member.pages, member.is_gone) == (2, True)


def test_what_the_feed_lists_is_not_asked_for(member: Member) -> None:
    before = len(member.server.asked)
    for _ in range(3):
        member.next_day(GONE)
    assert [asked.path for asked in member.server.asked[before:]] == ["/f"] * 3


def test_the_whole_feed_is_asked_for_once_to_know_what_it_lists(member: Member) -> None:
    """It dropped the piece before that was mailed, and says "not modified" ever since."""
    body = rss(item("Two"))

    def feed(asked: Asked) -> Reply:
        is_known = "if-none-match" in asked.headers
        return Reply(status=304) if is_known else Reply(body=body.encode(), headers={"ETag": '"1"'})

    member.server.pages["/f"] = feed
    member.puller.later(days=1)
    member.pull()
    member.next_day(LOST)
    member.next_day(LOST)
    assert member.is_gone
    feeds = [asked.headers for asked in member.server.asked if asked.path == "/f"]
    assert ["if-none-match" in headers for headers in feeds] == [False, False, False, True]


def test_it_is_back_when_the_feed_lists_it_again(member: Member) -> None:
    member.unlist()
    member.next_day(GONE)
    member.list_again()
    member.next_day(GONE)
    assert (member.pages, member.is_gone) == (1, False)
    member.unlist()
    member.next_day(LOST)
    assert not member.is_gone, "the days are counted afresh"


@pytest.mark.parametrize("status", [404, 410])
def test_a_feed_that_is_gone_lists_nothing(member: Member, status: int) -> None:
    member.server.page("/f", "", status=status)
    member.next_day(GONE)
    assert member.is_gone


def test_a_feed_that_is_in_trouble_says_nothing(member: Member) -> None:
    member.server.page("/f", "", status=500)
    member.next_day(GONE)
    assert (member.pages, member.is_gone) == (0, False)


def test_nothing_is_asked_where_nothing_was_mailed(member: Member) -> None:
    member.unlist()
    member.mailed, one = frozenset(), member.mailed
    member.next_day(GONE)
    member.next_day(GONE)
    assert member.pages == 0
    (kept,) = member.puller.workspace.items.get(one).values()
    assert kept.mailed_page is None


def test_a_paused_feed_and_a_host_that_wants_to_be_left_alone_are(member: Member) -> None:
    member.unlist()
    member.next_day(Reply(status=503, headers={"Retry-After": "90000"}))
    assert member.pages == 1
    member.next_day(GONE, hours=21)
    assert member.pages == 1
    member.one = replace(member.one, feeds=(Feed(url=member.feed, paused=True),))
    member.next_day(GONE, hours=30)
    assert member.pages == 1


def test_a_story_and_an_event_of_a_calendar_are_never_asked_for(
    puller: Puller, server: WebServer
) -> None:
    """The calendar itself says what it took back."""
    event = ["UID:1", "SUMMARY:Walk", "DTSTART:20261201T190000Z", f"URL:{server.url}/walk"]
    member = puller.organisation(server.page("/c", calendar(event)))
    puller.report(member)
    story = Item(
        id="story", kind=ItemKind.STORY, title="S", first_seen_at=NOW, link=server.url + "/story"
    )
    puller.workspace.items.save([story])
    server.page("/c", calendar())
    mailed = frozenset(each.id for each in puller.workspace.items.all())
    assert len(mailed) == 2
    for status in (200, 404):
        server.page("/c", calendar(), status=status)
        puller.later(days=1)
        puller.report(member, force=True, mailed=mailed)
    assert {asked.path for asked in server.asked} == {"/c"}


def test_of_many_pieces_some_are_asked_in_each_pull_until_all_were(
    puller: Puller, server: WebServer
) -> None:
    names = [f"piece-{number}" for number in range(MOST + 10)]
    feed = server.page("/f", rss(*(item(name, link=f"{server.url}/{name}") for name in names)))
    member = puller.organisation(feed)
    puller.report(member)
    items = puller.workspace.items
    mailed = frozenset(each.id for each in items.all())
    server.page("/f", rss(item("Other")))
    asked = []
    for hours in (2, 2, 2, 24, 2, 2):
        puller.later(hours=hours)
        before = len(server.asked)
        puller.report(member, force=True, mailed=mailed)
        asked.append(sum(each.path != "/f" for each in server.asked[before:]))
    assert asked == [MOST, 10, 0, MOST, 10, 0]
    assert all(each.withdrawn_at for each in items.get(mailed).values())


def test_pages_that_never_end_have_one_time_together_and_their_day(
    puller: Puller, server: WebServer
) -> None:
    """The other page of that site waits for the next pull."""

    def never(asked: Asked) -> Reply:
        server.released.wait(PATIENCE)
        return GONE

    server.pages["/never"] = never
    first = Item(
        id="1", kind=ItemKind.NEWS, title="", first_seen_at=NOW, link=server.url + "/never"
    )
    second = replace(first, id="2", link=server.url + "/gone")

    async def ask() -> None:
        async with puller.workspace.fetcher() as fetcher:
            asked = await ask_pages([first, second], fetcher, NOW, total_seconds=0.3)
        assert asked.gone == []
        assert [(id_, page.asked_at) for id_, page in asked.pages.items()] == [("1", NOW)]

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("link", "hops", "is_home"),
    [
        ("/one", [(301, "/")], True),
        ("/one", [(301, "/one/"), (308, "/index.html")], True),
        ("/one", [(301, "/one/"), (302, "/")], False),
        ("/one", [(301, "/uno")], False),
        ("/?p=1", [(301, "/")], True),
        ("/one", [(301, "https://new.example/")], False),
        ("/", [(301, "/")], False),
        ("/one", [], False),
    ],
)
def test_a_page_leads_home(link: str, hops: list[tuple[int, str]], is_home: bool) -> None:
    site = "https://harbor.example"
    urls = [Hop(status=status, url=url if "://" in url else site + url) for status, url in hops]
    url = urls[-1].url if urls else site + link
    for answer in (
        Fetched(url=url, body=b"", hops=tuple(urls)),
        Failed(kind=Failure.TOO_LARGE, reason="", url=url, hops=tuple(urls)),
    ):
        assert leads_home(site + link, answer) is is_home


def test_a_clock_that_was_ahead_holds_nothing_up(member: Member) -> None:
    member.unlist()
    member.puller.later(days=400)
    member.next_day(LOST)
    member.puller.now -= timedelta(days=400)
    member.next_day(LOST)
    assert member.is_gone
