"""Lists of people from other systems, read line by line."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from newsletter.model.subscriber import Frequency, SubscriberState, SuppressionReason
from newsletter.people.csv_columns import LayoutError, layout_of, read_header
from newsletter.people.csv_forms import LISTMONK, Column, CsvForm
from newsletter.people.people_csv import (
    BadLine,
    Defaults,
    Ended,
    Line,
    Person,
    Unconfirmed,
    as_csv,
    exported,
    read_people,
)

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def read(
    text: str,
    *,
    language: str = "en",
    proof: str = "sheet",
    form: CsvForm | None = None,
    chosen: Iterable[tuple[Column, str]] = (),
    ignored: Iterable[str] = (),
) -> list[Line]:
    rows = iter(text.splitlines(keepends=True))
    layout = layout_of(read_header(rows), form=form, chosen=chosen, ignored=ignored)
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
        (
            "email,state",
            "a@x.example,maybe",
            "the state 'maybe' is not known; known are active, blocklisted, bounced, cleaned, "
            "complained, confirmed, erased, left, pending, subscribed, unconfirmed, unsubscribed",
        ),
        (
            "email,subscribed",
            "a@x.example,revoked",
            "'revoked' says neither that they get mail nor that not",
        ),
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


@pytest.mark.parametrize("header", ["email,can2_user_tags\n", "email address,leid\n"])
def test_an_export_that_does_not_say_who_agreed_is_refused(header: str) -> None:
    with pytest.raises(LayoutError, match=r"status|confirm time"):
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
        "u5,ed@x.example,Ed,[1],enabled,2024-01-02T03:04:05Z,\n",
        form=LISTMONK,
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
        chosen=[(Column.ADDRESS, "correo electrónico"), (Column.LANGUAGE, "Idioma que lee")],
    )
    assert isinstance(line, Person)
    assert (line.subscriber.address, line.subscriber.language) == ("ana@x.example", "es")


@pytest.mark.parametrize("missing", ["name,phone\n", "", "email\n"])
def test_a_column_that_is_not_there_is_named(missing: str) -> None:
    with pytest.raises(LayoutError):
        layout_of(missing, chosen=[(Column.LANGUAGE, "idioma")])


def test_what_is_exported_is_read_back_as_it_was() -> None:
    (line,) = read(
        "email,language,topics,region,frequency,discreet,paused_until,joined_at,proof\n"
        'ana@x.example,es,"legal;housing",la,urgent,yes,2026-12-31,2026-05-01T10:00:00Z,"a, b"\n'
    )
    assert isinstance(line, Person)
    values = as_csv(exported(line.subscriber))
    quoted = ",".join(f'"{value}"' for value in values.values())
    (again,) = read(f"{','.join(values)}\n{quoted}\n", language="", proof="")
    assert again == line


GHOST = "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,deleted_at,labels"
MAILCOACH = "email,first_name,last_name,tags,subscribed_at,unsubscribed_at"
SUBSTACK = "Email,Active subscription,Expiry,Plan,Email disabled,Created At,First payment at"


@pytest.mark.parametrize(
    ("header", "stays", "left"),
    [
        (GHOST, "1,a@x.example,A,,true,,2024-01-02,,", "2,b@x.example,B,,false,,2024-01-02,,"),
        (GHOST, "1,a@x.example,A,,true,,2024-01-02,,", "2,b@x.example,B,,true,,,2024-01-02,"),
        (MAILCOACH, "a@x.example,A,A,,2024-01-02,", "b@x.example,B,B,,2024-01-02,2025-06-01"),
        (SUBSTACK, "a@x.example,false,,,false,,", "b@x.example,true,,,true,,"),
        ("email,Opt Out", "a@x.example,False", "b@x.example,True"),  # Odoo
        ("Email;Do Not Email;On Hold", "a@x.example;;", "b@x.example;;On Hold Opt Out"),  # CiviCRM
        ("email,unsubscribed_at", "a@x.example,0000-00-00 00:00:00", "b@x.example,2024-01-02"),
        ("correo,suscrito", "a@x.example,sí", "b@x.example,no"),
    ],
)
def test_other_systems_tell_in_their_own_way_who_left(header: str, stays: str, left: str) -> None:
    first, second = read(f"{header}\n{stays}\n{left}\n")
    assert isinstance(first, Person)
    assert second == Ended(line=3, address="b@x.example", reason=SuppressionReason.LEFT)


def test_somebody_of_whom_a_list_does_not_say_that_they_subscribed_never_confirmed() -> None:
    assert read("email,subscribed\na@x.example,\n") == [Unconfirmed(line=2)]


@pytest.mark.parametrize(
    "column",
    [
        *(
            "EMAIL_BLACKLIST",
            "Suppressed",
            "Contact active?",
            "Marketing permissions",
            "Opt-in: News",
        ),
        *("Estado del contacto", "Se dio de baja el", "Désabonné", "Newsletter abgemeldet"),
        *("message_bounce", "Hard Bounce Count", "GDPR opted_in", "archived", "No e-mail"),
        *("Consent", "Newsletter", "DNC", "Exit reason", "Wants mail", "Quiere boletín", "已退订"),
        *("Is Deceased", "Contact is in Trash", "email_notifications", "subscriber_type"),
        *("IsExcludedFromCampaigns", "reception", "Invalid email address"),
    ],
)
def test_a_column_that_may_tell_who_left_is_explained_or_the_file_is_refused(column: str) -> None:
    text = f"email,{column}\na@x.example,1\n"
    with pytest.raises(LayoutError, match=re.escape(repr(column))):
        read(text)
    (ended,) = read(text, chosen=[(Column.LEFT_AT, column)])
    assert isinstance(ended, Ended)
    (person,) = read(text, ignored=[column])
    assert isinstance(person, Person)


@pytest.mark.parametrize(
    "cell",
    [
        *("Unsubscribed", "vip;unsubscribed", '"vip","Opted out"', "dado de baja", "cleaned"),
        *("opted_out", "Opt-Out", "DO NOT EMAIL", "Hard bounce", "Se mudó; BAJA", "Désabonné"),
    ],
)
def test_whoever_left_by_a_column_that_is_not_read_is_left_out_and_named(cell: str) -> None:
    quoted = cell.replace('"', '""')
    text = f'email,tags\na@x.example,vip\nb@x.example,"{quoted}"\n'
    stays, left = read(text)
    assert isinstance(stays, Person)
    assert isinstance(left, BadLine)
    assert left.line == 3
    assert "'tags', which is not read, says" in left.reason
    assert "--map" in left.reason
    assert all(isinstance(line, Person) for line in read(text, ignored=["tags"]))


@pytest.mark.parametrize("cell", ["the bounced ball", "Unsubscribed " * 30, "7", "baja california"])
def test_a_cell_that_is_about_something_else_says_nothing(cell: str) -> None:
    (person,) = read(f"email,Group\na@x.example,{cell}\n")
    assert isinstance(person, Person)


def test_listmonk_writes_how_people_stand_in_all_of_listmonk() -> None:
    with pytest.raises(LayoutError, match="--form listmonk"):
        read("uuid,email,name,attributes,status\nu1,a@x.example,A,{},enabled\n")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("sep=;\nemail;language\na@x.example;es\n", 3),
        ("sep=|\r\nemail|language\r\na@x.example|es\r\n", 3),
        ('Email;Language;"Topics (news, events, alerts)"\na@x.example;es;housing\n', 2),
        ('email,"language\n(the one\nyou read)",lang\na@x.example,,es\n', 4),
    ],
)
def test_headers_as_spreadsheets_write_them(text: str, line: int) -> None:
    (person,) = read(text)
    assert isinstance(person, Person)
    assert (person.line, person.subscriber.language) == (line, "es")


@pytest.mark.parametrize(
    "proof", ["=HYPERLINK(1)", "+1 paper", "-", "@home", "'quoted", "'=x", "＝1"]
)
def test_an_export_holds_no_formula_and_reads_back_as_it_was(proof: str) -> None:
    (line,) = read(f'email,language,proof\n=a@x.example,es,"{proof}"\n', proof="other")
    assert isinstance(line, Person)
    person = replace(line.subscriber, proof=proof)
    assert exported(person)["proof"] == proof  # as JSON has it
    values = as_csv(exported(person))
    assert not [cell for cell in values.values() if cell.startswith(("=", "+", "-", "@", "＝"))]
    (again,) = read(f"{','.join(values)}\n" + ",".join(f'"{v}"' for v in values.values()) + "\n")
    assert isinstance(again, Person)
    assert (again.subscriber.address, again.subscriber.proof) == ("=a@x.example", proof)
