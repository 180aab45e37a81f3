"""Returned mail: whose copy it was (by VERP), and whether the address is done for."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from newsletter.model.delivery import DeliveryEvent, EventKind, Fault
from newsletter.sending.message.redact_addresses import storable, without_addresses
from newsletter.sending.refusals import fault_of
from newsletter.sending.results.delivery_report import (
    feedback_type,
    is_bounce,
    is_delayed,
    report_fields,
    words,
)

_VERP = re.compile(r"bounce\+([0-9a-f]{32})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"^[> ]*message-id:\s*<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_RECIPIENTS = ("final-recipient", "original-recipient")
_ENVELOPE_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
# RFC 5965 and its registry. The others ("not-spam", "auth-failure", "virus", "dmarc") are no wish
# of a reader's.
_COMPLAINTS = ("abuse", "fraud", "opt-out", "opt-out-list")
_STATUS = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_CODE = re.compile(r"(?<![\d.])([245])(?:\d\d(?=[\s:;,-]|$)|\.\d{1,3}\.\d{1,3}(?![\d.]))")


class Unreadable(Exception):  # noqa: N818  a state of the message
    """Nobody can tell what the message says. Never leaves this package."""


def is_hard(text: str, status: str = "") -> bool:
    """Return whether a bounce with that diagnostic text and status means that the address must not
    be mailed again. The first code of the text says whether it is for good, without one `status`
    does: a server on the way makes up 5.0.0 for both."""
    for_good = _CODE.search(text) or _CODE.search(status)
    is_for_good = for_good is None or for_good[1] == "5"
    return is_for_good and fault_of(text, status) is Fault.ADDRESS


def read(raw: bytes, now: datetime) -> DeliveryEvent | None:
    """Read a message of the bounce mailbox; None when it is about no delivery of ours.

    Automatic replies ("I am away") say nothing about a delivery. Unreadable when the library stops
    at the message: it does so in many ways, with headers that anybody may write.
    """
    if not raw:
        raise Unreadable("it is empty, or cannot be opened")
    try:
        return _read(raw, now)
    except Exception as error:
        raise Unreadable(f"{type(error).__name__}: {error}") from error


def _read(raw: bytes, now: datetime) -> DeliveryEvent | None:
    # The older policy on purpose: the newer one understands each header that is asked for, and
    # stops at those that it cannot.
    returned = email.message_from_bytes(raw, policy=email.policy.compat32)
    token = _token(returned, raw)
    if token is None:
        return None
    kind, code, reason = _verdict(returned)
    if kind is None:
        return None
    return DeliveryEvent(
        kind=kind,
        token=token,
        happened_at=_date(returned, now),
        message=storable(_text(returned, "Message-ID"))[:300],
        code=code,
        reason=storable(reason)[:300],
    )


def _token(returned: Message, raw: bytes) -> str | None:
    for name in _ENVELOPE_HEADERS:
        for value in returned.get_all(name, []):
            if match := _VERP.search(str(value)):
                return match[1].lower()
    # A server, or a person, that returned it elsewhere: what came back carries the same token.
    text = raw.decode("latin-1").replace("\r", "")
    match = _MESSAGE_ID.search(text.partition("\n\n")[2]) or _VERP.search(text)
    return match[1].lower() if match else None


def _verdict(returned: Message) -> tuple[EventKind | None, str, str]:
    """What it says of the delivery, the enhanced code, and the words of the server."""
    feedback = feedback_type(returned)
    if feedback is not None:
        kind = EventKind.COMPLAINED if feedback in _COMPLAINTS else EventKind.OTHER
        return kind, "", f"feedback: {feedback or 'of no kind'}"[:100]
    fields = report_fields(returned)
    said = fields.get("diagnostic-code") or fields.get("x-supplementary-info") or words(returned)
    status = (_STATUS.findall(fields.get("status", "")) or [""])[0]
    code = status or (_STATUS.findall(said) or [""])[0]
    recipients = (fields.get(name, "").rpartition(";")[2].strip() for name in _RECIPIENTS)
    reason = without_addresses(said, *recipients)
    action = fields.get("action", "").lower()
    if action in ("delivered", "relayed", "expanded"):
        return EventKind.DELIVERED, code, reason
    if action == "delayed":
        return EventKind.DEFERRED, code, reason
    if action != "failed" and not is_bounce(returned):
        return None, "", ""
    if action != "failed" and is_delayed(returned):
        return EventKind.DEFERRED, code, reason
    return (EventKind.BOUNCED if is_hard(said, status) else EventKind.BLOCKED), code, reason


def _date(returned: Message, now: datetime) -> datetime:
    try:
        date = parsedate_to_datetime(_text(returned, "Date"))
        return date.astimezone(UTC) if date.tzinfo is not None else now
    except (ValueError, TypeError, IndexError, OverflowError):
        return now


def _text(returned: Message, name: str) -> str:
    return str(returned.get(name, "")).strip()
