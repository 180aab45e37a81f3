"""What decides whether somebody is in an issue's audience, and all that does."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from newsletter.model.delivery import ExclusionReason
from newsletter.model.subscriber import Frequency, SubscriberState

Verdict = str | ExclusionReason  # the language of somebody's edition, or why they get none


class AudienceTraits(NamedTuple):
    """The facts about a person that a verdict follows from, and by which it is remembered.

    People who share them share one verdict, so a rule sees these and nothing else of a person. A
    rule that needs another column needs a field of its name here; the store reads it then. The
    fields that are no column stay last: `has_monthly` (a weekly issue of this month is theirs
    already), `is_suppressed`, and `got`, the edition that a person has of what a correction
    corrects; empty for any other issue.
    """

    language: str
    state: SubscriberState
    frequency: Frequency
    topics: frozenset[str]
    regions: frozenset[str]
    paused_until: date | None
    has_monthly: bool
    is_suppressed: bool
    got: str = ""


Judge = Callable[[AudienceTraits], Verdict]
Barrier = Callable[[SubscriberState, date | None, bool], ExclusionReason | None]
