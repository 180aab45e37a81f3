"""Single mails through SendGrid's web API [I/O]."""

import json
from dataclasses import dataclass
from typing import Any

from newsletter.errors import MailRefusedError, ServiceError
from newsletter.model.coalition import Sender
from newsletter.model.notice import Notice
from newsletter.people.domains import domain_in_ascii
from newsletter.sending.message.redact_addresses import without_addresses
from newsletter.sending.transports.sendgrid import Api
from newsletter.sending.transports.sendgrid_request import (
    NoAnswer,
    RecipientsRejected,
    RequestRejected,
    TryLater,
    mail_fields,
)


@dataclass(frozen=True, slots=True)
class SendgridPost:
    """Posts each mail as a request of its own."""

    api: Api
    sender: Sender

    def send(self, notice: Notice) -> None:
        """Post it. ServiceError when SendGrid is gone, asks to wait or refuses the account,
        MailRefusedError when it rejects the mail or its answer got lost: people who wait for it ask
        again."""
        answer = self.api.post(json.dumps(request_of(notice, self.sender)))
        if isinstance(answer, TryLater | RequestRejected):
            said = without_addresses(answer.reason, notice.address)
            raise ServiceError(f"SendGrid did not take a mail: {said}")
        if isinstance(answer, NoAnswer):
            raise MailRefusedError(f"nobody knows whether SendGrid took a mail: {answer.reason}")
        if isinstance(answer, RecipientsRejected):
            said = without_addresses("; ".join(answer.people.values()), notice.address)
            raise MailRefusedError(f"SendGrid refused a mail: {said}")


def request_of(notice: Notice, sender: Sender) -> dict[str, Any]:
    """Return the body of a request. Links in it are personal: nothing of it may be rewritten."""
    return {
        "personalizations": [{"to": [{"email": domain_in_ascii(notice.address)}]}],
        "headers": {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        **mail_fields(notice, sender, discreet=notice.discreet),
    }
