"""[I/O] Who was in the last issues, who was not, and who has something waiting."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from newsletter.issues.choosing.choose import ChoiceFacts, Chosen, choose
from newsletter.issues.choosing.load_choice import load_choice, load_history
from newsletter.issues.choosing.projection import issues_until_all_were_in
from newsletter.issues.choosing.select import DraftRules
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.model.issue import issue_id_for, monday_of

_AFTER_ALL = "9999-W52"


@dataclass(frozen=True, kw_only=True, slots=True)
class Balance:
    """One organisation over the last issues.

    `pieces` it had in them and what `share` of all that was; `absent` is the number of issues since
    its last one (None: it was in none of them); `waiting` counts what it has for the next issue.
    """

    organisation_id: str
    name: str
    pieces: int
    share: float
    absent: int | None
    waiting: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BalanceReport:
    """All organisations, who was absent longest first; `issues` are those counted.

    `turn_within` is the number of issues until everybody who has something waiting was in one, 0
    when nobody waits, None when somebody's turn never comes.
    """

    issues: tuple[str, ...]
    organisations: tuple[Balance, ...]
    turn_within: int | None

    @property
    def top_three(self) -> float:
        """The share of pieces that the three most used organisations had."""
        return sum(sorted((row.share for row in self.organisations), reverse=True)[:3])


def next_choice(
    sources: IssueSources, store: IssueStore, rules: DraftRules, *, now: datetime
) -> Chosen:
    """Decide what this week's issue would take now, and why not the rest."""
    return _next(sources, store, rules, now)[1]


def _next(
    sources: IssueSources, store: IssueStore, rules: DraftRules, now: datetime
) -> tuple[ChoiceFacts, Chosen]:
    today = sources.coalition.day_of(now)
    issue_id = issue_id_for(today)
    day = max(today, monday_of(issue_id))
    facts = load_choice(sources, store, issue_id, offers=store.offers(issue_id), now=now)
    return facts, choose(facts, rules, sends_on=day)


def balance(
    sources: IssueSources, store: IssueStore, rules: DraftRules, *, now: datetime, issues: int
) -> BalanceReport:
    """Count over so many of the last approved weekly issues."""
    counted = store.approved_issues()[-issues:][::-1]
    pieces = Counter(
        use.organisation_id for use in store.used_in_last(len(counted)) if use.organisation_id
    )
    total = pieces.total()
    past = load_history(store, _AFTER_ALL)
    facts, chosen = _next(sources, store, rules, now)
    waiting = Counter(
        item.organisation_id
        for item in chosen.items
        if chosen.why.get(item.id, "").startswith(("chosen", "not chosen"))
    )
    rows = [
        Balance(
            organisation_id=member.id,
            name=member.name,
            pieces=pieces[member.id],
            share=pieces[member.id] / total if total else 0.0,
            absent=past.absent(member.id),
            waiting=waiting[member.id],
        )
        for member in sources.organisations
    ]
    longest = len(past.issues) + 1
    rows.sort(key=lambda row: (-(longest if row.absent is None else row.absent), row.name))
    turn_within = issues_until_all_were_in(
        chosen.open,
        rules,
        organisations=facts.organisations,
        history=facts.history,
        placed={offer.organisation_id for offer in facts.offers if offer.organisation_id},
    )
    return BalanceReport(issues=tuple(counted), organisations=tuple(rows), turn_within=turn_within)
