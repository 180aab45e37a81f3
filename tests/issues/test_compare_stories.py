"""What an editor may overrule before an approval, and what nobody may."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from newsletter.errors import UsageError
from newsletter.issues.checking.check import CheckOutcome
from newsletter.issues.compare_stories import _compared, compare_stories
from newsletter.model.issue import Approval
from newsletter.model.problem import Problem, Severity

DAY = date(2026, 11, 20)
NOBODY: Any = None  # neither stories nor a store are asked


def checked(*codes: str) -> CheckOutcome:
    found = (Problem(severity=Severity.BLOCKS, code=code, message="no") for code in codes)
    return CheckOutcome(issue_id="2026-W47", problems=tuple(found), editions=())


def refused() -> str:
    raise AssertionError("nobody's key is asked for what cannot be approved")


def test_words_may_be_overruled_and_a_consent_that_is_missing_never() -> None:
    outcome = checked("story-words", "story-withdrawn", "story-consent", "no-subject")
    for reason, left in (
        ("", ["story-words", "story-withdrawn", "story-consent", "no-subject"]),
        ("they are the card's", ["story-consent", "no-subject"]),
    ):
        done = compare_stories(
            NOBODY, NOBODY, outcome, unlock=refused, overrule=reason, today=DAY
        )  # fmt: skip
        assert [problem.code for problem in done.checked.blocking] == left
        assert done.overruled == ""


@pytest.mark.parametrize("reason", [" ", "x" * 301])
def test_a_reason_has_words_and_no_story_in_it(reason: str) -> None:
    with pytest.raises(UsageError, match="1 to 300"):
        compare_stories(NOBODY, NOBODY, checked(), unlock=None, overrule=reason, today=DAY)


def test_what_was_compared_with_other_bytes_is_compared_again() -> None:
    outcome = checked()

    def approved(digest: str) -> Any:
        approval = Approval(
            issue_id="2026-W47",
            editor="Ana",
            digest=digest,
            approved_at=datetime(2026, 11, 20, tzinfo=UTC),
            compared="s1",
        )
        return SimpleNamespace(approvals=lambda issue_id: (approval,))

    assert _compared(approved(outcome.digest), outcome) == {"s1"}
    assert _compared(approved("0" * 64), outcome) == set()
