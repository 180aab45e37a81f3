"""Checks 1 to 10: what the message itself must be, by the RFCs."""

import email
import email.policy
import re
from collections.abc import Iterator

from tools.check_email.finding import Finding
from tools.check_email.letters import Letter

_ONCE = ("Date", "From", "Subject", "Message-ID", "To")
_LONGEST = 998  # RFC 5322, section 2.1.1


def header_findings(letter: Letter) -> Iterator[Finding]:
    """One finding for each numbered check."""
    faults = {
        "1": list(_rfc5322(letter)),
        "2": list(_encoding(letter)),
        "3": list(_parts(letter)),
        **({"9": list(_automatic(letter))} if letter.is_notice else _of_lists(letter)),
        "10": list(_receipts(letter)),
    }
    names = {
        "1": "headers once, CRLF, lines ≤ 998",
        "2": "7-bit headers, round trip",
        "3": "text first, HTML last",
        "8": "List-Id",
        "9": "automatic, no list" if letter.is_notice else "Precedence, Feedback-ID, one-click",
        "10": "no receipt asked",
    }
    for check, details in faults.items():
        yield Finding(
            letter=letter.name,
            check=check,
            measure=names[check],
            value="ok" if not details else str(len(details)),
            is_green=not details,
            details=tuple(details),
        )


def _rfc5322(letter: Letter) -> Iterator[str]:
    for name in _ONCE:
        found = letter.message.get_all(name, [])
        if len(found) != 1:
            yield f"{len(found)} {name}"
    if re.search(rb"(?<!\r)\n|\r(?!\n)", letter.raw):
        yield "a line does not end in CRLF"
    if max(map(len, letter.raw.split(b"\r\n"))) > _LONGEST:
        yield "a line is too long"


def _encoding(letter: Letter) -> Iterator[str]:
    head = letter.raw.partition(b"\r\n\r\n")[0]
    if not head.isascii():
        yield "a raw 8-bit header"
    again = email.message_from_bytes(letter.raw, policy=email.policy.SMTP)
    if again["Subject"] != letter.message["Subject"]:
        yield "the subject changes on the way"
    if again.defects:
        yield str(again.defects)


def _parts(letter: Letter) -> Iterator[str]:
    message = letter.message
    if message.get_content_type() != "multipart/alternative":
        yield message.get_content_type()
        return
    kinds = [part.get_content_type() for part in message.iter_parts()]
    if kinds[0] != "text/plain" or kinds[-1] not in {"text/html", "multipart/related"}:
        yield ", ".join(kinds)


def _of_lists(letter: Letter) -> dict[str, list[str]]:
    return {
        "8": [] if letter.message["List-Id"] else ["no List-Id"],
        "9": list(_bulk(letter)),
    }


def _automatic(letter: Letter) -> Iterator[str]:
    if letter.message["Auto-Submitted"] != "auto-generated":
        yield "Auto-Submitted"
    if letter.message["Content-Language"] != letter.language:
        yield "Content-Language"
    yield from (name for name in letter.message if name.lower().startswith(("list-", "precedence")))


def _bulk(letter: Letter) -> Iterator[str]:
    message = letter.message
    if message["Precedence"] != "bulk":
        yield "Precedence"
    if str(message["Feedback-ID"] or "").count(":") != 3:
        yield "Feedback-ID needs four fields"
    if "https://" not in str(message["List-Unsubscribe"] or ""):
        yield "List-Unsubscribe"
    if message["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        yield "List-Unsubscribe-Post"


def _receipts(letter: Letter) -> Iterator[str]:
    for name in ("Disposition-Notification-To", "Return-Receipt-To"):
        if letter.message[name]:
            yield name
