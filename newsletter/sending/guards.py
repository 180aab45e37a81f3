"""What makes a person look twice before an issue leaves: its age, and whom it suddenly reaches.

350.org once mailed its Spanish and Portuguese editions to everyone, and Braver Angels one state's
business to all: both would have shown as an audience unlike the last one.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from newsletter.model.approved import ApprovedDigest
from newsletter.model.delivery import ExclusionReason
from newsletter.model.silence import SEND_IDLE

_FEW = 20  # people: below this, no change of an audience is a surprise


def stale(approved_at: datetime, now: datetime, *, days: int) -> str | None:
    """Return a warning when the newest approval is older than that many days."""
    age = now - approved_at
    if age <= timedelta(days=days):
        return None
    return f"it was approved {age.days} days ago: is what it says still true?"


def idle(moved_at: datetime, now: datetime) -> str | None:
    """Return a warning when a send that is not finished has stood still for an hour: it may have
    gone on elsewhere, and this be a copy of the workspace from before."""
    if now - moved_at <= SEND_IDLE:
        return None
    return (
        f"it has stood still for {_hours(now - moved_at)}: if this workspace came back from a "
        "backup, people who got the issue since that backup would get it twice"
    )


def overdue(due_at: datetime, now: datetime) -> str | None:
    """Return a warning when a scheduled send was to begin more than an hour ago: what it says may
    be too late, or it may have begun elsewhere, and this be a copy of the workspace."""
    if now - due_at <= SEND_IDLE:
        return None
    return (
        f"it was to begin {_hours(now - due_at)} ago: is what it says still true? If this "
        "workspace came back from a backup, people who got the issue since would get it twice"
    )


def _hours(length: timedelta) -> str:
    hours = int(length.total_seconds() // 3600)
    return "an hour" if hours == 1 else f"{hours} hours" if hours < 48 else f"{hours // 24} days"


def blast_radius(now: Mapping[str, int], last: Mapping[str, int], *, limit: float) -> list[str]:
    """List a warning for each edition that reaches many more people than last time, or nobody now.

    `limit` is a factor. Without a last time there is nothing to compare with.
    """
    if not last:
        return []
    warnings = []
    for language in sorted(now.keys() | last.keys()):
        count, before = now.get(language, 0), last.get(language, 0)
        if count > before * limit and count - before >= _FEW:
            warnings.append(
                f"the {language} edition would reach {count} people; last time {before}"
            )
        if before >= _FEW and not count:
            warnings.append(f"last time {before} people got the {language} edition; now nobody")
    return warnings


def undecided(
    corrects: ApprovedDigest | None,
    exclusions: Mapping[ExclusionReason, int],
    left_wrong: Mapping[str, int],
) -> list[str]:
    """List a warning where nobody knows whether some people need this correction, and one for each
    language in which people need one and this has none."""
    if corrects is None:
        return []
    issue_id = corrects.issue_id
    warnings = [
        f"{language}: {_people(count)} got {issue_id} with other words too, and would not be told: "
        f"newsletter correct {issue_id} drafts it for them"
        for language, count in left_wrong.items()
    ]
    if count := exclusions.get(ExclusionReason.UNCERTAIN, 0):
        warnings.append(
            f"{_people(count)} may or may not have got {issue_id}, and would not get this: "
            f"newsletter send {issue_id} --uncertain decides about them first"
        )
    return warnings


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"
