"""SendGrid's event webhook: is it SendGrid that speaks, and what does it say in our words?"""

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from newsletter.model.delivery import DeliveryEvent, EventKind
from newsletter.sending.message.redact_addresses import without_addresses
from newsletter.sending.transports.sendgrid_request import DELIVERY_ARGUMENT

FRESH = timedelta(minutes=10)  # the library itself accepts a time-stamp from 2020
_KINDS = {
    "processed": EventKind.PROCESSED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "bounce": EventKind.BOUNCED,
    "dropped": EventKind.DROPPED,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.LEFT,
    "group_unsubscribe": EventKind.LEFT,
}
# About the reader rather than the delivery; not ours to keep.
_PERSONAL = ("email", "ip", "useragent", "url", "url_offset")
_OUR_NAMES = ("smtp-id", "sg_message_id", "sg_event_id", DELIVERY_ARGUMENT)  # addresses of nobody


def verify(raw: bytes, signature: str, timestamp: str, public_key: str, now: datetime) -> bool:
    """Whether SendGrid signed exactly these bytes, lately (ECDSA P-256 over time-stamp + body).

    `public_key` and `signature` are base64 of DER, as SendGrid shows and sends them.
    """
    try:
        told_at = datetime.fromtimestamp(int(timestamp), UTC)
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
        if not isinstance(key, EllipticCurvePublicKey) or abs(now - told_at) > FRESH:
            return False
        signed = base64.b64decode(signature, validate=True)
        key.verify(signed, timestamp.encode() + raw, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError, OverflowError, OSError):
        return False
    return True


def read(raw: bytes) -> tuple[DeliveryEvent, ...]:
    """The events of one request. ValueError when it is not a list of events.

    Events of an unknown type are kept as OTHER; those that name none of our deliveries are not
    ours (another program may use the same account).
    """
    try:
        told = json.loads(raw)
        if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
            raise ValueError("not a list of events")
        return tuple(_event(one) for one in told if isinstance(one.get(DELIVERY_ARGUMENT), str))
    except RecursionError as error:
        raise ValueError("nested without end") from error


def _event(told: dict[str, Any]) -> DeliveryEvent:
    name = str(told.get("event", ""))
    kind = _KINDS.get(name, EventKind.OTHER)
    if kind is EventKind.BOUNCED and told.get("type") == "blocked":
        kind = EventKind.BLOCKED
    address = str(told.get("email", ""))
    reason = str(told.get("reason") or told.get("response") or "")
    return DeliveryEvent(
        kind=kind,
        token=told[DELIVERY_ARGUMENT],
        happened_at=_moment(told.get("timestamp")),
        event_id=str(told.get("sg_event_id", "")),
        message=str(told.get("sg_message_id", "")),
        code=str(told.get("status", "")),
        reason=without_addresses(reason, address)[:300],
        raw=json.dumps(_kept(told, address)),
    )


def _kept(value: Any, address: str) -> Any:
    """What an event says, without the reader: wherever it is said."""
    if isinstance(value, str):
        return without_addresses(value, address)
    if isinstance(value, list):
        return [_kept(one, address) for one in value]
    if isinstance(value, dict):
        return {
            name: one if name in _OUR_NAMES else _kept(one, address)
            for name, one in value.items()
            if name not in _PERSONAL
        }
    return value


def _moment(seconds: object) -> datetime:
    """The time of an event; the epoch when it names none that can be understood."""
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
