"""Returned mail: whose copy it was (by VERP), and whether the address is done for."""

import email
import email.policy
import re
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from flufl.bounce import all_failures

from newsletter.model.delivery import DeliveryEvent, EventKind
from newsletter.sending.message.redact_addresses import without_addresses

_VERP = re.compile(r"bounce\+([0-9a-f]{32})@", re.IGNORECASE)
_MESSAGE_ID = re.compile(r"^message-id:\s*<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_RECIPIENTS = ("final-recipient", "original-recipient")
_ENVELOPE_HEADERS = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
# RFC 3463: the address is wrong or gone for good. Not so 5.2.2 (full), 5.7.x (policy, spam).
_HARD = ("5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4")
_HARD_REPLIES = ("550", "551", "553")


def is_hard(code: str, reason: str = "") -> bool:
    """Return whether a refusal means that the address must not be mailed again.

    A bare 550 counts when it answers RCPT (it is about the address), not the content.
    """
    return code in _HARD or (code in _HARD_REPLIES and reason.startswith("RCPT"))


def read(raw: bytes, now: datetime) -> DeliveryEvent | None:
    """Read a message of the bounce mailbox; None when it is about no delivery of ours.

    Automatic replies ("I am away") say nothing about a delivery.
    """
    returned = email.message_from_bytes(raw, policy=email.policy.default)
    token = _token(returned, raw)
    if token is None:
        return None
    kind, code, reason = _verdict(returned, raw)
    if kind is None:
        return None
    return DeliveryEvent(
        kind=kind,
        token=token,
        happened_at=_date(returned, now),
        message=_text(returned, "Message-ID"),
        code=code,
        reason=reason,
    )


def _token(returned: EmailMessage, raw: bytes) -> str | None:
    for name in _ENVELOPE_HEADERS:
        for value in returned.get_all(name, []):
            if match := _VERP.search(str(value)):
                return match[1].lower()
    # A server that returned it elsewhere: the original's own Message-ID carries the same token.
    body = raw.partition(b"\r\n\r\n")[2] or raw.partition(b"\n\n")[2]
    match = _MESSAGE_ID.search(body.decode("latin-1").replace("\r", ""))
    return match[1].lower() if match else None


def _verdict(returned: EmailMessage, raw: bytes) -> tuple[EventKind | None, str, str]:
    report = str(returned.get_param("report-type") or "").lower()
    if report == "feedback-report":  # RFC 5965
        return EventKind.COMPLAINED, "", "a complaint"
    fields = dict(_report_fields(returned))
    code = (re.findall(r"\d\.\d{1,3}\.\d{1,3}", fields.get("status", "")) or [""])[0]
    recipients = (fields.get(name, "").rpartition(";")[2].strip() for name in _RECIPIENTS)
    reason = without_addresses(fields.get("diagnostic-code", ""), *recipients)[:300]
    action = fields.get("action", "").lower()
    if action in ("delivered", "relayed", "expanded"):
        return EventKind.DELIVERED, code, reason
    if action == "delayed":
        return EventKind.DEFERRED, code, reason
    temporary, permanent = all_failures(email.message_from_bytes(raw))
    if action == "failed" or permanent:
        hard = is_hard(code) if code else bool(permanent)
        return (EventKind.BOUNCED if hard else EventKind.BLOCKED), code, reason
    if temporary:
        return EventKind.BLOCKED, code, reason
    return None, "", ""


def _report_fields(returned: EmailMessage) -> Iterator[tuple[str, str]]:
    """The fields of a delivery status report (RFC 3464), those of the recipient last."""
    for part in returned.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.iter_parts():
                for name, value in block.items():
                    yield name.lower(), " ".join(str(value).split())


def _date(returned: EmailMessage, now: datetime) -> datetime:
    try:
        date = parsedate_to_datetime(_text(returned, "Date"))
    except ValueError:
        return now
    return date if date.tzinfo is not None else now


def _text(returned: EmailMessage, name: str) -> str:
    return str(returned.get(name, "")).strip()
