"""What entries say: which words are the article, which file is a recording, when it was."""

from pathlib import Path

import pytest

from newsletter.model.item import Item, ItemKind
from newsletter.model.pulling import KeyedItem
from newsletter.pulling.items.diff import diff_items
from newsletter.pulling.parse.enclosures import duration, is_video_page, lasting, media_type
from newsletter.pulling.parse.parse import parse
from newsletter.pulling.parse.parsed import ParsedFeed
from tests.pulling.conftest import NOW
from tests.pulling.feed_text import rss
from tests.pulling.parse.test_corpora import items_of

CASES = Path(__file__).parent.parent / "cases"
URL = "https://harbor.example/feed"
ROOT = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
)
ARTICLE = "<description>The clinic opens at nine.</description>"
OTHERS = (
    f"<dc:description>{'What the software made of it. ' * 9}</dc:description>",
    f"<itunes:summary>{'What is said of the episode. ' * 9}</itunes:summary>",
    f"<media:description>{'Five people hold a banner. ' * 9}</media:description>",
    '<media:content url="https://f.example/p.jpg" medium="image"><media:title>Alt</media:title>'
    f"<media:description>{'Five people hold a banner. ' * 9}</media:description></media:content>",
)


def items(body: bytes | str) -> list[Item]:
    found = items_of(body.encode() if isinstance(body, str) else body, URL)
    assert isinstance(found, list)
    return found


def case(name: str) -> list[Item]:
    return items((CASES / f"{name}.rss").read_bytes())


def one(entry: str) -> Item:
    (found,) = items(rss(f"<item>{entry}</item>", root=ROOT))
    return found


class TestArticles:
    def test_what_a_picture_shows_is_its_alt_text(self) -> None:
        toot, short = case("media-description")
        assert toot.text == "Good morning! The clinic opens at nine."
        assert short.text.startswith("The legal clinic opens on Monday")
        assert [item.picture and item.picture.alt for item in (toot, short)] == [
            "Five people hold a banner in front of a library.",
            "A dog.",
        ]

    @pytest.mark.parametrize("other", OTHERS)
    @pytest.mark.parametrize("order", ["{0}{1}", "{1}{0}"])
    def test_no_other_description_replaces_it(self, other: str, order: str) -> None:
        found = one(order.format(ARTICLE, other))
        assert found.text == found.title == "The clinic opens at nine."

    @pytest.mark.parametrize("other", OTHERS[:2])
    def test_but_stands_for_it_where_there_is_none(self, other: str) -> None:
        assert one(f"<title>T</title>{other}").text

    @pytest.mark.parametrize("other", OTHERS[2:])
    def test_a_caption_alone_is_no_article(self, other: str) -> None:
        assert one(f"<title>T</title>{other}").text == ""

    def test_a_media_element_that_is_never_closed_costs_nothing(self) -> None:
        open_ = "<media:content url='/x.jpg' medium='image'><media:description>Alt &nosuch;"
        found = items(rss(f"<item><title>A</title>{open_}</item>", root=ROOT))
        assert [item.title for item in found][:1] == ["A"]


class TestDates:
    def test_spanish_ones_are_read_and_are_news(self) -> None:
        found = case("spanish-dates")
        assert [f"{item.published_at:%Y-%m-%d %H:%M}" for item in found] == [
            "2026-11-25 13:00",
            "2026-11-24 21:00",
        ]

    def test_one_that_cannot_be_read_is_told_and_makes_no_archive(self) -> None:
        entries = "".join(
            f"<item><title>{date}</title><guid>{date}</guid><pubDate>{date}</pubDate></item>"
            for date in ("20 Foo 2026", "soon", "2 Foo 2019", "")
        )
        parsed = parse(rss(entries).encode(), url=URL, now=NOW)
        assert isinstance(parsed, ParsedFeed)
        assert parsed.warnings == ("3 of 4 entries have a date that cannot be read: '20 Foo 2026'",)
        keyed = [KeyedItem(item, (item.title,)) for item in items(rss(entries))]
        diff = diff_items(keyed, {}, taken_ids=frozenset(), is_first_import=True, now=NOW)
        assert [item.is_backlog for item in diff.new] == [False, False, True, True]


class TestRecordings:
    def test_the_lines_of_its_notes_stay(self) -> None:
        words = "Rent &amp;amp; law\n00:00 Start\n\nMusic: Ana"
        file = '<enclosure url="https://f.example/a.mp3" type="audio/mpeg"/>'
        found = one(f"<title>T</title><description>{words}</description>{file}")
        assert found.text == "Rent & law\n00:00 Start\n\nMusic: Ana"
        assert one(f"<title>T</title><description>{words}</description>").text.count("\n") == 0

    def test_the_ending_tells_where_the_type_does_not(self) -> None:
        found = case("enclosure-types")
        assert [(item.kind, item.media and item.media.url[-6:]) for item in found] == [
            (ItemKind.AUDIO, "/1.mp3"),
            (ItemKind.AUDIO, "/2.mp3"),
            (ItemKind.AUDIO, "/3.m4a"),
        ]

    @pytest.mark.parametrize(
        ("entry", "kind"),
        [
            (
                "<link>https://www.youtube.com/watch?v=abcdefghijk</link><title>Film</title>",
                "video",
            ),
            (
                "<link>https://tube.example/w/kkGMgK9ZtnKfYAgnEtQxbv</link><title>F</title>"
                "<enclosure url='https://tube.example/x.torrent' type='application/x-bittorrent'/>",
                "video",
            ),
            (
                "<title>Talk</title><enclosure url='https://pod.example/play/7' type=''/>"
                "<itunes:duration>12:00</itunes:duration>",
                "audio",
            ),
            ("<title>Paper</title><enclosure url='/a.pdf' type='application/pdf'/>", "news"),
        ],
    )
    def test_what_is_a_recording(self, entry: str, kind: str) -> None:
        assert one(entry).kind.value == kind

    def test_what_is_said_of_a_video_is_its_text_with_its_lines(self) -> None:
        found = one(
            "<link>https://www.youtube.com/watch?v=abcdefghijk</link><title>Film</title>"
            "<media:group><media:content url='https://www.youtube.com/v/abcdefghijk?version=3'"
            " type='application/x-shockwave-flash'/><media:description>One &amp; two\nThree"
            "</media:description></media:group>"
        )
        assert found.text == "One & two\nThree"
        assert found.media is not None
        assert found.media.url == found.link

    @pytest.mark.parametrize("name", ["a b.mp3", "a&quot;b.mp3", "a&gt;b.mp3"])
    def test_its_address_is_made_valid(self, name: str) -> None:
        found = one(
            f"<title>T</title><enclosure url='https://x.example/{name}' type='audio/mpeg'/>"
        )
        assert found.media is not None
        assert found.media.url.startswith("https://x.example/a%")

    @pytest.mark.parametrize(
        ("text", "seconds"),
        [
            ("1:02:03", 3723), ("62:03", 3723), ("3723", 3723), ("3723000", 3723),
            ("PT1H2M3S", 3723), ("1h 2m", 3720), ("45 min", 2700), ("99:99:99", None), ("0", None),
            ("-5", None),
            ("999999999", None), ("about an hour", None), ("", None), ("61.5", 61),
        ],
    )  # fmt: skip
    def test_how_long(self, text: str, seconds: int | None) -> None:
        assert duration(text) == seconds

    def test_a_small_file_does_not_last_for_hours(self) -> None:
        assert lasting(45_000, 720_000) == 45
        assert lasting(45_000, 5) == 45_000
        assert lasting(7200, 60_000_000) == 7200

    @pytest.mark.parametrize(
        ("declared", "url", "expected"),
        [
            ("application/octet-stream", "https://x.example/A.MP3?x=1", "audio/mpeg"),
            ("audio", "https://x.example/play", "audio/*"),
            ("audio/mp4; codecs=x", "https://x.example/a.mp4", "audio/mp4"),
            ("application/pdf", "https://x.example/a.mp3", "application/pdf"),
            ("", "https://c.example/r/https%3A%2F%2Fx.example%2Fa.ogg", "audio/ogg"),
            ("", "http://[", ""),
        ],
    )
    def test_what_type(self, declared: str, url: str, expected: str) -> None:
        assert media_type(declared, url) == expected

    @pytest.mark.parametrize(
        ("url", "is_one"),
        [
            ("https://youtu.be/abcdefghijk", True),
            ("https://vimeo.com/123456789", True),
            ("https://tube.example/videos/watch/9c9de5e8-0a1e-484a-b099-e80766180a6d", True),
            ("https://www.youtube.com/@us", False),
            ("https://harbor.example/w/our-work", False),
            ("https://harbor.example/?u=https://youtu.be/abcdefghijk", False),
        ],
    )
    def test_which_pages_are_videos(self, url: str, is_one: bool) -> None:
        assert is_video_page(url) is is_one
