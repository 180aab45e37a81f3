"""Any bytes and any headers: an answer, safe items or a reason, and never an exception."""

import asyncio
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from newsletter.members.discover import candidates, well_known
from newsletter.model.answer import Failed, Fetched, NotModified
from newsletter.model.organisation import Organisation
from newsletter.pulling import schedule
from newsletter.pulling.fetch.addresses import AddressPolicy
from newsletter.pulling.fetch.fetch import Fetcher, Limits
from newsletter.pulling.items import identity, languages, sanitise
from newsletter.pulling.items.normalise import normalise_all
from newsletter.pulling.parse.parse import parse
from newsletter.pulling.parse.parsed import ParsedFeed, Unreadable
from tests.active_html import offences
from tests.pulling.feed_text import calendar, item, rss
from tests.web_server import Reply, WebServer

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MEMBER = Organisation(id="m", name="M", url="https://m.example", languages=("en",))
URL = "https://m.example/feed"

SEEDS = [
    rss(item("One", date="Thu, 19 Nov 2026 10:00:00 GMT", text="&lt;a href='x'&gt;y&lt;/a&gt;")),
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/b/"><title type="html">&lt;b&gt;</title>'
    '<entry><id>1</id><link href="/1"/><content type="xhtml"><div>x</div></content></entry></feed>',
    '{"version":"https://jsonfeed.org/version/1.1","items":[{"id":1,"content_html":"<p>x"}]}',
    calendar(["UID:1", "DTSTART:20261201T100000Z", "RRULE:FREQ=DAILY;COUNT=3", "SUMMARY:x"]),
]  # fmt: skip
TOKENS = st.sampled_from(
    [
        *("<![CDATA[", "]]>", "<!--", "-->", "&#0;", "&#x110000;", "&bogus;", "<script>", "\x00"),
        *("\ufffe", "xml:base='javascript:x'", "href='//[::1'", "<img src=x onerror=y>", "\u202e"),
        *("<!DOCTYPE x [<!ENTITY a 'b'>]>", "RRULE:FREQ=SECONDLY", "DTSTART:99999999T999999Z"),
        "]" * 50,
        "é" * 9,
    ]
)


@st.composite
def mangled(draw: st.DrawFn) -> bytes:
    """A feed with pieces cut out, doubled and put in."""
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(text)))
        end = min(len(text), at + draw(st.integers(0, 40)))
        middle = draw(
            st.one_of(st.just(""), TOKENS, st.just(text[at:end] * 2), st.text(max_size=9))
        )
        text = text[:at] + middle + text[end:]
    encoding = draw(st.sampled_from(["utf-8", "utf-16", "latin-1", "cp1252"]))
    return text.encode(encoding, "replace")


HEADERS = st.sampled_from(
    [
        *("", "text/xml", "application/json; charset=utf-16", "text/calendar; charset=none"),
        *("text/html; charset=hex", "x/y; charset=idna", "text/xml; charset=utf-7", "a;charset="),
        "; charset=\udcff",
    ]
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(mangled(), st.binary(max_size=300)), HEADERS)
@example(b"<rss>" + b"<a>" * 20_000, "")
@example(b"[" * 100_000, "")
@example(b"\xff\xfe\x00", "text/xml")
def test_any_body_is_read_safely_or_refused_with_a_reason(body: bytes, content_type: str) -> None:
    parsed = parse(body, url=URL, now=NOW, content_type=content_type)
    if isinstance(parsed, Unreadable):
        assert parsed.detail
        return
    assert isinstance(parsed, ParsedFeed)
    found = normalise_all(
        parsed.entries, MEMBER, feed_url=URL, feed_link=parsed.link,
        feed_language=parsed.language, now=NOW,
    )  # fmt: skip
    for one, keys in found:
        assert offences(one.html) == []
        assert keys
        assert len(one.id) == 8
        assert one.link is None or one.link.startswith(("http://", "https://"))
        assert "\n" not in one.title


TEXT = st.text(max_size=60)
HEADER = st.text(
    st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=60
)


@settings(max_examples=300)
@given(
    st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), HEADER), HEADER
)
@example({"cache-control": "max-age=999999999", "age": "-5"}, "999999999999999")
@example({"expires": "Fri, 31 Dec 9999 23:59:59 GMT", "date": "0"}, "Fri, 31 Dec 9999 23:59:59 GMT")
def test_any_headers_give_a_moment_between_an_hour_and_eight_days(
    headers: dict[str, str], retry: str
) -> None:
    due = schedule.next_due(url=URL, now=NOW, headers=headers)
    assert timedelta(hours=1) <= due - NOW <= timedelta(days=8)
    wait = schedule.retry_after(retry, NOW)
    assert wait is None or NOW <= wait <= NOW + timedelta(days=1)


@settings(max_examples=300)
@given(TEXT, TEXT)
@example("http://[", "http://[::1]:99999/")
@example("//", "https://x.example")
def test_any_text_as_a_link_a_page_or_a_language(one: str, other: str) -> None:
    assert isinstance(identity.normal_link(one), str)
    assert identity.normal_link("https://x.example/" + one.replace("#", "")).startswith("x.example")
    found = sanitise.absolute(one, other)
    assert not found or found.split(":")[0].lower() in sanitise.SCHEMES
    assert isinstance(languages.tag(one), str)
    candidates(f"<base href='{one}'><link rel=alternate type=text/calendar href='{other}'>", URL)
    candidates(one, URL)
    assert AddressPolicy().url_refusal(one) or one.startswith(("http", "HTTP"))
    assert well_known("https://x.example/a/b")


def test_any_raw_answer_of_a_server_is_an_answer() -> None:
    """One server, one fetcher, many answers: status line, headers and body as they come."""
    line = st.sampled_from(
        [b"HTTP/1.1 200 OK", b"HTTP/1.1 304", b"HTTP/1.0 301 M", b"HTTP/9 x", b""]
    )
    header = st.sampled_from(
        [
            *(b"Content-Length: 5", b"Content-Length: -1", b"Transfer-Encoding: chunked"),
            *(b"Content-Encoding: gzip", b"Content-Encoding: deflate", b"Location: http://["),
            *(b"Location: http://user:pw@x/", b"Location: x", b"X" * 9000, b": y"),
            *(b"Retry-After: soon", b"Content-Type: ;;", b"ETag: \xff\xfe"),
        ]
    )
    raw = st.builds(
        lambda start, headers, body: start + b"\r\n" + b"\r\n".join(headers) + b"\r\n\r\n" + body,
        line, st.lists(header, max_size=4), st.binary(max_size=60),
    )  # fmt: skip
    with WebServer() as server, asyncio.Runner() as runner:

        @settings(max_examples=150)
        @given(raw)
        def answers(data: bytes) -> None:
            server.pages["/f"] = Reply(write=lambda handler: handler.wfile.write(data))

            async def fetch() -> object:
                async with Fetcher(
                    policy=AddressPolicy.of((server.host,), ()),
                    user_agent="t",
                    limits=Limits(total_seconds=2, read_seconds=0.2),
                ) as fetcher:
                    return await fetcher.get(server.url + "/f")

            assert isinstance(runner.run(fetch()), Fetched | NotModified | Failed)

        answers()
