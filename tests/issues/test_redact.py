"""A withdrawn story is struck from what is kept of issues; what was approved stays proven."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from newsletter.issues.redact import WithdrawnStoryRedactor
from newsletter.model.consent import Revocation
from newsletter.model.delivery import Send, SendState
from newsletter.model.story import StoryText
from newsletter.sending.preview import preview
from tests.issues.desk import ISSUE, NOW, Desk, desk, item
from tests.stories.crash_harness import found_on_disk
from tests.stories.keys import RECOGNIZER

WORDS = (
    "For eleven years I cleaned offices at night, and when the company stopped paying us for our "
    "last hour we were all afraid to ask, until the clinic drew the whole law on one sheet."
)
TITLE = "The night shift"
STOP = Revocation(
    record_id="8k2v5n0q4d",
    story_id="q7w2",
    on=date(2026, 11, 20),
    withdrawn=True,
    fingerprints=RECOGNIZER.fingerprints(
        [StoryText(language="en", title=TITLE, excerpt="", body=WORDS)]
    ),
)


class Sent:
    """Which issues are over."""

    def __init__(self, *over: Send) -> None:
        self.over = {send.issue_id: send for send in over}

    def issues(self) -> tuple[str, ...]:
        return tuple(self.over)

    def find(self, issue_id: str) -> Send | None:
        return self.over.get(issue_id)


@pytest.fixture
def approved(tmp_path: Path) -> Desk:
    """An approved issue whose English edition carries the story's words, under another id."""
    made = desk(tmp_path, [item("n1"), item("n2", "casa")], languages=("en",))
    made.draft()
    made.edit("subject:", f"subject: {TITLE}, and clinics")
    (tmp_path / f"issues/{ISSUE}/en.md").write_text(
        made.text() + f"\n## Stories {{#stories}}\n\n### {TITLE}\n\n{WORDS}\n"
    )
    made.approve()
    preview(made.sources, ISSUE, now=NOW)
    return made


def redactor(made: Desk, *over: Send) -> WithdrawnStoryRedactor:
    return WithdrawnStoryRedactor(
        issues=made.store,
        send_of=Sent(*over).find,
        files=made.sources.files,
        coalition="River Coalition",
        recognizer=RECOGNIZER,
    )


def over(made: Desk) -> Send:
    return Send(
        id=1,
        issue_id=ISSUE,
        state=SendState.FINISHED,
        digest=made.store.approvals(ISSUE)[-1].digest,
        frozen_at=NOW,
        candidates=0,
        audience=0,
        excluded=0,
    )


def on_disk(made: Desk) -> bool:
    """Whether any file has the words; the database is closed first, for its locks' sake."""
    made.store._engine.dispose()
    return bool(found_on_disk(made.root, ["cleaned offices"]))


def test_nothing_on_disk_has_the_words_of_an_issue_that_is_over(approved: Desk) -> None:
    assert on_disk(approved)
    assert redactor(approved, over(approved)).redact([STOP]) == (ISSUE,)
    assert not on_disk(approved)


def test_the_digest_and_who_approved_it_stay_and_the_bytes_are_approved_no_more(
    approved: Desk,
) -> None:
    before = approved.store.approvals(ISSUE)
    redactor(approved, over(approved)).redact([STOP])
    assert approved.store.approvals(ISSUE) == before
    assert approved.store.approved_digests() == ((ISSUE, before[-1].digest),)
    assert approved.store.approved_editions(ISSUE) == ()


def test_the_other_pieces_stay_and_what_named_the_story_goes(approved: Desk) -> None:
    redactor(approved, over(approved)).redact([STOP])
    kept = approved.store.approved_drafts(ISSUE)
    assert "Title n1" in kept["en"].text
    assert TITLE not in kept["en"].text
    assert kept["en"].text == approved.text()


def test_a_draft_in_work_is_left_to_its_editors(approved: Desk) -> None:
    text = approved.text()
    assert redactor(approved).redact([STOP]) == (ISSUE,)
    assert approved.text() == text
    assert not list((approved.root / "preview").rglob("*.html"))


def test_an_issue_without_the_story_is_not_touched(approved: Desk) -> None:
    other = replace(STOP, story_id="else", fingerprints=())
    assert redactor(approved, over(approved)).redact([other]) == ()
    assert approved.store.approved_editions(ISSUE) != ()
    assert list((approved.root / "preview").rglob("*.html"))


def test_a_narrowed_consent_strikes_nothing(approved: Desk) -> None:
    assert redactor(approved, over(approved)).redact([replace(STOP, withdrawn=False)]) == ()
