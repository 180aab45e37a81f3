"""The rows of the field's table that are about reading: each against a real server on loopback."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from newsletter.model.answer import Fetched
from newsletter.model.entry import Entry
from newsletter.model.item import Item, ItemKind, Media
from newsletter.model.organisation import Organisation, Terms
from newsletter.model.pulling import FeedOutcome, FeedResult
from newsletter.pulling import article_pages
from newsletter.pulling.parse.calendar.read_calendar import MOST
from newsletter.pulling.reading import MOST_ENTRIES, ReadJob, newest
from newsletter.pulling.reading import read as read_job
from tests.active_html import offences
from tests.pulling.conftest import NOW, Puller
from tests.pulling.feed_text import calendar, item, rss
from tests.web_server import Asked, Reply, WebServer

CASES = Path(__file__).parent / "cases"
ATOM = '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" {root}>{body}</feed>'
MEDIA = 'xmlns:media="http://search.yahoo.com/mrss/"'
ITUNES = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'


class Reader:
    """Serves bodies at one address and gives the items they become."""

    def __init__(self, puller: Puller, server: WebServer) -> None:
        self.puller = puller
        self.server = server
        self.outcome: FeedOutcome | None = None
        self.languages = ("en",)

    def __call__(self, body: str | bytes, **headers: str) -> list[Item]:
        url = self.server.page("/feed/x", body, **headers)
        member = replace(self.puller.organisation(url), languages=self.languages)
        self.outcome = self.puller.report(member, force=True).outcomes[0]
        return self.items()

    def items(self) -> list[Item]:
        return sorted(self.puller.workspace.items.all(), key=lambda one: one.title)


@pytest.fixture
def read(puller: Puller, server: WebServer) -> Reader:
    return Reader(puller, server)


def test_a_shown_link_does_not_say_which_mail_a_reader_came_from(read: Reader) -> None:
    page = "https://harbor.example/clinic"
    (one,) = read(rss(item("Clinic", link=f"{page}?id=7&amp;utm_source=rss&amp;fbclid=x")))
    assert one.link == f"{page}?id=7"


class TestExcerpts:
    """Half of all entries have only a beginning; the terms say whether we may fetch the page."""

    TEXT = "The clinic opens on Monday with three lawyers."
    DATE = "Fri, 20 Nov 2026 10:00:00 GMT"
    PAGE = f"<main><article><p>{TEXT}</p><p>{'Bring your papers. ' * 40}</p></article></main>"

    def pulled(
        self,
        puller: Puller,
        server: WebServer,
        *,
        pages: bool = True,
        text: str = TEXT,
        **facts: str,
    ) -> tuple[FeedOutcome, Item]:
        feed = rss(item("Clinic", link=f"{server.url}/clinic", text=text, date=self.DATE))
        member = puller.organisation(server.page("/feed", feed), terms=Terms(pages=pages))
        member = replace(member, **{"url": server.url, **facts})
        outcome = puller.report(member, force=True).outcomes[0]
        (found,) = puller.workspace.items.all()
        return outcome, found

    def test_the_page_is_read_where_the_terms_let_us(
        self, puller: Puller, server: WebServer
    ) -> None:
        server.page("/clinic", self.PAGE, content_type="text/html")
        outcome, found = self.pulled(puller, server)
        assert (outcome.new, outcome.pages, outcome.pages_without) == (1, 1, 0)
        assert found.text.startswith(f"{self.TEXT}\n\nBring your papers.")
        assert offences(found.html) == []
        assert server.asked[-1].headers["user-agent"] == server.asked[0].headers["user-agent"]

    def test_what_was_read_stays_and_is_read_once(self, puller: Puller, server: WebServer) -> None:
        server.page("/clinic", self.PAGE, content_type="text/html")
        _, found = self.pulled(puller, server)
        outcome, again = self.pulled(puller, server)
        assert outcome.result is FeedResult.UNCHANGED
        assert again == found
        assert [asked.path for asked in server.asked].count("/clinic") == 1

    def test_an_entry_corrected_at_its_source_is_read_anew(
        self, puller: Puller, server: WebServer
    ) -> None:
        server.page("/clinic", self.PAGE, content_type="text/html")
        self.pulled(puller, server)
        corrected = "The clinic opens on Tuesday with three lawyers."
        server.page("/clinic", self.PAGE.replace("Monday", "Tuesday"), content_type="text/html")
        outcome, found = self.pulled(puller, server, text=corrected)
        assert (outcome.changed, outcome.pages) == (1, 1)
        assert found.text.startswith(f"{corrected}\n\nBring your papers.")

    @pytest.mark.parametrize(
        ("pages", "text", "url"),
        [
            (False, TEXT, ""),
            (True, "A whole article. " * 60, ""),
            (True, TEXT, "https://somebody-else.example"),
        ],
        ids=["not allowed", "not short", "not theirs"],
    )
    def test_else_no_page_is_asked_for(
        self, puller: Puller, server: WebServer, pages: bool, text: str, url: str
    ) -> None:
        facts = {"url": url} if url else {}
        outcome, found = self.pulled(puller, server, pages=pages, text=text, **facts)
        assert found.text == text.strip()
        assert (outcome.pages, outcome.pages_without) == (0, 0)
        assert [asked.path for asked in server.asked] == ["/feed"]

    @pytest.mark.parametrize(
        "reply",
        [
            Reply(status=404),
            Reply(body=b"<article>Just a moment</article>"),
            Reply(body=b"<article>" + b"x" * 2_000_000),
            Reply(status=302, headers={"location": "http://127.0.0.2:1/private"}),
        ],
        ids=["missing", "something else", "huge", "elsewhere"],
    )
    def test_a_page_without_the_article_costs_nothing_else(
        self, puller: Puller, server: WebServer, reply: Reply
    ) -> None:
        server.pages["/clinic"] = reply
        outcome, found = self.pulled(puller, server)
        assert (outcome.result, outcome.pages, outcome.pages_without) == (FeedResult.NEW, 0, 1)
        assert found.text == self.TEXT

    def test_a_site_that_moved_to_another_domain_is_still_theirs(
        self, puller: Puller, server: WebServer
    ) -> None:
        with WebServer() as old:
            for path in ("/feed", "/clinic"):
                old.page(path, status=301, location=server.url + path)
            server.page("/clinic", self.PAGE, content_type="text/html")
            at = old.url.replace("127.0.0.1", "localhost")
            posts = (
                item(where, link=f"{site}/clinic", text=self.TEXT, date=self.DATE)
                for where, site in (("Old", at), ("New", server.url))
            )
            server.page("/feed", rss(*posts))
            member = puller.organisation(f"{at}/feed", terms=Terms(pages=True))
            outcome = puller.report(replace(member, url=at), force=True).outcomes[0]
        assert (outcome.new, outcome.pages) == (2, 2)

    def test_pages_that_drip_have_one_time_together_and_the_rest_is_named(
        self, puller: Puller, server: WebServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The newest are asked first, and what was read in time counts."""
        monkeypatch.setattr(article_pages, "TOTAL_SECONDS", 0.5)

        def drip(handler: Any) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while not server.released.wait(0.02):
                handler.wfile.write(b"x")

        server.default = Reply(write=drip)
        server.page("/clinic24", self.PAGE, content_type="text/html")
        first = datetime(2026, 11, 18, tzinfo=UTC)
        oldest_first = (
            item(
                f"Clinic {n}",
                link=f"{server.url}/clinic{n}",
                text=self.TEXT,
                date=format_datetime(first + timedelta(hours=n)),
            )
            for n in range(25)
        )
        member = puller.organisation(
            server.page("/feed", rss(*oldest_first)), terms=Terms(pages=True)
        )
        outcome = puller.report(replace(member, url=server.url), force=True).outcomes[0]
        read = outcome.pages  # on a busy machine not even the one that answers
        assert (outcome.new, outcome.pages_without) == (25, 0)
        assert read in (0, 1)
        newest_first = [f"{server.url}/clinic{n}" for n in range(24, -1, -1)]
        assert list(outcome.pages_left_out) == newest_first[read:]
        assert len(server.asked) <= 3

    def test_a_site_that_asks_to_be_left_alone_is(self, puller: Puller, server: WebServer) -> None:
        server.pages["/clinic"] = Reply(status=429, headers={"Retry-After": "7200"})
        posts = (
            item(f"Clinic {n}", link=f"{server.url}/clinic", guid=str(n), date=self.DATE)
            for n in range(3)
        )
        member = puller.organisation(server.page("/feed", rss(*posts)), terms=Terms(pages=True))
        outcome = puller.report(replace(member, url=server.url), force=True).outcomes[0]
        assert (outcome.new, outcome.pages, outcome.pages_without) == (3, 0, 1)
        assert len(outcome.pages_left_out) == 2
        assert len(server.asked) == 2
        assert not puller.one(f"{server.url}/feed").result.was_asked


def test_a_flood_of_entries_is_cut_and_said_and_the_newest_stay(read: Reader) -> None:
    first = datetime(2026, 1, 1, tzinfo=UTC)
    oldest_first = (
        item(f"Post {number}", date=format_datetime(first + timedelta(hours=number)))
        for number in range(MOST_ENTRIES + 101)
    )
    found = read(rss(*oldest_first))
    assert len(found) == MOST_ENTRIES
    titles = {one.title for one in found}
    assert "Post 2100" in titles
    assert "Post 100" not in titles
    assert read.outcome is not None
    assert read.outcome.warnings == ("2101 entries; only the newest 2000 were read",)


@pytest.mark.parametrize(
    ("days", "kept"),
    [
        ([1, 2, 3, 4], [3, 4]),
        ([4, 3, 2, 1], [4, 3]),
        ([1, 4, 2, 3], [4, 3]),
        ([None, None, None, None], [None, None]),
        ([1, None, 4, None], [4, None]),
        ([None, 1, 2, 3], [None, 3]),
    ],
)
def test_the_newest_are_known_by_their_dates(
    days: list[int | None], kept: list[int | None]
) -> None:
    dates = [day and datetime(2026, 11, day, tzinfo=UTC) for day in days]
    entries = [Entry(guid=str(number), published=date) for number, date in enumerate(dates)]
    assert [entry.published and entry.published.day for entry in newest(entries, 2)] == kept


class TestCharset:
    TEXT = rss(item("Año nuevo, 新年"))

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
    def test_a_bom_or_the_first_bytes_decide(self, read: Reader, encoding: str) -> None:
        text = self.TEXT.replace('encoding="utf-8"', 'encoding="utf-16"')
        (one,) = read(text.encode(encoding), content_type="text/xml; charset=us-ascii")
        assert one.title == "Año nuevo, 新年"

    def test_the_header_wins_over_the_declaration(self, read: Reader) -> None:
        text = rss(item("Łódź")).replace("utf-8", "utf-8")
        (one,) = read(text.encode("iso-8859-2"), content_type="text/xml; charset=ISO-8859-2")
        assert one.title == "Łódź"

    def test_the_declaration_counts_where_the_header_says_nothing(self, read: Reader) -> None:
        text = rss(item("Año")).replace("utf-8", "windows-1252")
        (one,) = read(text.encode("cp1252"), content_type="text/xml")
        assert one.title == "Año"

    def test_a_wrong_declaration_is_said(self, read: Reader) -> None:
        (one,) = read(rss(item("Año")).encode("cp1252"))
        assert one.title == "Año"
        assert read.outcome.warnings[0].startswith("declared as utf-8, which is wrong")

    def test_text_that_is_right_is_never_repaired(self, read: Reader) -> None:
        """Both look like mojibake to feedparser, and are what the author wrote."""
        (one,) = read(rss(item("What Ã© means: café", text="He wrote Ã±.")))
        assert one.title == "What Ã© means: café"
        assert one.text == "He wrote Ã±."

    def test_control_characters_do_not_cost_the_feed(self, read: Reader) -> None:
        (one,) = read(rss(item("Vertical\x0btab", text="bell \x07 ring")))
        assert (one.title, one.text) == ("Verticaltab", "bell ring")

    @pytest.mark.parametrize("bad", ["\\u0000", "\\ud800"])
    def test_what_json_can_escape_and_no_database_takes(self, read: Reader, bad: str) -> None:
        one = {"id": "a@", "url": "https://x.example/@", "title": "Hi@", "tags": ["t@"]}
        text = json.dumps({"title": "Us@", "home_page_url": "https://x.example/@", "items": [one]})
        (kept,) = read(text.replace("@", bad), content_type="application/feed+json")
        assert kept.title == "Hi\ufffd"

    @pytest.mark.parametrize("bad", ["&#0;", "&#xD800;"])
    def test_references_to_what_xml_cannot_hold(self, bad: str) -> None:
        body = f"""<rss><channel><title>Us{bad}</title><link>https://x.example/{bad}</link>
            <item><title>Hi{bad}</title><link>https://x.example/{bad}</link></item></channel></rss>"""
        job = ReadJob(
            answer=Fetched(
                url="https://x.example/feed",
                body=body.encode(),
                headers={"content-type": "text/xml"},
            ),
            feed_url="https://x.example/feed",
            organisation=Organisation(id="x", name="X", url="https://x.example", languages=("en",)),
            now=NOW,
        )
        shown = repr(read_job(job))
        assert "Us" in shown
        assert "\\x00" not in shown
        assert "\\ud800" not in shown


class TestUndatedEntries:
    def test_they_stay_undated_and_are_ordered_by_first_seen(self, read: Reader) -> None:
        (one,) = read(rss(item("One")))
        assert one.published_at is None
        assert one.order_date == NOW

    @pytest.mark.parametrize(
        "said", ["", "yesterday", "0000-00-00", "Thu, 01 Jan 1970 00:00:00 GMT"]
    )
    def test_nonsense_is_no_date(self, read: Reader, said: str) -> None:
        (one,) = read(rss(item("One", date=said)))
        assert one.published_at is None

    def test_an_archive_at_first_import_is_not_news(self, read: Reader) -> None:
        old = item("Archive", date="Thu, 19 Feb 2015 10:00:00 GMT")
        found = read(rss(old, item("Undated"), item("Week", date="Mon, 16 Nov 2026 10:00:00 GMT")))
        assert {one.title: one.is_backlog for one in found} == {
            "Archive": True, "Undated": True, "Week": False,
        }  # fmt: skip

    def test_what_comes_undated_later_is_news(self, read: Reader) -> None:
        read(rss(item("Old")))
        found = read(rss(item("Old"), item("Undated new")))
        assert [one.is_backlog for one in found] == [True, False]

    def test_an_archive_that_arrives_later_is_not_news_either(self, read: Reader) -> None:
        read(rss(item("Now", date="Thu, 19 Nov 2026 10:00:00 GMT")))
        found = read(rss(item("Of 2015", date="Thu, 19 Feb 2015 10:00:00 GMT")))
        assert [one.is_backlog for one in found] == [False, True]


class TestFutureDates:
    def test_clamped_for_ordering_kept_as_said(self, read: Reader) -> None:
        (one,) = read(rss(item("Soon", date="Mon, 01 Jan 2035 10:00:00 GMT")))
        assert one.published_at == datetime(2035, 1, 1, 10, tzinfo=UTC)
        assert one.order_date == NOW


class TestIdentity:
    def again(self, read: Reader, first: str, second: str) -> list[Item]:
        read(rss(first))
        return read(rss(second))

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("http://harbor.example/a", "https://harbor.example/a"),
            ("https://harbor.example/a/", "https://harbor.example/a"),
            ("https://harbor.example/a", "https://www.harbor.example/a?utm_source=rss&fbclid=1"),
            ("https://harbor.example/?p=5&utm_medium=x", "https://harbor.example/?p=5"),
            ("https://harbor.example/a", "https://HARBOR.example:443/a/index.html#top"),
        ],
    )
    def test_it_survives_what_sites_do_to_links(
        self, read: Reader, first: str, second: str
    ) -> None:
        found = self.again(
            read,
            item("One", link=first, guid=first),
            item("One", link=second, guid=second),
        )
        assert len(found) == 1

    def test_links_that_differ_in_what_counts_differ(self, read: Reader) -> None:
        found = self.again(
            read,
            item("One", link="https://harbor.example/?p=5", guid="a"),
            item("One", link="https://harbor.example/?p=6", guid="b"),
        )
        assert len(found) == 2

    def test_it_survives_unstable_ids(self, read: Reader) -> None:
        link = "https://harbor.example/a"
        found = self.again(
            read, item("One", link=link, guid="session-1"), item("One", link=link, guid="session-2")
        )
        assert len(found) == 1

    def test_a_new_post_at_an_old_link_is_new(self, read: Reader) -> None:
        link = "https://harbor.example/meetings"
        found = self.again(
            read,
            item("October meeting", link=link, guid="1"),
            item("November meeting", link=link, guid="2"),
        )
        assert len(found) == 2

    def test_an_id_that_all_entries_share_names_none(self, read: Reader) -> None:
        one, two = item("One", guid="same"), item("Two", guid="same")
        before = read(rss(one, two))
        assert len(before) == 2
        assert read(rss(two, one)) == before, "each is still itself, in whatever order"
        assert read(rss(one, two, channel="<ttl>60</ttl>")) == before

    def test_entries_that_nothing_tells_apart_are_one(self, read: Reader) -> None:
        twins = item("Twin", guid="x") * 2
        read(rss(twins))
        assert [one.title for one in read(rss(twins, item("Another")))] == ["Another", "Twin"]
        assert [one.title for one in read(rss(twins, item("Third")))].count("Twin") == 1

    def test_without_id_and_link_the_words_count(self, read: Reader) -> None:
        body = rss("<item><title>One</title><description>Words</description></item>")
        read(body)
        assert len(read(body.replace("<link>", "<link> "))) == 1

    def test_ids_are_short_and_the_same_in_every_workspace(self, read: Reader) -> None:
        (one,) = read(rss(item("One")))
        assert one.id == "dvcmc5wg"
        assert len(one.id) == 8


class TestEdits:
    def test_the_new_words_are_taken_over_and_the_old_ones_kept(self, read: Reader) -> None:
        (before,) = read(rss(item("One", text="First words.")))
        read.puller.later(hours=1)
        (after,) = read(rss(item("One", text="Other words.")))
        assert read.outcome.changed == 1
        assert (after.id, after.text) == (before.id, "Other words.")
        assert after.first_seen_at == before.first_seen_at
        assert after.content_sha256 != before.content_sha256
        store = read.puller.workspace.items
        assert store.as_of(after.id, before.first_seen_at) == ("One", "First words.")
        assert store.as_of(after.id, read.puller.now) is None

    def test_markup_alone_is_no_edit(self, read: Reader) -> None:
        (before,) = read(rss(item("One", text="&lt;p&gt;Same words.&lt;/p&gt;")))
        (after,) = read(rss(item("One", text="&lt;div&gt;Same  words.&lt;/div&gt;")))
        assert read.outcome.changed == 0
        assert after == before

    def test_a_corrected_date_is_taken(self, read: Reader) -> None:
        first, second = (CASES / f"date-corrected-{n}.rss" for n in (1, 2))
        read.puller.now = datetime(2026, 11, 23, tzinfo=UTC)
        read(rss(item("Other")))
        read.puller.later(days=1)
        vigil = next(one for one in read(first.read_bytes()) if one.title == "vigil")
        assert vigil.is_backlog
        read.puller.later(days=1)
        after = next(one for one in read(second.read_bytes()) if one.id == vigil.id)
        assert read.outcome.changed == 1
        assert after.published_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
        assert not after.is_backlog
        assert after.credit_date == after.published_at
        assert read.puller.workspace.items.as_of(after.id, vigil.first_seen_at) is None

    def test_a_later_date_never_makes_it_older_for_the_credit(self, read: Reader) -> None:
        (before,) = read(rss(item("One", date="Thu, 19 Nov 2026 10:00:00 GMT")))
        (after,) = read(rss(item("One", date="Mon, 02 Nov 2026 10:00:00 GMT")))
        assert after.published_at < before.published_at
        assert after.credit_date == before.credit_date
        (after,) = read(rss(item("One")))
        assert after.published_at == datetime(2026, 11, 2, 10, tzinfo=UTC), "none is no correction"

    def test_one_dated_before_its_feed_was_read_without_it_is_as_old_as_we_know_it(
        self, read: Reader
    ) -> None:
        (first,) = read(rss(item("One", date="Thu, 19 Nov 2026 10:00:00 GMT")))
        assert first.credit_date == first.published_at
        read.puller.later(days=1)
        dates = ("Tue, 17 Nov 2026 09:00:00 GMT", "Sat, 21 Nov 2026 07:00:00 GMT")
        read(rss(item("Copied", date=dates[0]), item("Fresh", date=dates[1])))
        items = {one.title: one for one in read.items()}
        assert items["Copied"].credit_date == items["Copied"].first_seen_at
        assert items["Fresh"].credit_date == items["Fresh"].published_at

    def test_one_that_was_undated_is_as_old_as_we_know_it(self, read: Reader) -> None:
        read(rss(item("One")))
        read.puller.later(days=1)
        (after,) = read(rss(item("One", date="Mon, 02 Nov 2026 10:00:00 GMT")))
        assert after.credit_date == after.first_seen_at == NOW

    def test_a_site_that_dates_all_at_the_moment_it_is_asked_corrects_nothing(
        self, read: Reader
    ) -> None:
        (before,) = read(rss(item("One", date="Fri, 20 Nov 2026 12:00:00 GMT")))
        read.puller.later(days=1)
        (after,) = read(rss(item("One", date="Sat, 21 Nov 2026 12:00:00 GMT")))
        assert (read.outcome.changed, after) == (0, before)

    def test_a_corrected_link_is_taken(self, read: Reader) -> None:
        old, new = (f"https://harbor.example/{slug}" for slug in ("vigil-oen", "vigil-one"))
        (before,) = read(rss(item("Vigil", link=old)))
        (after,) = read(rss(item("Vigil", link=new)))
        assert (after.id, after.link, read.outcome.changed) == (before.id, new, 1)
        (after,) = read(rss(item("Vigil", link=f"{new}?utm_source=rss")))
        assert read.outcome.changed == 0

    @pytest.mark.parametrize(("second", "count"), [(7, 1), (8, 2)])
    def test_a_corrected_address_that_is_the_id_too_is_known_by_title_and_second(
        self, read: Reader, second: int, count: int
    ) -> None:
        old, new = (f"https://harbor.example/{slug}" for slug in ("vigil-oen", "vigil-one"))
        date = "Thu, 19 Nov 2026 10:00:0{} GMT"
        read(rss(item("Vigil", link=old, guid=old, date=date.format(7))))
        found = read(rss(item("Vigil", link=new, guid=new, date=date.format(second))))
        assert len(found) == count
        assert new in [one.link for one in found]

    @pytest.mark.parametrize(("text", "count"), [("At the river.", 1), ("At the court.", 2)])
    def test_one_of_a_whole_minute_is_known_by_its_words_too(
        self, read: Reader, text: str, count: int
    ) -> None:
        old, new = "https://harbor.example/vigil", "https://harbor-aid.example/vigil"
        date = "Thu, 19 Nov 2026 10:00:00 GMT"
        read(rss(item("Vigil", link=old, guid=old, date=date, text="At the river.")))
        found = read(rss(item("Vigil", link=new, guid=new, date=date, text=text)))
        assert len(found) == count
        assert new in [one.link for one in found]

    @pytest.mark.parametrize("query", ["", "?token=2"])
    def test_a_corrected_recording_is_taken(self, read: Reader, query: str) -> None:
        def sound(name: str) -> str:
            file = f'<enclosure url="https://x.example/{name}" type="audio/mpeg" length="9"/>'
            return rss(item("Talk", more=file))

        read(sound("1.mp3?token=1"))
        (after,) = read(sound(f"1.mp3{query}"))
        assert read.outcome.changed == 0
        (after,) = read(sound(f"2.mp3{query}"))
        assert after.media is not None
        assert (after.media.url, read.outcome.changed) == (f"https://x.example/2.mp3{query}", 1)

    def test_what_an_editor_hid_stays_hidden(self, read: Reader) -> None:
        (one,) = read(rss(item("One", text="First.")))
        read.puller.workspace.items.hide(one.id, True)
        (after,) = read(rss(item("One", text="Second.")))
        assert after.hidden
        assert after.text == "Second."


class TestJsonFeed:
    def feed(self, **entry: object) -> str:
        return json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "Garden",
                "home_page_url": "https://garden.example/",
                "items": [{"id": 7, **entry}],
            }
        )

    def test_it_is_parsed_and_sanitised_like_the_rest(self, read: Reader) -> None:
        (one,) = read(
            self.feed(
                url="/beans",
                title="Beans & more",
                content_html="<p onclick=x()>Grow <a href='/b'>beans</a><script>x()</script></p>",
                date_published="2026-11-19T10:00:00-08:00",
                authors=[{"name": "Ana"}],
                tags=["food"],
                language="es",
                image="/bean.jpg",
            )
        )
        assert one.link == "https://garden.example/beans"
        assert one.title == "Beans & more"
        assert one.html == '<p>Grow <a href="https://garden.example/b">beans</a></p>'
        assert one.published_at == datetime(2026, 11, 19, 18, tzinfo=UTC)
        assert (one.authors, one.topics, one.language) == (("Ana",), ("food",), "es")
        assert one.picture is not None
        assert one.picture.url == "https://garden.example/bean.jpg"

    def test_version_1_0_and_plain_text(self, read: Reader) -> None:
        body = self.feed(content_text="1 < 2\n\nand more", author={"name": "Bo"})
        (one,) = read(body.replace("1.1", "1"))
        assert (one.text, one.authors) == ("1 < 2\n\nand more", ("Bo",))

    @pytest.mark.parametrize("value", [None, 5, [], {}, True, "not a date", [None, {"name": 3}]])
    def test_wrong_types_are_read_as_absent(self, read: Reader, value: object) -> None:
        keys = ("url", "title", "content_html", "date_published", "authors", "tags", "image",
                "attachments", "language", "summary")  # fmt: skip
        read(self.feed(**dict.fromkeys(keys, value)))
        assert read.outcome.result is FeedResult.NEW


class TestPodcasts:
    def test_the_enclosure_comes_with_type_length_and_duration(self, read: Reader) -> None:
        sound = '<enclosure url="https://x.example/1.mp3" type="audio/mpeg" length="123456"/>'
        (one,) = read(
            rss(
                item("Talk", more=sound + "<itunes:duration>1:02:03</itunes:duration>"), root=ITUNES
            )
        )
        assert one.kind is ItemKind.AUDIO
        assert one.media is not None
        assert (one.media.url, one.media.media_type) == ("https://x.example/1.mp3", "audio/mpeg")
        assert (one.media.bytes, one.media.seconds) == (123456, 3723)

    def test_one_in_json_feed(self, read: Reader) -> None:
        sound = {
            "url": "/1.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 99,
            "duration_in_seconds": 61.5,
        }  # fmt: skip
        entry = {"id": "1", "url": "https://x.example/1", "title": "Talk", "attachments": [sound]}
        version = "https://jsonfeed.org/version/1.1"
        (one,) = read(json.dumps({"version": version, "title": "T", "items": [entry]}))
        assert one.kind is ItemKind.AUDIO
        assert one.media == Media(
            url="https://x.example/1.mp3", media_type="audio/mpeg", bytes=99, seconds=61
        )

    def test_a_video_is_one(self, read: Reader) -> None:
        film = '<media:content url="https://x.example/1.mp4" type="video/mp4" duration="61"/>'
        (one,) = read(rss(item("Film", more=film), root=MEDIA))
        assert one.kind is ItemKind.VIDEO
        assert one.media is not None
        assert one.media.seconds == 61


class TestCalendars:
    def events(self, read: Reader, *events: list[str]) -> list[Item]:
        return read(calendar(*events), content_type="text/calendar")

    def test_a_timed_event_with_zone_place_and_link(self, read: Reader) -> None:
        (one,) = self.events(
            read,
            ["UID:1", "DTSTART;TZID=America/Los_Angeles:20261128T190000",
             "DTEND;TZID=America/Los_Angeles:20261128T210000", "SUMMARY:Night\\, out",
             "LOCATION:Main St 1\\, https://meet.example/x", "URL:https://harbor.example/e",
             "DESCRIPTION:Bring food."],
        )  # fmt: skip
        assert one.kind is ItemKind.EVENT
        assert one.event is not None
        assert one.event.starts == datetime(2026, 11, 29, 3, tzinfo=UTC)
        assert one.event.ends == datetime(2026, 11, 29, 5, tzinfo=UTC)
        assert one.event.place == "Main St 1"
        assert one.event.online_url == "https://meet.example/x"
        assert (one.title, one.text, one.link) == (
            "Night, out", "Bring food.", "https://harbor.example/e",
        )  # fmt: skip

    def test_a_floating_time_is_the_coalitions(self, read: Reader) -> None:
        (one,) = self.events(read, ["UID:1", "DTSTART:20261128T190000", "SUMMARY:Night"])
        assert one.event is not None
        assert one.event.starts == datetime(2026, 11, 29, 3, tzinfo=UTC)

    def test_or_that_of_the_calendars_own_zone(self, read: Reader) -> None:
        text = calendar(["UID:1", "DTSTART:20261128T190000", "SUMMARY:Night"])
        (one,) = read(text.replace("BEGIN:VEVENT", "X-WR-TIMEZONE:Europe/Paris\r\nBEGIN:VEVENT", 1))
        assert one.event is not None
        assert one.event.starts == datetime(2026, 11, 28, 18, tzinfo=UTC)

    def test_how_often_a_calendar_wants_to_be_asked_is_remembered(self, read: Reader) -> None:
        text = calendar(["UID:1", "DTSTART:20261128T190000Z", "SUMMARY:Night"])
        wish = "REFRESH-INTERVAL;VALUE=DURATION:PT6H\r\nBEGIN:VEVENT"
        read(text.replace("BEGIN:VEVENT", wish, 1))
        (state,) = read.puller.workspace.feeds.states().values()
        assert state.period == timedelta(hours=6)

    def test_a_cancelled_meeting_of_a_series_stands_beside_the_next_one(self, read: Reader) -> None:
        found = self.events(
            read,
            ["UID:1", "DTSTART:20261119T190000Z", "RRULE:FREQ=WEEKLY", "SUMMARY:Meeting"],
            ["UID:1", "RECURRENCE-ID:20261126T190000Z", "DTSTART:20261126T190000Z",
             "STATUS:CANCELLED", "SUMMARY:Meeting"],
        )  # fmt: skip
        assert {one.event and (one.event.starts.day, one.event.cancelled) for one in found} == {
            (26, True), (3, False),
        }  # fmt: skip

    def test_an_all_day_event_has_dates(self, read: Reader) -> None:
        (one,) = self.events(
            read,
            ["UID:1", "DTSTART;VALUE=DATE:20261128", "DTEND;VALUE=DATE:20261130", "SUMMARY:Fair"],
        )
        assert one.event is not None
        assert not isinstance(one.event.starts, datetime)
        assert (one.event.starts, one.event.ends) == (date(2026, 11, 28), date(2026, 11, 30))

    def test_past_ones_are_dropped(self, read: Reader) -> None:
        found = self.events(
            read,
            ["UID:1", "DTSTART:20261101T190000Z", "SUMMARY:Past"],
            ["UID:2", "DTSTART:20261201T190000Z", "SUMMARY:To come"],
        )
        assert [one.title for one in found] == ["To come"]

    def test_a_series_comes_with_its_next_occurrence_and_without_its_exceptions(
        self, read: Reader
    ) -> None:
        weekly = ["UID:1", "DTSTART:20261001T190000Z", "DTEND:20261001T200000Z",
                  "RRULE:FREQ=WEEKLY", "EXDATE:20261126T190000Z", "SUMMARY:Meeting"]  # fmt: skip
        (one,) = self.events(read, weekly)
        assert one.event is not None
        assert one.event.starts == datetime(2026, 12, 3, 19, tzinfo=UTC)
        read.puller.later(days=14)
        found = self.events(read, [*weekly, "COMMENT:still there"])
        assert len(found) == 2, "the next meeting is a thing of its own"

    @pytest.mark.parametrize("answers_304", [False, True], ids=["same bytes", "304"])
    def test_a_calendar_that_nobody_edits_brings_its_next_meeting_all_the_same(
        self, read: Reader, server: WebServer, answers_304: bool
    ) -> None:
        weekly = ["UID:1", "DTSTART:20261001T190000Z", "RRULE:FREQ=WEEKLY", "SUMMARY:Meeting"]
        body = calendar(weekly)

        def answer(asked: Asked) -> Reply:
            if answers_304 and "if-none-match" in asked.headers:
                return Reply(status=304)
            return Reply(body=body.encode(), headers={"ETag": '"1"'})

        server.pages["/walks"] = answer
        for expected in (1, 1, 1, 2):
            read.puller.one(f"{server.url}/walks")
            assert len(read.items()) == expected
            read.puller.later(days=3)

    def test_a_calendar_is_asked_for_in_full_once_a_day(
        self, read: Reader, server: WebServer
    ) -> None:
        url = server.page("/walks", calendar(["UID:1", "DTSTART:20261201T190000Z"]), etag='"1"')
        for hours in (2, 2, 24):
            read.puller.one(url)
            read.puller.later(hours=hours)
        read.puller.one(url)
        asked = ["if-none-match" in one.headers for one in server.asked]
        assert asked == [False, True, True, False]

    def test_a_moved_occurrence_is_where_it_was_moved(self, read: Reader) -> None:
        (one,) = self.events(
            read,
            ["UID:1", "DTSTART:20261119T190000Z", "RRULE:FREQ=WEEKLY;COUNT=2", "SUMMARY:Meeting"],
            [
                "UID:1",
                "RECURRENCE-ID:20261126T190000Z",
                "DTSTART:20261127T180000Z",
                "SUMMARY:Moved",
            ],
        )
        assert one.title == "Moved"
        assert one.event is not None
        assert one.event.starts == datetime(2026, 11, 27, 18, tzinfo=UTC)

    def test_a_meeting_before_the_next_one_does_not_withdraw_it(self, read: Reader) -> None:
        weekly = ["UID:1", "DTSTART:20261119T190000Z", "RRULE:FREQ=WEEKLY", "SUMMARY:Meeting"]
        (one,) = self.events(read, weekly)
        found = self.events(read, [*weekly, "RDATE:20261123T190000Z"])
        assert len(found) == 2
        assert read.puller.workspace.items.get([one.id])[one.id].withdrawn_at is None
        found = self.events(read, [*weekly, "RDATE:20261123T190000Z", "EXDATE:20261126T190000Z"])
        assert read.puller.workspace.items.get([one.id])[one.id].withdrawn_at == NOW

    def test_a_cancelled_one_is_marked(self, read: Reader) -> None:
        event = ["UID:1", "DTSTART:20261201T190000Z", "SUMMARY:Walk"]
        (one,) = self.events(read, event)
        assert one.event is not None
        assert not one.event.cancelled
        (one,) = self.events(read, [*event, "STATUS:CANCELLED"])
        assert one.event is not None
        assert one.event.cancelled

    @pytest.mark.parametrize("said", ["PRIVATE", "CONFIDENTIAL"])
    def test_one_that_is_not_for_everybody_is_left_out(self, read: Reader, said: str) -> None:
        event = ["UID:1", "DTSTART:20261201T190000Z", "SUMMARY:Family visit"]
        assert self.events(read, [*event, f"CLASS:{said}"]) == []
        (one,) = self.events(read, [*event, "CLASS:PUBLIC"])
        assert one.title == "Family visit"

    def test_the_moment_of_an_export_is_no_date_of_publication(self, read: Reader) -> None:
        event = ["DTSTART:20261201T190000Z", "DTSTAMP:20261120T120000Z"]
        found = self.events(
            read,
            ["UID:1", "SUMMARY:A", *event],
            ["UID:2", "SUMMARY:B", *event, "CREATED:20261101T120000Z"],
        )
        assert [one.published_at for one in found] == [None, datetime(2026, 11, 1, 12, tzinfo=UTC)]

    def test_one_that_its_calendar_no_longer_has_is_withdrawn_until_it_is_back(
        self, read: Reader
    ) -> None:
        walk = ["UID:1", "DTSTART:20261201T190000Z", "SUMMARY:Walk"]
        talk = ["UID:2", "DTSTART:20261202T190000Z", "SUMMARY:Talk"]
        self.events(read, walk, talk)
        found = self.events(read, talk)
        assert [one.withdrawn_at for one in found] == [None, NOW]
        assert read.outcome.withdrawn == 1
        found = self.events(read, walk, talk)
        assert [one.withdrawn_at for one in found] == [None, None]

    def test_what_lies_beyond_the_events_that_are_read_is_not_withdrawn(self, read: Reader) -> None:
        """A calendar may have more to come than we read of one document: the soonest are read."""
        last = ["UID:last", "DTSTART:20261231T190000Z", "SUMMARY:Last"]
        (one,) = self.events(read, last)
        many = (
            [f"UID:{n}", f"DTSTART:20261201T{n // 60:02}{n % 60:02}00Z", f"SUMMARY:Shift {n}"]
            for n in range(MOST)
        )
        found = self.events(read, *many, last)
        assert len(found) == MOST + 1
        assert read.outcome.warnings == (
            f"{MOST + 1} events to come; only the next {MOST} were read",
        )
        assert read.puller.workspace.items.get([one.id])[one.id].withdrawn_at is None

    def test_one_broken_event_costs_only_itself(self, read: Reader) -> None:
        (one,) = self.events(
            read,
            ["UID:1", "SUMMARY:No start"],
            ["UID:2", "DTSTART:20261399T000000Z", "SUMMARY:No such day"],
            ["UID:3", "DTSTART:20261201T190000Z", "SUMMARY:Good"],
        )
        assert one.title == "Good"
        assert "2 events without a start time" in read.outcome.warnings[0]

    CLINIC = ("SUMMARY:Legal clinic", "DTSTART:20261206T030000Z", "LOCATION:Library")

    def test_an_event_with_a_new_id_at_each_request_is_one(self, read: Reader) -> None:
        choir = ["UID:c", "SUMMARY:Choir", "DTSTART:20261207T190000Z"]
        (one, _) = self.events(read, ["UID:1-a1b2@h", *self.CLINIC], choir)
        for uid in ("UID:2-c3d4@h", "UID:3-e5f6@h", "UID:", "COMMENT:none"):
            found = self.events(read, [uid, *self.CLINIC], choir)
            assert len(found) == 2
            assert read.puller.workspace.items.get([one.id])[one.id].withdrawn_at is None

    def test_a_series_with_a_new_id_at_each_request_is_one(self, read: Reader) -> None:
        self.events(read, ["UID:1", *self.CLINIC, "RRULE:FREQ=WEEKLY"])
        assert len(self.events(read, ["UID:2", *self.CLINIC, "RRULE:FREQ=WEEKLY"])) == 1
        found = self.events(
            read, ["UID:3", *self.CLINIC, "RRULE:FREQ=WEEKLY", "RDATE:20261201T030000Z"]
        )
        assert len(found) == 2
        assert [item.withdrawn_at for item in found] == [None, None]

    def test_events_that_share_an_id_or_have_none_are_themselves(self, read: Reader) -> None:
        for uid in ("UID:event@h", "UID:", "COMMENT:none"):
            found = self.events(
                read,
                [uid, "SUMMARY:Food bank", "DTSTART:20261205T190000Z"],
                [uid, "SUMMARY:Legal clinic", "DTSTART:20261206T190000Z"],
                [uid, "SUMMARY:Choir", "DTSTART:20261206T190000Z"],
            )
            assert {item.title for item in found} == {"Food bank", "Legal clinic", "Choir"}
            assert len(found) == 3
        found = self.events(read, ["UID:event@h", "SUMMARY:Walk", "DTSTART:20261208T190000Z"])
        assert len(found) == 4, "the next one alone, under the id that they share"

    def test_one_that_was_moved_is_the_same_and_so_is_one_with_another_name(
        self, read: Reader
    ) -> None:
        (one,) = self.events(read, ["UID:1", *self.CLINIC])
        (moved,) = self.events(read, ["UID:1", self.CLINIC[0], "DTSTART:20261208T030000Z"])
        (named,) = self.events(read, ["UID:1", "SUMMARY:Clinic", "DTSTART:20261208T030000Z"])
        assert {one.id, moved.id} == {named.id}
        assert named.title == "Clinic"

    def test_each_meeting_of_a_series_with_a_page_of_its_own_is_a_thing_of_its_own(
        self, read: Reader
    ) -> None:
        weekly = ["UID:1", *self.CLINIC, "RRULE:FREQ=WEEKLY", "URL:https://harbor.example/clinic"]
        self.events(read, weekly)
        read.puller.later(days=21)
        assert len(self.events(read, weekly)) == 2

    def test_one_that_cannot_be_read_any_more_is_not_gone(self, read: Reader) -> None:
        (one,) = self.events(read, ["UID:1", *self.CLINIC])
        self.events(read, ["UID:1", *self.CLINIC, "RRULE:FREQ=NEVER"])
        assert "could not be read" in read.outcome.warnings[0]
        assert read.puller.workspace.items.get([one.id])[one.id].withdrawn_at is None

    def test_events_in_posts_are_events(self, read: Reader) -> None:
        said = (
            "<ev:startdate>2026-12-01T19:00:00-08:00</ev:startdate>"
            "<ev:enddate>2026-12-01</ev:enddate><ev:location>Hall</ev:location>"
        )
        (one,) = read(
            rss(item("Talk", more=said), root='xmlns:ev="http://purl.org/rss/1.0/modules/event/"')
        )
        assert one.kind is ItemKind.EVENT
        assert one.event is not None
        assert one.event.starts == datetime(2026, 12, 2, 3, tzinfo=UTC)
        assert one.event.place == "Hall"


class TestImages:
    def picture(self, read: Reader, markup: str, more: str = "") -> str | None:
        escaped = markup.replace("&", "&amp;").replace("<", "&lt;")
        (one,) = read(rss(item("One", text=escaped or "x", more=more), root=MEDIA))
        assert "<img" not in one.html
        return one.picture.url if one.picture else None

    @pytest.mark.parametrize(
        ("markup", "url"),
        [
            ('<img src="/a.jpg" alt="A">', "https://harbor.example/a.jpg"),
            ('<img src="data:image/gif;base64,R0" data-src="/a.jpg">', "https://harbor.example/a.jpg"),
            ('<img srcset="/s.jpg 300w, /m.jpg 900w, /l.jpg 4000w">', "https://harbor.example/m.jpg"),
            ('<img src="/t.gif" width="1" height="1"><img src="/b.jpg">', "https://harbor.example/b.jpg"),
            ('<img src="https://pixel.wp.com/b.gif?x=1"><img src=/c.jpg>', "https://harbor.example/c.jpg"),
            ('<img src="https://feeds.feedburner.com/~r/x/1">', None),
            ('<img src="https://www.facebook.com/tr?id=1">', None),
            ('<img alt="none">', None),
            ('<img src="https://s.w.org/images/core/emoji/2.3/72x72/1f600.png">', None),
        ],
    )  # fmt: skip
    def test_the_first_real_one_of_the_body(
        self, read: Reader, markup: str, url: str | None
    ) -> None:
        assert self.picture(read, markup) == url

    def test_what_the_feed_attaches_comes_first(self, read: Reader) -> None:
        body = '<img src="/inline.jpg">'
        thumbnail = '<media:thumbnail url="https://x.example/t.jpg"/>'
        content = '<media:content url="https://x.example/m.jpg" medium="image" width="800"/>'
        enclosure = '<enclosure url="https://x.example/e.jpg" type="image/jpeg" length="1"/>'
        assert self.picture(read, body, thumbnail) == "https://x.example/t.jpg"
        assert self.picture(read, body + "!", thumbnail + content) == "https://x.example/m.jpg"
        assert self.picture(read, body + "?", content + enclosure) == "https://x.example/e.jpg"

    def test_the_alt_text_is_kept(self, read: Reader) -> None:
        (one,) = read(rss(item("One", text="&lt;img src=/a.jpg alt='Two &amp;amp; a dog'&gt;")))
        assert one.picture is not None
        assert one.picture.alt == "Two & a dog"


class TestRelativeLinks:
    """Against xml:base, the entry's link, the feed's link, the address fetched, in that order."""

    BODY = "&lt;a href='more'&gt;x&lt;/a&gt;"

    def link_in(self, one: Item) -> str:
        return one.html.split('"')[1]

    def test_xml_base_comes_first(self, read: Reader) -> None:
        body = (
            '<link href="https://feed.example/"/><entry><id>1</id><title>One</title>'
            '<link href="https://post.example/p/"/>'
            f'<content type="html" xml:base="https://base.example/b/">{self.BODY}</content></entry>'
        )
        (one,) = read(ATOM.format(root="", body=body))
        assert self.link_in(one) == "https://base.example/b/more"

    def test_then_the_entrys_link(self, read: Reader) -> None:
        (one,) = read(rss(item("One", link="https://harbor.example/p/1", text=self.BODY)))
        assert self.link_in(one) == "https://harbor.example/p/more"

    def test_then_the_feeds_link(self, read: Reader) -> None:
        (one,) = read(rss(f"<item><title>One</title><description>{self.BODY}</description></item>"))
        assert self.link_in(one) == "https://harbor.example/more"

    def test_then_the_address_fetched(self, read: Reader) -> None:
        entry = f"<item><title>One</title><description>{self.BODY}</description></item>"
        (one,) = read(f'<rss version="2.0"><channel><title>T</title>{entry}</channel></rss>')
        assert self.link_in(one) == f"{read.server.url}/feed/more"

    def test_an_entrys_own_relative_link_hangs_on_the_feeds(self, read: Reader) -> None:
        (one,) = read(rss(item("One", link="/news/1")))
        assert one.link == "https://harbor.example/news/1"

    @pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "vbscript:x"])
    def test_a_link_that_leads_nowhere_good_is_none(self, read: Reader, href: str) -> None:
        (one,) = read(rss(item("One", link=href, text=f"&lt;a href='{href}'&gt;x&lt;/a&gt;")))
        assert "href" not in one.html
        assert one.link is None


class TestLanguage:
    """Declared, never invented."""

    @pytest.mark.parametrize(
        ("organisation", "feed", "entry", "expected"),
        [
            (("en", "es"), "es-MX", "", "es-MX"),
            (("en", "es"), "", "", "und"),
            (("es",), "", "", "es"),
            (("es",), "en-US", "", "es"),
            (("en", "es"), "pt", "", "und"),
            ((), "pt_br", "", "pt-BR"),
            (("en",), "en", "ar", "ar"),
            (("en",), "nonsense!", "", "en"),
        ],
    )
    def test_the_nearest_word_on_it_counts(
        self, read: Reader, organisation: tuple[str, ...], feed: str, entry: str, expected: str
    ) -> None:
        read.languages = organisation
        channel = f"<language>{feed}</language>" if feed else ""
        own = f"<dc:language>{entry}</dc:language>" if entry else ""
        root = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
        (one,) = read(rss(item("Uno", more=own), channel=channel, root=root))
        assert one.language == expected


class TestFormats:
    def test_atom(self, read: Reader) -> None:
        (one,) = read(
            ATOM.format(
                root='xml:lang="en"',
                body="<title>T</title><entry><id>urn:1</id>"
                '<title type="html">A &amp;lt;b&amp;gt;</title>'
                '<link rel="alternate" href="https://a.example/1"/>'
                "<updated>2026-11-19T00:00:00Z</updated>"
                "<author><name>Ana</name></author><category term='x'/>"
                '<source><title>Origin</title><link href="https://o.example/"/></source>'
                '<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Hi</p></div>'
                "</content></entry>",
            )
        )
        assert (one.title, one.text, one.authors, one.topics) == ("A <b>", "Hi", ("Ana",), ("x",))
        assert (one.source_name, one.source_url) == ("Origin", "https://o.example/")

    def test_rdf(self, read: Reader) -> None:
        (one,) = read(
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            '<channel rdf:about="https://r.example/"><title>R</title><link>https://r.example/</link>'
            '</channel><item rdf:about="https://r.example/1"><title>One</title>'
            "<link>https://r.example/1</link><dc:date>2026-11-19T10:00:00Z</dc:date></item></rdf:RDF>"
        )
        assert (one.title, one.published_at) == ("One", datetime(2026, 11, 19, 10, tzinfo=UTC))

    def test_a_title_of_text_keeps_its_signs(self, read: Reader) -> None:
        (one,) = read(rss(item("5 &lt; 6 &amp;amp; 7")))
        assert one.title == "5 < 6 & 7"

    def test_an_entry_without_title_shows_its_first_words(self, read: Reader) -> None:
        (one,) = read(rss("<item><guid>1</guid><description>Short note.</description></item>"))
        assert one.title == "Short note."

    def test_direction_overrides_are_taken_out(self, read: Reader) -> None:
        (one,) = read(rss(item("safe\u202etxt.exe")))
        assert one.title == "safetxt.exe"
