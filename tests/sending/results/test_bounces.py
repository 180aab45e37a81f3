"""Returned mail: whose it was and whether the address is done for."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest

from newsletter.model.delivery import DeliveryEvent, EventKind
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.results.bounces import Unreadable, read
from newsletter.sending.results.mailbox import Maildir
from newsletter.sending.results.read_bounces import read_bounces
from newsletter.sending.results.record import EventRecorder, Recorded

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
TOKEN = DeliveryTokens(["k"]).token("2026-W47", 7)


def report(
    status: str, action: str = "failed", *, to: str = f"bounce+{TOKEN}@example.org"
) -> bytes:
    return f"""\
From: MAILER-DAEMON@mx.example.net
To: {to}
Date: Fri, 20 Nov 2026 10:00:00 +0100
Message-ID: <dsn1@mx.example.net>
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

I could not deliver it.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ana@example.net
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} because

--b
Content-Type: text/rfc822-headers

From: news@coalition.example
To: ana@example.net
Message-ID: <{TOKEN}@coalition.example>
Subject: This week

--b--
""".encode()


@pytest.mark.parametrize(
    ("status", "action", "kind"),
    [
        ("5.1.1", "failed", EventKind.BOUNCED),
        ("5.2.1", "failed", EventKind.BOUNCED),
        ("5.2.2", "failed", EventKind.BLOCKED),  # full
        ("5.7.1", "failed", EventKind.BLOCKED),  # policy
        ("4.4.1", "failed", EventKind.BLOCKED),  # gave up
        ("4.4.1", "delayed", EventKind.DEFERRED),
        ("2.0.0", "delivered", EventKind.DELIVERED),
        ("2.0.0", "relayed", EventKind.DELIVERED),
    ],
)
def test_a_delivery_report_is_put_in_our_words(status: str, action: str, kind: EventKind) -> None:
    event = read(report(status, action), NOW)
    assert event is not None
    assert (event.kind, event.token, event.code) == (kind, TOKEN, status)
    assert event.happened_at == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert event.message == "<dsn1@mx.example.net>"
    assert status in event.reason


def test_the_token_is_found_however_the_address_was_written() -> None:
    event = read(report("5.1.1", to=f"BOUNCE+{TOKEN.upper()}@Example.org"), NOW)
    assert event is not None
    assert event.token == TOKEN


def test_without_verp_the_returned_headers_say_whose_it_was() -> None:
    event = read(report("5.1.1", to="news@coalition.example"), NOW)
    assert event is not None
    assert event.token == TOKEN


def test_a_bounce_of_other_mail_is_not_ours() -> None:
    raw = report("5.1.1", to="news@coalition.example").replace(TOKEN.encode(), b"another")
    assert read(raw, NOW) is None


def test_somebody_who_is_away_did_not_bounce() -> None:
    raw = f"""\
From: ana@example.net
To: bounce+{TOKEN}@example.org
Auto-Submitted: auto-replied
Subject: Away until Monday

I am away.
""".encode()
    assert read(raw, NOW) is None


def test_an_old_servers_bounce_without_a_report_is_understood() -> None:
    raw = f"""\
From: MAILER-DAEMON@qmail.example.net
To: bounce+{TOKEN}@example.org
Subject: failure notice

Hi. This is the qmail-send program at qmail.example.net.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<ana@example.net>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.
""".encode()
    event = read(raw, NOW)
    assert event is not None
    assert event.kind is EventKind.BOUNCED


@pytest.mark.parametrize(
    ("kind", "event_kind"),
    [
        ("abuse", EventKind.COMPLAINED),
        ("Fraud", EventKind.COMPLAINED),
        ("opt-out", EventKind.COMPLAINED),
        ("not-spam", EventKind.OTHER),
        ("auth-failure", EventKind.OTHER),
        ("virus", EventKind.OTHER),
        ("something-new", EventKind.OTHER),
        ("", EventKind.OTHER),
    ],
)
def test_a_complaint_is_one_that_a_reader_made(kind: str, event_kind: EventKind) -> None:
    raw = f"""\
From: fbl@provider.example
To: bounce+{TOKEN}@example.org
Subject: FW: This week
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: text/plain

A complaint.

--b
Content-Type: message/feedback-report

Feedback-Type: {kind}
Version: 1

--b--
""".encode()
    event = read(raw, NOW)
    assert event is not None
    assert event.kind is event_kind


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        ("5.0.0", "smtp; 550 No Such User Here", EventKind.BOUNCED),
        ("5.1.0", "smtp;550 5.1.0 Address rejected - sender denied", EventKind.BLOCKED),
        ("5.2.1", "smtp; 550-5.2.1 The user is receiving mail at a rate that", EventKind.BLOCKED),
        ("4.4.7", "smtp; 550 5.1.1 user unknown", EventKind.BOUNCED),
        ("5.1.1", "smtp; 450 4.1.1 user unknown", EventKind.BLOCKED),
        ("5.0.0", "smtp; 550 something new", EventKind.BLOCKED),
    ],
)
def test_words_and_status_are_read_together(status: str, said: str, kind: EventKind) -> None:
    raw = report(status).replace(f"smtp; 550 {status} because".encode(), said.encode())
    event = read(raw, NOW)
    assert event is not None
    assert (event.kind, event.code, event.reason) == (kind, status, said)


def test_a_report_for_addresses_beyond_ascii_is_one() -> None:
    raw = report("5.1.1").replace(b"message/delivery-status", b"message/global-delivery-status")
    event = read(raw, NOW)
    assert event is not None
    assert (event.kind, event.code) == (EventKind.BOUNCED, "5.1.1")
    coded = base64.b64encode("\n\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: x; ñ".encode())
    raw = b"\n".join(
        [
            f"To: bounce+{TOKEN}@example.org\nMIME-Version: 1.0".encode(),
            b'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n--b',
            b"Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: base64\n",
            coded + b"\n--b--\n",
        ]
    )
    event = read(raw, NOW)
    assert event is not None
    assert (event.kind, event.reason) == (EventKind.BOUNCED, "x; ñ")


def test_a_report_that_somebody_forwarded_is_still_one() -> None:
    whole = report("5.1.1", to="postmaster@coalition.example").decode()
    attached = f"""\
From: ed@coalition.example
To: bounces@coalition.example
Subject: Fwd: Undelivered
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: text/plain

See below.

--outer
Content-Type: message/rfc822

{whole}
--outer--
"""
    quoted = "From: ed@coalition.example\nSubject: Fwd: Undelivered\n\n" + "".join(
        f"> {line}\n" for line in whole.splitlines()
    )
    for raw in (attached, quoted):
        event = read(raw.encode(), NOW)
        assert event is not None, raw
        assert (event.kind, event.token, event.code) == (EventKind.BOUNCED, TOKEN, "5.1.1")


def without_report(text: str, subject: str = "Mail delivery failed", sender: str = "") -> bytes:
    return f"""\
From: {sender or "Mail Delivery System <MAILER-DAEMON@mx.example.net>"}
To: bounce+{TOKEN}@example.org
Subject: {subject}

{text}
""".encode()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (
            "A message that you sent could not be delivered to all of its recipients.\n\n"
            "  ana@example.net\n    host mx.example.net: 550 5.1.1 unknown user\n\n"
            "------ This is a copy of the message, including all the headers. ------\n\n"
            "Our spam policy, and who is over quota",
            EventKind.BOUNCED,
        ),
        (
            "I wasn't able to deliver your message. This is a permanent error.\n\n"
            "<ana@example.net>:\nThe users mailfolder is over the allowed quota (size). (#5.2.2)",
            EventKind.BLOCKED,
        ),
        (
            "This message is delayed; you do not need to resend it.\n\n"
            "<ana@example.net>: connection timed out",
            EventKind.DEFERRED,
        ),
        ("<ana@example.net>: something went wrong", EventKind.BLOCKED),
    ],
)
def test_a_bounce_in_words_only_is_read_up_to_the_copy_of_our_mail(
    text: str, kind: EventKind
) -> None:
    event = read(without_report(text), NOW)
    assert event is not None
    assert event.kind is kind
    assert "ana" not in event.reason


def test_a_person_who_writes_about_an_unknown_user_did_not_bounce() -> None:
    raw = without_report("No such user ever told me so!", "Re: This week", "ana@example.net")
    assert read(raw, NOW) is None


@pytest.mark.parametrize(
    "head",
    [
        "Message-ID: <[b378-JFB@microsoft.com]>",
        "Date: Fri, 99 Nov 2026 99:99:99 +9999",
        "Date: x, 20 Nov 0 10:00:00 +0000",
        "To: =?utf-8?q?=\udce9?=",
        'From: "\\',
        "Content-Type: multipart/report; report-type*0*=x''%ff; boundary*9=",
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64\nContent-Type: text/plain; charset=no-such",
        'Content-Disposition: attachment; filename*0*="',
        "Subject: =?x?b?////?= =?utf-8?b?AAA?=",
    ],
)
def test_heads_that_the_library_stops_at_are_read_all_the_same(head: str) -> None:
    raw = f"{head}\n".encode("utf-8", "surrogateescape") + report("5.1.1")
    event = read(raw, NOW)
    assert event is None or event.token == TOKEN


def test_a_date_at_the_end_of_time_is_no_date() -> None:
    """The database could not write it down, and the same message stopped each reading."""
    head = b"Date: Fri, 31 Dec 9999 23:59:59 -2359\n"
    event = read(head + report("5.1.1"), NOW)
    assert event is not None
    assert event.happened_at == NOW


def test_of_a_message_that_nobody_can_read_it_is_said_that_it_is_one() -> None:
    with pytest.raises(Unreadable, match="empty"):
        read(b"", NOW)


def test_one_message_that_cannot_be_read_is_put_aside_and_the_rest_is_read(
    tmp_path: Path,
) -> None:
    for part in ("new", "cur", "tmp"):
        (tmp_path / part).mkdir()
    (tmp_path / "new" / "1").write_bytes(report("5.1.1"))
    (tmp_path / "new" / "2").write_bytes(b"")
    (tmp_path / "new" / "3").mkdir()
    (tmp_path / "new" / "4").write_bytes(report("5.1.1"))
    outcome = read_bounces(Maildir(tmp_path), cast(EventRecorder, Recorder()), NOW)
    assert (outcome.messages, outcome.unreadable) == (4, ("2", "3"))
    assert outcome.kinds == {EventKind.BOUNCED: 2}
    assert sorted(path.name for path in (tmp_path / "cur").iterdir()) == [
        "1:2,S",
        "2:2,F",
        "3:2,F",
        "4:2,S",
    ]


class Recorder:
    """Keeps nothing."""

    def record(self, events: list[DeliveryEvent], now: datetime) -> Recorded:
        return Recorded(new=len(events))


@pytest.mark.parametrize("raw", [b"\n", b"\0\xff" * 50, b"To: bounce+x@y\n\n", b"To: \xff\n\n"])
def test_nonsense_in_the_mailbox_is_passed_over(raw: bytes) -> None:
    assert read(raw, NOW) is None
