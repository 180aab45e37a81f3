"""SendGrid's webhook on the pages: signed lately or refused, counted once, acted on."""

import base64
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from werkzeug.test import TestResponse

from newsletter.config import Config
from newsletter.model.subscriber import SubscriberState, SuppressionReason
from tests.conftest import NEWSLETTER_TOML
from tests.web.conftest import Pages

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()


@pytest.fixture
def config(make_config: Callable[..., Config]) -> Config:
    """A workspace that knows SendGrid's public key."""
    return make_config(NEWSLETTER_TOML, NEWSLETTER_SENDGRID_WEBHOOK_KEY=PUBLIC)


def tell(pages: Pages, raw: bytes, *, at: datetime | None = None) -> TestResponse:
    timestamp = str(int((at or pages.now).timestamp()))
    signature = KEY.sign(timestamp.encode() + raw, ec.ECDSA(SHA256()))
    return pages.client().post(
        "/webhooks/sendgrid",
        data=raw,
        content_type="application/json",
        headers={
            "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(signature).decode(),
            "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        },
    )


def event(pages: Pages, subscriber_id: int, kind: str, **more: Any) -> dict[str, Any]:
    return {
        "event": kind,
        "timestamp": int(pages.now.timestamp()),
        "sg_event_id": f"event-{kind}",
        "newsletter_delivery": pages.workspace.delivery_tokens.token("2026-W47", subscriber_id),
        **more,
    }


def test_a_complaint_ends_the_mailing_of_an_address(pages: Pages) -> None:
    ana, bo = pages.person(), pages.person("bo@x.example")
    raw = json.dumps([event(pages, ana.id, "spamreport"), event(pages, bo.id, "bounce")]).encode()
    for _ in range(2):  # told again, it is the same
        answer = tell(pages, raw)
        assert (answer.status_code, answer.data) == (204, b"")
    store = pages.workspace.subscribers
    assert store.get(ana.id) is None
    assert store.suppression(ana.address) is SuppressionReason.COMPLAINED
    bounced = store.get(bo.id)
    assert bounced is not None
    assert bounced.state is SubscriberState.BOUNCED


def test_what_was_not_signed_or_long_ago_is_refused(pages: Pages) -> None:
    ana = pages.person()
    raw = json.dumps([event(pages, ana.id, "spamreport")]).encode()
    assert pages.client().post("/webhooks/sendgrid", data=raw).status_code == 403
    signed_then = pages.now
    pages.pass_time(hours=1)
    assert tell(pages, raw, at=signed_then).status_code == 403
    assert pages.workspace.subscribers.get(ana.id) == ana


@pytest.mark.parametrize("raw", [b"", b"{}", b"[1]", b"not JSON", b"\xff"])
def test_what_is_no_list_of_events_is_refused(pages: Pages, raw: bytes) -> None:
    assert tell(pages, raw).status_code == 400


def test_a_large_batch_is_taken_and_a_huge_one_is_not(pages: Pages) -> None:
    many = [event(pages, 1, "processed", sg_event_id=str(number)) for number in range(4000)]
    raw = json.dumps([{**one, "newsletter_delivery": "another program's"} for one in many])
    assert len(raw) > 400_000
    assert tell(pages, raw.encode()).status_code == 204
    assert tell(pages, b" " * (5 * 1024 * 1024)).status_code == 413


def test_without_a_key_there_is_no_webhook(
    pages: Pages, make_config: Callable[..., Config]
) -> None:
    object.__setattr__(pages.workspace, "config", make_config())
    assert tell(pages, b"[]").status_code == 404


def test_it_is_only_for_machines(pages: Pages) -> None:
    assert pages.client().get("/webhooks/sendgrid").status_code == 405
