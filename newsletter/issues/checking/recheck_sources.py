"""[I/O] Find what happened at the sources of the pieces before approving and sending."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from newsletter.issues.checking.draft_check_input import warns
from newsletter.issues.drafting.edits import is_edited
from newsletter.issues.ports import ItemSource
from newsletter.model.issue import Edition
from newsletter.model.message import RenderedEdition
from newsletter.model.problem import Problem
from newsletter.pulling.recheck import RecheckParts, recheck

BEFORE_SENDING_SECONDS = 300.0  # the last chance to notice that a piece was taken back


def ask_for_drafts(drafts: Sequence[Edition], parts: RecheckParts) -> list[Problem]:
    """Ask the sources of everything that the drafts place; what changed is stored.

    The problems are those that could not be asked; the others are found in the store.
    """
    placed = {item_id for draft in drafts for item_id in draft.item_ids}
    answered = recheck(sorted(placed), parts)
    return [
        warns(
            draft,
            "source-silent",
            placement.line,
            f"{item_id}: its source does not answer, so it may have been removed",
            "try again later, or ask the organisation",
        )
        for draft in drafts
        for placement in draft.placements
        if (item_id := placement.item_id) in answered.unanswered
    ]


def held_back(
    editions: Iterable[RenderedEdition],
    items: ItemSource,
    *,
    approved_at: datetime,
    parts: RecheckParts,
) -> tuple[str, ...]:
    """Return why the approved editions should not be sent as they are, one line a piece: it is gone
    at its source, or was edited there since the approval."""
    placed = sorted({item_id for edition in editions for item_id in edition.item_ids})
    answered = recheck(placed, parts, total_seconds=BEFORE_SENDING_SECONDS)
    reasons = []
    for item_id, item in sorted(items.get(placed).items()):  # not stories: consent is asked apart
        before = items.as_of(item_id, approved_at)
        if item.withdrawn_at is not None or item_id in answered.withdrawn:
            reasons.append(f"{item_id} ({item.title[:60]}) was removed at its source")
        elif before is not None and is_edited(before, item.told):
            what = "was edited at its source since the approval"
            reasons.append(f"{item_id} ({item.title[:60]}) {what}")
    return tuple(reasons)
