"""[I/O] A person goes on with the record of consents as it is left, after a restore or a loss."""

from datetime import date

from newsletter.stories.consent.purge_stories import sync_withdrawals
from newsletter.stories.services import StoryServices


def go_on(services: StoryServices, *, today: date) -> tuple[str, ...]:
    """Write down anew where the chain stands, and bring every place to agreement.

    Returns the ids of the submissions that were withdrawn and the database still had. Killed
    half-way it can be done again: nothing that was taken back is ever forgotten by it.
    """
    services.checkpoints.begin(services.store.head())
    return sync_withdrawals(services, today=today)
