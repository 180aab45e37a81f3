"""Calendars as they are out there, each case in the spirit of a public report."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.model.entry import Entry
from newsletter.model.item import Event
from newsletter.pulling.parse.calendar import occurrences
from newsletter.pulling.parse.calendar.patience import Patience
from newsletter.pulling.parse.calendar.zones import zone_name
from newsletter.pulling.parse.parse import parse
from newsletter.pulling.parse.parsed import ParsedFeed
from newsletter.system import HAS_TIMERS
from tests.pulling.feed_text import calendar

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HERE = ZoneInfo("America/Los_Angeles")
CLINIC = ["UID:1", "SUMMARY:Clinic", "DTSTART:20261205T190000Z"]


def read(body: str | bytes) -> ParsedFeed:
    data = body if isinstance(body, bytes) else body.encode()
    parsed = parse(data, url="https://harbor.example/c.ics", now=NOW, zone=HERE)
    assert isinstance(parsed, ParsedFeed)
    return parsed


def one(*lines: str, head: str = "") -> Entry:
    (entry,) = read(calendar(lines).replace("BEGIN:VEVENT", f"{head}BEGIN:VEVENT", 1)).entries
    return entry


def event(*lines: str, head: str = "") -> Event:
    found = one(*lines, head=head).event
    assert found is not None
    return found


def begins(*lines: str, head: str = "") -> str:
    starts = event("UID:1", "SUMMARY:Clinic", *lines, head=head).starts
    return f"{starts.astimezone(UTC):%d %H:%M}" if isinstance(starts, datetime) else str(starts)


class TestZones:
    @pytest.mark.parametrize(
        ("said", "name"),
        [
            ("tzone://Microsoft/Utc", "UTC"),
            ("GMT Standard Time", "Europe/London"),
            ("GMT Standard Time 1", "Europe/London"),
            ("Eastern Standard Time", "America/New_York"),
            ("Pacific Daylight Time", "America/Los_Angeles"),
            ("Eastern Time", "America/New_York"),
            ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
            ("(GMT-08.00) Pacific Time (US & Canada)", "America/Los_Angeles"),
            ("(UTC-06:00) Guadalajara, Mexico City, Monterrey", "America/Mexico_City"),
            ("(UTC) Coordinated Universal Time", "Etc/UTC"),
            ("(UTC+03:00) Nowhere at all", "Etc/GMT-3"),
            ("UTC-5", "Etc/GMT+5"),
            ("GMT-0500", "Etc/GMT+5"),
            ("GMT+5", "Etc/GMT-5"),
            ("Etc/GMT+5", "Etc/GMT+5"),
            ("+05:30", "Asia/Kolkata"),
            ("UTC+00:00", "Etc/UTC"),
            ("america/new_york", "America/New_York"),
            ("America/New York", "America/New_York"),
            (' "Europe / Paris" ', "Europe/Paris"),
            ("US-Eastern", "US/Eastern"),
            ("/citadel.org/20190914_1/America/New_York", "America/New_York"),
            ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"),
        ],
    )
    def test_a_name_is_known_however_it_is_written(self, said: str, name: str) -> None:
        assert zone_name(said) == name

    @pytest.mark.parametrize(
        "said", ["", "Customized Time Zone", "PST8", "UTC+25", "Central", "-0330"]
    )
    def test_what_nobody_knows_is_no_guess(self, said: str) -> None:
        assert zone_name(said) is None

    @pytest.mark.parametrize(
        ("line", "expected"),
        [
            ('DTSTART;TZID="tzone://Microsoft/Utc":20261205T203000', "05 20:30"),
            ("DTSTART;TZID=tzone://Microsoft/Utc:20261205T203000", "05 20:30"),
            ("DTSTART;TZID=UTC-5:20261205T120000", "05 17:00"),
            ("DTSTART;TZID=(UTC-05:00) Eastern Time (US & Canada):20261205T120000", "05 17:00"),
            ("DTSTART;TZID=America/New_York:20261205T203000Z", "05 20:30"),
            ("DTSTART;TZID=:20261205T120000", "05 20:00"),
            ("DTSTART;tzid=europe/paris:20261205T120000", "05 11:00"),
            ('DTSTART:"20261205T190000Z"', "05 19:00"),
            ("DTSTART: 20261205T190000Z ", "05 19:00"),
            ("DTSTART:2026-12-05T19:00:00Z", "05 19:00"),
            ("DTSTART:2026-12-05T19:00:00-08:00", "06 03:00"),
            ("DTSTART:20261205", "2026-12-05"),
        ],
    )
    def test_when_an_event_begins(self, line: str, expected: str) -> None:
        assert begins(line) == expected

    @pytest.mark.parametrize(
        ("said", "floating"),
        [
            ("", "05 20:00"),
            (" Europe/Paris ", "05 11:00"),
            ('"europe/paris"', "05 11:00"),
            ("Romance Standard Time", "05 11:00"),
            ("+01:00", "05 11:00"),
            ("Nowhere/Land", "05 20:00"),
        ],
    )
    def test_the_calendars_own_zone_is_that_of_times_without_one(
        self, said: str, floating: str
    ) -> None:
        head = f"X-WR-TIMEZONE:{said}\r\n"
        assert begins("DTSTART:20261205T120000", head=head) == floating
        assert begins("DTSTART:20261205T120000Z", head=head) == "05 12:00"
        assert begins("DTSTART:20261205T120000", "RRULE:FREQ=WEEKLY", head=head) == floating

    def test_a_calendar_s_own_that_nobody_knows_is_said_of_its_times_without_a_zone(self) -> None:
        head = "X-WR-TIMEZONE:Nowhere/Land\r\n"
        floating = event("UID:1", "SUMMARY:Clinic", "DTSTART:20261205T190000", head=head)
        assert floating.unknown_zone == "Nowhere/Land"
        for told in ("DTSTART:20261205T190000Z", "DTSTART;VALUE=DATE:20261205"):
            assert event("UID:1", "SUMMARY:Clinic", told, head=head).unknown_zone == ""

    def test_one_that_nobody_knows_is_said_of_the_event_and_of_the_feed(self) -> None:
        parsed = read(calendar([*CLINIC[:2], "DTSTART;TZID=Shelter Time:20261205T120000"]))
        (entry,) = parsed.entries
        assert entry.event is not None
        assert entry.event.unknown_zone == "Shelter Time"
        assert parsed.warnings == (
            "the time zone “Shelter Time” of 1 event is not known; the times may be wrong",
        )
        assert "Nowhere/Land" in str(
            read(
                calendar(CLINIC).replace(
                    "BEGIN:VEVENT", "X-WR-TIMEZONE:Nowhere/Land\r\nBEGIN:VEVENT"
                )
            ).warnings
        )

    @pytest.mark.parametrize("defined", ["TZID:Our Zone", 'TZID:"Our Zone"', "tzid: OUR ZONE "])
    @pytest.mark.parametrize("offset", [-3, -4])
    def test_one_that_the_calendar_defines_is_that_calendar_s_own(
        self, defined: str, offset: int
    ) -> None:
        zone = (
            f"BEGIN:VTIMEZONE\r\n{defined}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            f"TZOFFSETFROM:{offset:+03d}00\r\nTZOFFSETTO:{offset:+03d}00\r\nEND:STANDARD\r\n"
            "END:VTIMEZONE\r\n"
        )
        for said in ('"Our Zone"', "our zone"):
            assert (
                begins(f"DTSTART;TZID={said}:20261205T120000", head=zone) == f"05 {12 - offset}:00"
            )

    def test_one_that_the_calendar_defines_is_known(self) -> None:
        zone = (
            "BEGIN:VTIMEZONE\r\nTZID:Shelter Time\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
            "TZOFFSETFROM:-0300\r\nTZOFFSETTO:-0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
        )
        line = "DTSTART;TZID=Shelter Time:20261205T120000"
        assert begins(line, head=zone) == "05 15:00"
        assert begins(line, "RRULE:FREQ=WEEKLY", head=zone) == "05 15:00"
        assert begins(*CLINIC[2:], head=zone.replace("TZID:Shelter Time\r\n", "")) == "05 19:00"


class TestDays:
    def test_a_rule_that_ends_on_a_day_has_that_day(self) -> None:
        rule = "RRULE:FREQ=WEEKLY;UNTIL=20261130"
        assert begins("DTSTART;TZID=Europe/Paris:20261109T180000", rule) == "30 17:00"
        assert begins("DTSTART:20261109T180000", rule) == "01 02:00"
        assert begins("DTSTART;VALUE=DATE:20261109", rule) == "2026-11-30"

    @pytest.mark.parametrize(
        ("lines", "starts", "ends"),
        [
            (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261205"], 5, None),
            (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261204"], 5, None),
            (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261206"], 5, None),
            (["DTSTART;VALUE=DATE:20261205", "DTEND;VALUE=DATE:20261207"], 5, 7),
            (["DTSTART;VALUE=DATE:20261205", "DURATION:P2D"], 5, 7),
            (["DTSTART:20261205T000000", "DTEND:20261206T000000"], 5, None),
            (["DTSTART;TZID=Europe/Paris:20261205T000000",
              "DTEND;TZID=Europe/Paris:20261207T000000"], 5, 7),
            (["DTSTART:20261205T080000Z", "DTEND:20261206T080000Z",
              "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"], 5, None),
            (["DTSTART:20261205T080000Z", "DTEND:20261207T080000Z",
              "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT:TRUE"], 5, 7),
            (["DTSTART:20261204T230000Z", "DTEND:20261205T230000Z",  # of Paris
              "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE"], 5, None),
            (["DTSTART:20261205T000000", "DTEND:20261206T235959"], 5, 7),
            (["DTSTART:20261205T000000", "DTEND:20261205T235900"], 5, None),
        ],
    )  # fmt: skip
    def test_an_all_day_event_is_days(
        self, lines: list[str], starts: int, ends: int | None
    ) -> None:
        found = event("UID:1", "SUMMARY:Fair", *lines)
        assert found.starts == date(2026, 12, starts)
        assert found.ends == (date(2026, 12, ends) if ends else None)

    def test_an_end_before_the_beginning_is_none(self) -> None:
        assert event(*CLINIC, "DTEND:20261205T190000Z").ends is None
        assert event(*CLINIC, "DTEND:20261204T190000Z").ends is None
        assert event(*CLINIC, "DURATION:PT2H").ends == datetime(2026, 12, 5, 21, tzinfo=UTC)


class TestOddLines:
    def test_a_series_that_cannot_be_read_is_named(self) -> None:
        weekly = ["DTSTART:20261205T190000Z", "RRULE:FREQ=WEEKLY"]
        parsed = read(
            calendar(
                ["UID:1", "SUMMARY:Bad exdate", *weekly, "EXDATE:"],
                ["UID:2", "SUMMARY:Bad rule", *weekly[:1], "RRULE:FREQ=WEEKLY;UNTIL=never"],
                ["UID:3", "SUMMARY:Good", *weekly],
            )
        )
        assert [entry.title for entry in parsed.entries] == ["Good"]
        assert parsed.warnings == (
            "2 events could not be read: “Bad exdate” (EXDATE), “Bad rule” (RRULE)",
        )

    @pytest.mark.parametrize("line", ["DURATION:soon", "LAST-MODIFIED:x", "no line at all"])
    def test_a_line_that_decides_nothing_costs_itself(self, line: str) -> None:
        parsed = read(calendar([*CLINIC, line]))
        assert [entry.title for entry in parsed.entries] == ["Clinic"]
        assert "a line of 1 event could not be read: “Clinic”" in parsed.warnings[0]

    @pytest.mark.parametrize(
        "body",
        [
            f"<br />\n<b>Warning</b>: x in <b>/y.php</b><br />\n{calendar(CLINIC)}",
            f"{calendar(CLINIC)}\r\n<!-- cached -->\r\nBEGIN:NOTHING",
            f"\r\n\r\n  {calendar(CLINIC)}",
            calendar(CLINIC).replace("\r\n", "\n"),
            calendar(CLINIC).replace("\r\n", "\r"),
            calendar(CLINIC).replace("END:VEVENT", " END:VEVENT"),
            "\ufeff" + calendar(CLINIC),
            "\r\n".join(["BEGIN:VEVENT", *CLINIC, "END:VEVENT"]),
        ],
        ids=["before", "after", "blanks", "lf", "cr", "padded", "mark", "alone"],
    )
    def test_what_stands_around_the_events_does_not_count(self, body: str) -> None:
        assert [entry.title for entry in read(body).entries] == ["Clinic"]

    def test_what_is_no_event_is_no_trouble(self) -> None:
        task = "BEGIN:VTODO\r\nUID:t\r\nSUMMARY:Buy chairs\r\nDTSTART:20261205\r\nEND:VTODO\r\n"
        parsed = read(calendar(CLINIC).replace("BEGIN:VEVENT", f"{task}BEGIN:VEVENT"))
        assert ([entry.title for entry in parsed.entries], parsed.warnings) == (["Clinic"], ())

    def test_a_line_is_unfolded_before_its_characters_are_read(self) -> None:
        body = calendar(["UID:1", "SUMMARY:aaaé al final", *CLINIC[2:]]).encode()
        (entry,) = read(body.replace("é".encode(), b"\xc3\r\n \xa9")).entries
        assert entry.title == "aaaé al final"

    def test_a_calendar_that_is_cut_off_says_so_and_nothing_of_it_is_gone(self) -> None:
        whole = calendar(CLINIC, ["UID:2", "SUMMARY:Choir", "DTSTART:20261206T190000Z"])
        parsed = read(whole[: whole.index("SUMMARY:Choir")])
        assert [entry.title for entry in parsed.entries] == ["Clinic"]
        assert "has no end" in parsed.warnings[-1]
        assert parsed.until == NOW


class TestWords:
    def test_entities_are_decoded(self) -> None:
        entry = one(
            "UID:1", "DTSTART:20261205T190000Z", "LOCATION:Mom&#039;s Caf&eacute;",
            "SUMMARY:Know your rights &#8211; caf&eacute; &amp; talk",
            "DESCRIPTION:Bring&nbsp;a friend &amp; a pen.",
        )  # fmt: skip
        assert entry.title == "Know your rights – café & talk"
        assert entry.event is not None
        assert entry.event.place == "Mom's Café"
        assert entry.html == "<p>Bring a friend &amp; a pen.</p>"

    def test_plain_text_is_no_markup_for_a_pointed_bracket(self) -> None:
        entry = one(
            *CLINIC,
            r"DESCRIPTION:Aged > 5 and < 12.\nWrite to Ana <ana@harbor.example>\, or learn"
            r" more<https://aka.ms/x>\n\n________\n\nSnacks provided.",
        )
        assert entry.html == (
            "<p>Aged &gt; 5 and &lt; 12.<br>Write to Ana &lt;ana@harbor.example&gt;, or learn more "
            "&lt;https://aka.ms/x&gt;</p><p>Snacks provided.</p>"
        )

    def test_markup_keeps_its_lines_and_addresses(self) -> None:
        entry = one(*CLINIC, r"DESCRIPTION:Call <b>Ana</b> <ana@harbor.example>\nor come by.")
        assert entry.html == "Call <b>Ana</b> &lt;ana@harbor.example&gt;<br>or come by."

    @pytest.mark.parametrize(
        "title", ["CANCELLED: Clinic", "Canceled - Clinic", "[CANCELADO] Taller", "Cancelada: cena"]
    )
    def test_a_title_that_calls_it_off_is_believed(self, title: str) -> None:
        assert event("UID:1", f"SUMMARY:{title}", *CLINIC[2:]).cancelled

    @pytest.mark.parametrize("title", ["Cancelled debts: a talk on loans", "Cancel your contract"])
    def test_a_title_about_it_is_not(self, title: str) -> None:
        assert not event("UID:1", f"SUMMARY:{title}", *CLINIC[2:]).cancelled


def test_a_line_in_another_encoding_costs_no_other() -> None:
    whole = calendar(["UID:1", "SUMMARY:Reunión", "DTSTART:20261205T190000Z"],
                     ["UID:2", "SUMMARY:mañana", "DTSTART:20261206T190000Z"])  # fmt: skip
    parsed = read(whole.encode().replace("mañana".encode(), "mañana".encode("latin-1")))
    assert [entry.title for entry in parsed.entries] == ["Reunión", "mañana"]
    assert any("windows-1252" in warning for warning in parsed.warnings)


class TestMeetings:
    @pytest.mark.parametrize(
        ("location", "description", "place", "online"),
        [
            (r"Hall\, 12 Oak St https://maps.google.com/?q=12", "", "Hall, 12 Oak St", None),
            ("Library", "Last month: https://zoom.us/rec/share/abc", "Library", None),
            ("Library", "Dial in: https://us02web.zoom.us/u/kxyz", "Library", None),
            ("Library", "Help: https://support.zoom.us/hc/1", "Library", None),
            ("Hall (https://hall.example/visit).", "", "Hall", None),
            (r"Hall (by https://hall.example/door)\, 2nd floor", "",
             "Hall (by), 2nd floor", None),
            ("https://hall.example/visit", "", "https://hall.example/visit", None),
            ("https://us02web.zoom.us/j/123", "", "", "https://us02web.zoom.us/j/123"),
            ("Online: https://harbor.example/live", "", "Online", "https://harbor.example/live"),
            ("Hall", "Or join (https://zoom.us/j/1?pwd=x).", "Hall", "https://zoom.us/j/1?pwd=x"),
            ("", "Join<https://teams.microsoft.com/l/meetup-join/19%3a>", "",
             "https://teams.microsoft.com/l/meetup-join/19%3a"),
            ("", "https://meet.google.com/abc-defg-hij.", "", "https://meet.google.com/abc-defg-hij"),
            ("", r"https://dialin.teams.microsoft.com/1 https://aka.ms/JoinTeamsMeeting", "", None),
        ],
    )  # fmt: skip
    def test_only_a_meeting_is_online(
        self, location: str, description: str, place: str, online: str | None
    ) -> None:
        found = event(*CLINIC, f"LOCATION:{location}", f"DESCRIPTION:{description}")
        assert (found.place, found.online_url) == (place, online)


@pytest.mark.parametrize(
    ("line", "online"),
    [
        ("X-GOOGLE-CONFERENCE:https://meet.google.com/tel/abc", None),
        ("CONFERENCE:tel:+1-555\r\nCONFERENCE:https://zoom.us/j/1", "https://zoom.us/j/1"),
        ("LOCATION:Meet at the park http://harbor.example/park", None),
        ("LOCATION:Virtual Reality Museum https://vr.example/visit", None),
    ],
)
def test_what_only_looks_like_a_meeting_is_none(line: str, online: str | None) -> None:
    assert event(*CLINIC, line).online_url == online


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=2", "WEEKLY"])
def test_a_rule_that_nobody_keeps_costs_its_event_and_is_told(rule: str) -> None:
    bad = ["UID:2", "SUMMARY:Bad", "DTSTART:20261101T190000Z", f"RRULE:{rule}"]
    found = read(calendar(bad, CLINIC))
    assert [entry.title for entry in found.entries] == ["Clinic"]
    assert "“Bad” (RRULE)" in str(found.warnings)


@pytest.mark.skipif(not HAS_TIMERS, reason="nothing interrupts a rule there")
@pytest.mark.parametrize(
    ("starts", "rule"),
    [
        ("20261101T190000Z", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"),
        ("00010101T000000Z", "FREQ=HOURLY"),
    ],
)
def test_a_rule_that_never_comes_to_its_day_costs_its_event_and_is_told(
    starts: str, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occurrences, "Patience", lambda: Patience(seconds=0.4))
    bad = ["UID:2", "SUMMARY:Bad", f"DTSTART:{starts}", f"RRULE:{rule}"]
    found = read(calendar(bad, [*CLINIC, "RRULE:FREQ=WEEKLY"]))
    assert {entry.title for entry in found.entries} == {"Clinic"}
    assert "“Bad” (RRULE)" in str(found.warnings)


NAMES = ["Food bank", "Legal clinic", "Choir", "Walk", "Fair"]
EVENTS = [
    [
        f"UID:{number}@harbor.example",
        "DTSTAMP:20261120T000000Z",
        f"SUMMARY:{name}",
        f"DTSTART;TZID=America/New_York:2026120{number}T190000",
        f"DTEND;TZID=America/New_York:2026120{number}T210000",
        "LOCATION:Main St 1",
        f"DESCRIPTION:All about it\\, and more: {'x' * 60}",
        "STATUS:CONFIRMED",
        "RRULE:FREQ=WEEKLY;UNTIL=20270301",
        "BEGIN:VALARM",
        "TRIGGER:-PT15M",
        "END:VALARM",
    ]
    for number, name in enumerate(NAMES, start=1)
]
WHOLE = [["BEGIN:VEVENT", *lines, "END:VEVENT"] for lines in EVENTS]


def garbled(lines: list[str], how: str, at: int, to: int) -> list[str]:
    at, to = at % len(lines), to % len(lines)
    line, rest = lines[at], [*lines[:at], *lines[at + 1 :]]
    put = {
        "drop": [],
        "pad": [f"  {line}  "],
        "quote": [f'"{line}"'],
        "cut": [line[: to % (len(line) + 1)]],
        "colonless": [line.replace(":", "", 1)],
        "fold": [line[:1], f" {line[1:]}"],
        "twice": [line, line],
        "noise": [line, "\x00\ufffd;;::="],
    }
    if how == "reorder":
        return [*rest[:to], line, *rest[to:]]
    return [*lines[:at], *put[how], *lines[at + 1 :]]


@settings(max_examples=300, deadline=None)
@given(
    which=st.integers(0, 4),
    how=st.sampled_from(
        ["drop", "pad", "quote", "cut", "colonless", "fold", "twice", "noise", "reorder"]
    ),
    at=st.integers(0, 13),
    to=st.integers(0, 80),
)
@example(which=1, how="drop", at=13, to=0)
@example(which=1, how="drop", at=0, to=0)
@example(which=1, how="reorder", at=13, to=3)
def test_a_garbled_event_costs_at_most_itself_and_is_told(
    which: int, how: str, at: int, to: int
) -> None:
    events = [list(lines) for lines in WHOLE]
    events[which] = garbled(events[which], how, at, to)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *(line for one in events for line in one)]
    parsed = read("\r\n".join([*lines, "END:VCALENDAR", ""]))
    found = {entry.title: entry for entry in parsed.entries}
    others = [name for name in NAMES if name != NAMES[which]]
    assert [name for name in others if name not in found] == []
    whole = {entry.title: entry for entry in read(calendar(*EVENTS)).entries}
    assert {name: found[name] for name in others} == {name: whole[name] for name in others}
    if len(parsed.entries) < len(NAMES):
        assert parsed.warnings
