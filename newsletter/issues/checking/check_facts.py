"""What an issue is judged by, as it was at one moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from newsletter.issues.facts import IssueFacts
from newsletter.model.consent import Allowed, Denied
from newsletter.model.issue import Edition, monday_of
from newsletter.model.item import ItemWords
from newsletter.model.organisation import Organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckFacts:
    """An issue, and what its checks ask beside it.

    By language: `consents` are the answers for the stories placed, by story id; `chosen_as` an
    item's words when it was offered, if they changed since, by item id. `carried` says which
    withdrawn story an item carries, by item id. `absent` are members that published and were in
    none of the last issues, nor in this one.
    """

    issue: IssueFacts
    now: datetime
    consents: Mapping[str, Mapping[str, Allowed | Denied]]
    chosen_as: Mapping[str, Mapping[str, ItemWords]]
    carried: Mapping[str, str]
    absent: Sequence[Organisation]

    def day_of(self, draft: Edition) -> date:
        """Return the day it is sent: as planned, or today when that has passed."""
        return sending_day(self.issue, draft, self.now)


def sending_day(issue: IssueFacts, draft: Edition, now: datetime) -> date:
    """Return the day a draft is planned for, or today when that has passed."""
    planned = draft.settings.get("sends_on")
    day = date.fromisoformat(planned) if planned else monday_of(draft.issue_id)
    return max(now.astimezone(issue.zone).date(), day)
