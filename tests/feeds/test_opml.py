"""OPML in and out."""

from datetime import UTC, datetime

import pytest

from newsletter.errors import ConfigError
from newsletter.feeds.opml import Subscription, read, write
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
