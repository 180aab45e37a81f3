"""What is found in a returned message: the fields of a report (RFC 3464, RFC 6533), or its words.

A report may be an attachment of an attachment, or quoted in somebody's forwarding; older systems
write none at all.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from email.message import Message

from flufl.bounce import all_failures

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL + 1)  # it tells where it stops

_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_FIELD = re.compile(
    r"^[> \t]*((?:final|original)-recipient|action|status|diagnostic-code|x-supplementary-info)"
    r"[ \t]*:(.*(?:\n[> ]*[ \t]+\S.*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_COPY = re.compile(
    r"^[-_= >]{0,40}(?:below this line is a copy|this is a copy of|original message|"
    r"your message follows|the header of the original|received: |return-path: )",
    re.IGNORECASE | re.MULTILINE,
)
_TELLING = re.compile(r"@|\b[45]\d\d[ -]|[45]\.\d\.\d|\bsaid\b")
_SENDER = re.compile(r"mailer[-_ ]?daemon|postmaster|mail delivery|delivery sub|majordomo", re.I)
_SUBJECT = re.compile(
    r"undeliver|delivery (?:status|fail|report|has failed|problem)|failure notice|returned mail|"
    r"mail delivery|not delivered|mail fail|could not be delivered|unzustellbar|no entregado|"
    r"non remis|nicht zugestellt|mail system error|message status",
    re.I,
)
_DELAYED = re.compile(
    r"(?:been|is|was) delayed|delayed (?:mail|delivery|for)|still (?:being )?(?:re)?tr|"
    r"need to re-?send|(?:continue|keep|go on) (?:to )?(?:re)?try|not yet been delivered"
)
_LONGEST = 100_000  # letters of a part that are looked at


def feedback_type(returned: Message) -> str | None:
    """Return the kind of feedback that a report of a mailbox provider names (RFC 5965), in small
    letters; empty when it names none, None when this is no such report."""
    is_report = str(returned.get_param("report-type") or "").lower() == "feedback-report"
    for part in returned.walk():
        if part.get_content_type() == "message/feedback-report":
            match = re.search(r"^feedback-type:[ \t]*([\w-]+)", _text_of(part), re.I | re.M)
            return match[1].lower() if match else ""
    return "" if is_report else None


def report_fields(returned: Message) -> dict[str, str]:
    """Return the fields of a report, those of the recipient last, by their names in small letters;
    values on one line."""
    fields: dict[str, str] = {}
    texts = [_text_of(part) for part in returned.walk() if part.get_content_type() in _REPORTS]
    for text in texts or _plain_texts(returned):
        for name, value in _FIELD.findall(text):
            fields[name.lower()] = " ".join(value.replace("\n>", "\n").split())
    return fields if texts or "final-recipient" in fields else {}


def words(returned: Message) -> str:
    """Return what a message says for people to read, without the copy of the original: those
    paragraphs that name an address or a code, if there are any."""
    paragraphs = re.split(r"\n\s*\n", _before_the_copy(returned))
    telling = [each for each in paragraphs if _TELLING.search(each)]
    return " ".join(" ".join(telling or paragraphs).split())[:1000]


def is_delayed(returned: Message) -> bool:
    """Return whether a message without a report says that it is still tried."""
    subject = str(returned.get("Subject", "")).lower()
    text = _before_the_copy(returned).lower()
    return "warning" in subject or bool(_DELAYED.search(f"{subject}\n{text}"))


def _before_the_copy(returned: Message) -> str:
    text = "\n\n".join(_plain_texts(returned))
    copy = _COPY.search(text)
    return text[: copy.start()] if copy else text


def is_bounce(returned: Message) -> bool:
    """Return whether a message without a report says that it returns another: by its head, or in
    one of the ways that the library knows of."""
    sender, subject = (str(returned.get(name, "")) for name in ("From", "Subject"))
    if "X-Failed-Recipients" in returned or _SENDER.search(sender) or _SUBJECT.search(subject):
        return True
    with suppress(Exception):  # it stops at heads that are not as they should be
        return any(all_failures(returned))
    return False


def _plain_texts(returned: Message) -> Iterator[str]:
    """The text of the message itself: not of one that is attached."""
    kinds = [part.get_content_type() for part in returned.walk()]
    wanted = "text/plain" if "text/plain" in kinds else "text/html"
    for part in returned.walk():
        if part.get_content_maintype() == "message":
            return
        if part.get_content_type() == wanted:
            text = _text_of(part)
            yield re.sub(r"<[^@<>]*>", " ", text) if wanted == "text/html" else text


def _text_of(part: Message) -> str:
    """A part's content, decoded, with plain line ends. The library takes some kinds of report for
    messages, and others for nothing."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        payload = part.as_bytes().replace(b"\r\n", b"\n").partition(b"\n\n")[2]
        payload = _decoded(payload, str(part.get("Content-Transfer-Encoding", "")))
    text = payload[:_LONGEST].decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(payload: bytes, encoding: str) -> bytes:
    """What the library does not decode of messages in messages (RFC 6533 allows it)."""
    carrier = Message()
    carrier["Content-Transfer-Encoding"] = encoding
    carrier.set_payload(payload.decode("latin-1"))
    decoded = carrier.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else payload
