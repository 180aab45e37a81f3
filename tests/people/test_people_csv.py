"""Lists of people from other systems, read line by line."""

from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest

from newsletter.model.subscriber import Frequency, SubscriberState, SuppressionReason
from newsletter.people.csv_columns import Column, layout_of
from newsletter.people.people_csv import (
    BadLine,
    Defaults,
    Ended,
    Line,
    Person,
    Unconfirmed,
    exported,
    read_people,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def read(
    text: str,
    *,
    language: str = "en",
    proof: str = "sheet",
    chosen: Mapping[Column, str] | None = None,
) -> list[Line]:
    header, *rows = text.splitlines(keepends=True)
    layout = layout_of(header, chosen=chosen)
    return list(read_people(rows, layout, Defaults(language=language, proof=proof, now=NOW)))


def reasons(lines: list[Line]) -> list[tuple[int, str]]:
    return [(line.line, line.reason) for line in lines if isinstance(line, BadLine)]


def test_a_plain_list_says_what_each_person_wants() -> None:
    (line,) = read(
        "email,language,topics,region,frequency,discreet,paused_until,confirmed_at,proof\n"
        'ana@Harbor.example,Español,"Legal; Housing",Los Angeles,monthly,yes,2026-12-31,'
        "2026-05-01 10:00:00,May meeting\n"
    )
    assert isinstance(line, Person)
    ana = line.subscriber
    assert (ana.address, ana.language, ana.state) == (
        "ana@harbor.example",
        "es",
        SubscriberState.CONFIRMED,
    )
    assert (ana.topics, ana.regions) == ({"legal", "housing"}, {"los-angeles"})
    assert (ana.frequency, ana.discreet) == (Frequency.MONTHLY, True)
    assert ana.paused_until == date(2026, 12, 31)
    assert ana.confirmed_at == datetime(2026, 5, 1, 10, tzinfo=UTC)
    assert ana.proof == "May meeting"


@pytest.mark.parametrize(
    ("header", "record", "reason"),
    [
        ("email", "not an address", "no @ in it"),
        ("email", "a@b@c.example", "more than one @ in it"),
        ("email", "a@localhost", "the part after the @ is not a domain that can receive mail"),
        ("email", "a..b@harbor.example", "the part before the @ is not valid"),
        ("email", "x" * 250 + "@x.example", "an address has at most 254 characters"),
        ("email,language", "a@x.example,Klingonese", "the language is not known"),
        ("email,frequency", "a@x.example,daily", "the frequency is not weekly, monthly or urgent"),
        ("email,state", "a@x.example,maybe", "the state is not known"),
        ("email,discreet", "a@x.example,perhaps", "discreet is neither yes nor no"),
        (
            "email,confirmed_at",
            "a@x.example,05/01/26",
            "a date is not written like 2026-12-31 10:00:00",
        ),
        (
            "email,paused_until",
            "a@x.example,soon",
            "the end of the pause is not a date such as 2026-12-31",
        ),
        ("email", "se\udcf1ora@x.example", "not UTF-8 text; save the file as UTF-8"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_and_the_next_is_read(
    header: str, record: str, reason: str
) -> None:
    lines = read(f"{header}\n{record}\n\nbo@harbor.example\n")
    assert reasons(lines) == [(2, reason)]
    assert isinstance(lines[1], Person)
    assert lines[1].line == 4


def test_no_language_and_no_proof_is_invented() -> None:
    text = "email\nana@harbor.example\n"
    assert reasons(read(text, language="")) == [
        (2, "no language; set one for such lines with --language")
    ]
    ((line, reason),) = reasons(read(text, proof=""))
    assert (line, "where and when this person agreed" in reason, "--proof" in reason) == (
        2, True, True,
    )  # fmt: skip


def test_an_open_quotation_mark_is_one_bad_line_not_silence() -> None:
    swallowed = "".join(f"p{number}@x.example,en\n" for number in range(40))
    lines = read(f'email,language\nana@x.example,"en\n{swallowed}')
    assert reasons(lines) == [(2, "lines 2 to 42 read as one: is a quotation mark left open?")]


def test_mailchimp_says_who_left_and_whose_mail_came_back() -> None:
    lines = read(
        "Email Address,First Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,"
        "REGION,LEID,EUID,NOTES,TAGS,UNSUB_TIME,CLEAN_TIME\n"
        '"ana@x.example",Ana,2,"2015-03-16 14:40:00",203.0.113.9,"2015-03-16 14:40:47",'
        '203.0.113.9,CA,1,a,,"""VIP""",,\n'
        "bo@x.example,Bo,2,,,,,,2,b,,,2016-01-01 00:00:00,\n"
        "cy@x.example,Cy,2,,,,,,3,c,,,,2016-01-01 00:00:00\n"
    )
    ana, bo, cy = lines
    assert isinstance(ana, Person)
    assert ana.subscriber.confirmed_at == datetime(2015, 3, 16, 14, 40, 47, tzinfo=UTC)
    assert ana.subscriber.regions == frozenset()  # theirs is guessed from the IP address
    assert "203.0.113.9" not in repr(ana)
    assert bo == Ended(line=3, address="bo@x.example", reason=SuppressionReason.LEFT)
    assert cy == Ended(line=4, address="cy@x.example", reason=SuppressionReason.BOUNCED)


def test_people_who_never_subscribed_to_mailchimps_list_are_left_out() -> None:
    header = "Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME,LEID,EUID\n"
    assert read(f"{header}zoe@x.example,2,,,1,a\n") == [Unconfirmed(line=2)]


@pytest.mark.parametrize(
    "header", ["email,can2_user_tags\n", "uuid,email,attributes\n", "email address,leid\n"]
)
def test_an_export_that_does_not_say_who_agreed_is_refused(header: str) -> None:
    with pytest.raises(KeyError, match=r"status|confirm_time"):
        layout_of(header)


def test_action_network_says_it_with_its_status() -> None:
    lines = read(
        "uuid,first_name,last_name,email,zip_code,can2_user_tags,can2_subscription_status\n"
        "u1,Ana,A,ana@x.example,90001,legal,subscribed\n"
        "u2,Bo,B,bo@x.example,90001,,unsubscribed\n"
        "u3,Cy,C,cy@x.example,90001,,bouncing\n"
        "u4,Di,D,di@x.example,90001,,spam complaint\n"
    )
    assert isinstance(lines[0], Person)
    assert [line.reason for line in lines if isinstance(line, Ended)] == [
        SuppressionReason.LEFT,
        SuppressionReason.BOUNCED,
        SuppressionReason.COMPLAINED,
    ]


def test_listmonk_says_it_with_status_and_attributes() -> None:
    lines = read(
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        'u1,ana@x.example,Ana,"{""language"": ""es"", ""topics"": [""Legal""], ""age"": 3}",'
        "enabled,2024-01-02 03:04:05.123456+00:00,\n"
        "u2,bo@x.example,Bo,{},blocklisted,2024-01-02T03:04:05Z,\n"
        "u3,cy@x.example,Cy,{},disabled,2024-01-02T03:04:05Z,\n"
        "u4,di@x.example,Di,{,enabled,2024-01-02T03:04:05Z,\n"
        "u5,ed@x.example,Ed,[1],enabled,2024-01-02T03:04:05Z,\n"
    )
    ana, bo, cy, *_ = lines
    assert reasons(lines) == [
        (5, "the attributes are not JSON"),
        (6, "the attributes are not a JSON object"),
    ]
    assert isinstance(ana, Person)
    assert (ana.subscriber.language, ana.subscriber.topics) == ("es", {"legal"})
    assert ana.subscriber.joined_at is not None
    assert isinstance(bo, Ended)
    assert isinstance(cy, Unconfirmed)


@pytest.mark.parametrize("address", ["Correo electrónico", "CORREO ELECTRONICO", "Correo"])
def test_a_header_in_spanish_is_understood_with_its_accents_and_without(address: str) -> None:
    (line,) = read(f"{address};Región;Idioma\nana@x.example;Los Ángeles;español\n")
    assert isinstance(line, Person)
    assert (line.subscriber.address, line.subscriber.language) == ("ana@x.example", "es")
    assert line.subscriber.regions == {"los-ángeles"}


def test_columns_can_be_named_by_hand_and_separated_as_excel_does() -> None:
    (line,) = read(
        "Correo electrónico;Idioma que lee\nana@x.example;español\n",
        chosen={Column.ADDRESS: "correo electrónico", Column.LANGUAGE: "Idioma que lee"},
    )
    assert isinstance(line, Person)
    assert (line.subscriber.address, line.subscriber.language) == ("ana@x.example", "es")


@pytest.mark.parametrize("missing", ["name,phone\n", "", "email\n"])
def test_a_column_that_is_not_there_is_named(missing: str) -> None:
    with pytest.raises(KeyError):
        layout_of(missing, chosen={Column.LANGUAGE: "idioma"})


def test_what_is_exported_is_read_back_as_it_was() -> None:
    (line,) = read(
        "email,language,topics,region,frequency,discreet,paused_until,joined_at,proof\n"
        'ana@x.example,es,"legal;housing",la,urgent,yes,2026-12-31,2026-05-01T10:00:00Z,"a, b"\n'
    )
    assert isinstance(line, Person)
    values = exported(line.subscriber)
    quoted = ",".join(f'"{value}"' for value in values.values())
    (again,) = read(f"{','.join(values)}\n{quoted}\n", language="", proof="")
    assert again == line
