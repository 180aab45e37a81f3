"""A withdrawn story is struck from what is kept of issues; what was approved stays proven."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from newsletter.errors import AttentionError
from newsletter.files import WorkspaceFiles
from newsletter.issues.drafting.draft_file import read
from newsletter.issues.redact import WithdrawnStoryRedactor
from newsletter.issues.strike import without_opening, without_paragraphs
from newsletter.model.consent import Revocation
from newsletter.model.delivery import Send, SendState
from newsletter.model.story import StoryText
from newsletter.sending.preview import preview
from newsletter.stories.consent.withdrawal_cleanup import Redacted
from newsletter.stories.recognition.not_evidence import NotEvidence, PublicText
from newsletter.stories.recognition.recognizer import Recognizer
from newsletter.stories.recognition.short_quotes import Quotable
from tests.issues.desk import ISSUE, NOW, Desk, desk, item
from tests.stories.crash_harness import found_on_disk
from tests.stories.keys import KEY, RECOGNIZER

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
    assert redactor(approved, over(approved)).redact([STOP]).issues == (ISSUE,)
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


def test_a_draft_in_work_loses_the_words_too_and_says_so_to_its_editors(approved: Desk) -> None:
    before = approved.text()
    done = redactor(approved).redact([STOP])
    assert done == Redacted(issues=(ISSUE,))
    text = approved.text()
    assert "cleaned offices" not in text
    assert TITLE not in text
    assert "took a story back on 2026-11-20" in text
    assert "Title n1" in text
    assert not list((approved.root / "preview").rglob("*.html"))
    assert not on_disk(approved)
    kept = [line for line in text.splitlines() if line and not line.startswith(("<!--", "subject"))]
    lines = before.splitlines()
    assert [line for line in lines if line in kept] == [line for line in kept if line in lines]


def test_a_struck_draft_is_not_struck_again(approved: Desk) -> None:
    redactor(approved).redact([STOP])
    text = approved.text()
    assert redactor(approved).redact([STOP]) == Redacted()
    assert approved.text() == text


def test_an_editors_notes_and_what_waits_for_its_translation_stay_and_lose_the_words(
    approved: Desk,
) -> None:
    text = approved.text() + (
        f"\n<!-- TO TRANSLATE: not sent yet.\n### {TITLE}\n\n{WORDS}\n\n-->\n\n"
        "<!-- Ana: call the venue -->\n\n### A walk\n\nIn the park.\n\n"
        f"<!-- Bo says: {WORDS} -->\n\n### A talk\n\nIn the hall.\n"
    )
    approved.write(f"issues/{ISSUE}/en.md", text)
    assert redactor(approved).redact([STOP]).still == ()
    left = approved.text()
    assert "<!-- Ana: call the venue -->" in left
    assert "TO TRANSLATE" in left
    assert "cleaned offices" not in left
    edition = read(left, file=f"issues/{ISSUE}/en.md")
    assert [one.title for one in edition.placements][-2:] == ["A walk", "A talk"]
    assert edition.placements[-2].blurb == "In the park."


def test_a_draft_that_cannot_be_read_is_named_where_its_words_still_stand(approved: Desk) -> None:
    approved.write(f"issues/{ISSUE}/en.md", approved.text().replace("---\n", "", 1))
    (still,) = redactor(approved).redact([STOP]).still
    assert still.startswith(f"issues/{ISSUE}/en.md: ")
    assert "cleaned" not in still


@pytest.mark.parametrize("mistake", ["\n<!-- half a note", "\n- alt: of nothing\n"])
def test_a_mistake_in_a_draft_keeps_no_words_in_it(approved: Desk, mistake: str) -> None:
    approved.write(f"issues/{ISSUE}/en.md", approved.text() + mistake)
    assert ISSUE in redactor(approved).redact([STOP]).issues
    assert "cleaned offices" not in approved.text()
    assert TITLE not in approved.text()


def test_what_an_editor_saves_meanwhile_is_not_lost(
    approved: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = approved.root / f"issues/{ISSUE}/en.md"
    replacing = WorkspaceFiles.write
    saved: list[int] = []

    def saves_first(
        files: WorkspaceFiles, name: str, text: str, *, expected: str | None = None
    ) -> None:
        if not saved:
            text = path.read_text().replace("\n## ", "\nA last word of Ana's.\n\n## ", 1)
            saved.append(path.write_text(text))
        replacing(files, name, text, expected=expected)

    monkeypatch.setattr(WorkspaceFiles, "write", saves_first)
    assert redactor(approved).redact([STOP]).still == ()
    assert "A last word of Ana's." in approved.text()
    assert "cleaned offices" not in approved.text()


def test_somebody_who_never_stops_saving_is_named(
    approved: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed(*given: object, **more: object) -> None:
        raise AttentionError("someone changed this file meanwhile")

    monkeypatch.setattr(WorkspaceFiles, "write", changed)
    assert redactor(approved).redact([STOP]).still == (
        f"issues/{ISSUE}/en.md: somebody is writing it",
    )


SPANISH = StoryText(
    language="es",
    title="El turno de noche",
    excerpt="Limpié oficinas",
    body="Limpié oficinas de noche durante once años y nadie sabía mi nombre en aquel edificio.",
)
ENGLISH = StoryText(language="en", title=TITLE, excerpt="", body=WORDS)


@pytest.fixture
def bilingual(tmp_path: Path) -> Desk:
    """An approved issue in two languages: each quotes a few words of the other's story."""
    made = desk(tmp_path, [item("n1"), item("n2", "casa")])
    made.draft()
    own = f"## Stories {{#stories}}\n\n### {TITLE} {{q7w2}}\n\nFor eleven years.\n"
    approve_both(made, own)
    return made


def approve_both(made: Desk, own: str) -> None:
    for language, subject, preheader in (
        ("en", "They were all afraid to ask", "And: oficinas de noche durante once"),
        ("es", "Nadie sabía mi nombre", f"Lea: {TITLE}"),
    ):
        text = made.text(language)
        front = f'---\nlanguage: {language}\nsubject: "{subject}"\npreheader: "{preheader}"\n---\n'
        rest = text.split("---\n", 2)[2]
        made.write(f"issues/{ISSUE}/{language}.md", f"{front}{rest}")
    text = made.text()
    made.write(f"issues/{ISSUE}/en.md", f"{text}\n{own}")


@pytest.mark.parametrize("is_over", [True, False])
def test_a_picture_at_the_top_whose_words_quote_the_story_goes(
    bilingual: Desk, is_over: bool
) -> None:
    file = f"issues/{ISSUE}/en.md"
    top = "---\nedited_by: Rosa\npicture: hall.jpg\nalt: We were all afraid to ask\n"
    bilingual.write(file, top + bilingual.text().removeprefix("---\n"))
    sends = [over_by(SendState.FINISHED)] if is_over else []
    redactor(bilingual, *sends).redact([STOP], [ENGLISH])
    assert "afraid to ask" not in bilingual.text()
    assert read(bilingual.text(), file=file).opening["edited_by"] == "Rosa"


def test_an_edition_is_struck_with_the_picture_whose_words_are() -> None:
    top = "---\nlanguage: en\nedited_by: Rosa\npicture: hall.jpg\nalt: afraid to ask\n---\n"
    edition = read(top, file="issues/2026-W47/en.md")
    struck = without_opening(edition, lambda words: "afraid" in words)
    assert struck.opening == {"edited_by": "Rosa"}


@pytest.mark.parametrize("is_over", [True, False])
def test_a_quote_in_a_subject_and_in_another_languages_preheader_goes(
    bilingual: Desk, is_over: bool
) -> None:
    sends = [over_by(SendState.FINISHED)] if is_over else []
    assert redactor(bilingual, *sends).redact([STOP], [ENGLISH, SPANISH]).still == ()
    for language in ("en", "es"):
        text = bilingual.text(language)
        for quote in ("afraid to ask", "oficinas de noche", "sabía mi nombre", TITLE):
            assert quote not in text, (language, quote)
    assert "Title n1" in bilingual.text()


def over_by(state: SendState) -> Send:
    return Send(
        id=1,
        issue_id=ISSUE,
        state=state,
        digest="",
        frozen_at=NOW,
        candidates=0,
        audience=0,
        excluded=0,
    )


def test_the_database_keeps_no_quote_in_a_subject(approved: Desk) -> None:
    """Nothing but the subject of this issue quotes it: four words."""
    approved.edit(TITLE + ", and clinics", "We were all afraid to ask")
    text = approved.text()
    approved.write(f"issues/{ISSUE}/en.md", text[: text.index("## Stories")])
    approved.approve(now=NOW + timedelta(hours=1))
    quoting = approved.store.approvals(ISSUE)[-1].digest
    assert "afraid to ask" in approved.store.approved_drafts(ISSUE, quoting)["en"].text
    redactor(approved).redact([STOP], [ENGLISH])
    assert "afraid to ask" not in approved.store.approved_drafts(ISSUE, quoting)["en"].text
    assert not bool(found_after(approved, "afraid to ask"))


def found_after(made: Desk, words: str) -> object:
    made.store._engine.dispose()
    return found_on_disk(made.root, [words])


def test_what_a_members_post_says_too_is_nobodys_quote(tmp_path: Path) -> None:
    """A card of rights that a story quotes: the post with the card, and its subject, stay."""
    card = "You have the right to remain silent and to speak with a lawyer before you answer."
    made = desk(tmp_path, [item("n1", text=card, title="Know your rights")], languages=("en",))
    made.draft()
    subject = 'subject: "You have the right to remain silent"'
    made.write(f"issues/{ISSUE}/en.md", re.sub("subject:.*", subject, made.text()))
    before = made.text()
    assert "remain silent" in before
    told = StoryText(language="en", title="At the door", excerpt="", body=f"He said: {card} I did.")
    stop = replace(STOP, fingerprints=())
    assert redactor(made).redact([stop], [told]) == Redacted()
    assert made.text() == before


def test_a_short_title_strikes_nothing_where_its_story_never_stood(approved: Desk) -> None:
    made = approved
    made.write(
        f"issues/{ISSUE}/en.md",
        made.text().split("## Stories")[0].replace(f"{TITLE}, and clinics", "Home repair"),
    )
    told = StoryText(language="en", title="Home", excerpt="", body="Something else entirely.")
    other = replace(STOP, story_id="zzz", fingerprints=())
    before = made.text()
    redactor(made).redact([other], [told])
    assert made.text() == before


def test_a_short_title_goes_from_the_subject_of_the_issue_that_had_its_story(
    approved: Desk,
) -> None:
    approved.write(f"issues/{ISSUE}/en.md", approved.text().replace(TITLE, "Home"))
    assert "subject: Home, and clinics" in approved.text()
    redactor(approved).redact([STOP])
    assert "Home" not in approved.text()


def test_an_issue_without_the_story_is_not_touched(approved: Desk) -> None:
    other = replace(STOP, story_id="else", fingerprints=())
    assert redactor(approved, over(approved)).redact([other]) == Redacted()
    assert approved.store.approved_editions(ISSUE) != ()
    assert list((approved.root / "preview").rglob("*.html"))


def test_a_narrowed_consent_strikes_nothing(approved: Desk) -> None:
    for story_id in (STOP.story_id, "n1"):  # n1 stands in it by its id
        narrowed = replace(STOP, withdrawn=False, story_id=story_id)
        assert redactor(approved, over(approved)).redact([narrowed]) == Redacted()


OWN = "### We were all afraid\n\nShe tells how it was.\n"  # too short for digests


@pytest.fixture
def quoting(tmp_path: Path) -> Desk:
    """A subject and a piece of the editors' own quote a few words of the story, which is not
    there."""
    made = desk(tmp_path, [item("n1"), item("n2", "casa")], languages=("en",))
    made.draft()
    made.edit("subject:", "subject: We were all afraid")
    made.write(f"issues/{ISSUE}/en.md", f"{made.text()}\n## Voices {{#voices}}\n\n{OWN}")
    made.approve()
    return made


@pytest.mark.parametrize("is_over", [True, False])
def test_an_editors_own_piece_that_quotes_excuses_neither_itself_nor_the_subject(
    quoting: Desk, is_over: bool
) -> None:
    sends = [over_by(SendState.FINISHED)] if is_over else []
    assert redactor(quoting, *sends).redact([STOP], [ENGLISH]).issues == (ISSUE,)
    kept = quoting.store.approved_drafts(ISSUE)["en"].text
    for text in (quoting.text(), kept):
        assert "all afraid" not in text
        assert "Title n1" in text


def test_what_an_issue_said_before_the_story_came_in_stays(quoting: Desk) -> None:
    before = PublicText(OWN, date(2026, 9, 1))
    excused = NotEvidence(elsewhere=lambda record, day: [before] if record == "8k2v5n0q4d" else [])
    told = replace(STOP, given=date(2026, 9, 14))
    made = replace(redactor(quoting), recognizer=Recognizer(KEY, excused))
    text = quoting.text()
    assert made.redact([told], [ENGLISH]) == Redacted()
    assert quoting.text() == text


@pytest.mark.parametrize("is_over", [True, False])
def test_a_section_that_no_one_named_does_not_keep_its_title_as_its_id(
    quoting: Desk, is_over: bool
) -> None:
    titled = quoting.text().replace(
        "## Voices {#voices}",
        "## We were all afraid to ask\n\n## Until the clinic drew the whole law",
    )
    quoting.write(f"issues/{ISSUE}/en.md", titled)
    quoting.approve(now=NOW + timedelta(hours=1))
    sends = [over_by(SendState.FINISHED)] if is_over else []
    assert redactor(quoting, *sends).redact([STOP], [ENGLISH]).still == ()
    kept = quoting.store.approved_drafts(ISSUE)["en"].text
    for text in (quoting.text(), kept):
        assert "all-afraid" not in text
        assert "clinic" not in text
        assert "## section-" in text


def test_a_standing_block_that_has_the_words_is_named(approved: Desk) -> None:
    approved.write("blocks/2-voices.en.md", f"## Voices\n\n### A voice\n\n{WORDS}\n")
    (still,) = redactor(approved).redact([STOP], [ENGLISH]).still
    assert still.startswith("blocks/2-voices.en.md: ")


def test_paragraphs_that_carry_a_story_only_all_together_go_all_together() -> None:
    def carries(markdown: str) -> bool:
        return "eleven years" in markdown and "at night" in markdown

    told = "For eleven years\n\nI cleaned offices at night"
    assert without_paragraphs(told, Quotable(), carries) == ""
    assert without_paragraphs(told, Quotable(), lambda markdown: False) == told
