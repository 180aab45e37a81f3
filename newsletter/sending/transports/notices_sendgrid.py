"""Single mails through SendGrid's web API [I/O]."""

import json
from typing import Any

from newsletter.errors import ServiceError
from newsletter.model.coalition import Sender
from newsletter.model.notice import Notice
from newsletter.sending.message.compose import domain_in_ascii
from newsletter.sending.transports.sendgrid import Api
from newsletter.sending.transports.sendgrid_request import TRACKING_OFF, RequestRejected, TryLater


class SendgridPost:
    """Posts each mail as a request of its own."""

    def __init__(self, api: Api, sender: Sender) -> None:
        self._api = api
        self._sender = sender

    def send(self, notice: Notice) -> None:
        """ServiceError when SendGrid is gone, asks to wait or refuses the account. A mail that it
        finds fault with, or whose answer got lost, is not tried again: who waits for it asks anew.
        """
        answer = self._api.post(json.dumps(request_of(notice, self._sender)))
        if isinstance(answer, TryLater | RequestRejected):
            raise ServiceError(f"SendGrid did not take a mail: {answer.reason}")


def request_of(notice: Notice, sender: Sender) -> dict[str, Any]:
    """What SendGrid is asked. Links in it are personal: nothing of it may be rewritten."""
    body: dict[str, Any] = {
        "personalizations": [{"to": [{"email": domain_in_ascii(notice.address)}]}],
        "from": {
            "email": domain_in_ascii(sender.address),
            "name": sender.discreet_name if notice.discreet else sender.name,
        },
        "subject": notice.subject,
        "content": [
            {"type": "text/plain", "value": notice.text},
            {"type": "text/html", "value": notice.html},
        ],
        "headers": {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"},
        "tracking_settings": TRACKING_OFF,
    }
    if sender.reply_to:
        body["reply_to"] = {"email": domain_in_ascii(sender.reply_to)}
    return body
