"""What SendGrid is asked, and what its answers mean. Pure: bodies are JSON, answers plain dicts.

Limits as documented: at most 1,000 people a request, no address twice in it (ignoring case), no
letter outside ASCII before the @.
"""

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from newsletter.design.names import discreet_name
from newsletter.model.coalition import Sender
from newsletter.model.message import LEAVE_URL, PERSONAL_FIELDS, Message, RenderedEdition
from newsletter.model.notice import Notice
from newsletter.people.domains import domain_in_ascii
from newsletter.sending.message.compose import list_headers
from newsletter.sending.message.discreet_copy import discreet_copy

MOST = 1000
DELIVERY_ARGUMENT = "newsletter_delivery"  # our custom argument: events bring it back
# Printable ASCII that means the same in HTML and JSON: no space, none of & ' " < > \\.
_PLAIN_URL = re.compile(r"[!#-%(-;=?-\[\]-~]*").fullmatch
_string = json.encoder.encode_basestring_ascii  # what JSONEncoder().encode does with text
_PERSON_AT_FAULT = re.compile(r"^personalizations\.(\d+)\b")
_OFF = {"enable": False}
# No reader is tracked (invariant 6), whatever the account's own settings say.
TRACKING_OFF = {
    "click_tracking": {"enable": False, "enable_text": False},
    "open_tracking": _OFF,
    "subscription_tracking": _OFF,
    "ganalytics": _OFF,
}


class EditionBody:
    """The part of a request that is the same for everyone in it, put into JSON once."""

    def __init__(self, edition: RenderedEdition, sender: Sender, *, discreet: bool = False) -> None:
        if discreet:
            edition = discreet_copy(edition, sender)
        body = mail_fields(edition, sender, discreet=discreet)
        body["headers"] = list_headers(edition, sender)
        self._body = _members(body)

    def request(
        self,
        messages: Sequence[Message],
        *,
        sandbox: bool = False,
        batch_id: str = "",
        send_at: datetime | None = None,
    ) -> str:
        """Return the body of one request: personalizations in the order of `messages`."""
        options: dict[str, Any] = {}
        if sandbox:
            options["mail_settings"] = {"sandbox_mode": {"enable": True}}
        if batch_id:
            options["batch_id"] = batch_id
        if send_at is not None:
            options["send_at"] = int(send_at.timestamp())
        people = ",".join([self._person(message) for message in messages])
        return f'{{"personalizations":[{people}]{self._body}{_members(options)}}}'

    def _person(self, message: Message) -> str:
        """Written out by hand: the encoder takes several times as long over nested dicts."""
        personal = message.personal
        for value in personal.values():
            # One value serves the text, the HTML and a JSON header, and SendGrid guards none.
            if not _PLAIN_URL(value):
                raise ValueError("a personal value is not a plain URL")
        values = ",".join([f'"{name}":"{personal[name]}"' for name in PERSONAL_FIELDS])
        token = message.message_id.strip("<>").partition("@")[0]
        return (
            f'{{"to":[{{"email":{_string(domain_in_ascii(message.address))}}}],'
            f'"substitutions":{{{values}}},'
            f'"headers":{{"Message-ID":{_string(message.message_id)},'
            f'"List-Unsubscribe":"<{personal[LEAVE_URL]}>"}},'
            f'"custom_args":{{"{DELIVERY_ARGUMENT}":{_string(token)}}}}}'
        )


def mail_fields(
    mail: RenderedEdition | Notice, sender: Sender, *, discreet: bool
) -> dict[str, Any]:
    """Return the fields of a request that every mail has: from whom it is, and its words."""
    sender = sender.in_language(mail.language)
    name = discreet_name(sender, mail.language) if discreet else sender.name
    body: dict[str, Any] = {
        "from": {"email": sender.address, "name": name},
        "subject": mail.subject,
        "content": [
            {"type": "text/plain", "value": mail.text},
            {"type": "text/html", "value": mail.html},
        ],
        "tracking_settings": TRACKING_OFF,
    }
    if mail.pictures:
        body["attachments"] = [
            {
                "content": base64.b64encode(picture.data).decode(),
                "type": picture.media_type,
                "filename": picture.cid,
                "disposition": "inline",
                "content_id": picture.cid,
            }
            for picture in mail.pictures
        ]
    if sender.reply_to:
        body["reply_to"] = {"email": sender.reply_to}
    return body


def _members(values: dict[str, Any]) -> str:
    """The members of an object, to be put behind others of the same object."""
    return "".join([f",{_string(name)}:{json.dumps(value)}" for name, value in values.items()])


def can_take(message: Message) -> bool:
    """Return whether SendGrid takes such an address at all."""
    return message.address.isascii() or domain_in_ascii(message.address).isascii()


def in_requests(messages: Sequence[Message], size: int) -> list[list[Message]]:
    """Group messages into requests of one edition each, all discreet or none, at most `size`, no
    address twice."""
    most = min(size, MOST)
    requests: list[list[Message]] = []
    by_kind: dict[tuple[int, bool], list[tuple[list[Message], set[str]]]] = {}
    for message in messages:
        address = message.address.lower()
        alike = by_kind.setdefault((id(message.edition), message.discreet), [])
        for request, seen in alike:
            if address not in seen and len(request) < most:
                request.append(message)
                seen.add(address)
                break
        else:
            requests.append([message])
            alike.append((requests[-1], {address}))
    return requests


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestAccepted:
    """SendGrid has all of them."""

    provider_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RecipientsRejected:
    """Nobody was taken, because of these (their places in the request), for these reasons."""

    people: dict[int, str]

    @property
    def reason(self) -> str:
        """Return all of these reasons."""
        return "; ".join(self.people.values())


@dataclass(frozen=True, kw_only=True, slots=True)
class TryLater:
    """Nobody was taken; again after so many seconds. `counts` when it was about this mail."""

    seconds: float
    reason: str
    counts: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class RequestRejected:
    """Nobody was taken and nobody will be: the account or the request is wrong."""

    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class NoAnswer:
    """Nobody can say whether they were taken."""

    reason: str


Answer = RequestAccepted | RecipientsRejected | TryLater | RequestRejected | NoAnswer

_PAUSE = 15.0
_LONGEST_PAUSE = 300.0


def answer_of(status: int, headers: Mapping[str, str], body: bytes, now: datetime) -> Answer:
    """Read an answer. A gateway's 502 or 504 may come after an acceptance: NoAnswer."""
    if status in (200, 202):  # 200 is the sandbox's
        return RequestAccepted(provider_id=headers.get("X-Message-Id", ""))
    errors = _errors(body)
    words = "; ".join(message for _, message in errors)[:300] or f"status {status}"
    if status == 429:
        return TryLater(seconds=_until_reset(headers, now), reason="429", counts=False)
    if status in (502, 504):
        return NoAnswer(reason=f"{status} from a gateway")
    if status >= 500:
        return TryLater(seconds=_PAUSE, reason=f"{status} {words}")
    people = {
        int(match[1]): message
        for field, message in errors
        if (match := _PERSON_AT_FAULT.match(field))
    }
    if status == 400 and people and len(people) == len({field for field, _ in errors}):
        return RecipientsRejected(people=people)
    return RequestRejected(reason=f"{status} {words}")


def _errors(body: bytes) -> list[tuple[str, str]]:
    """(field, message) of each error; empty when the body is not what is documented."""
    try:
        errors = json.loads(body)["errors"]
        return [(str(error.get("field") or ""), str(error["message"])) for error in errors]
    except (ValueError, KeyError, TypeError, AttributeError):
        return []


def _until_reset(headers: Mapping[str, str], now: datetime) -> float:
    try:
        reset = float(headers.get("X-RateLimit-Reset", ""))
    except ValueError:
        return _PAUSE
    return min(max(reset - now.timestamp(), 1.0), _LONGEST_PAUSE)
