"""Who is to get an issue, in which edition, and why each other person is not."""

from dataclasses import dataclass
from datetime import date

from newsletter.model.audience import AudienceTraits, Verdict
from newsletter.model.delivery import ExclusionReason
from newsletter.model.language import first_same
from newsletter.model.subscriber import Frequency, SubscriberState


@dataclass(frozen=True, kw_only=True, slots=True)
class AudienceRules:
    """What an issue's audience follows from. Empty `topics` or `regions` mean everyone's.

    `editions` are the languages this issue has; `publishes` those that the coalition publishes at
    all, main one first. `today` is a day in the coalition's own time zone.
    """

    editions: tuple[str, ...]
    publishes: tuple[str, ...]
    today: date
    topics: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    is_bulletin: bool = False
    is_correction: bool = False


def judge(person: AudienceTraits, rules: AudienceRules) -> Verdict:
    """Return the language of the edition that this person gets, or why they get none."""
    barred = barrier(person.state, person.paused_until, person.is_suppressed, today=rules.today)
    if barred is not None:
        return barred
    if rules.is_correction:  # whatever they chose: it is about what they have
        return person.got
    if not rules.is_bulletin:
        if person.frequency is Frequency.URGENT:
            return ExclusionReason.FREQUENCY
        if person.frequency is Frequency.MONTHLY and person.has_monthly:
            return ExclusionReason.FREQUENCY
    if rules.topics and person.topics and rules.topics.isdisjoint(person.topics):
        return ExclusionReason.TOPIC
    if rules.regions and person.regions and rules.regions.isdisjoint(person.regions):
        return ExclusionReason.REGION
    return edition_for(person.language, rules) or ExclusionReason.LANGUAGE


def barrier(
    state: SubscriberState, paused_until: date | None, is_suppressed: bool, *, today: date
) -> ExclusionReason | None:
    """Return why such a person must not be mailed at all today; None when they may be.

    Asked at the freeze and at each claim.
    """
    if is_suppressed:
        return ExclusionReason.SUPPRESSED
    if state is SubscriberState.PENDING:
        return ExclusionReason.UNCONFIRMED
    if state is SubscriberState.BOUNCED:
        return ExclusionReason.BOUNCED
    if paused_until is not None and paused_until > today:
        return ExclusionReason.PAUSED
    return None


def edition_for(language: str, rules: AudienceRules) -> str | None:
    """Return the edition for a reader of that language; None when there is none for them.

    It is the one of the same tag, else of the same language in another region. Someone whose
    language the coalition never publishes gets the main edition; someone whose language it does
    publish, but not this time, gets nothing: another language's edition reaches nobody by accident.
    """
    if language in rules.editions:
        return language
    if edition := first_same(language, rules.editions):
        return edition
    if first_same(language, rules.publishes):
        return None
    main = rules.publishes[0] if rules.publishes else None
    return main if main in rules.editions else None
