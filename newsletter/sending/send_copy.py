"""[I/O] `send --to`: a marked copy of each edition, outside the ledger."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from newsletter.errors import AttentionError, ServiceError
from newsletter.model.delivery import Accepted
from newsletter.model.message import Message, RenderedEdition
from newsletter.model.subscriber import NOT_STORED
from newsletter.sending.send_plan import SendParts, splicers
from newsletter.sending.transports.retry import NOT_TRIED
from newsletter.sending.transports.transport import Claim, DeliveryQueue, Settled, Transport


@dataclass
class _Copies(DeliveryQueue):
    """A DeliveryQueue of a handful of messages, without a ledger."""

    waiting: list[Message]
    settled: list[Settled] = field(default_factory=list)

    def begin(self, settled: Sequence[Settled], want: int) -> "_CopyBatch":
        """Give each once."""
        self.settled += settled
        messages, self.waiting = self.waiting[:want], self.waiting[want:]
        return _CopyBatch(Claim(messages=tuple(messages)))

    def lease_is_held(self) -> bool:
        """Return True: nobody else has them."""
        return True

    def sleep(self, seconds: float) -> None:
        """Do nothing: copies never wait."""


@dataclass
class _CopyBatch:
    """A Batch with nothing to write down."""

    copies: Claim

    def commit(self) -> None:
        """Do nothing: there is nothing to wait for."""

    def claim(self) -> Claim:
        """Return the copies."""
        return self.copies


def send_copy(parts: SendParts, issue_id: str, address: str) -> int:
    """Send the drafts as they are now to one address, and return how many editions left.

    The subject is marked, and the links in it belong to nobody. AttentionError when one carries a
    story that may not be mailed: it cannot be called back either. ServiceError when it is refused.
    """
    editions = parts.issues.rendered(issue_id)
    today = parts.coalition.day_of(parts.clock())
    for edition in editions:
        for story_id, denied in parts.consents.denials(edition, on=today).items():
            raise AttentionError(
                f"story {story_id} may not be mailed (edition {edition.language}): {denied.reason}",
                hint=f"newsletter preview {issue_id} shows it on this computer; "
                f"newsletter check {issue_id} shows where it is",
            )
    copies = _Copies(_messages(parts, editions, address))
    count = len(copies.waiting)
    _transport(parts).deliver(copies)
    for settled in copies.settled:
        if not isinstance(settled.outcome, Accepted):
            reason = "nobody answered" if settled.outcome == NOT_TRIED else settled.outcome.reason
            raise ServiceError(f"the test copy was not taken: {reason}")
    return count


def rehearse(parts: SendParts, editions: Sequence[RenderedEdition]) -> str:
    """Return, in words, how the transport would take a copy of each edition; else ServiceError."""
    return _transport(parts).rehearse(_messages(parts, editions, parts.sender.address))


def _transport(parts: SendParts) -> Transport:
    return parts.transport(splicers(parts, test_copy=True))


def _messages(parts: SendParts, editions: Sequence[RenderedEdition], address: str) -> list[Message]:
    addressing = parts.addressing()
    return [
        Message(
            delivery_id=number,
            edition=edition,
            address=address,
            message_id=f"<test.{secrets.token_hex(12)}@{addressing.message_domain}>",
            personal=addressing.links.personal(NOT_STORED),
        )
        for number, edition in enumerate(editions)
    ]
