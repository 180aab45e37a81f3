"""A notice as a message: one person, no list headers, and marked as sent by a program."""

import email.policy
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from newsletter.model.coalition import Sender
from newsletter.model.notice import Notice
from newsletter.sending.message.compose import domain_in_ascii


def compose_notice(notice: Notice, sender: Sender, *, date: datetime, message_id: str) -> bytes:
    """Return the whole message, CRLF. `Auto-Submitted` (RFC 3834) keeps vacation replies away."""
    address = domain_in_ascii(notice.address)
    message = EmailMessage(policy=email.policy.SMTP.clone(utf8=not address.isascii()))
    message["Date"] = format_datetime(date)
    message["From"] = Address(
        sender.discreet_name if notice.discreet else sender.name,
        addr_spec=domain_in_ascii(sender.address),
    )
    if sender.reply_to:
        message["Reply-To"] = domain_in_ascii(sender.reply_to)
    message["To"] = address
    message["Subject"] = notice.subject
    message["Message-ID"] = message_id
    message["Content-Language"] = notice.language
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(notice.text, cte="quoted-printable")
    message.add_alternative(notice.html, subtype="html", cte="quoted-printable")
    return message.as_bytes()
