"""[I/O] Read what an issue is judged by beside its drafts."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from newsletter.issues.checking.check_facts import CheckFacts, sending_day
from newsletter.issues.facts import IssueFacts
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.model.consent import Allowed, Denied
from newsletter.model.issue import Edition
from newsletter.model.item import ItemWords
from newsletter.model.organisation import Organisation


def load_check(
    sources: IssueSources,
    store: IssueStore,
    issue: IssueFacts,
    *,
    now: datetime,
    rotation_issues: int,
) -> CheckFacts:
    """Read what was agreed to, what was offered before, and who was in the last issues."""
    carried = sources.stories.withdrawn_items(list(issue.items.values()))
    return CheckFacts(
        issue=issue,
        now=now,
        consents={
            draft.language: _consents(sources, issue, draft, now) for draft in issue.editions
        },
        chosen_as=_chosen_as(sources, store, issue),
        carried={item_id: denial.reason for item_id, denial in carried.items()},
        absent=_absent(sources, store, issue, now, rotation_issues),
    )


def _consents(
    sources: IssueSources, issue: IssueFacts, draft: Edition, now: datetime
) -> dict[str, Allowed | Denied]:
    day = sending_day(issue, draft, now)
    return {
        placement.item_id: sources.stories.placed(placement, language=draft.language, on=day)
        for placement in draft.placements
        if placement.item_id is not None and placement.item_id in issue.stories
    }


def _chosen_as(
    sources: IssueSources, store: IssueStore, issue: IssueFacts
) -> Mapping[str, Mapping[str, ItemWords]]:
    placed = {
        draft.language: {placement.item_id for placement in draft.placements}
        for draft in issue.editions
    }
    words: dict[str, dict[str, ItemWords]] = {language: {} for language in placed}
    for offer in store.offers(issue.issue_id):
        if offer.item_id in placed.get(offer.language, ()):
            before = sources.items.as_of(offer.item_id, offer.offered_at)
            if before is not None:
                words[offer.language][offer.item_id] = before
    return words


def _absent(
    sources: IssueSources,
    store: IssueStore,
    issue: IssueFacts,
    now: datetime,
    rotation_issues: int,
) -> list[Organisation]:
    """Members absent for as many issues as the rotation says, although they published."""
    if len(store.approved_issues(issue.issue_id)) < rotation_issues:
        return []
    seen = {
        use.organisation_id for use in store.used_in_last(rotation_issues, before=issue.issue_id)
    }
    seen |= {item.organisation_id for item in issue.items.values()}
    published = {
        item.organisation_id
        for item in sources.items.since(now - timedelta(weeks=rotation_issues))
        if not item.is_backlog
    }
    return [one for one in sources.organisations if one.id in published - seen]
