"""[I/O] Read what an issue's pieces are chosen by."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from newsletter.issues.choosing.choose import ChoiceFacts
from newsletter.issues.choosing.history import IssueHistory, PastIssue
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.model.issue import Offer
from newsletter.model.item import Item

EVENTS_KNOWN_SINCE = timedelta(days=180)  # an event may be announced long before its week
NEWS_KNOWN_SINCE = timedelta(days=70)  # what was shared once is recognised for so long
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


def load_choice(
    sources: IssueSources,
    store: IssueStore,
    issue_id: str,
    *,
    offers: Sequence[Offer],
    now: datetime,
) -> ChoiceFacts:
    """Read what an issue is chosen by; `offers` is what its own drafts showed so far."""
    history = load_history(store, issue_id)
    items = _items(sources, history, now)
    withdrawn = sources.stories.withdrawn_items(items)
    return ChoiceFacts(
        organisations=sources.by_id,
        zone=sources.coalition.zone,
        history=history,
        items=sorted(
            (item for item in items if item.id not in withdrawn), key=lambda item: item.id
        ),
        withdrawn={item_id: denial.reason for item_id, denial in withdrawn.items()},
        offers=offers,
        offered_items=sources.items.get({offer.item_id for offer in offers}),
        offered_before=store.offered_before(issue_id),
    )


def load_history(store: IssueStore, issue_id: str) -> IssueHistory:
    """Read what the approved issues before this one were, the newest first."""
    drafted = store.drafted(issue_id)
    could = store.eligible([past_id for past_id, _ in drafted])
    used: dict[str, set[str]] = {}
    for use in store.used_in_last(len(drafted), before=issue_id):
        if use.organisation_id is not None:
            used.setdefault(use.issue_id, set()).add(use.organisation_id)
    return IssueHistory(
        issues=tuple(
            PastIssue(
                issue_id=past_id,
                drafted_at=moment,
                used=frozenset(used.get(past_id, ())),
                eligible=could.get(past_id, frozenset()),
            )
            for past_id, moment in drafted
        )
    )


def _items(sources: IssueSources, history: IssueHistory, now: datetime) -> list[Item]:
    """Read the news of the last weeks and the events known for long; everything at first."""
    if not history.issues:
        return list(sources.items.since(_EVER))
    recent = now - NEWS_KNOWN_SINCE
    return [
        item
        for item in sources.items.since(now - EVENTS_KNOWN_SINCE)
        if item.event is not None or item.first_seen_at >= recent
    ]
