"""The verb preferences: what someone gets, how often, and when not."""

from dataclasses import dataclass, replace
from datetime import date

from newsletter.model.subscriber import Frequency, SubscriberState
from newsletter.people.links import Purpose
from newsletter.people.personal import Access, NoSubscriber, Opening, Valid, open_link


@dataclass(frozen=True, kw_only=True, slots=True)
class Choices:
    """What a person may choose. Empty `topics` or `regions` mean all."""

    language: str
    frequency: Frequency
    topics: frozenset[str]
    regions: frozenset[str]
    discreet: bool
    paused_until: date | None


def open_preferences(token: str, access: Access) -> Opening:
    """Whose choices these are. Only for those who confirmed: others have not joined yet."""
    opening = open_link(token, Purpose.PREFERENCES, access)
    if isinstance(opening, Valid) and opening.person.state is SubscriberState.PENDING:
        return NoSubscriber()
    return opening


def choose(token: str, choices: Choices, access: Access) -> Opening:
    """Store the choices; `Valid` is the person with them."""
    opening = open_preferences(token, access)
    if not isinstance(opening, Valid):
        return opening
    person = replace(
        opening.person,
        language=choices.language,
        frequency=choices.frequency,
        topics=choices.topics,
        regions=choices.regions,
        discreet=choices.discreet,
        paused_until=choices.paused_until,
    )
    return Valid(person=person) if access.store.update(person) else NoSubscriber()
