"""Our quicker way through feedparser's handlers comes to what feedparser itself comes to."""

from functools import partial
from pathlib import Path
from typing import Any

import feedparser
import pytest

from newsletter.pulling.parse import xml_feed
from newsletter.pulling.parse.charset import decode
from newsletter.pulling.parse.feedparser_adapter import FAST_WITH, read_feed

URL = "https://member.example/news/feed.xml"
HEAD = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:c="https://ours.example/ns" xmlns:s="http://www.w3.org/2000/svg"'
)
RSS_ITEMS = (
    "<title>Plain &amp; simple</title><link>https://a.example/1?a=1&amp;b=2</link>"
    "<guid isPermaLink='false'>tag:1</guid><pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>",
    "<title>&lt;b&gt;Bold&lt;/b&gt;</title><guid>/relative/2</guid>"
    "<description>Short</description><content:encoded><![CDATA[<p>Long</p>]]></content:encoded>",
    "<description>First</description><description>Second</description>"
    "<media:title>Of the picture</media:title><title>Of the entry</title>",
    "<category domain='d'>One</category><category>Two</category><category/>"
    "<category>One</category><itunes:keywords>3, 4</itunes:keywords><dc:subject>S</dc:subject>",
    "<author>web@a.example (Ana)</author><dc:creator>Berta</dc:creator>"
    "<source url='https://b.example/feed'>B</source>",
    "<enclosure url='https://a.example/a.mp3' type='AUDIO/MPEG' length='7'/>"
    "<itunes:duration>1:02</itunes:duration><itunes:block> yes </itunes:block>"
    "<media:content url='/x.jpg' medium='image'/>",
    "<title>Windows \x93quotes\x94</title><description>and &#147;these&#x94;</description>",
    "<c:own>ours</c:own><c:with a='1'>text</c:with><pubDate>nonsense</pubDate><link/><title/>",
    "<title xml:lang='es' xml:base='/es/'>Hola</title><link>uno</link>",
    "<image><url>/i.png</url><title>Image</title><width>7</width></image><title>After</title>",
    "<title>one<b>two</b>three</title><description>four <i a='&quot;'>five</i></description>",
    "<s:svg><s:title>no</s:title></s:svg><title>Yes</title>",
)
ATOM_ENTRIES = (
    "<id>tag:1</id><title type='html'>&lt;i&gt;A&lt;/i&gt;</title><link href='/a'/>"
    "<link rel='Enclosure' type='Audio/Mpeg' href='a.mp3'/><updated>2026-11-20T10:00:00Z</updated>",
    "<title type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x <b>y</b></div></title>"
    "<content type='xhtml' xml:base='/b/'><div xmlns='http://www.w3.org/1999/xhtml'>"
    "<p>1 &lt; 2</p></div></content><summary>Short</summary>",
    "<content type='text'>a &lt; b</content><summary type='html'>&lt;p&gt;c</summary>",
    "<author><name>Ana</name><uri>/ana</uri><email>ana@a.example</email></author>"
    "<contributor><name>Berta</name></contributor><category term='t' scheme='s' label='L'/>",
    "<content src='https://a.example/long' type='text/html'/><published>2026-11-01</published>"
    "<source><id>tag:s</id><title>Elsewhere</title><link href='https://b.example/'/></source>",
    "<content type='application/octet-stream'>aGVsbG8=</content><title>In base64</title>",
)


def _rss(item: str) -> str:
    return (
        f'<rss version="2.0" {HEAD}><channel><title>C</title><link>https://a.example/</link>'
        f"<language>en</language><item>{item}</item><item><title>Next</title></item>"
        "<ttl>60</ttl></channel></rss>"
    )


def _atom(entry: str) -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" {HEAD}><title>F</title>'
        f"<link href='https://a.example/'/><entry>{entry}</entry>"
        "<entry><title>Next</title></entry></feed>"
    )


SAMPLES = [*map(_rss, RSS_ITEMS), *map(_atom, ATOM_ENTRIES), _atom(RSS_ITEMS[2])]
BROKEN = [sample.replace("</channel></rss>", "") for sample in SAMPLES]
PATHS = (*FAST_WITH, "a version that nothing was compared with")


@pytest.mark.parametrize("text", SAMPLES)
def test_feedparser_reads_the_same(text: str) -> None:
    ours = read_feed(text, URL)
    theirs = feedparser.parse(
        f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode(),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={
            "content-location": "https://a.example/",
            "content-type": "application/xml; charset=utf-8",
        },
    )
    assert not ours.problem
    assert not theirs.bozo
    assert ours.version == theirs.version
    assert _known(ours.feed) == _known(theirs.feed)
    assert [_known(one) for one in ours.entries] == [_known(one) for one in theirs.entries]


def test_the_installed_version_takes_the_fast_path() -> None:
    """A newer one is read plainly, and slower, until it is in `FAST_WITH` and the tests below
    pass with it."""
    assert feedparser.__version__ in FAST_WITH


@pytest.mark.parametrize("text", [*SAMPLES, *BROKEN, "<rss>\x0b&#x110000;</rss>", "", "<"])
def test_both_paths_read_the_same(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    assert_alike(monkeypatch, text)


@pytest.mark.parametrize("folder", ["feedparser-wellformed", "feedvalidator", "real-feeds"])
def test_both_paths_read_outside_feeds_the_same(
    monkeypatch: pytest.MonkeyPatch, corpora: Path, folder: str
) -> None:
    for path in (corpora / folder).rglob("*"):
        if path.is_file():
            assert_alike(monkeypatch, decode(path.read_bytes()).text)


def assert_alike(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """All that we make of a text is the same, whatever version of feedparser there is."""
    readings = []
    for version in PATHS:
        monkeypatch.setattr(xml_feed, "read_feed", partial(read_feed, version=version))
        readings.append(xml_feed.read_xml(text, url=URL))
    assert all(reading == readings[0] for reading in readings[1:])


BOX = "<textinput><name>q</name></textinput>"
BOX_WITH_A_LINK = "<textinput><title>Search</title><link>https://s.example/</link></textinput>"


@pytest.mark.parametrize("version", PATHS)
@pytest.mark.parametrize("box", [BOX, BOX_WITH_A_LINK])
@pytest.mark.parametrize("of_the_feed", ["", BOX])
@pytest.mark.parametrize("forgiven", ["", "<b>A & B</b>"])
def test_a_search_box_inside_an_entry_costs_nothing_else(
    version: str, box: str, of_the_feed: str, forgiven: str
) -> None:
    # feedparser looks for it in the feed and dies of a KeyError
    text = _rss(f"{box}<title>Yes</title>{forgiven}")
    text = text.replace("<item>", f"{of_the_feed}<item>", 1)
    assert text.count("<textinput>") == 1 + bool(of_the_feed)
    entries = read_feed(text, URL, version=version).entries
    assert [entry["title"] for entry in entries] == ["Yes", "Next"]


def _known(data: Any) -> dict[str, Any]:
    """What we ask feedparser for. It notes the base everywhere; ours is set where one is said.
    Dates we read ourselves."""
    found = {
        key: value
        for key, value in data.items()
        if not key.startswith("itunes_") and not key.endswith("_parsed")
    }
    found["tags"] = list(dict.fromkeys(tag["term"] for tag in data.get("tags", ())))
    for name in [key for key in found if key.endswith("_detail")]:
        found[name] = _without_base(found[name])
    if "source" in found:
        found["source"] = _known(found["source"])
    if "content" in found:
        found["content"] = [_without_base(one) for one in found["content"]]
    return found


def _without_base(detail: Any) -> dict[str, Any]:
    return {key: value for key, value in detail.items() if key != "base"}
