"""Dates in the forms that feeds have them: each is read as what it says, or not at all."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from newsletter.pulling.parse.dates import DateReader, reader_of

ONE = "2026-11-25 13:00"
ZONE = timezone(timedelta(hours=-8))


def read(text: str, reader: DateReader | None = None) -> str:
    moment = (reader or DateReader()).read(text)
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" if moment else ""


@pytest.mark.parametrize(
    "text",
    [
        "Wed, 25 Nov 2026 13:00:00 GMT", "Wed, 25 Nov 26 08:00 EST", "25 Nov 2026 14:00 +0100",
        "Wed, 25 Nov 2026 18:30:00 +5:30", "Wed, 25 Nov 2026 18:30:00 GMT+5:30",
        "Wed Nov 25 13:00:00 2026", "Wed Nov 25 05:00:00 -0800 2026", "November 25, 2026 1:00 pm",
        "2026-11-25T13:00:00Z", "2026-11-25T13:00:00.123456Z", "2026-11-25T18:30:00+5:30",
        "2026-11-25 13:00:00", "20261125T130000Z", "2026/11/25 13:00", "1795611600",
        "1795611600000", "25/11/2026 13:00", "25.11.2026 13:00", "11/25/2026 1:00 PM",
        "mié., 25 nov. 2026 13:00:00 +0000", "miércoles 25 de noviembre del 2026 a las 13:00 hrs",
        "25 nov 2026 1:00 p. m.", "mer, 25 nov 2026 13:00", "25 novembre 2026 à 13h00",
        "25 de novembro de 2026 às 13:00", "Mi, 25 Nov 2026 14:00:00 +0100",
        "25. November 2026, 13:00 Uhr", "25 نوفمبر 2026 1:00 م", "٢٥ نوفمبر ٢٠٢٦ ١٣:٠٠",
        "25 تشرين الثاني 2026، 13:00", "٢٥ تشرين الثاني/نوفمبر ٢٠٢٦ ١٣:٠٠",
        "2026年11月25日 13:00", "Wed, 25 Nov 2026 13:00:00 XYZ",
    ],
)  # fmt: skip
def test_a_moment_is_what_it_says(text: str) -> None:
    assert read(text) == ONE


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("lun, 2 mar 2026", "2026-03-02"), ("mar, 24 nov 2026", "2026-11-24"),
        ("dim., 1 févr. 2026", "2026-02-01"), ("10 août 2026", "2026-08-10"),
        ("25 mai 2026", "2026-05-25"), ("Sáb, 05 Set 2026", "2026-09-05"),
        ("1º de enero de 2026", "2026-01-01"), ("3 Mär 2026", "2026-03-03"),
        ("Mi, 23 Dez 2026", "2026-12-23"), ("25 غشت 2026", "2026-08-25"),
        ("July 4th, 2026", "2026-07-04"), ("25-11-2026", "2026-11-25"), ("20261125", "2026-11-25"),
    ],
)  # fmt: skip
def test_a_day_is_that_day_in_the_coalitions_zone(text: str, day: str) -> None:
    assert read(text, DateReader(zone=ZONE)) == f"{day} 08:00"


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "2026", "Nov 2026", "31 Nov 2026", "2026-11-31T13:00", "05/11/2026",
        "0000-00-00 00:00:00",
        "Wed, 25 Nov 2026 25:61:00 GMT", "13/13/2026", "25 foo 2026", "1 2 3", "99999999999999",
        "Thu, 01 Jan 1970 00:00:00 GMT", "25 Nov 2026 13:00 pm", "9" * 100_000, "a " * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_date_is_read_as_none(text: str) -> None:
    assert read(text) == ""


@pytest.mark.parametrize(
    ("texts", "language", "expected"),
    [
        (("05/11/2026", "25/11/2026"), "en-US", "2026-11-05"),
        (("05/11/2026", "11/25/2026"), "es", "2026-05-11"),
        (("05/11/2026",), "es", "2026-11-05"),
        (("05/11/2026",), "en-US", "2026-05-11"),
        (("05/11/2026",), "en", ""),
        (("05/11/2026",), "", ""),
        (("05/11/2026", "25/11/2026", "11/25/2026"), "", ""),
        (("05.11.2026",), "", "2026-11-05"),
    ],
)
def test_numbers_alone_are_read_as_the_document_has_them(
    texts: tuple[str, ...], language: str, expected: str
) -> None:
    assert read(texts[0], reader_of(texts, language, UTC)).partition(" ")[0] == expected


def test_a_time_without_zone_is_the_coalitions() -> None:
    reader = DateReader(zone=ZONE)
    assert read("Wed, 25 Nov 2026 05:00:00", reader) == ONE
    assert reader.read("2026-11-25T05:00:00") == datetime(2026, 11, 25, 13, tzinfo=UTC)
