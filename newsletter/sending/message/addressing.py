"""What makes a person's copy theirs: its names, its links and where it returns to."""

from dataclasses import dataclass

from newsletter.model.ledger import ClaimedDelivery
from newsletter.model.message import Message, RenderedEdition
from newsletter.people.links import Links
from newsletter.sending.message.tokens import DeliveryTokens


def return_path(domain: str, token: str = "") -> str:
    """Return where mail of that token comes back to; "" where bounces are not read."""
    return f"bounce{f'+{token}' if token else ''}@{domain}" if domain else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressing:
    """Addresses copies of an edition. `return_domain` is empty where bounces are not read."""

    links: Links
    tokens: DeliveryTokens
    message_domain: str
    return_domain: str = ""

    def message_id(self, issue_id: str, subscriber_id: int) -> str:
        """Return the Message-ID of that person's copy: the same at every attempt."""
        return f"<{self.tokens.token(issue_id, subscriber_id)}@{self.message_domain}>"

    def message(self, claimed: ClaimedDelivery, edition: RenderedEdition) -> Message:
        """Return that person's copy."""
        token = self.tokens.token(edition.issue_id, claimed.subscriber_id)
        return Message(
            delivery_id=claimed.delivery_id,
            edition=edition,
            address=claimed.address,
            message_id=f"<{token}@{self.message_domain}>",
            personal=self.links.personal(claimed.subscriber_id),
            return_path=return_path(self.return_domain, token),
            discreet=claimed.discreet,
        )
