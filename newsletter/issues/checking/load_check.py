"""[I/O] Read what an issue is judged by beside its drafts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from newsletter.issues.checking.check_credit import unnamed_links
from newsletter.issues.checking.draft_check_input import DraftCheckInput
from newsletter.issues.checking.told_events import called_off, told_events
from newsletter.issues.choosing.same_event import days_of
from newsletter.issues.facts import IssueFacts
from newsletter.issues.ports import IssueStore, ItemSource
from newsletter.issues.sources import IssueSources
from newsletter.model.address import normal_link
from newsletter.model.issue import Edition, Offer, monday_of
from newsletter.model.item import Item, ItemWords
from newsletter.model.organisation import Organisation
from newsletter.pulling.items.identity import keys_at


def load_check(
    sources: IssueSources, store: IssueStore, issue: IssueFacts, *, now: datetime
) -> dict[str, DraftCheckInput]:
    """Read what each draft is judged on, by language."""
    carried = sources.stories.carried(list(issue.items.values()))
    offers = store.offers(issue.issue_id)
    chosen_as = _chosen_as(sources, offers, issue)
    known = _known(sources, offers, issue)
    inputs = {}
    for draft in issue.editions:
        day = _sending_day(issue, draft, now)
        told = told_events(draft, issue.items, issue.coalition.zone)
        inputs[draft.language] = DraftCheckInput(
            issue=issue,
            sends_on=day,
            now=now,
            zone=issue.coalition.zone,
            items=issue.items_in(draft),
            consents={
                placement.item_id: sources.stories.may_place(
                    issue.stories, placement, language=draft.language, on=day
                )
                for placement in draft.placements
                if placement.item_id is not None and placement.item_id in issue.stories
            },
            chosen_as=chosen_as[draft.language],
            carried=carried,
            known=known,
            told_off=called_off(told, sources.items.events_on(days_of(told.values()))),
            moved=_moved(sources.items, draft, issue.items),
        )
    return inputs


def _sending_day(issue: IssueFacts, draft: Edition, now: datetime) -> date:
    """The planned day, or today when that has passed."""
    planned = draft.settings.get("sends_on")
    day = date.fromisoformat(planned) if planned else monday_of(draft.issue_id)
    return max(issue.coalition.day_of(now), day)


def _moved(source: ItemSource, draft: Edition, items: Mapping[str, Item]) -> dict[int, str]:
    """Read where pieces are now whose heading has an address that their source gave up.

    Only an address that was the piece's own once: any other is the editor's.
    """
    moved = {}
    for placement in draft.placements:
        item = items.get(placement.item_id or "")
        if item is None or not item.link or not placement.link or item.organisation_id is None:
            continue
        if normal_link(placement.link) == normal_link(item.link):
            continue
        known = source.known(item.organisation_id, keys_at(placement.link, item))
        if any(one.item_id == item.id for one in known.values()):
            moved[placement.line] = item.link
    return moved


def _known(sources: IssueSources, offers: Sequence[Offer], issue: IssueFacts) -> list[Item]:
    """Read what the drafts offered, and what was pulled from the pages that they link to."""
    pages = {page for draft in issue.editions for page in unnamed_links(draft)}
    known = dict(sources.items.get({offer.item_id for offer in offers}))
    known |= {item.id: item for item in sources.items.on_pages(pages)}
    return [known[item_id] for item_id in sorted(known)]


def _chosen_as(
    sources: IssueSources, offers: Sequence[Offer], issue: IssueFacts
) -> dict[str, dict[str, ItemWords]]:
    placed = {draft.language: draft.item_ids for draft in issue.editions}
    words: dict[str, dict[str, ItemWords]] = {language: {} for language in placed}
    for offer in offers:
        if offer.item_id in placed.get(offer.language, ()):
            before = sources.items.as_of(offer.item_id, offer.offered_at)
            if before is not None:
                words[offer.language][offer.item_id] = before
    return words


def load_absent(
    sources: IssueSources, store: IssueStore, issue: IssueFacts, *, since: datetime, issues: int
) -> list[Organisation]:
    """Read who published since a moment, and is neither in this issue nor in so many before it."""
    if len(store.approved_issues(issue.issue_id)) < issues:
        return []
    seen = {use.organisation_id for use in store.used_in_last(issues, before=issue.issue_id)}
    seen |= {item.organisation_id for item in issue.items.values()}
    published = {item.organisation_id for item in sources.items.since(since) if not item.is_backlog}
    return [member for member in sources.organisations if member.id in published - seen]
