"""SendGrid's webhook: only what it signed lately counts, and its words become ours."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from newsletter.model.delivery import EventKind
from newsletter.sending.results import events
from newsletter.sending.results.events import SignedRequest, read, verify

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = ec.generate_private_key(ec.SECP256R1())
RAW = b'[{"event":"delivered"}]\r\n'


def public(key: ec.EllipticCurvePrivateKey = KEY) -> str:
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def signed(raw: bytes = RAW, at: datetime = NOW) -> tuple[str, str]:
    timestamp = str(int(at.timestamp()))
    signature = KEY.sign(timestamp.encode() + raw, ec.ECDSA(SHA256()))
    return base64.b64encode(signature).decode(), timestamp


def test_what_sendgrid_signed_is_believed() -> None:
    signature, timestamp = signed()
    assert verify(SignedRequest(RAW, signature, timestamp), public(), NOW)


def test_one_changed_byte_is_not() -> None:
    signature, timestamp = signed()
    assert not verify(
        SignedRequest(RAW.replace(b"\r\n", b"\n"), signature, timestamp), public(), NOW
    )
    assert not verify(SignedRequest(RAW, signature, str(int(timestamp) + 1)), public(), NOW)


def test_another_key_is_not() -> None:
    signature, timestamp = signed()
    other = public(ec.generate_private_key(ec.SECP256R1()))
    assert not verify(SignedRequest(RAW, signature, timestamp), other, NOW)


@pytest.mark.parametrize("age", [timedelta(days=1), timedelta(minutes=-30)])
def test_what_was_signed_long_ago_or_in_the_future_is_not(age: timedelta) -> None:
    signature, timestamp = signed(at=NOW - age)
    assert not verify(SignedRequest(RAW, signature, timestamp), public(), NOW)


@pytest.mark.parametrize("broken", ["", "x", "é", "AAAA", "9" * 400])
def test_nonsense_is_refused_without_an_exception(broken: str) -> None:
    signature, timestamp = signed()
    assert not verify(SignedRequest(RAW, broken, timestamp), public(), NOW)
    assert not verify(SignedRequest(RAW, signature, broken), public(), NOW)
    assert not verify(SignedRequest(RAW, signature, timestamp), broken, NOW)


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        ({"event": "processed"}, EventKind.PROCESSED),
        ({"event": "delivered"}, EventKind.DELIVERED),
        ({"event": "deferred"}, EventKind.DEFERRED),
        ({"event": "bounce", "type": "bounce"}, EventKind.BOUNCED),
        ({"event": "bounce", "type": "blocked"}, EventKind.BLOCKED),
        ({"event": "bounce", "reason": "550 5.7.1 relay denied"}, EventKind.BLOCKED),
        ({"event": "bounce", "reason": "550 5.1.1 no such user"}, EventKind.BOUNCED),
        ({"event": "dropped"}, EventKind.DROPPED),
        ({"event": "dropped", "reason": "Invalid SMTPAPI header"}, EventKind.DROPPED),
        ({"event": "dropped", "reason": "Bounced Address"}, EventKind.BOUNCED),
        ({"event": "dropped", "reason": "Spam Reporting Address"}, EventKind.COMPLAINED),
        ({"event": "dropped", "reason": "Unsubscribed Address"}, EventKind.LEFT),
        ({"event": "spamreport"}, EventKind.COMPLAINED),
        ({"event": "group_unsubscribe"}, EventKind.LEFT),
        ({"event": "open"}, EventKind.OTHER),
        ({"event": "something_new"}, EventKind.OTHER),
        ({}, EventKind.OTHER),
    ],
)
def test_each_kind_is_put_in_our_words(told: dict[str, str], kind: EventKind) -> None:
    raw = json.dumps([{**told, "newsletter_delivery": "tok", "timestamp": 1763629200}])
    (event,) = read(raw.encode())
    assert (event.kind, event.token) == (kind, "tok")


def test_every_event_that_the_published_description_names_is_read(corpora: Path) -> None:
    text = (corpora / "sendgrid-openapi" / "tsg_webhooks_v3.json").read_text()
    properties = json.loads(text)["components"]["schemas"]["EventWebhookRequest"]["properties"]
    named = [
        name.replace("spam_report", "spamreport")
        for name, about in properties.items()
        if about.get("type") == "boolean" and name not in ("enabled", "open", "click")
    ]
    assert "processed" in named
    for name in named:
        raw = json.dumps([{"event": name, "newsletter_delivery": "t", "timestamp": 1}])
        (event,) = read(raw.encode())
        assert event.kind is not EventKind.OTHER or name == "group_resubscribe", name


@pytest.mark.parametrize("when", ["", "soon", None, 1e30, -1e30, [], "nan"])
def test_an_event_without_a_time_is_still_an_event(when: object) -> None:
    raw = json.dumps([{"event": "bounce", "newsletter_delivery": "t", "timestamp": when}])
    assert len(read(raw.encode())) == 1


def test_the_event_is_kept_without_the_readers_address() -> None:
    told = {
        "event": "bounce",
        "email": "ana@example.org",
        "ip": "192.0.2.1",
        "useragent": "Mail",
        "newsletter_delivery": "tok",
        "timestamp": 1763629200,
        "sg_event_id": "e1",
        "sg_message_id": "m1",
        "status": "5.1.1",
        "reason": "550 5.1.1 no such user",
    }
    (event,) = read(json.dumps([told]).encode())
    assert (event.event_id, event.message, event.code) == ("e1", "m1", "5.1.1")
    assert "ana@example.org" not in event.raw
    assert "192.0.2.1" not in event.raw
    assert json.loads(event.raw)["sg_event_id"] == "e1"


def test_events_of_other_mail_on_the_same_account_are_left_out() -> None:
    assert read(b'[{"event": "delivered", "timestamp": 1}]') == ()


@pytest.mark.parametrize("raw", [b"", b"{}", b"[1]", b"null", b"\xff", b"[" * 100_000])
def test_what_is_no_list_of_events_is_an_error_of_one_kind(raw: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  any of them
        read(raw)


def test_what_is_no_event_stops_none_of_the_others() -> None:
    told = '{"event": "delivered", "newsletter_delivery": "t", "reason": "\\ud800\\u0000!"}'
    (event,) = read(f'[1, null, {told}, "x"]'.encode())
    assert (event.kind, event.reason) == (EventKind.DELIVERED, "?!")


def test_ten_minutes_are_fresh_enough_for_a_retry() -> None:
    assert timedelta(minutes=5) <= events.FRESH <= timedelta(hours=1)
