"""How single mails leave [I/O]: into the outbox, or over one SMTP connection each.

A notice goes to one person, has no list headers, and is marked as sent by a program.
"""

import asyncio
import email.policy
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import cast

from newsletter.design.names import discreet_name
from newsletter.errors import ServiceError
from newsletter.model.coalition import Sender
from newsletter.model.delivery import Accepted, Deferred, Outcome
from newsletter.model.notice import Notice
from newsletter.people.domains import domain_in_ascii
from newsletter.sending.message.addressing import return_path
from newsletter.sending.message.compose import named, words
from newsletter.sending.message.dkim import DkimSigner
from newsletter.sending.message.redact_addresses import without_addresses
from newsletter.sending.transports.maildir import make_maildir, write_message
from newsletter.sending.transports.smtp_session import Server, Unreachable, open_session


def compose_notice(notice: Notice, sender: Sender, *, date: datetime, message_id: str) -> bytes:
    """Return the whole message, CRLF. `Auto-Submitted` (RFC 3834) keeps vacation replies away."""
    address = domain_in_ascii(notice.address)
    message = EmailMessage(policy=email.policy.SMTP.clone(utf8=not address.isascii()))
    message["Date"] = format_datetime(date)
    if sender.reply_to:
        message["Reply-To"] = sender.reply_to
    message["To"] = address
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(notice.text, cte="quoted-printable")
    message.add_alternative(notice.html, subtype="html", cte="quoted-printable")
    if notice.pictures:
        rich = cast(EmailMessage, message.get_payload(1))
        for picture in notice.pictures:
            kind, _, subtype = picture.media_type.partition("/")
            cid = f"<{picture.cid}>"
            rich.add_related(picture.data, kind, subtype, cid=cid, disposition="inline")
    message["Content-Language"] = notice.language  # last: setting a content takes it away
    sender = sender.in_language(notice.language)
    name = discreet_name(sender, notice.language) if notice.discreet else sender.name
    head = f"From: {named(name, sender.address)}\r\nSubject: {words(notice.subject, 'Subject')}\r\n"
    return head.encode("ascii") + message.as_bytes()


@dataclass(frozen=True, slots=True)
class NoticeWriter:
    """Makes the bytes of a notice, each with a Message-ID of its own, signed as issues are.

    `return_domain` as in Addressing: a notice that comes back does so where issues do.
    """

    sender: Sender
    clock: Callable[[], datetime]
    return_domain: str = ""
    signer: Callable[[], DkimSigner | None] = lambda: None

    def return_path(self, token: str = "") -> str:
        """Return the envelope's sender, for mail to the reader of that token."""
        return return_path(self.return_domain, token) or self.sender.address

    def write(self, notice: Notice) -> bytes:
        """Return the whole message, CRLF."""
        now = self.clock()
        message = compose_notice(
            notice,
            self.sender,
            date=now,
            message_id=f"<{notice.id or secrets.token_urlsafe(18)}@{self.sender.domain}>",
        )
        signer = self.signer()
        if signer is None:
            return message
        head, blank, body = message.partition(b"\r\n\r\n")
        return signer.signature(head + blank, [body], now) + message


@dataclass(frozen=True, slots=True)
class OutboxPost:
    """Writes each mail into `folder`, a Maildir of its own beside the issues'."""

    folder: Path
    writer: NoticeWriter

    def send(self, notice: Notice) -> Outcome:
        """Write a file. ServiceError when the folder cannot be written to."""
        try:
            # The outbox above it, which may not be there yet, is for its owner alone as well.
            self.folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            make_maildir(self.folder)
            name = f"{notice.id or secrets.token_hex(16)}.eml"
            write_message(self.folder, name, self.writer.write(notice))
        except OSError as error:
            raise ServiceError(
                f"cannot write to the outbox: {error.strerror}", file=str(self.folder)
            ) from error
        return Accepted(provider_id=name)


@dataclass(frozen=True, slots=True)
class SmtpPost:
    """Hands each mail to the server of the issues."""

    server: Server
    writer: NoticeWriter

    def send(self, notice: Notice) -> Outcome:
        """Hand it over. ServiceError when the server is gone or puts the mail off. A mail that it
        refuses, or whose answer got lost, is not tried again: people who wait for it ask again."""
        try:
            outcome = asyncio.run(self._send(notice))
        except Unreachable as error:
            raise ServiceError(str(error)) from error
        if isinstance(outcome, Accepted):
            return outcome
        said = without_addresses(outcome.reason, notice.address)
        if isinstance(outcome, Deferred):
            raise ServiceError(f"the mail server puts a mail off: {said}")
        return replace(outcome, reason=said)

    async def _send(self, notice: Notice) -> Outcome:
        session = await open_session(self.server)
        try:
            message = re.sub(rb"(?m)^\.", b"..", self.writer.write(notice))  # RFC 5321 4.5.2
            return await session.send(
                self.writer.return_path(notice.token), notice.address, [message]
            )
        finally:
            session.close()
