"""[I/O] `report`: how an issue went, by language, by the reader's mail provider, by reason."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from newsletter.errors import UsageError
from newsletter.model.delivery import ARRIVED_STATES, DeliveryState, EventKind, Send, Tally
from newsletter.model.ledger import DeliveryLine
from newsletter.sending.ports import SendLedger

_FEW = 5  # people: a domain with fewer would name them


@dataclass(frozen=True, kw_only=True, slots=True)
class Rates:
    """Some people's deliveries by state."""

    states: dict[DeliveryState, int]

    @property
    def people(self) -> int:
        """Count them."""
        return sum(self.states.values())

    @property
    def arrived(self) -> float:
        """Return the share, 0 to 1, that the next server or the mailbox took."""
        return sum(self.states.get(state, 0) for state in ARRIVED_STATES) / self.people


class ReasonCount(NamedTuple):
    """How many people did not get it for one reason: an enhanced status code, or words."""

    state: DeliveryState
    reason: str
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Results:
    """The counts of one issue. `reasons` are of those who did not get it, most frequent first."""

    languages: dict[str, Rates]
    domains: dict[str, Rates]
    reasons: tuple[ReasonCount, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """One issue's sums, rates and what was told afterwards."""

    send: Send
    tally: Tally
    results: Results
    events: dict[EventKind, int]


def report(ledger: SendLedger, issue_id: str | None) -> Report:
    """Report on an issue, or on the latest send. UsageError when it was not sent."""
    send = ledger.latest() if issue_id is None else ledger.find(issue_id)
    if send is None:
        raise UsageError(
            f"{issue_id} was never sent" if issue_id else "nothing has been sent yet",
            hint="newsletter send sends what is approved",
        )
    return Report(
        send=send,
        tally=ledger.tally(send.id),
        results=results(ledger.lines(send.id)),
        events=ledger.event_counts(send.id),
    )


def results(lines: Iterable[DeliveryLine]) -> Results:
    """Count deliveries. Domains of fewer than five people are one: they would name them."""
    languages: defaultdict[str, Counter[DeliveryState]] = defaultdict(Counter)
    domains: defaultdict[str, Counter[DeliveryState]] = defaultdict(Counter)
    reasons: Counter[tuple[DeliveryState, str]] = Counter()
    for line in lines:
        languages[line.language][line.state] += 1
        domains[line.domain or "(left since)"][line.state] += 1
        if line.state not in ARRIVED_STATES:
            reasons[line.state, line.code or short(line.reason)] += 1
    others: Counter[DeliveryState] = Counter()
    for name in [name for name, counts in domains.items() if counts.total() < _FEW]:
        others += domains.pop(name)
    if others:
        domains["(others)"] = others
    by_size = sorted(domains.items(), key=lambda domain: (-domain[1].total(), domain[0]))
    return Results(
        languages={name: Rates(states=dict(c)) for name, c in sorted(languages.items())},
        domains={name: Rates(states=dict(c)) for name, c in by_size},
        reasons=tuple(ReasonCount(*kind, people) for kind, people in reasons.most_common()),
    )


def short(reason: str) -> str:
    """Return the kind of a reason: up to where servers begin to speak of one person."""
    return reason.partition(":")[0].strip() or "no reason given"
