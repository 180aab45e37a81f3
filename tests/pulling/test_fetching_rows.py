"""The rows of the field's table that are about asking: each against a real server on loopback."""

import gzip
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from newsletter.config import FetchSettings
from newsletter.members.moves import open_proposals
from newsletter.model.pulling import FeedResult, FeedState
from newsletter.pulling.fetch.fetch import Limits
from newsletter.wiring import Workspace
from tests.pulling.conftest import NOW, Puller
from tests.pulling.feed_text import RSS, item, rss
from tests.web_server import Asked, Page, Reply, WebServer

IN_SIX_HOURS = format_datetime(NOW + timedelta(hours=6))
SIX_HOURLY = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
HOURS = "".join(f"<hour>{hour}</hour>" for hour in range(12, 18))
NOT_IN_THE_AFTERNOON = f"<skipHours>{HOURS}</skipHours>"


def state_of(puller: Puller, url: str) -> FeedState:
    return puller.workspace.feeds.states()[url]


def until_its_cookie(asked: Asked) -> Reply:
    """A redirect to itself until its cookie comes back."""
    if asked.headers.get("cookie") == "visited=yes":
        return Reply(body=RSS.encode())
    cookie = "visited=yes; Path=/; HttpOnly; Expires=Fri, 01 Jan 2100 00:00:00 GMT"
    return Reply(status=302, headers={"Location": asked.path, "Set-Cookie": cookie})


@pytest.mark.parametrize(
    "page",
    [
        Reply(body=RSS.encode(), headers={"Content-Encoding": "gzip"}),
        Reply(body=gzip.compress(RSS.encode())),
        until_its_cookie,
    ],
    ids=["says gzip, is plain", "is gzip, says nothing", "wants its cookie"],
)
def test_a_good_feed_behind_an_odd_answer_is_read(
    puller: Puller, server: WebServer, page: Page
) -> None:
    server.pages["/f"] = page
    outcome = puller.one(f"{server.url}/f")
    assert (outcome.result, outcome.new, outcome.warnings) == (FeedResult.NEW, 2, ())
    assert puller.one(f"{server.url}/f").result is FeedResult.UNCHANGED


class TestUnchangedFeed:
    def test_validators_go_back_exactly_as_received(
        self, puller: Puller, server: WebServer
    ) -> None:
        odd = 'W/"a \\"b\\", c-gzip"'
        url = server.page("/f", RSS, etag=odd, last_modified="Thu, 19 Nov 2026 10:00:00 GMT ")
        assert puller.one(url).result is FeedResult.NEW
        server.pages["/f"] = Reply(status=304)
        assert puller.one(url).result is FeedResult.UNCHANGED
        assert server.asked[1].headers["if-none-match"] == odd
        assert server.asked[1].headers["if-modified-since"] == "Thu, 19 Nov 2026 10:00:00 GMT"

    def test_one_that_no_header_can_carry_is_not_sent(
        self, puller: Puller, server: WebServer
    ) -> None:
        url = server.page("/f", RSS, etag='"a\x01b\x7f"', last_modified="Thu, 19 Nov 2026")
        puller.one(url)
        assert puller.one(url).result is FeedResult.UNCHANGED
        assert "if-none-match" not in server.asked[1].headers
        assert server.asked[1].headers["if-modified-since"] == "Thu, 19 Nov 2026"

    def test_both_are_kept_when_a_304_carries_none(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", RSS, etag='"1"', last_modified="Thu, 19 Nov 2026 10:00:00 GMT")
        puller.one(url)
        server.pages["/f"] = Reply(status=304)
        puller.one(url)
        puller.one(url)
        assert server.asked[2].headers["if-none-match"] == '"1"'
        assert "if-modified-since" in server.asked[2].headers

    def test_a_304_may_bring_new_validators(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", RSS, etag='"1"')
        puller.one(url)
        server.pages["/f"] = Reply(status=304, headers={"ETag": '"2"'})
        puller.one(url)
        puller.one(url)
        assert server.asked[2].headers["if-none-match"] == '"2"'

    def test_a_304_to_a_plain_question_is_no_success(
        self, puller: Puller, server: WebServer
    ) -> None:
        """A feed that we never read would be "unchanged" for ever."""
        server.pages["/f"] = Reply(status=304)
        outcome = puller.one(f"{server.url}/f")
        assert outcome.result is FeedResult.ERROR
        assert "not modified" in outcome.detail

    def test_the_same_bytes_again_are_not_read_again(
        self, puller: Puller, server: WebServer
    ) -> None:
        url = server.page("/f", RSS)
        puller.one(url)
        puller.workspace.items.hide(puller.workspace.items.all()[0].id, True)
        outcome = puller.one(url)
        assert outcome.result is FeedResult.UNCHANGED
        assert "if-none-match" not in server.asked[1].headers

    def test_a_body_that_could_not_be_read_is_read_again(
        self, puller: Puller, server: WebServer
    ) -> None:
        """No validator and no hash of it is kept: an unchanged broken feed is still broken."""
        url = server.page("/f", "<html><body>Oops</body></html>", etag='"1"')
        assert puller.one(url).result is FeedResult.NOT_A_FEED
        assert puller.one(url).result is FeedResult.NOT_A_FEED
        assert "if-none-match" not in server.asked[1].headers


class TestPolling:
    def asked_again_after(self, puller: Puller, url: str, **time: float) -> bool:
        """Whether a pull that much later asks the feed."""
        puller.later(**time)
        return puller.one(url, force=False).result.was_asked

    def test_at_most_hourly_with_validators(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", RSS, etag='"1"')
        puller.one(url)
        assert not self.asked_again_after(puller, url, minutes=59)
        assert self.asked_again_after(puller, url, minutes=8)

    def test_daily_without(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", RSS)
        puller.one(url)
        assert not self.asked_again_after(puller, url, hours=23)
        assert self.asked_again_after(puller, url, hours=4)

    @pytest.mark.parametrize(
        ("headers", "channel"),
        [
            ({"cache_control": "public, max-age=21600"}, ""),
            ({"expires": IN_SIX_HOURS, "date": format_datetime(NOW)}, ""),
            ({}, "<ttl>360</ttl>"),
            ({}, SIX_HOURLY),
            ({}, NOT_IN_THE_AFTERNOON),
        ],
    )
    def test_what_the_server_asks_for_is_honoured(
        self, puller: Puller, server: WebServer, headers: dict[str, str], channel: str
    ) -> None:
        text = rss(
            item("One"), channel=channel,
            root='xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"',
        )  # fmt: skip
        url = server.page("/f", text, etag='"1"', **headers)
        puller.one(url)
        assert not self.asked_again_after(puller, url, hours=5, minutes=59)
        assert self.asked_again_after(puller, url, minutes=40)

    @pytest.mark.parametrize("channel", ["<ttl>360</ttl>", SIX_HOURLY, NOT_IN_THE_AFTERNOON])
    @pytest.mark.parametrize("answers_304", [False, True], ids=["same bytes", "304"])
    def test_what_the_feed_asks_for_is_honoured_when_it_did_not_change(
        self, puller: Puller, server: WebServer, channel: str, answers_304: bool
    ) -> None:
        text = rss(
            item("One"), channel=channel,
            root='xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"',
        )  # fmt: skip
        url = server.page("/f", text, etag='"1"')
        puller.one(url)
        if answers_304:
            server.pages["/f"] = Reply(status=304)
        assert puller.one(url).result is FeedResult.UNCHANGED
        assert not self.asked_again_after(puller, url, hours=5, minutes=59)
        assert self.asked_again_after(puller, url, minutes=40)

    @pytest.mark.parametrize("status", [200, 503])
    def test_a_clock_that_was_ahead_silences_nothing(
        self, puller: Puller, server: WebServer, status: int
    ) -> None:
        url = server.page("/f", RSS, status=status, etag='"1"', retry_after="7200")
        puller.later(days=30)
        puller.one(url)
        puller.later(days=-30)
        assert self.asked_again_after(puller, url)

    def test_different_feeds_come_due_at_different_moments(
        self, puller: Puller, server: WebServer
    ) -> None:
        urls = [server.page(f"/{number}", RSS, etag='"1"') for number in range(8)]
        puller.report(puller.organisation(*urls))
        due = {state_of(puller, url).next_due_at for url in urls}
        assert len(due) == 8

    def test_one_connection_at_a_time_and_a_pause_between_requests_to_a_host(
        self, puller: Puller, server: WebServer
    ) -> None:
        pause = 0.05
        config = puller.workspace.config
        settings = replace(config.fetch, host_pause_seconds=pause)
        puller.workspace = Workspace(config=replace(config, fetch=settings))
        urls = [server.page(f"/{number}", RSS) for number in range(4)]
        members = [
            puller.organisation(url, id=f"member-{number}") for number, url in enumerate(urls)
        ]
        puller.report(*members)
        puller.workspace.engine.dispose()
        asked = sorted(server.asked, key=lambda one: one.started)
        assert len(asked) == 4
        for one, following in zip(asked, asked[1:], strict=False):  # noqa: RUF007
            assert following.started >= one.ended + pause * 0.9

    def test_a_second_is_what_we_wait_unless_told_otherwise(self) -> None:
        assert FetchSettings().host_pause_seconds == 1.0

    def test_the_agent_names_the_product_the_coalition_and_its_contact(
        self, puller: Puller, server: WebServer
    ) -> None:
        puller.one(server.page("/f", RSS))
        agent = server.asked[0].headers["user-agent"]
        assert agent.startswith("newsletter/")
        assert "https://coalition.example" in agent
        assert "editors@coalition.example" in agent


class TestTooManyRequests:
    """429, 503"""

    @pytest.mark.parametrize("status", [429, 503])
    @pytest.mark.parametrize(
        "value", ["7200", format_datetime(NOW + timedelta(hours=2), usegmt=True)]
    )
    def test_retry_after_is_honoured_for_the_whole_host(
        self, puller: Puller, server: WebServer, status: int, value: str
    ) -> None:
        busy = server.page("/busy", "wait", status=status, retry_after=value)
        other = server.page("/other", RSS)
        first = puller.report(puller.organisation(busy, other))
        assert [one.result for one in first.outcomes] == [FeedResult.BUSY, FeedResult.WAITING]
        assert "asked us to wait" in first.outcomes[1].detail
        puller.later(hours=1, minutes=59)
        assert (
            not puller.report(puller.organisation(other), force=True).outcomes[0].result.was_asked
        )
        puller.later(minutes=2)
        assert puller.report(puller.organisation(other), force=True).new == 2

    def test_another_host_of_the_same_domain_is_not_blocked(
        self, puller: Puller, server: WebServer
    ) -> None:
        busy = server.page("/busy", "wait", status=429, retry_after="3600")
        with WebServer("127.0.0.1") as same_machine:
            url = same_machine.page("/f", RSS).replace("127.0.0.1", "localhost")
            report = puller.report(
                puller.organisation(busy), puller.organisation(url, id="other"), force=True
            )
        assert [one.result for one in report.outcomes] == [FeedResult.BUSY, FeedResult.NEW]

    def test_the_wait_is_capped_at_a_day(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", "wait", status=503, retry_after="99999999")
        puller.one(url)
        server.page("/f", RSS)
        puller.later(hours=23)
        assert not puller.one(url).result.was_asked
        puller.later(hours=1, minutes=1)
        assert puller.one(url).result is FeedResult.NEW


class TestFailures:
    def test_back_off_grows_and_never_gives_up(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", "no", status=500)
        waits = []
        for _ in range(10):
            outcome = puller.one(url)
            assert outcome.result is FeedResult.ERROR
            due = state_of(puller, url).next_due_at
            assert due is not None
            waits.append(due - puller.now)
            puller.now = due
        assert waits[0] < timedelta(hours=1, minutes=7)
        assert waits[1] > waits[0] and waits[3] > waits[2] > waits[1]  # noqa: PT018
        assert timedelta(hours=24) <= waits[-1] <= timedelta(hours=27)
        server.page("/f", RSS)
        assert puller.one(url, force=False).result is FeedResult.NEW
        assert state_of(puller, url).failures == 0

    def test_what_we_have_stays_while_a_feed_fails(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", RSS, etag='"1"')
        puller.one(url)
        server.page("/f", "no", status=500)
        puller.one(url)
        assert len(puller.workspace.items.all()) == 2
        server.pages["/f"] = Reply(status=304)
        puller.one(url)
        assert server.asked[2].headers["if-none-match"] == '"1"'


class TestPermanentRedirects:
    """301 / 308"""

    def moved(self, server: WebServer, status: int = 301, to: str = "/new") -> str:
        server.page("/new", RSS)
        return server.page("/old", status=status, location=to)

    @pytest.mark.parametrize("status", [301, 308])
    def test_followed_now_and_proposed_only_after_days(
        self, puller: Puller, server: WebServer, status: int
    ) -> None:
        url = self.moved(server, status)
        assert puller.one(url).result is FeedResult.NEW
        for _ in range(4):
            assert puller.one(url).moved_to == ""
        puller.later(days=3)
        assert puller.one(url).moved_to == server.url + "/new"
        (proposal,) = open_proposals(puller.workspace.feeds, puller.now)
        assert (proposal.url, proposal.moved_to) == (url, server.url + "/new")

    def test_two_answers_days_apart_are_not_yet_a_move(
        self, puller: Puller, server: WebServer
    ) -> None:
        url = self.moved(server)
        proposed = []
        for _ in range(3):
            proposed.append(puller.one(url).moved_to)
            puller.later(days=4)
        assert proposed == ["", "", server.url + "/new"]

    @pytest.mark.parametrize("lost", [404, 410, None], ids=["missing", "gone", "no server"])
    def test_an_old_domain_that_was_given_up_costs_no_news(
        self, puller: Puller, server: WebServer, lost: int | None
    ) -> None:
        """The address that works is used, and proposed in the end."""
        with WebServer() as old:
            new = server.page("/new", RSS)
            url = old.page("/old", status=301, location=new)
            assert puller.one(url).result is FeedResult.NEW
            if lost:
                old.page("/old", status=lost)
                assert puller.one(url).result is FeedResult.UNCHANGED
        for _ in range(2):
            puller.later(days=2)
            assert puller.one(url).result is FeedResult.UNCHANGED
        assert puller.one(url).moved_to == new
        server.page("/new", "no", status=500)
        outcome = puller.one(url)
        assert outcome.result is FeedResult.UNREACHABLE, "what is wrong with its own address"

    @pytest.mark.parametrize("status", [302, 303, 307])
    def test_a_temporary_one_is_never_proposed(
        self, puller: Puller, server: WebServer, status: int
    ) -> None:
        url = self.moved(server, status)
        for _ in range(5):
            assert puller.one(url).result.is_success
            puller.later(days=3)
        assert open_proposals(puller.workspace.feeds, puller.now) == ()

    def test_one_different_answer_starts_the_count_again(
        self, puller: Puller, server: WebServer
    ) -> None:
        """A captive portal or a maintenance page for a day moves nothing."""
        url = self.moved(server)
        puller.one(url)
        puller.later(days=2)
        puller.one(url)
        server.page("/portal", RSS)
        server.page("/old", status=301, location="/portal")
        puller.one(url)
        self.moved(server)
        puller.one(url)
        puller.later(days=2)
        puller.one(url)
        puller.one(url)
        assert open_proposals(puller.workspace.feeds, puller.now) == ()

    def test_a_chain_counts_only_when_all_of_it_is_permanent(
        self, puller: Puller, server: WebServer
    ) -> None:
        server.page("/new", RSS)
        server.page("/middle", status=302, location="/new")
        url = server.page("/old", status=301, location="/middle")
        for _ in range(5):
            puller.one(url)
            puller.later(days=2)
        assert open_proposals(puller.workspace.feeds, puller.now) == ()

    def test_bytes_that_are_no_text_cost_one_feed_and_not_the_pull(
        self, puller: Puller, server: WebServer
    ) -> None:
        def answer(handler: Any) -> None:
            handler.wfile.write(
                b"HTTP/1.1 503 Sor\x9b2Jry\xff\r\nRetry-After: \xff\r\nContent-Length: 0\r\n\r\n"
            )

        odd = self.moved(server, to="/f\x9b2J\xff")
        server.pages["/odd"] = Reply(write=answer)
        member = puller.organisation(odd, f"{server.url}/odd")
        results = [one.result for one in puller.report(member, force=True).outcomes]
        assert results == [FeedResult.MISSING, FeedResult.BUSY]

    def test_a_redirect_to_a_page_that_is_no_feed_is_never_proposed(
        self, puller: Puller, server: WebServer
    ) -> None:
        url = server.page("/old", status=301, location="/parked")
        server.page("/parked", "<html><body>This domain is for sale</body></html>")
        for _ in range(5):
            assert puller.one(url).result is FeedResult.NOT_A_FEED
            puller.later(days=2)
        assert open_proposals(puller.workspace.feeds, puller.now) == ()


class TestGone:
    """410"""

    def test_polling_stops_and_items_stay(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", RSS)
        puller.one(url)
        server.page("/f", "gone", status=410)
        assert puller.one(url).result is FeedResult.GONE
        puller.later(days=30)
        outcome = puller.one(url, force=False)
        assert outcome.result is FeedResult.GONE
        assert "no longer checked" in outcome.detail
        assert len(server.asked) == 2
        assert len(puller.workspace.items.all()) == 2

    def test_an_editor_can_have_it_asked_again(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", "gone", status=410)
        puller.one(url)
        server.page("/f", RSS)
        assert puller.one(url, force=True).result is FeedResult.NEW
        assert state_of(puller, url).gone_at is None


CLOUDFLARE = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body></body></html>"


class TestNotAFeed:
    """200 but an HTML page, a login, a Cloudflare challenge"""

    @pytest.mark.parametrize(
        ("body", "result"),
        [
            ("<html><head><title>Home</title></head></html>", FeedResult.NOT_A_FEED),
            ("<?xml version='1.0'?><!DOCTYPE html><html xmlns='x'/>", FeedResult.NOT_A_FEED),
            ("<html><form><input type='password'></form></html>", FeedResult.LOGIN_PAGE),
            (CLOUDFLARE, FeedResult.CHALLENGE_PAGE),
            ("<html>Verifying you are human</html>", FeedResult.CHALLENGE_PAGE),
            ("", FeedResult.EMPTY),
            (" \n\t ", FeedResult.EMPTY),
            (b"\xef\xbb\xbf", FeedResult.EMPTY),
            (RSS[:40], FeedResult.CUT_SHORT),
            (
                '{"version": "https://jsonfeed.org/version/1.1", "items": [{"id"',
                FeedResult.CUT_SHORT,
            ),
            ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", FeedResult.CUT_SHORT),
            ("{not json}", FeedResult.BROKEN),
            ('{"items": 5}', FeedResult.NOT_A_FEED),
            ("<note>XML, but no feed</note>", FeedResult.NOT_A_FEED),
            (b"\x89PNG\r\n\x1a\n", FeedResult.NOT_A_FEED),
            ("Fatal error: Allowed memory size exhausted", FeedResult.NOT_A_FEED),
        ],
    )
    def test_each_is_an_outcome_of_its_own(
        self, puller: Puller, server: WebServer, body: str | bytes, result: FeedResult
    ) -> None:
        outcome = puller.one(server.page("/f", body, content_type="application/rss+xml"))
        assert outcome.result is result, outcome.detail
        assert outcome.detail
        assert not outcome.result.is_success

    def test_a_challenge_with_an_error_status_is_still_one(
        self, puller: Puller, server: WebServer
    ) -> None:
        for status in (403, 429, 503):
            data = gzip.compress(CLOUDFLARE.encode())
            url = server.page(f"/{status}", data, status=status, content_encoding="gzip")
            assert puller.one(url).result is FeedResult.CHALLENGE_PAGE

    def test_a_feed_without_entries_is_no_failure(self, puller: Puller, server: WebServer) -> None:
        assert puller.one(server.page("/f", rss())).result is FeedResult.NO_ENTRIES

    def test_a_truncated_feed_keeps_its_whole_entries(
        self, puller: Puller, server: WebServer
    ) -> None:
        text = rss(item("One"), item("Two"), item("Three", text="long " * 50))
        outcome = puller.one(server.page("/f", text[: text.index("long") + 30]))
        assert outcome.new == 2
        assert "is cut off" in outcome.warnings[0]

    def test_an_html_type_does_not_make_a_feed_a_page(
        self, puller: Puller, server: WebServer
    ) -> None:
        assert puller.one(server.page("/f", RSS, content_type="text/html")).new == 2


class TestAddresses:
    @pytest.mark.parametrize(
        "url",
        [
            "http://10.0.0.1/feed", "http://[::ffff:192.168.0.1]/", "http://169.254.169.254/",
            "http://[64:ff9b::7f00:2]/", "http://100.64.0.1/", "http://127.0.0.2:8080/",
            "http://2130706434/",
        ],
    )  # fmt: skip
    def test_private_ones_are_refused(self, puller: Puller, url: str) -> None:
        outcome = puller.one(url)
        assert outcome.result is FeedResult.REFUSED
        assert outcome.detail

    def test_also_behind_a_redirect(self, puller: Puller, server: WebServer) -> None:
        url = server.page("/f", status=302, location="http://192.168.1.1/admin")
        assert puller.one(url).result is FeedResult.REFUSED


class TestSize:
    def test_a_bomb_costs_one_feed(self, puller: Puller, server: WebServer) -> None:
        bomb = gzip.compress(b"<rss>" + b" " * 210_000_000)
        assert len(bomb) < 210_000
        urls = [
            server.page("/bomb", bomb, content_encoding="gzip"),
            server.page("/large", b"<rss>" + b" " * 11 * 1024 * 1024),
            server.page("/good", RSS),
        ]
        report = puller.report(puller.organisation(*urls))
        assert [one.result for one in report.outcomes] == [
            FeedResult.TOO_LARGE, FeedResult.TOO_LARGE, FeedResult.NEW,
        ]  # fmt: skip


class TestTime:
    def test_a_host_that_never_answers_ends_and_the_others_are_done(
        self, puller: Puller, server: WebServer
    ) -> None:
        config = puller.workspace.config
        settings = replace(config.fetch, total_seconds=10, allow_private=("127.0.0.0/8",))
        puller.workspace = Workspace(config=replace(config, fetch=settings))
        server.pages["/silent"] = Reply(write=lambda handler: server.released.wait())
        with WebServer("127.0.0.3") as quick:
            members = [puller.organisation(server.url + "/silent")]
            for number in range(299):
                members.append(puller.organisation(quick.page(f"/{number}", RSS), id=f"m-{number}"))
            report = puller.report(*members)
        puller.workspace.engine.dispose()
        assert report.outcomes[0].result is FeedResult.TIMEOUT
        assert {one.result for one in report.outcomes[1:]} == {FeedResult.NEW}

    def test_long_headers_are_no_reason_to_refuse_a_feed(
        self, puller: Puller, server: WebServer
    ) -> None:
        policy = "default-src https://a-host-of-many.example; " * 500
        url = server.page("/f", RSS, content_security_policy=policy[:24_000])
        assert puller.one(url).result is FeedResult.NEW

    def test_a_body_that_hangs_or_kills_its_reader_costs_one_feed(
        self, puller: Puller, server: WebServer
    ) -> None:
        from newsletter.pulling.parse.pool import WorkerPool

        urls = [
            server.page("/hang", "hang"), server.page("/die", "die"), server.page("/good", RSS),
        ]  # fmt: skip
        parts = replace(
            puller.workspace.pulling(),
            clock=lambda: puller.now,
            readers=WorkerPool("tests.pulling.hostile_reader:read", size=1, seconds=8.0),
        )
        from newsletter.pulling.pull import pull

        report = pull([puller.organisation(*urls)], parts)
        assert [one.result for one in report.outcomes] == [
            FeedResult.BROKEN, FeedResult.BROKEN, FeedResult.NEW,
        ]  # fmt: skip
        assert "longer than" in report.outcomes[0].detail
        assert "crashed" in report.outcomes[1].detail


def test_the_limits_are_those_of_the_field() -> None:
    limits = Limits()
    assert limits.wire_bytes == 10 * 1024 * 1024
    assert limits.body_bytes == 15 * 1024 * 1024
