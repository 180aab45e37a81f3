"""Single mails through SendGrid's web API [I/O]."""

import json
from dataclasses import dataclass
from typing import Any

from newsletter.errors import ServiceError
from newsletter.model.coalition import Sender
from newsletter.model.delivery import Accepted, Outcome, Refused, Uncertain
from newsletter.model.notice import Notice
from newsletter.people.domains import domain_in_ascii
from newsletter.sending.message.redact_addresses import without_addresses
from newsletter.sending.transports.sendgrid import Api
from newsletter.sending.transports.sendgrid_request import (
    DELIVERY_ARGUMENT,
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

    def send(self, notice: Notice) -> Outcome:
        """Post it. ServiceError when SendGrid is gone, asks to wait or refuses the account. A mail
        that it rejects, or whose answer got lost, is not tried again: people who wait for it ask
        again."""
        answer = self.api.post(json.dumps(request_of(notice, self.sender)))
        if isinstance(answer, TryLater | RequestRejected):
            said = without_addresses(answer.reason, notice.address)
            raise ServiceError(f"SendGrid did not take a mail: {said}")
        if isinstance(answer, RecipientsRejected):
            return Refused(reason=without_addresses(answer.reason, notice.address))
        if isinstance(answer, NoAnswer):
            return Uncertain(reason=answer.reason)
        return Accepted(provider_id=answer.provider_id)


def request_of(notice: Notice, sender: Sender) -> dict[str, Any]:
    """Return the body of a request. Links in it are personal: nothing of it may be rewritten."""
    person: dict[str, Any] = {"to": [{"email": domain_in_ascii(notice.address)}]}
    if notice.token:
        person["custom_args"] = {DELIVERY_ARGUMENT: notice.token}  # events bring it back
    return {
        "personalizations": [person],
        "headers": {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        **mail_fields(notice, sender, discreet=notice.discreet),
    }
