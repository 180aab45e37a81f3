"""SendGrid's event webhook: is it SendGrid that speaks, and what does it say in our words?"""

import base64
import binascii
import json
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from newsletter.model.delivery import DeliveryEvent, EventKind, Fault
from newsletter.sending.message.redact_addresses import storable, without_addresses
from newsletter.sending.refusals import fault_of
from newsletter.sending.transports.sendgrid_request import DELIVERY_ARGUMENT

FRESH = timedelta(minutes=10)  # the library itself accepts a time-stamp from 2020
# Why SendGrid did not try: what it knows of an address is true of it here as well.
_DROPPED = {
    "bounced address": EventKind.BOUNCED,
    "spam reporting address": EventKind.COMPLAINED,
    "unsubscribed address": EventKind.LEFT,
}
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


class SignedRequest(NamedTuple):
    """A request as it came. `signature` is base64 of DER, `timestamp` seconds since the epoch."""

    body: bytes
    signature: str
    timestamp: str


def verify(request: SignedRequest, public_key: str, now: datetime) -> bool:
    """Return whether SendGrid signed exactly this request, and lately (ECDSA P-256 over time-stamp
    and body). `public_key` is base64 of DER, as SendGrid shows it."""
    try:
        signed_at = datetime.fromtimestamp(int(request.timestamp), UTC)
        key = load_der_public_key(base64.b64decode(public_key, validate=True))
        if not isinstance(key, EllipticCurvePublicKey) or abs(now - signed_at) > FRESH:
            return False
        signature = base64.b64decode(request.signature, validate=True)
        key.verify(signature, request.timestamp.encode() + request.body, ECDSA(SHA256()))
    except (InvalidSignature, binascii.Error, ValueError, OverflowError, OSError):
        return False
    return True


def read(raw: bytes) -> tuple[DeliveryEvent, ...]:
    """Read the events of one request. ValueError when it is not a list of events.

    Events of an unknown type are kept as OTHER; those that name none of our deliveries are not
    ours (another program may use the same account), nor is what is no event: it stops none.
    """
    try:
        events = json.loads(raw)
    except RecursionError as error:
        raise ValueError("nested without end") from error
    if not isinstance(events, list) or not any(isinstance(event, dict) for event in events or [{}]):
        raise ValueError("not a list of events")
    ours = [
        event
        for event in events
        if isinstance(event, dict) and isinstance(event.get(DELIVERY_ARGUMENT), str)
    ]
    return tuple(_event(event) for event in ours)


def _event(raw: dict[str, Any]) -> DeliveryEvent:
    name = str(raw.get("event", ""))
    kind = _KINDS.get(name, EventKind.OTHER)
    address = str(raw.get("email", ""))
    reason = storable(str(raw.get("reason") or raw.get("response") or ""))
    code = storable(str(raw.get("status", "")))
    if kind is EventKind.DROPPED:
        kind = _DROPPED.get(reason.strip().lower(), kind)
    elif kind is EventKind.BOUNCED and (
        raw.get("type") == "blocked" or fault_of(reason, code) not in (Fault.ADDRESS, None)
    ):
        kind = EventKind.BLOCKED
    return DeliveryEvent(
        kind=kind,
        token=raw[DELIVERY_ARGUMENT],
        happened_at=_moment(raw.get("timestamp")),
        event_id=storable(str(raw.get("sg_event_id", ""))),
        message=storable(str(raw.get("sg_message_id", ""))),
        code=code,
        reason=without_addresses(reason, address)[:300],
        raw=_told(raw, address),
    )


def _told(raw: dict[str, Any], address: str) -> str:
    """The event as it came, without the reader; nothing of one that is nested without end."""
    try:
        return json.dumps(_kept(raw, address))
    except RecursionError:
        return ""


def _kept(value: Any, address: str) -> Any:
    """What an event says, without the reader: wherever it is said."""
    if isinstance(value, str):
        return without_addresses(value, address)
    if isinstance(value, list):
        return [_kept(part, address) for part in value]
    if isinstance(value, dict):
        return {
            name: part if name in _OUR_NAMES else _kept(part, address)
            for name, part in value.items()
            if name not in _PERSONAL
        }
    return value


def _moment(seconds: object) -> datetime:
    """The time of an event; the epoch when it names none that can be understood."""
    try:
        return datetime.fromtimestamp(float(str(seconds)), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
