"""Two pulls at once: a host is one pull's alone, and what was open when it was lost is left out."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import Engine

from newsletter.config import Config
from newsletter.model.ledger import Process
from newsletter.model.organisation import Feed, Organisation
from newsletter.model.pulling import FeedResult, FeedState, PullReport
from newsletter.pulling.due_hosts import due_hosts
from newsletter.pulling.held_hosts import LENGTH, longest
from newsletter.pulling.parse.pool import WorkerPool
from newsletter.pulling.pull import pull, pull_hosts
from newsletter.pulling.pull_loop import PullLoop
from newsletter.pulling.pull_run import SLEPT
from newsletter.wiring import Workspace
from tests.conftest import url_of
from tests.processes import until
from tests.pulling.conftest import NOW, Puller
from tests.pulling.feed_text import item, rss
from tests.web_server import Asked, Reply, WebServer

HELD = "another pull is asking its host now"
ELSEWHERE = Process(host="another machine", pid=1, started="")


@pytest.fixture(params=["sqlite", "postgres"])
def shared(request: pytest.FixtureRequest, make_config: Callable[..., Config]) -> Iterator[Puller]:
    if request.param == "sqlite":
        opened = Workspace(config=make_config())
    else:
        engine: Engine = request.getfixturevalue("postgres")
        opened = Workspace(config=make_config(NEWSLETTER_DATABASE_URL=url_of(engine)))
    yield Puller(opened)
    opened.engine.dispose()


def held_back(server: WebServer, body: str) -> str:
    """A feed whose answer waits for `server.released`; its address."""

    def answer(_asked: Asked) -> Reply:
        server.released.wait()
        return Reply(body=body.encode())

    server.pages["/slow"] = answer
    return f"{server.url}/slow"


@contextmanager
def pulling_meanwhile(puller: Puller, member: Organisation) -> Iterator[Future[PullReport]]:
    """A pull that has asked and waits for the answer."""
    with ThreadPoolExecutor(1) as thread:
        yield thread.submit(partial(puller.report, member, force=True))


def test_a_host_is_asked_by_one_pull_alone(shared: Puller, server: WebServer) -> None:
    member = shared.organisation(held_back(server, rss(item("Clinic"))))
    with pulling_meanwhile(shared, member) as first:
        until(lambda: bool(server.asked))
        second = shared.report(member, force=True)
        server.released.set()
        assert [outcome.detail for outcome in second.outcomes] == [HELD]
        assert first.result().new == 1
    assert len(server.asked) == 1
    assert shared.report(member).outcomes[0].detail.startswith("due ")


def test_it_is_let_go_of_at_the_end(shared: Puller, server: WebServer) -> None:
    member = shared.organisation(server.page("/f", rss(item("Clinic"))))
    for _ in range(2):
        assert shared.report(member, force=True).outcomes[0].result.was_asked
    assert not shared.workspace.feeds.claimed_hosts(
        now=NOW, longest=longest(NOW), is_gone=shared.workspace.is_gone
    )


def test_what_a_pull_had_open_that_lost_its_host_is_not_written(
    shared: Puller, server: WebServer
) -> None:
    """A machine that was asleep: another one asked meanwhile, and knows more."""
    member = shared.organisation(held_back(server, rss(item("Old"))))
    with pulling_meanwhile(shared, member) as asleep:
        until(lambda: bool(server.asked))
        server.pages["/slow"] = Reply(body=rss(item("New")).encode())
        awake = replace(
            shared.workspace.pulling(),
            clock=lambda: NOW + LENGTH + timedelta(seconds=1),
            process=ELSEWHERE,
        )
        assert pull([member], awake).new == 1
        server.released.set()
        (outcome,) = asleep.result().outcomes
    assert (outcome.result, outcome.detail) == (
        FeedResult.WAITING,
        "another pull asked it meanwhile",
    )
    assert [found.title for found in shared.workspace.items.all()] == ["New"]


def test_a_host_that_was_lost_in_a_sleep_is_asked_no_more(
    shared: Puller, server: WebServer
) -> None:
    """What a thawed process had open is over; the host's next feed was asked by who has it now."""
    following = server.page("/next", rss(item("Next")))
    member = shared.organisation(held_back(server, rss(item("Old"))), following)
    with pulling_meanwhile(shared, member) as asleep:
        until(lambda: bool(server.asked))
        server.page("/slow", rss(item("New")))
        shared.later(seconds=LENGTH.total_seconds() + 1)
        awake = replace(shared.workspace.pulling(), clock=lambda: shared.now, process=ELSEWHERE)
        assert pull([member], awake).new == 2
        server.released.set()
        details = [outcome.detail for outcome in asleep.result().outcomes]
    assert details == ["another pull asked it meanwhile", HELD]
    assert [one.path for one in server.asked] == ["/slow", "/slow", "/next"]


def test_a_claim_that_ran_out_and_that_nobody_took_goes_on(
    shared: Puller, server: WebServer
) -> None:
    following = server.page("/next", rss(item("Next")))
    member = shared.organisation(held_back(server, rss(item("Old"))), following)
    with pulling_meanwhile(shared, member) as asleep:
        until(lambda: bool(server.asked))
        shared.later(seconds=LENGTH.total_seconds() + 1)
        server.released.set()
        assert asleep.result().new == 2


def test_what_broke_off_in_a_sleep_is_no_fault_of_the_feed(
    shared: Puller, server: WebServer
) -> None:
    def hang_up(_handler: object) -> None:
        server.released.wait()

    server.pages["/slow"] = Reply(write=hang_up)
    member = shared.organisation(f"{server.url}/slow")
    with pulling_meanwhile(shared, member) as asleep:
        until(lambda: bool(server.asked))
        shared.later(minutes=1)
        server.released.set()
        (outcome,) = asleep.result().outcomes
    assert (outcome.result, outcome.detail) == (FeedResult.WAITING, SLEPT)
    assert not shared.workspace.feeds.states()
    server.pages["/slow"] = Reply(write=lambda handler: None)
    assert shared.report(member).outcomes[0].result is FeedResult.UNREACHABLE


def test_what_was_being_read_in_a_sleep_is_not_broken(puller: Puller, server: WebServer) -> None:
    """The time that a reader gets runs out while it is stopped."""
    member = puller.organisation(server.page("/f", "hang"))
    readers = WorkerPool("tests.pulling.hostile_reader:read", size=1, seconds=3.0)
    parts = replace(puller.workspace.pulling(), clock=lambda: puller.now, readers=readers)
    with ThreadPoolExecutor(1) as thread:
        asleep = thread.submit(pull, [member], parts)
        until(lambda: bool(server.asked))
        puller.later(minutes=1)
        (outcome,) = asleep.result().outcomes
    assert (outcome.result, outcome.detail) == (FeedResult.WAITING, SLEPT)
    assert not puller.workspace.feeds.states()


def test_what_it_had_without_news_is_not_written_either(shared: Puller, server: WebServer) -> None:
    url = server.page("/slow", rss(item("Clinic")))
    member = shared.organisation(url)
    shared.report(member)
    shared.later(hours=2)
    held_back(server, "no feed at all")
    with pulling_meanwhile(shared, member) as asleep:
        until(lambda: len(server.asked) == 2)
        server.page("/slow", rss(item("Clinic")))
        later = shared.now + LENGTH + timedelta(seconds=1)
        awake = replace(shared.workspace.pulling(), clock=lambda: later, process=ELSEWHERE)
        assert not pull([member], awake).failed
        server.released.set()
        asleep.result()
    assert shared.workspace.feeds.states()[url].failures == 0


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(days=1)])
def test_a_claim_of_a_machine_that_broke_down_ends(shared: Puller, ahead: timedelta) -> None:
    """Also one that was made by a clock a day ahead."""
    feeds = shared.workspace.feeds
    parts = replace(shared.workspace.pulling(), process=ELSEWHERE)
    from newsletter.model.pulling import HostClaim

    made = NOW + ahead
    claim = HostClaim(by="a", process=ELSEWHERE, until=made + LENGTH, longest=longest(made))
    feeds.begin(["127.0.0.1"], claim, now=made, is_gone=parts.is_gone)
    ours = replace(claim, by="b", until=NOW + LENGTH, longest=longest(NOW))
    held = feeds.begin(["127.0.0.1"], ours, now=NOW, is_gone=parts.is_gone).held
    assert bool(held) == bool(ahead)
    at_end = NOW + LENGTH
    later = replace(claim, by="c", until=at_end + LENGTH, longest=longest(at_end))
    assert feeds.begin(["127.0.0.1"], later, now=at_end, is_gone=parts.is_gone).held


def test_due_hosts() -> None:
    def member(name: str, *urls: str) -> Organisation:
        feeds = tuple(Feed(url=url, paused="paused" in url) for url in urls)
        return Organisation(id=name, name=name, url="", languages=("en",), feeds=feeds)

    def asked(url: str, **facts: object) -> tuple[str, FeedState]:
        return url, FeedState(url=url, organisation_id="", **facts)  # type: ignore[arg-type]

    hour = timedelta(hours=1)
    members = [
        member("a", "https://a.example/paused", "https://new.example/feed"),
        member("b", "https://late.example/feed", "https://early.example/feed"),
        member("c", "https://new.example/2", "https://busy.example/", "https://held.example/"),
    ]
    states = dict(
        (
            asked("https://late.example/feed", next_due_at=NOW, last_pulled_at=NOW - hour),
            asked("https://early.example/feed", next_due_at=NOW + hour),
        )
    )
    find = partial(
        due_hosts,
        members,
        states,
        blocked={"busy.example": NOW + hour},
        claimed={"held.example"},
        now=NOW,
    )
    assert find() == ("new.example", "late.example")


def test_pulls_of_one_process_share_what_is_open(puller: Puller, server: WebServer) -> None:
    opened = []

    def parts() -> object:
        opened.append(replace(puller.workspace.pulling(), clock=lambda: puller.now))
        return opened[-1]

    loop = PullLoop(parts, idle_seconds=0.2)  # type: ignore[arg-type]
    members = [
        puller.organisation(server.page(f"/{name}", rss(item(name))), id=name) for name in "ab"
    ]
    with ThreadPoolExecutor(2) as threads:
        reports = list(threads.map(lambda member: loop.run(partial(pull_hosts, [member])), members))
    held = [report.outcomes[0].detail for report in reports].count(HELD)
    assert sum(report.new for report in reports) == 2 - held
    assert len(opened) == 1
    until(lambda: loop._parts is None)
    puller.later(hours=2)
    assert not loop.run(partial(pull_hosts, members)).failed
    assert len(opened) == 2
    until(lambda: loop._parts is None)


def test_a_pull_that_cannot_begin_says_why_each_time(puller: Puller) -> None:
    def parts() -> object:
        raise RuntimeError("no room")

    loop = PullLoop(parts)  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(RuntimeError, match="no room"):
            loop.run(partial(pull_hosts, []))
