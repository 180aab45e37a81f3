"""`correct` drafts what differs from what people were told, in the languages that were wrong."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from newsletter.errors import AttentionError, UsageError
from newsletter.model.delivery import Send, SendState
from newsletter.model.ledger import Reached
from newsletter.sending.correct import CorrectionOutcome, correct
from newsletter.sending.ports import SendLedger
from newsletter.sending.told_words import ToldWords
from tests.issues.desk import ISSUE, NOW, Desk, desk, item

CORRECTION = "2026-W47-a"


@dataclass
class Ledger:
    """Ten people got each approved edition of what was sent."""

    at: Desk
    sends: dict[str, SendState] = field(default_factory=dict)

    def find(self, issue_id: str) -> Send | None:
        if issue_id not in self.sends:
            return None
        corrections = {one.issue_id: one.corrects.issue_id for one in self.at.store.corrections()}
        return Send(
            id=len(issue_id),
            issue_id=issue_id,
            state=self.sends[issue_id],
            digest="",
            frozen_at=NOW,
            candidates=0,
            audience=0,
            excluded=0,
            corrects=corrections.get(issue_id),
        )

    def reached(self, send_id: int) -> tuple[Reached, ...]:
        (issue_id,) = (one for one in self.sends if len(one) == send_id)
        editions = self.at.store.approved_words(issue_id)
        return tuple(
            Reached(one.language, one.edition_digest, 10)
            for one in editions
            if issue_id != ISSUE or one.issue_digest == self.first
        )

    @property
    def first(self) -> str:
        return self.at.store.approvals(ISSUE)[0].digest


def run(at: Desk, **sends: SendState) -> CorrectionOutcome:
    ids = {"issue": ISSUE, "correction": CORRECTION}
    ledger: Any = Ledger(at, {ids[name]: state for name, state in sends.items()})
    told = ToldWords(
        ledger=cast(SendLedger, ledger),
        approved_words=at.store.approved_words,
        corrections=at.store.corrections,
    )
    return correct(at.sources, told, ISSUE, now=NOW)


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    made = desk(tmp_path, [item("n1"), item("n2", "casa")])
    made.draft()
    made.edit("subject:\n", "subject: Esta semana\nfallback: yes\n", "es")
    made.approve()
    return made


def test_what_differs_is_drafted_and_what_is_there_is_left(at: Desk) -> None:
    at.edit("Title n1", "The right title")
    at.write(f"issues/{ISSUE}/pictures/n1.jpg", "a picture")
    at.write(f"issues/{ISSUE}/pictures/n2.jpg", "another")
    outcome = run(at, issue=SendState.FINISHED)
    # The Spanish edition borrows the piece: its readers have the wrong title too.
    assert outcome.people == {"en": 10, "es": 10}
    assert outcome.written == outcome.files
    text = at.text(issue=CORRECTION)
    assert "The right title, not Title n1" in text
    assert "{n2}" not in text
    pictures = at.root / f"issues/{CORRECTION}/pictures"
    assert [path.name for path in pictures.iterdir()] == ["n1.jpg"]

    (at.root / f"issues/{CORRECTION}/es.md").unlink()
    at.write(f"issues/{CORRECTION}/en.md", text + "\nMine.\n")
    again = run(at, issue=SendState.FINISHED)
    assert again.written == (f"issues/{CORRECTION}/es.md",)
    assert "Mine." in at.text(issue=CORRECTION)


def test_only_the_language_that_was_wrong_is_corrected(at: Desk) -> None:
    at.edit("Esta semana", "Esta otra semana", "es")
    assert run(at, issue=SendState.CANCELLED).files == (f"issues/{CORRECTION}/es.md",)
    assert [one.code for one in at.check(issue=CORRECTION).blocking] == []


def test_a_second_correction_says_what_differs_from_the_first(at: Desk) -> None:
    at.edit("Title n1", "Half right")
    at.edit("fallback: yes\n", "", "es")
    run(at, issue=SendState.FINISHED)
    for language in ("en", "es"):
        assert at.text(language, CORRECTION)
    at.approve(issue=CORRECTION)
    both = {"issue": SendState.FINISHED, "correction": SendState.FINISHED}
    with pytest.raises(AttentionError, match="say what people were told"):
        run(at, **both)
    at.edit("Half right", "Quite right")
    outcome = run(at, **both)
    assert outcome.issue_id == "2026-W47-b"
    assert "Quite, not Half" in at.text(issue="2026-W47-b")


@pytest.mark.parametrize(
    ("sends", "error", "said"),
    [
        ({}, UsageError, "never sent"),
        ({"issue": SendState.RUNNING}, AttentionError, "is running"),
        ({"issue": SendState.FINISHED}, AttentionError, "say what people were told"),
    ],
)
def test_what_cannot_be_corrected_says_why(
    at: Desk, sends: dict[str, SendState], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        run(at, **sends)


def test_a_correction_that_names_no_earlier_issue_is_refused(at: Desk) -> None:
    text = "---\nlanguage: en\nsubject: Wrong\ncorrects: {issue}\n---\n\nIt is not so.\n"
    at.write(f"issues/{CORRECTION}/en.md", text.format(issue=CORRECTION))
    with pytest.raises(AttentionError, match="correct one earlier issue"):
        at.check(issue=CORRECTION)
    at.write(f"issues/{CORRECTION}/en.md", text.format(issue=ISSUE).replace("It is not so.", ""))
    assert "no-letter" in [one.code for one in at.check(issue=CORRECTION).blocking]
