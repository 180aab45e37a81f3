"""The archive shows what went out, and of that only what may still be shown today."""

import fcntl
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image

from newsletter.archive.published_folder import PublishedFolder, Replaced
from newsletter.archive.shown import Shown
from newsletter.archive.write import ArchiveOutcome, archive
from newsletter.errors import AttentionError, UsageError
from newsletter.issues.redact import WithdrawnStoryRedactor
from newsletter.model.consent import Channel, Revocation
from newsletter.model.delivery import Send, SendState
from newsletter.model.item import Picture
from newsletter.model.organisation import Terms
from newsletter.model.story import Story
from newsletter.stories.recognition.bare_words import words_of
from newsletter.stories.recognition.fingerprints import runs_in
from newsletter.stories.recognition.not_evidence import NotEvidence, PublicText
from newsletter.stories.record import document
from newsletter.stories.record.consents import Consents
from newsletter.stories.record.folder import StoryFolder
from tests.design.documents import Document
from tests.issues.desk import ISSUE, NOW, Desk, desk, item, organisation, story
from tests.stories.keys import KEY, RECOGNIZER

BASE = "https://digest.river.example/archive/"
BOTH = frozenset({Channel.EMAIL_EXCERPT, Channel.WEB_ARCHIVE})


class Sent:
    """The sends that the archive asks for."""

    def __init__(self, at: Desk, state: SendState | None = SendState.FINISHED) -> None:
        self.state = state
        self.digest = at.store.approvals(ISSUE)[-1].digest

    def __call__(self) -> tuple[Send, ...]:
        if self.state is None:
            return ()
        send = Send(
            id=1,
            issue_id=ISSUE,
            state=self.state,
            digest=self.digest,
            frozen_at=NOW,
            candidates=0,
            audience=0,
            excluded=0,
        )
        return (send,)


def run(
    at: Desk, now: datetime = NOW, *, sent: Sent | None = None, base: str = BASE
) -> ArchiveOutcome:
    folder = PublishedFolder(at.root / "site")
    return archive(at.sources, sent or Sent(at), at.store, folder, base=base, now=now)


class Watched(PublishedFolder):
    """Says whether others were kept away while it was written."""

    was_alone = False

    def replace(
        self,
        files: Mapping[str, str | bytes],
        shown: Shown,
        *,
        keep: frozenset[str] = frozenset(),
    ) -> Replaced:
        handle = os.open(self.root, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.was_alone = True
        finally:
            os.close(handle)
        return super().replace(files, shown, keep=keep)


def page(at: Desk, name: str = f"issues/{ISSUE}/en/index.html") -> str:
    return (at.root / "site" / name).read_text()


def withdrawn(at: Desk, told: Story) -> Revocation:
    """The story taken back, as its tombstone says."""
    stop = Revocation(
        record_id=told.consent.record_id,
        story_id=told.id,
        on=NOW.date(),
        withdrawn=True,
        fingerprints=RECOGNIZER.fingerprints(told.texts),
    )
    StoryFolder(at.root, key=KEY).revocation_file.append(stop)
    return stop


@pytest.fixture
def at(tmp_path: Path) -> Desk:
    made = desk(tmp_path, [item("n1"), item("n2", "casa")], languages=("en",))
    told = story(channels=BOTH)
    made.write(f"stories/{told.id}.md", document.write(told))
    made.draft()
    made.approve()
    return made


def test_two_never_write_the_site_at_once(at: Desk) -> None:
    """A slow one would put back what was withdrawn meanwhile."""
    site = Watched(at.root / "site")
    archive(at.sources, Sent(at), at.store, site, base=BASE, now=NOW)
    assert site.was_alone


@pytest.mark.parametrize("state", [None, SendState.SCHEDULED, SendState.CANCELLED])
def test_an_issue_that_did_not_go_out_is_not_shown(at: Desk, state: SendState | None) -> None:
    outcome = run(at, sent=Sent(at, state))
    assert outcome.editions == ()
    assert not (at.root / f"site/issues/{ISSUE}").exists()


def test_an_issue_about_to_go_is_shown_when_it_is_named(at: Desk) -> None:
    folder = PublishedFolder(at.root / "site")
    nothing = Sent(at, None)
    outcome = archive(
        at.sources, nothing, at.store, folder, base=BASE, now=NOW, about_to_go=(ISSUE,)
    )
    assert outcome.editions == (f"issues/{ISSUE}/en/",)


def test_a_sent_issue_is_shown_with_its_story_and_the_storys_page(at: Desk) -> None:
    outcome = run(at)
    assert outcome.editions == (f"issues/{ISSUE}/en/",)
    assert outcome.stories == 1
    assert "Title n1" in page(at)
    assert f'href="{BASE}stories/m4rq7tz2xd/en/"' in page(at)
    assert "More." in page(at, "stories/m4rq7tz2xd/en/index.html")
    assert "The night shift" in page(at, "en/index.html")


def test_when_consent_ends_the_story_and_its_page_disappear(at: Desk) -> None:
    run(at)
    outcome = run(at, datetime(2027, 1, 2, 12, 0, tzinfo=UTC))
    assert outcome.stories == 0
    assert outcome.removed >= 1
    assert outcome.kept_back == (f"{ISSUE}/en: m4rq7tz2xd",)
    assert not (at.root / "site/stories").exists()
    everything = "".join(one.read_text() for one in (at.root / "site").rglob("*.html"))
    assert "night shift" not in everything
    assert "cleaned offices" not in everything


def test_a_story_that_may_be_mailed_only_is_never_on_the_web(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")], languages=("en",))
    told = story()
    at.write(f"stories/{told.id}.md", document.write(told))
    at.draft()
    at.approve()
    assert "cleaned offices" in at.text()
    assert run(at).stories == 0
    assert "cleaned offices" not in page(at)


def test_no_paragraph_names_what_is_left_out(at: Desk) -> None:
    text = at.text()
    body = text.index("---", 4) + 4
    letter = "Dear all.\n\nDo read The Night Shift this week.\n\nYours."
    at.write(f"issues/{ISSUE}/en.md", f"{text[:body]}\n{letter}\n{text[body:]}")
    at.approve(now=NOW + timedelta(hours=1))
    run(at)
    assert "Do read" in page(at)
    run(at, datetime(2027, 1, 2, 12, 0, tzinfo=UTC))
    assert "Do read" not in page(at)
    assert "Yours." in page(at)


def test_a_story_whose_file_is_gone_is_not_shown(at: Desk) -> None:
    (at.root / "stories/m4rq7tz2xd.md").unlink()
    assert run(at).kept_back == (f"{ISSUE}/en: m4rq7tz2xd",)
    assert "cleaned offices" not in page(at)


def test_what_a_member_withdrew_or_an_editor_hid_goes(at: Desk) -> None:
    run(at)
    n1, n2 = at.items.items["n1"], at.items.items["n2"]
    at.items.add(replace(n1, withdrawn_at=NOW), replace(n2, hidden=True))
    run(at, NOW + timedelta(days=1))
    assert "Title n1" not in page(at)
    assert "Title n2" not in page(at)


def test_without_a_public_address_it_says_what_to_set(at: Desk) -> None:
    with pytest.raises(UsageError, match="public address"):
        run(at, base="")


def test_words_of_a_withdrawn_story_go_wherever_they_stand(at: Desk) -> None:
    told = story(channels=BOTH | {Channel.EMAIL_FULL})
    at.write(f"stories/{told.id}.md", document.write(told))
    text = at.text()
    body = text.index("---", 4) + 4
    words = told.texts[0].body
    at.write(f"issues/{ISSUE}/en.md", f"{text[:body]}\nDear all.\n\n{words}\n{text[body:]}")
    at.approve(now=NOW + timedelta(hours=1))
    withdrawn(at, told)
    run(at, NOW + timedelta(days=1))
    everything = "".join(one.read_text() for one in (at.root / "site").rglob("*.html"))
    assert "cleaned offices" not in everything
    assert "night shift" not in everything.casefold()


def test_a_draft_edited_after_it_was_sent_changes_nothing(at: Desk) -> None:
    run(at)
    before = page(at)
    at.edit("Title n1", "Another title")
    at.edit("For eleven years", "For twelve years")
    (at.root / f"issues/{ISSUE}/en.md").rename(at.root / f"issues/{ISSUE}/es.md")
    assert run(at).written == 0
    assert page(at) == before


def test_what_went_out_is_shown_and_not_a_later_yes(at: Desk) -> None:
    sent = Sent(at)
    at.edit("Title n1", "Another title")
    at.approve(now=NOW + timedelta(hours=1))
    run(at, sent=sent)
    assert "Title n1" in page(at)
    run(at, sent=Sent(at))
    assert "Another title" in page(at)


def test_an_issue_that_nobody_approved_cannot_be_shown_ahead(at: Desk) -> None:
    folder = PublishedFolder(at.root / "site")
    with pytest.raises(AttentionError, match="not approved"):
        archive(
            at.sources, Sent(at, None), at.store, folder, base=BASE, now=NOW,
            about_to_go=("2026-W48",),
        )  # fmt: skip


def test_a_borrowed_piece_is_shown_as_it_was_borrowed(tmp_path: Path) -> None:
    at = desk(tmp_path, [item("n1")])
    at.draft()
    at.edit("language: es\n", "language: es\nfallback: yes\n", "es")
    at.edit("subject:\n", "subject: Hola\n", "es")
    at.approve()
    run(at)
    assert "Title n1" in page(at, f"issues/{ISSUE}/es/index.html")


def test_a_mailed_story_links_to_its_page_only_where_there_is_one(tmp_path: Path) -> None:
    for name, channels in (("both", BOTH), ("mail", frozenset({Channel.EMAIL_EXCERPT}))):
        (tmp_path / name).mkdir()
        at = desk(tmp_path / name, [item("n1")], languages=("en",))
        at.sources = replace(
            at.sources,
            coalition=replace(at.sources.coalition, public_url=BASE.removesuffix("/archive/")),
        )
        told = story(channels=channels)
        at.write(f"stories/{told.id}.md", document.write(told))
        at.draft()
        (edition,) = at.check().editions
        address = f"{BASE}stories/{told.id}/en/"
        assert (address in edition.html, address in edition.text) == (channels == BOTH,) * 2
        at.approve()
        run(at)
        assert (at.root / f"site/stories/{told.id}/en/index.html").exists() == (channels == BOTH)


def with_pictures(tmp_path: Path) -> Desk:
    """An issue that went out with a member's picture and one of the editors' own."""
    picture = Picture(url="https://casa.example/p.png", alt="A march")
    made = desk(
        tmp_path,
        [item("n1"), item("n2", "casa", picture=picture)],
        [organisation("harbor"), organisation("casa", terms=Terms(pictures=True))],
        languages=("en",),
    )
    made.draft()
    wall = "## Lost {#memoriam}\n\n### A wall\n\n- picture: wall.png\n- alt: A wall\n"
    made.write(f"issues/{ISSUE}/en.md", f"{made.text()}\n{wall}")
    paint(made, "n2.png", "teal")
    paint(made, "wall.png", "red")
    made.approve()
    return made


def paint(at: Desk, name: str, colour: str) -> None:
    path = at.root / f"issues/{ISSUE}/pictures/{name}"
    path.parent.mkdir(exist_ok=True)
    Image.new("RGB", (30, 20), colour).save(path)


def pictures(at: Desk) -> dict[str, str]:
    """Each picture of the page by its words, as the colour of its first pixel."""
    folder = at.root / f"site/issues/{ISSUE}/en"
    found = {}
    for image in Document(page(at)).all("img"):
        with Image.open(folder / image.attrs["src"]) as shown:
            red, green, _ = shown.convert("RGB").getpixel((3, 3))  # type: ignore[misc]
        found[image.attrs["alt"]] = "red" if red > green else "teal"
    return found


def test_a_member_that_left_or_was_renamed_stands_as_it_was(tmp_path: Path) -> None:
    at = with_pictures(tmp_path)
    run(at)
    before = page(at)
    assert "From Harbor" in before
    renamed = organisation("harbor", name="Another name", url="https://other.example")
    at.sources = replace(at.sources, organisations=(renamed,))
    assert run(at).written == 0
    assert page(at) == before
    assert "Casa" in page(at, "en/organisations/casa/index.html")
    assert pictures(at) == {"A wall": "red", "A march": "teal"}


def test_a_picture_is_the_approved_one_and_goes_when_it_may_not_be_shown(tmp_path: Path) -> None:
    at = with_pictures(tmp_path)
    paint(at, "wall.png", "teal")
    paint(at, "n2.png", "red")
    run(at)
    assert pictures(at) == {"A wall": "red", "A march": "teal"}
    no_pictures = (organisation("harbor"), organisation("casa"))
    at.sources = replace(at.sources, organisations=no_pictures)
    run(at)
    assert pictures(at) == {"A wall": "red"}
    (at.root / f"issues/{ISSUE}/pictures/wall.png").unlink()
    run(at)
    assert pictures(at) == {}


def test_an_issue_that_a_withdrawn_story_was_struck_from_is_still_shown(at: Desk) -> None:
    told = story(channels=BOTH)
    stop = withdrawn(at, told)
    sent = Sent(at)
    (send,) = sent()
    redactor = WithdrawnStoryRedactor(
        issues=at.store,
        send_of=lambda _: send,
        files=at.sources.files,
        coalition=at.sources.coalition,
        recognizer=RECOGNIZER,
    )
    assert redactor.redact([stop]).issues == (ISSUE,)
    assert run(at, sent=sent).editions == (f"issues/{ISSUE}/en/",)
    assert "Title n1" in page(at)
    assert "cleaned offices" not in page(at)


QUOTING = "### A voice\n\nShe told us: I cleaned offices at night, and nobody there knew my name.\n"


def quoting(at: Desk) -> Desk:
    """The issue was mailed with a piece of the editors' own that quotes the story."""
    at.write(f"issues/{ISSUE}/en.md", f"{at.text()}\n## Voices {{#voices}}\n\n{QUOTING}")
    at.approve()
    return at


def test_an_editors_own_piece_does_not_make_the_words_it_quotes_everybodys(tmp_path: Path) -> None:
    made = desk(tmp_path, [item("n1"), item("n2", "casa")], languages=("en",))
    told = story()  # no yes to the website
    made.write(f"stories/{told.id}.md", document.write(told))
    made.draft()
    run(quoting(made))
    assert "cleaned offices" not in page(made)
    assert "Title n1" in page(made)


CARD = PublicText(QUOTING, date(2026, 9, 1))
DECIDED = RECOGNIZER.decision_on([" ".join(words_of(QUOTING))])


@pytest.mark.parametrize(
    "excused",
    [
        NotEvidence(elsewhere=lambda record, day: [CARD] if day > CARD.since else []),
        NotEvidence(overruled=lambda record: frozenset(runs_in(DECIDED))),
    ],
    ids=["public before", "an editor decided"],
)
def test_words_that_are_not_the_storytellers_stay(tmp_path: Path, excused: NotEvidence) -> None:
    made = desk(tmp_path, [item("n1"), item("n2", "casa")], languages=("en",))
    made.sources = replace(
        made.sources, stories=Consents(StoryFolder(tmp_path, key=KEY, excused=excused))
    )
    told = story()
    made.write(f"stories/{told.id}.md", document.write(told))
    made.draft()
    run(quoting(made))
    assert "cleaned offices" in page(made)
