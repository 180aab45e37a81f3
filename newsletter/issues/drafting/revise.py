"""What becomes of an issue's drafts: written where there is none, else added to, never changed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time

from newsletter.issues.drafting import additions, draft_file
from newsletter.issues.drafting.assemble import Assembled, Plan, assemble
from newsletter.model.issue import DraftFile, Offer, monday_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """One edition's file, and the ids of what it shows for the first time.

    `before` is the text it had, None where there was none. `is_added_to`: what was there stays.
    `untranslated` counts what was added and wants translating, `events` what may be an event.
    """

    path: str
    language: str
    text: str
    before: str | None
    is_added_to: bool
    item_ids: tuple[str, ...]
    untranslated: int
    events: int = 0

    @property
    def is_new(self) -> bool:
        """Whether there was no draft before."""
        return self.before is None

    @property
    def added(self) -> int:
        """How many pieces were added."""
        return len(self.item_ids)


def revise(plan: Plan, language: str, draft: DraftFile | None, offers: Iterable[Offer]) -> Revision:
    """Return a language's draft with what the plan has new for it.

    A draft that says no more than an issue with nothing in it is written again.
    """
    assembled = assemble(plan, language)
    offers = [offer for offer in offers if offer.language == language]
    nothing = replace(plan, pieces=(), stories={})
    is_added_to = bool(draft and (offers or draft.text != _text(assemble(nothing, language))))
    if draft is not None and is_added_to:
        text, item_ids = _with_new(draft, offers, plan, assembled)
    else:
        text = _text(assembled)
        item_ids = list(assembled.edition.item_ids)
    return Revision(
        path=assembled.edition.path,
        language=language,
        text=text,
        before=draft.text if draft else None,
        is_added_to=is_added_to,
        item_ids=tuple(item_ids),
        untranslated=len(assembled.untranslated.keys() & set(item_ids)),
        events=sum(f"{draft_file.BELOW}{item_id}" in assembled.notes for item_id in item_ids),
    )


def _text(assembled: Assembled) -> str:
    return draft_file.write(
        assembled.edition, notes=assembled.notes, untranslated=assembled.untranslated
    )


def _with_new(
    draft: DraftFile, offers: Sequence[Offer], plan: Plan, assembled: Assembled
) -> tuple[str, list[str]]:
    """The draft with what was never offered in it, and the ids of that."""
    known = {offer.item_id for offer in offers} | additions.ids_in(draft.text)
    fresh = [
        placement
        for placement in assembled.edition.placements
        if placement.item_id and placement.item_id not in known
    ]
    monday = datetime.combine(monday_of(plan.issue_id), time(), tzinfo=plan.zone)
    text = additions.with_additions(
        draft.text,
        draft.edition,
        fresh,
        since=max((offer.offered_at for offer in offers), default=monday),
        zone=plan.zone,
        notes=assembled.notes,
        untranslated=assembled.untranslated,
    )
    return text, [placement.item_id for placement in fresh if placement.item_id]


def offers_of(plan: Plan, revision: Revision, now: datetime) -> list[Offer]:
    """Return what a revised draft shows for the first time, to be remembered."""
    pieces = (*plan.pieces, *plan.stories.get(revision.language, ()))
    items = {piece.item.id: piece.item for piece in pieces}
    return [
        Offer(
            issue_id=plan.issue_id,
            language=revision.language,
            item_id=item_id,
            offered_at=now,
            organisation_id=items[item_id].organisation_id,
        )
        for item_id in revision.item_ids
        if item_id in items
    ]
