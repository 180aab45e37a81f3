"""One person's message out of an edition that was encoded once.

A part is quoted-printable, encoded up to each personal field; a field's value goes on lines of its
own between soft line breaks, so that splicing it in moves nothing else. Where base64 is shorter
(a script beyond Latin), a part is that: base64_part.py. No line of a message ever starts with a
dot or with `From `: SMTP needs no dot-stuffing and a mailbox file no escaping.
"""

import base64
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email import quoprimime
from email.header import Header
from email.utils import format_datetime, formataddr
from functools import lru_cache

from newsletter.design.names import discreet_name
from newsletter.model.coalition import Sender
from newsletter.model.message import LEAVE_URL, Message, RenderedEdition
from newsletter.people.domains import domain_in_ascii
from newsletter.sending.message.base64_part import PERSONAL_FIELD, Base64Part
from newsletter.sending.message.discreet_copy import discreet_copy
from newsletter.sending.message.dkim import DkimSigner

_LINE = 74  # two short of quoted-printable's 76: a leading dot grows by two
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """A place in a message where a personal value goes; `is_html` values are escaped."""

    field: str
    is_html: bool


Piece = bytes | Slot | Base64Part


class Splicer:
    """Messages of one edition. `clock` tells their Date, that of the hand-over: a mail that says it
    is nine days old looks like spam. The rest is the same at every attempt.

    `test_copy` marks the subject, and leaves the list headers as they are.
    """

    def __init__(
        self,
        edition: RenderedEdition,
        sender: Sender,
        *,
        clock: Callable[[], datetime],
        test_copy: bool = False,
        signer: DkimSigner | None = None,
    ) -> None:
        self._clock = clock
        self._signer = signer
        marked = replace(edition, subject=f"[TEST] {edition.subject}") if test_copy else edition
        discreet = discreet_copy(edition, sender)
        name = sender.in_language(edition.language).name
        self._open = _Copy(marked, name, sender)
        self._discreet = _Copy(discreet, discreet_name(sender, edition.language), sender)

    def message(self, message: Message) -> bytes:
        """Return the whole message, CRLF, ready for the wire or a file."""
        return b"".join(self.parts(message))

    def parts(self, message: Message) -> list[bytes]:
        """Return it as pieces in order: the header block first, then the body's."""
        copy = self._discreet if message.discreet else self._open
        now = self._clock()
        head, parts = copy.head(message, now), copy.body(message.personal)
        if self._signer is not None:
            head = self._signer.signature(head, parts, now) + head
        return [head, *parts]


class _Copy:
    """What is the same for everyone who gets an edition under that name, encoded once."""

    def __init__(self, edition: RenderedEdition, name: str, sender: Sender) -> None:
        self._first = _header_block(name, sender, edition.subject)
        self._last = _list_headers(edition, sender)
        body = _body(edition)
        self._parts = [part if isinstance(part, bytes) else b"" for part in body]
        self._slots = [
            (index, part.field, part.is_html)
            for index, part in enumerate(body)
            if isinstance(part, Slot)
        ]
        self._base64 = [
            (index, part) for index, part in enumerate(body) if isinstance(part, Base64Part)
        ]

    def body(self, personal: dict[str, str]) -> list[bytes]:
        """Return the body as pieces, with a person's values in it."""
        spliced: dict[tuple[str, bool], bytes] = {}
        for field, value in personal.items():
            if not value.isascii() or not value.isprintable() or " " in value:
                raise ValueError("a personal value is not a plain URL")
            spliced[field, False] = plain = _value(value)
            escaped = html.escape(value)
            spliced[field, True] = plain if escaped == value else _value(escaped)
        parts = self._parts.copy()
        for index, field, is_html in self._slots:
            parts[index] = spliced[field, is_html]
        for index, part in self._base64:
            parts[index] = part.spliced(personal)
        return parts

    def head(self, message: Message, now: datetime) -> bytes:
        """Return the header block, with the empty line that ends it."""
        address = domain_in_ascii(message.address)
        for value in (address, message.message_id, message.personal[LEAVE_URL]):
            if _CONTROL.search(value):
                raise ValueError("a control character reached a header")
        return b"".join(
            (
                _date(int(now.timestamp())),
                self._first,
                f"To: {address}\r\n"
                f"Message-ID: {message.message_id}\r\n"
                f"List-Unsubscribe: <{message.personal[LEAVE_URL]}>\r\n".encode(),
                self._last,
            )
        )


@lru_cache(maxsize=4)  # many messages leave within a second
def _date(seconds: int) -> bytes:
    return f"Date: {format_datetime(datetime.fromtimestamp(seconds, UTC))}\r\n".encode()


def _header_block(name: str, sender: Sender, subject: str) -> bytes:
    lines = [
        f"From: {named(name, sender.address)}",
        f"Reply-To: {sender.reply_to}" if sender.reply_to else "",
        f"Subject: {words(subject, 'Subject')}",
    ]
    return "".join(f"{line}\r\n" for line in lines if line).encode("ascii")


def named(name: str, address: str) -> str:
    """Return a From header's value, folded."""
    if name.isascii() and "=?" not in name:
        return formataddr((_CONTROL.sub(" ", name), address))
    encoded = words(name, "From")
    room = _LINE - len(encoded.rpartition("\n")[2]) - len(" <>")
    fold = " " if len(address) <= room else "\r\n "
    return f"{encoded}{fold}<{address}>"


def words(text: str, header: str) -> str:
    """Return text as a header's value, folded. By the older Header class on purpose: the newer
    policy of the same library loses a space between encoded words where it folds (Python 3.11 to
    3.13)."""
    text = _CONTROL.sub(" ", text)
    charset = "us-ascii" if text.isascii() and "=?" not in text else "utf-8"
    # Two less than the 75 of RFC 2047: the class lets continued words run two over.
    return Header(text, charset, 73, header_name=header).encode(linesep="\r\n")


def list_headers(edition: RenderedEdition, sender: Sender) -> dict[str, str]:
    """Return the list headers that are the same for all (RFC 2919, 8058; Gmail's Feedback-ID)."""
    list_id = sender.list_id or f"newsletter.{sender.domain}"
    return {
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{list_id}>",
        "Feedback-ID": f"{edition.issue_id}:{edition.language}:digest:{list_id}",
        "Precedence": "bulk",
    }


def _list_headers(edition: RenderedEdition, sender: Sender) -> bytes:
    lines = [f"{name}: {value}\r\n" for name, value in list_headers(edition, sender).items()]
    kind = f'Content-Type: multipart/alternative; boundary="{_boundary("a", edition)}"\r\n\r\n'
    return "".join([*lines, "MIME-Version: 1.0\r\n", kind]).encode("ascii")


def _boundary(kind: str, edition: RenderedEdition) -> str:
    """`=_` cannot occur in quoted-printable or base64, so neither can a boundary."""
    return f"=_{kind}{edition.digest[:24]}"


def _body(edition: RenderedEdition) -> list[Piece]:
    """The parts; text first, HTML last."""
    outer, inner = _boundary("a", edition), _boundary("r", edition)
    rich: list[Piece] = _text_part("html", edition.html)
    if edition.pictures:
        rich = [
            f'Content-Type: multipart/related; type="text/html"; boundary="{inner}"\r\n\r\n'
            f"--{inner}\r\n".encode(),
            *rich,
        ]
        for picture in edition.pictures:
            rich.append(
                f"\r\n--{inner}\r\nContent-Type: {picture.media_type}\r\n"
                "Content-Transfer-Encoding: base64\r\n"
                f"Content-ID: <{picture.cid}>\r\nContent-Disposition: inline\r\n\r\n".encode(
                    "ascii"
                )
                + base64.encodebytes(picture.data).replace(b"\n", b"\r\n")
            )
        rich.append(f"--{inner}--\r\n".encode())
    whole = [
        f"--{outer}\r\n".encode(),
        *_text_part("plain", edition.text),
        f"\r\n--{outer}\r\n".encode(),
        *rich,
        f"\r\n--{outer}--\r\n".encode(),
    ]
    return _joined(whole)


def _joined(parts: list[Piece]) -> list[Piece]:
    """Neighbouring bytes as one piece: what is spliced per person stays short."""
    joined: list[Piece] = []
    for part in parts:
        if isinstance(part, bytes) and joined and isinstance(joined[-1], bytes):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


def _text_part(subtype: str, text: str) -> list[Piece]:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    is_html = subtype == "html"
    quoted = _quoted_part(text, is_html=is_html)
    in_base64 = Base64Part(text, is_html=is_html)
    is_shorter = in_base64.length < sum(len(piece) for piece in quoted if isinstance(piece, bytes))
    head = (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {'base64' if is_shorter else 'quoted-printable'}\r\n\r\n"
    ).encode()
    return [head, in_base64] if is_shorter else [head, *quoted]


def _quoted_part(text: str, *, is_html: bool) -> list[Piece]:
    parts: list[Piece] = []
    end = 0
    for match in PERSONAL_FIELD.finditer(text):
        parts += [_quoted(text[end : match.start()]) + b"=\r\n"]
        parts += [Slot(field=match[0], is_html=is_html), b"=\r\n"]
        end = match.end()
    parts.append(_quoted(text[end:]))
    return parts


def _quoted(text: str) -> bytes:
    """Quoted-printable with CRLF, no line starting with a dot or `From `."""
    # Two columns are left free: escaping the first character of a line takes them.
    encoded = quoprimime.body_encode(
        text.encode().decode("latin-1"), maxlinelen=_LINE - 2, eol="\r\n"
    ).encode("ascii")
    encoded = re.sub(rb"(?m)^\.", b"=2E", encoded)
    return re.sub(rb"(?m)^From ", b"=46rom ", encoded)


def _value(value: str) -> bytes:
    """A personal value as quoted-printable lines that fit between two soft line breaks."""
    rest = value.replace("=", "=3D")
    lines = []
    while rest:
        end = _LINE
        if len(rest) > end:
            # Never between an equals sign and its two digits.
            end -= 1 if rest[end - 1] == "=" else 2 if rest[end - 2] == "=" else 0
        line, rest = rest[:end], rest[end:]
        lines.append(f"=2E{line[1:]}" if line[0] == "." else line)
    return "=\r\n".join(lines).encode()
