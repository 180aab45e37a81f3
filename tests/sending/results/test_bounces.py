"""Returned mail: whose it was and whether the address is done for."""

from datetime import UTC, datetime

import pytest

from newsletter.model.delivery import EventKind
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.results.bounces import read

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


def test_a_complaint_is_told_from_a_bounce() -> None:
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

Feedback-Type: abuse
Version: 1

--b--
""".encode()
    event = read(raw, NOW)
    assert event is not None
    assert event.kind is EventKind.COMPLAINED


@pytest.mark.parametrize("raw", [b"\n", b"\0\xff" * 50, b"To: bounce+x@y\n\n", b"To: \xff\n\n"])
def test_nonsense_in_the_mailbox_is_passed_over(raw: bytes) -> None:
    assert read(raw, NOW) is None
