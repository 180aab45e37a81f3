"""OPML in and out."""

from datetime import UTC, datetime

import pytest

from newsletter.errors import ConfigError
from newsletter.members.opml import Subscription, read, read_strictly
from newsletter.members.opml_export import write
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
    found = read(LIST.encode(), "list.opml")
    assert found == read_strictly(LIST.encode(), "list.opml")
    assert found.subscriptions == (
        Subscription(
            url="https://harbor.example/feed/",
            title="Harbor & Co",
            site="https://harbor.example/",
            language="en",
            groups=("Legal",),
        ),
        Subscription(url="https://days.example/c.ics", title="Days", kind=FeedKind.CALENDAR),
    )


def test_an_address_that_ends_in_ics_is_a_calendar_whatever_its_type() -> None:
    (_, found) = read(
        LIST.replace("webcal://days", "https://days").replace("ical", "rss").encode(), "x"
    ).subscriptions
    assert found.kind is FeedKind.CALENDAR


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
        read_strictly(LIST.replace(old, new).encode(), "list.opml")
    assert (caught.value.file, caught.value.line) == ("list.opml", line)


@pytest.mark.parametrize(
    ("old", "new", "remark"),
    [
        (' version="2.0"', "", "line 2: <opml> has no version"),
        ('title="Harbor &amp; Co"', "", "line 6: the feed 'Harbor' has no title"),
        ('text="Harbor"', "", "line 6: an outline has no text"),
        ('version="RSS2"', 'version="RSS9"', "line 6: the feed 'Harbor' has an unknown version"),
        ('version="RSS2"', 'icon="x"', "line 6: an outline has an unknown attribute 'icon'"),
        ("Fri, 20 Nov 2026", "2026-11-20", "line 3: dateCreated is not a date"),
        ('<outline text="a note"/>', "<outline/>", "line 10: an outline has no text"),
        ("&amp; Co", "&nbsp;&amp; Co", "line 6: &nbsp; is not XML; read as what it stands for"),
        ("&amp; Co", "& Co", "line 6: & is not XML; read as it stands"),
        ("&amp; Co", "&#0;&amp; Co", "line 6: &#0; is not XML"),
        ("</opml>", "</opm>", "line 12: not well-formed XML: mismatched tag"),
        ("</body>\n</opml>", "", "line 12: not well-formed XML: no element found"),
        ("<body>", "", "line 5: an outline outside <body>"),
        ("opml", "haha", "line 2: its root is <haha>, not <opml>"),
        (
            'language="en"',
            'language="english"',
            "line 6: the feed 'Harbor' has an unknown language",
        ),
    ],
)
def test_what_leaves_the_feeds_clear_costs_none(old: str, new: str, remark: str) -> None:
    found = read(LIST.replace(old, new).encode(), "list.opml")
    assert [one.url for one in found.subscriptions] == [
        "https://harbor.example/feed/",
        "https://days.example/c.ics",
    ]
    assert found.subscriptions[0].title.startswith("Harbor")
    assert found.left_out == ()
    assert any(said.startswith(remark) for said in found.remarks), found.remarks
    with pytest.raises(ConfigError):
        read_strictly(LIST.replace(old, new).encode(), "list.opml")


@pytest.mark.parametrize(
    ("old", "new", "lost"),
    [
        ('text="a note"', 'text="x" type="rss"', "line 10: the feed 'x' has no xmlUrl"),
        (
            'text="a note"',
            'text="x" type="rss" htmlUrl="https://x.example"',
            "line 10: the feed 'x' has no xmlUrl; newsletter feeds add https://x.example may",
        ),
        ('text="a note"', 'text="x" xmlUrl="gopher://x"', "line 10: the feed 'x' has no usable"),
        ('text="a note"', 'text="x" xmlUrl="https://u:p@x.example/"', "line 10: the feed 'x' has"),
        ('text="a note"', 'text="x" xmlUrl="https://x y/"', "line 10: the feed 'x' has no usable"),
        (
            'text="a note"/>',
            'text="x xmlUrl=https://x.example/>',
            "line 10: an outline that cannot",
        ),
        ('text="a note"', "text=x", "line 10: an outline that cannot be read"),
    ],
)
def test_a_feed_that_cannot_be_taken_is_named_and_costs_no_other(
    old: str, new: str, lost: str
) -> None:
    found = read(LIST.replace(old, new).encode(), "list.opml")
    assert len(found.subscriptions) == 2
    (said,) = found.left_out
    assert said.startswith(lost)


@pytest.mark.parametrize(
    "outline",
    [
        '<outline xmlurl="https://a.example/feed"/>',
        '<OUTLINE XMLURL="https://a.example/feed">',
        "<outline type='podcast' xmlUrl='HTTPS://a.example/feed'/>",
        '<outline xmlUrl="feed://a.example/feed"/>',
        '<outline xmlUrl=" feed:https://a.example/feed "/></outline>',
        '<!-- <outline xmlUrl="https://b.example/old"/> --><outline xmlUrl="https://a.example/feed">',
    ],
)
def test_a_feed_is_found_however_its_outline_is_spelled(outline: str) -> None:
    """One without any name is named after its host."""
    found = read(f"<opml><body>{outline}</body></opml>".encode(), "x")
    assert [(one.url, one.title) for one in found.subscriptions] == [
        ("https://a.example/feed", "a.example")
    ]
    assert found.left_out == ()


def test_a_list_on_one_line_with_a_name_of_html_in_it_is_read_whole() -> None:
    text = (
        '<?xml version="1.0"?><!-- L --><opml version="2.0"><head><title>L</title></head><body>'
        '<outline text="Café&nbsp;Libre" type="rss" xmlUrl="https://cafe.example/feed"/>'
        '<outline text="Tom" type="rss" xmlUrl="https://tom.example/feed"/></body></opml>'
    )
    found = read(text.encode(), "nbsp.opml")
    assert [(one.title, one.url) for one in found.subscriptions] == [
        ("Café Libre", "https://cafe.example/feed"),
        ("Tom", "https://tom.example/feed"),
    ]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_list_in_another_encoding_than_it_declares_is_read(encoding: str) -> None:
    text = LIST.replace("Harbor &amp; Co", "Café Ñandú")
    found = read(text.encode(encoding), "x")
    assert found.subscriptions[0].title == "Café Ñandú"


def test_an_entity_that_the_list_declares_is_never_expanded() -> None:
    bomb = '<!DOCTYPE o [<!ENTITY e "boom"><!ENTITY f "&e;&e;">]>'
    text = LIST.replace("<opml", f"{bomb}<opml").replace("Harbor &amp; Co", "Harbor &f;")
    found = read(text.encode(), "x")
    assert found.subscriptions[0].title == "Harbor &f;"
    assert any("declares an entity" in said for said in found.remarks)


def test_a_long_list_full_of_faults_is_read_in_no_time() -> None:
    line = '<outline text="a & b &nbsp; c" xmlUrl="https://a.example/{}"><br>\n'
    text = "<opml><body>\n" + "".join(line.format(number) for number in range(5000))
    found = read(text.encode(), "x")
    assert len(found.subscriptions) == 5000
    assert any(said.startswith("line 5001: & is not XML") for said in found.remarks)


def test_what_is_no_list_is_refused_even_so() -> None:
    for text in (b"<haha/>", b"<opml/>", b"<opml><head/><body/></opml>", b"<opml><body>"):
        with pytest.raises(ConfigError):
            read(text, "x")


def test_an_empty_body_is_refused() -> None:
    with pytest.raises(ConfigError, match="no outline"):
        read_strictly(b'<opml version="2.0"><head/><body/></opml>', "x")


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
    found = read_strictly(text.encode(), "x").subscriptions
    assert [(one.url, one.kind) for one in found] == [(one.url, one.kind) for one in member.feeds]
    assert {one.title for one in found} == {member.name}
    assert {one.language for one in found} == {"es"}
