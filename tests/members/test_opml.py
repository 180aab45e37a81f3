"""OPML in and out."""

from datetime import UTC, datetime

import pytest

from newsletter.errors import ConfigError
from newsletter.members.opml import Subscription, read, write
from newsletter.model.organisation import Feed, FeedKind, Organisation

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
LIST = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head><title>Members</title><dateCreated>Fri, 20 Nov 2026 09:00:00 GMT</dateCreated></head>
  <body>
    <outline text="Legal" title="Legal">
      <outline text="Harbor" title="Harbor &amp; Co" type="rss" language="en" version="RSS2"
        xmlUrl="https://harbor.example/feed/" htmlUrl="https://harbor.example/"/>
    </outline>
    <outline text="Days" title="Days" type="ical" xmlUrl="webcal://days.example/c.ics"/>
    <outline text="a note"/>
  </body>
</opml>
"""


def test_feeds_are_read_with_their_groups() -> None:
    assert read(LIST.encode(), "list.opml") == (
        Subscription(
            url="https://harbor.example/feed/",
            title="Harbor & Co",
            site="https://harbor.example/",
            language="en",
            groups=("Legal",),
        ),
        Subscription(url="https://days.example/c.ics", title="Days", kind=FeedKind.CALENDAR),
    )


@pytest.mark.parametrize(
    ("old", "new", "reason", "line"),
    [
        ("</opml>", "</opm>", "mismatched tag", 12),
        ("opml", "haha", "its root is <haha>", 2),
        (' version="2.0"', "", "has no version", 2),
        ("head>", "herd>", "it has no <head>", 13),
        ("body>", "buddy>", "outside <body>", 5),
        ('xmlUrl="https://harbor.example/feed/"', "", "has no xmlUrl", 6),
        ('title="Harbor &amp; Co"', "", "has no title", 6),
        ('xmlUrl="https', 'xmlUrl="gopher', "no usable address", 6),
        ('version="RSS2"', 'version="RSS9"', "unknown version", 6),
        ('language="en"', 'lang="en"', "unknown attribute 'lang'", 6),
        ('text="a note"', 'isComment="maybe" text="x"', "true or false", 10),
        ('<outline text="a note"/>', "<outline/>", "an outline has no text", 10),
        ("Fri, 20 Nov 2026", "2026-11-20", "not a date", 3),
        ("&amp; Co", "& Co", "not well-formed", 6),
        ("<opml ", '<!DOCTYPE x [<!ENTITY e "boom">]><opml ', "declares an entity", 2),
    ],
)
def test_what_is_wrong_is_refused_with_the_reason_and_the_line(
    old: str, new: str, reason: str, line: int
) -> None:
    assert old in LIST
    with pytest.raises(ConfigError, match=reason) as caught:
        read(LIST.replace(old, new).encode(), "list.opml")
    assert (caught.value.file, caught.value.line) == ("list.opml", line)


@pytest.mark.parametrize(
    ("old", "new", "notice"),
    [
        (' version="2.0"', "", "line 2: <opml> has no version"),
        ('title="Harbor &amp; Co"', "", "line 6: the feed 'Harbor' has no title"),
        ('text="Harbor"', "", "line 6: an outline has no text"),
        ('version="RSS2"', 'version="RSS9"', "line 6: the feed 'Harbor' has an unknown version"),
        ('version="RSS2"', 'icon="x"', "line 6: an outline has an unknown attribute 'icon'"),
        ("Fri, 20 Nov 2026", "2026-11-20", "line 3: dateCreated is not a date"),
        ('<outline text="a note"/>', "<outline/>", "line 10: an outline has no text"),
        ('text="a note"', 'text="x" type="rss"', "line 10: the feed 'x' has no xmlUrl"),
    ],
)
def test_what_leaves_the_feeds_clear_can_be_tolerated(old: str, new: str, notice: str) -> None:
    notices: list[str] = []
    found = read(LIST.replace(old, new).encode(), "list.opml", notices.append)
    assert [one.url for one in found] == [
        "https://harbor.example/feed/",
        "https://days.example/c.ics",
    ]
    assert found[0].title in ("Harbor & Co", "Harbor")
    (said,) = notices
    assert said.startswith(notice)
    with pytest.raises(ConfigError) as caught:
        read(LIST.replace(old, new).encode(), "list.opml")
    assert "--lenient" in caught.value.hint


def test_a_feed_without_any_name_is_named_after_its_host() -> None:
    bare = b'<opml><body><outline xmlUrl="https://a.example/feed"/></body></opml>'
    (found,) = read(bare, "x", lambda _: None)
    assert found.title == "a.example"


def test_what_is_no_list_is_refused_even_so() -> None:
    for text in (b"<haha/>", b"<opml/>", b"<opml><head/><body/></opml>", b"<opml><body>"):
        with pytest.raises(ConfigError):
            read(text, "x", lambda _: None)


def test_an_empty_body_is_refused() -> None:
    with pytest.raises(ConfigError, match="no outline"):
        read(b'<opml version="2.0"><head/><body/></opml>', "x")


def test_what_is_written_can_be_read() -> None:
    member = Organisation(
        id="h",
        name='Harbor "&" <Co>',
        url="https://harbor.example",
        languages=("es",),
        feeds=(
            Feed(url="https://harbor.example/feed/?a=1&b=2"),
            Feed(url="https://harbor.example/c.ics", kind=FeedKind.CALENDAR),
        ),
    )
    text = write([member], title="All & sundry", now=NOW)
    found = read(text.encode(), "x")
    assert [(one.url, one.kind) for one in found] == [(one.url, one.kind) for one in member.feeds]
    assert {one.title for one in found} == {member.name}
    assert {one.language for one in found} == {"es"}
