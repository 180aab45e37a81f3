"""Within how many issues everybody's turn comes, if all go on publishing as they do now."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from newsletter.issues.choosing.history import IssueHistory, PastIssue
from newsletter.issues.choosing.select import DraftRules, select
from newsletter.model.item import Cluster
from newsletter.model.organisation import Organisation

_LATER = datetime.max.replace(tzinfo=UTC)


def issues_until_all_were_in(
    waiting: Sequence[Cluster],
    rules: DraftRules,
    *,
    organisations: Mapping[str, Organisation],
    history: IssueHistory,
    placed: Collection[str] = (),
) -> int | None:
    """Count the issues until each organisation with something waiting was in one; None if some
    never would be. `placed` are in the issue that is being made already.

    The issues are chosen one after the other from the same pieces: an estimate, not a promise.
    """
    publishers = {cluster.origin.organisation_id for cluster in waiting} - {None}
    left = publishers - set(placed)
    if placed:
        history = _after(history, set(placed), publishers)
    issues, idle = 0, 0
    while left and idle <= rules.rotation_issues:
        selection = select(waiting, rules, organisations=organisations, history=history)
        used = {choice.cluster.origin.organisation_id for choice in selection.chosen} - {None}
        idle = 0 if left & used else idle + 1  # in brief takes nobody before they waited
        left -= used
        history = _after(history, used, publishers)
        issues += 1
    return None if left else issues


def _after(
    history: IssueHistory, used: Collection[str | None], could: Collection[str | None]
) -> IssueHistory:
    issue = PastIssue(
        issue_id="",
        drafted_at=_LATER,
        used=frozenset(filter(None, used)),
        eligible=frozenset(filter(None, could)),
    )
    return replace(history, issues=(issue, *history.issues))
