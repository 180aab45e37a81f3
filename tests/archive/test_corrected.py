"""The archive of what was corrected, kept out of it, or lost by the database."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.archive.published_folder import PublishedFolder
from newsletter.archive.write import ArchiveOutcome, archive
from newsletter.errors import AttentionError
from newsletter.issues.approval_rules import ApprovalRules
from newsletter.issues.approve import approve
from newsletter.model.consent import Channel
from newsletter.model.delivery import Send, SendState
from newsletter.stories.record import document
from tests.issues.desk import EDITORS, ISSUE, NOW, Desk, desk, item, story

BASE = "https://digest.river.example/archive/"
CORRECTION = "2026-W47-a"
LATER = NOW + timedelta(days=1)
PAGE = f"issues/{ISSUE}/en/index.html"


def send(at: Desk, issue: str, state: SendState, *, version: int = -1) -> Send:
    return Send(
        id=1,
        issue_id=issue,
        state=state,
        digest=at.store.approvals(issue)[version].digest,
        frozen_at=NOW if issue == ISSUE else LATER,
        candidates=0,
        audience=0,
        excluded=0,
    )


def run(at: Desk, *sends: Send, now: datetime = LATER, was_sent: bool = False) -> ArchiveOutcome:
    folder = PublishedFolder(at.root / "site")
    return archive(
        at.sources,
        lambda: sends,
        at.store,
        folder,
        base=BASE,
        now=now,
        was_sent=lambda issue_id: was_sent,
    )


def page(at: Desk, name: str = PAGE) -> str:
    return (at.root / "site" / name).read_text()


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    made = desk(tmp_path, [item("n1"), item("n2", "casa")], languages=("en",))
    told = story(channels=frozenset({Channel.EMAIL_EXCERPT, Channel.WEB_ARCHIVE}))
    made.write(f"stories/{told.id}.md", document.write(told))
    made.draft()
    made.approve()
    return made


def correct(at: Desk, *, head: str = "") -> None:
    """Put the title right, and approve a correction that says so."""
    at.edit("Title n1", "The right title")
    text = (
        f"---\nlanguage: en\nsubject: Correction\ncorrects: {ISSUE}\n{head}---\n\nIt is *not* n1.\n"
    )
    at.write(f"issues/{CORRECTION}/en.md", text)
    at.approve(now=LATER, issue=CORRECTION)


@pytest.mark.parametrize("state", [SendState.FINISHED, SendState.CANCELLED])
def test_right_words_are_shown_with_the_date_once_people_are_told(
    at: Desk, state: SendState
) -> None:
    correct(at)
    issue = send(at, ISSUE, state, version=0)
    run(at, issue, send(at, CORRECTION, SendState.SCHEDULED))
    assert state is SendState.CANCELLED or "Title n1" in page(at)
    run(at, issue, send(at, CORRECTION, SendState.RUNNING))
    shown = page(at)
    assert "The right title" in shown
    assert "Title n1" not in shown
    assert "Corrected on November 20, 2026" in shown
    assert "It is <em>not</em> n1." in shown
    assert "It is" in page(at, f"issues/{CORRECTION}/en/index.html")


EVENT = """---
language: {language}
subject: {subject}
---

## Events {{#events .events}}

### {title}

Come, all of you.

- when: {when}
"""
SAID = "---\nlanguage: {language}\nsubject: Correction\ncorrects: {issue}\n---\n\nIt is Saturday.\n"


@pytest.fixture
def two(tmp_path: Path) -> Desk:
    made = desk(tmp_path, [], languages=("en", "es"))
    for language in ("en", "es"):
        write_event(made, language)
    made.approve()
    return made


def write_event(at: Desk, language: str, **words: str) -> None:
    words = {"subject": "A march", "title": "March", "when": "2026-12-06 10:00"} | words
    at.write(f"issues/{ISSUE}/{language}.md", EVENT.format(language=language, **words))


def say(at: Desk, correction: str, language: str) -> Send:
    text = SAID.format(language=language, issue=ISSUE)
    at.write(f"issues/{correction}/{language}.md", text)
    at.approve(now=LATER, issue=correction)
    return send(at, correction, SendState.FINISHED)


def spanish(at: Desk) -> str:
    return page(at, f"issues/{ISSUE}/es/index.html")


def test_a_language_without_its_own_correction_yet_says_that_it_was_corrected(two: Desk) -> None:
    issue = send(two, ISSUE, SendState.FINISHED, version=0)
    write_event(two, "en", when="2026-12-05 10:00")
    write_event(two, "es", when="2026-12-05 10:00")
    english = say(two, CORRECTION, "en")
    run(two, issue, english)
    assert "It is Saturday." in page(two)
    assert "Corregido el 20 de noviembre de 2026" in spanish(two)
    assert "sábado, 5 de diciembre, no domingo, 6 de diciembre" in spanish(two)
    own = replace(say(two, f"{ISSUE}-b", "es"), frozen_at=LATER + timedelta(days=1))
    run(two, issue, english, own)
    assert spanish(two).count("Corregido el") == 1
    assert "Corregido el 21 de noviembre de 2026" in spanish(two)
    assert "It is Saturday." in spanish(two)
    assert page(two).count("Corrected on") == 1


def test_wrong_words_that_no_editor_repeats_are_not_shown_again(two: Desk) -> None:
    write_event(two, "es", title="María Fernández habla", subject="María Fernández habla")
    two.approve()
    issue = send(two, ISSUE, SendState.FINISHED)
    write_event(two, "es", title="Una vecina habla", subject="Una vecina habla")
    run(two, issue, say(two, CORRECTION, "en"))
    assert "Corregido el 20 de noviembre de 2026" in spanish(two)
    assert "el texto correcto está más abajo" in spanish(two)
    assert "Fernández" not in spanish(two)
    assert page(two).count("Corrected on") == 1


def test_a_language_that_is_as_it_was_mailed_has_no_line(two: Desk) -> None:
    issue = send(two, ISSUE, SendState.FINISHED, version=0)
    write_event(two, "en", when="2026-12-05 10:00")
    first = say(two, CORRECTION, "en")
    run(two, issue, first)
    assert "Corregido" not in spanish(two)
    # English is changed once more, and only Spanish readers are told of the second change.
    write_event(two, "en", when="2026-12-04 10:00")
    second = replace(say(two, f"{ISSUE}-b", "es"), frozen_at=LATER + timedelta(days=1))
    run(two, issue, first, second)
    assert page(two).count("Corrected on") == 2
    assert "Friday, December 4, not Saturday, December 5" in page(two)
    # And back again: the first correction told English readers just that.
    write_event(two, "en", when="2026-12-05 10:00")
    third = replace(say(two, f"{ISSUE}-c", "es"), frozen_at=LATER + timedelta(days=2))
    run(two, issue, first, second, third)
    assert page(two).count("Corrected on") == 1


def test_what_is_approved_with_a_correction_is_what_it_was_then(at: Desk) -> None:
    correct(at)
    at.edit("The right title", "Something else")
    run(at, send(at, ISSUE, SendState.FINISHED, version=0), send(at, CORRECTION, SendState.RUNNING))
    assert "The right title" in page(at)
    editions = at.check(LATER, CORRECTION).editions
    assert editions[0].digest != at.store.approved_editions(CORRECTION)[0].digest
    assert editions[0].text == at.store.approved_editions(CORRECTION)[0].text


def test_a_correction_goes_with_a_storys_words_that_may_not_be_shown(at: Desk) -> None:
    at.write(
        f"issues/{CORRECTION}/en.md",
        f"---\nlanguage: en\nsubject: Correction\ncorrects: {ISSUE}\n---\n\n"
        "We misspelled The Night Shift.\n",
    )
    at.approve(now=LATER, issue=CORRECTION)
    sends = (
        send(at, ISSUE, SendState.FINISHED, version=0),
        send(at, CORRECTION, SendState.FINISHED),
    )
    run(at, *sends)
    assert "We misspelled" in page(at)
    run(at, *sends, now=datetime(2027, 1, 2, 12, 0, tzinfo=UTC))
    assert "Night Shift" not in page(at)


def test_a_finished_issue_is_approved_again_only_with_the_words_that_went_out(at: Desk) -> None:
    rules = ApprovalRules(editors=EDITORS, required=1, bulletin_required=2)
    sent = send(at, ISSUE, SendState.FINISHED)
    at.edit("language: en\n", "language: en\nregions: south\n")
    same = at.check(LATER)
    assert same.digest != sent.digest
    approve(same, at.store, rules, editor="Ana", now=LATER, sent=sent)
    at.edit("Title n1", "The right title")
    with pytest.raises(AttentionError, match="nobody would get these words") as refused:
        approve(at.check(LATER), at.store, rules, editor="Ana", now=LATER, sent=sent)
    assert f"newsletter correct {ISSUE}" in refused.value.hint


def test_an_issue_is_kept_out_also_afterwards_and_can_come_back(at: Desk) -> None:
    sent = send(at, ISSUE, SendState.FINISHED)
    run(at, sent)
    at.edit("language: en\n", "language: en\narchive: no\n")
    assert run(at, sent).editions == ()
    assert not (at.root / "site" / PAGE).exists()
    assert not (at.root / "site/stories").exists()
    text = at.text()
    at.write(f"issues/{ISSUE}/en.md", "not a draft any more")
    assert run(at, sent).editions, "as approved, where nobody can read it"
    at.write(f"issues/{ISSUE}/en.md", text.replace("archive: no\n", ""))
    assert run(at, sent).editions == (f"issues/{ISSUE}/en/",)


def test_a_correction_that_is_kept_out_still_says_what_was_wrong(at: Desk) -> None:
    correct(at, head="archive: no\n")
    outcome = run(
        at,
        send(at, ISSUE, SendState.FINISHED, version=0),
        send(at, CORRECTION, SendState.FINISHED),
    )
    assert outcome.editions == (f"issues/{ISSUE}/en/",)
    assert "It is <em>not</em> n1." in page(at)


def test_what_the_database_lost_stays_while_it_may_be_shown(at: Desk) -> None:
    run(at, send(at, ISSUE, SendState.FINISHED))
    before = page(at)
    outcome = run(at, was_sent=True)
    assert outcome.lost == (ISSUE,)
    assert page(at) == before
    assert (at.root / "site/stories").exists(), "its story's page too"
    assert run(at, was_sent=True).lost == (ISSUE,), "and the next time"
    ended = run(at, was_sent=True, now=datetime(2027, 1, 2, 12, 0, tzinfo=UTC))
    assert f"{PAGE}" in ended.removed_files
    assert not (at.root / "site/stories").exists()


def test_what_nobody_sent_is_removed(at: Desk) -> None:
    run(at, send(at, ISSUE, SendState.FINISHED))
    assert run(at).lost == ()
    assert not (at.root / "site" / PAGE).exists()
