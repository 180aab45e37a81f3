"""How an issue went: by language, by the reader's mail provider, by reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from newsletter.model.delivery import DeliveryState

_FEW = 5  # people: a domain with fewer would name them
_ARRIVED = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED, DeliveryState.COMPLAINED)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """Some people's deliveries by state."""

    states: dict[DeliveryState, int]

    @property
    def people(self) -> int:
        """How many there are."""
        return sum(self.states.values())

    @property
    def arrived(self) -> float:
        """The share that the next server, or the mailbox, took."""
        return sum(self.states.get(state, 0) for state in _ARRIVED) / self.people


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """The counts of one issue. `reasons` are of those who did not get it, most frequent first."""

    languages: dict[str, Rates]
    domains: dict[str, Rates]
    reasons: tuple[tuple[DeliveryState, str, int], ...] = field(default=())


class Line(NamedTuple):
    """One delivery, as the report sees it. `domain` is empty for someone who left since."""

    language: str
    domain: str
    state: DeliveryState
    code: str
    reason: str


def results(lines: Iterable[Line]) -> Results:
    """Count. Domains of fewer than five people are counted as one: they would name them."""
    languages: defaultdict[str, Counter[DeliveryState]] = defaultdict(Counter)
    domains: defaultdict[str, Counter[DeliveryState]] = defaultdict(Counter)
    reasons: Counter[tuple[DeliveryState, str]] = Counter()
    for line in lines:
        languages[line.language][line.state] += 1
        domains[line.domain or "(left since)"][line.state] += 1
        if line.state not in _ARRIVED:
            reasons[line.state, line.code or short(line.reason)] += 1
    others: Counter[DeliveryState] = Counter()
    for name in [name for name, counts in domains.items() if counts.total() < _FEW]:
        others += domains.pop(name)
    if others:
        domains["(others)"] = others
    return Results(
        languages={name: Rates(states=dict(c)) for name, c in sorted(languages.items())},
        domains={
            name: Rates(states=dict(c))
            for name, c in sorted(domains.items(), key=lambda one: (-one[1].total(), one[0]))
        },
        reasons=tuple((state, why, n) for (state, why), n in reasons.most_common()),
    )


def short(reason: str) -> str:
    """The kind of a reason: up to where servers begin to speak of one person or one message."""
    return reason.partition(":")[0].strip() or "no reason given"
