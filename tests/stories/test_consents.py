"""Consent asked again at the last moment, from files and stops as they are then."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from newsletter.model.consent import Allowed, Channel, Denied, Revocation
from newsletter.model.issue import Placement
from newsletter.model.item import Item, ItemKind
from newsletter.model.message import RenderedEdition
from newsletter.model.story import Story
from newsletter.stories.record.consents import Consents
from newsletter.stories.record.document import write
from newsletter.stories.record.folder import StoryFolder
from tests.stories.conftest import ENDS, EXCERPT, REST, story  # noqa: F401
from tests.stories.keys import KEY, RECOGNIZER

DAY = date(2026, 11, 23)


@pytest.fixture
def folder(tmp_path: Path, story: Story) -> StoryFolder:  # noqa: F811
    (tmp_path / "stories").mkdir()
    (tmp_path / story.path).write_text(write(story), encoding="utf-8")
    return StoryFolder(tmp_path, key=KEY)


def edition(*story_ids: str, text: str = "") -> RenderedEdition:
    return RenderedEdition(
        issue_id="2026-W47",
        language="en",
        subject="s",
        preheader="p",
        html="",
        text=text,
        story_ids=story_ids,
    )


def withdrawal(story: Story) -> Revocation:  # noqa: F811
    return Revocation(
        record_id=story.consent.record_id,
        story_id=story.id,
        on=DAY,
        withdrawn=True,
        fingerprints=RECOGNIZER.fingerprints(story.texts),
    )


def test_what_is_not_known_is_denied(folder: StoryFolder) -> None:
    denied = Consents(folder).denials(edition("m4rq7tz2xd", "unknownone"), on=DAY)
    assert list(denied) == ["unknownone"]
    assert "no such story" in denied["unknownone"].reason


def test_expiry_is_judged_at_the_sending_date(folder: StoryFolder) -> None:
    consents = Consents(folder)
    assert consents.denials(edition("m4rq7tz2xd"), on=ENDS) == {}
    late = consents.denials(edition("m4rq7tz2xd"), on=ENDS + timedelta(1))
    assert "consent ended" in late["m4rq7tz2xd"].reason


def test_the_stamp_differs_when_a_file_that_answers_changed(
    folder: StoryFolder,
    story: Story,  # noqa: F811
) -> None:
    consents = Consents(folder)
    before = consents.stamp([story.id])
    assert consents.stamp([story.id]) == before
    folder.revocation_file.append(withdrawal(story))
    withdrawn = consents.stamp([story.id])
    assert withdrawn != before
    os.utime(folder.folder, ns=(1, 1))
    alone = consents.stamp([story.id])
    (folder.folder / "another1.md").write_text("")  # it may be what an edition quotes
    assert consents.stamp([story.id]) != alone
    withdrawn = consents.stamp([story.id])
    (folder.folder / f"{story.id}.md").unlink()
    assert consents.stamp([story.id]) != withdrawn


def test_the_same_edition_is_asked_anew_when_a_storys_file_or_the_day_changed(
    folder: StoryFolder,
    story: Story,  # noqa: F811
) -> None:
    consents, shown = Consents(folder), edition(story.id)
    assert consents.denials(shown, on=DAY) == {}
    assert consents.denials(shown, on=ENDS + timedelta(1))
    assert consents.denials(shown, on=DAY) == {}
    file = folder.folder / f"{story.id}.md"
    file.write_text(write(replace(story, read_backs=())), encoding="utf-8")
    assert "not agreed" in consents.denials(shown, on=DAY)[story.id].reason


@pytest.mark.parametrize("where", ["file", "database"])
def test_a_withdrawal_counts_wherever_it_is_recorded(
    folder: StoryFolder,
    story: Story,  # noqa: F811
    where: str,
) -> None:
    stored: list[Revocation] = []
    consents = Consents(folder, lambda: tuple(stored))
    assert consents.denials(edition(story.id), on=DAY) == {}
    if where == "file":
        folder.revocation_file.append(withdrawal(story))
    else:
        stored.append(withdrawal(story))
    assert "withdrawn" in consents.denials(edition(story.id), on=DAY)[story.id].reason


def test_the_whole_text_needs_its_own_yes(folder: StoryFolder, story: Story) -> None:  # noqa: F811
    consents = Consents(folder)
    short, whole = edition(story.id, text=EXCERPT), edition(story.id, text=f"{EXCERPT}\n\n{REST}")
    assert consents.denials(whole, on=DAY) == {}
    folder.revocation_file.append(
        Revocation(
            record_id=story.consent.record_id, on=DAY, channels=frozenset({Channel.EMAIL_FULL})
        )
    )
    assert "14 words" in consents.denials(short, on=DAY)[story.id].reason  # of 31: no short part
    assert "email full" in consents.denials(whole, on=DAY)[story.id].reason


def test_a_story_shown_in_a_language_taken_back_is_denied_in_any_edition(
    folder: StoryFolder,
    story: Story,  # noqa: F811
) -> None:
    folder.revocation_file.append(
        Revocation(record_id=story.consent.record_id, on=DAY, languages=frozenset({"es"}))
    )
    spanish = story.texts[1].excerpt
    denials = Consents(folder).denials(edition(story.id, text=spanish), on=DAY)
    assert "language es" in denials[story.id].reason


def test_a_placement_must_carry_exactly_the_words_agreed_to(
    folder: StoryFolder,
    story: Story,  # noqa: F811
) -> None:
    consents = Consents(folder)
    stories = {known.id: known for known in consents.stories()}
    placement = Placement(title="The night shift", item_id=story.id, blurb=EXCERPT)
    whole = replace(placement, blurb=f"{EXCERPT}\n\n{REST}", details={"form": "full"})
    for good in (placement, whole, replace(placement, blurb=EXCERPT.replace(", and", ",\nand"))):
        assert consents.may_place(stories, good, language="en", on=DAY) == Allowed(until=ENDS)
    for bad in (
        replace(placement, title="Night shift"),
        replace(placement, blurb=EXCERPT.replace("eleven", "ten")),
        replace(placement, blurb=whole.blurb),
        replace(whole, blurb=EXCERPT),
        replace(placement, language="fr"),
        replace(placement, item_id="nosuchstory"),
    ):
        assert isinstance(consents.may_place(stories, bad, language="en", on=DAY), Denied)


def test_withdrawn_words_are_found_in_an_edition_that_does_not_name_the_story(
    folder: StoryFolder,
    story: Story,  # noqa: F811
) -> None:
    folder.revocation_file.append(withdrawal(story))
    (folder.folder / f"{story.id}.md").unlink()
    consents = Consents(folder)
    padding = " ".join(f"other words number {number}" for number in range(300))
    denials = consents.denials(edition(text=f"{padding}\n{EXCERPT}\n\n{REST}"), on=DAY)
    assert "carries a story withdrawn" in denials[story.id].reason
    assert consents.denials(edition(text=padding), on=DAY) == {}


def test_a_members_feed_item_with_withdrawn_words_is_named(
    folder: StoryFolder,
    story: Story,  # noqa: F811
) -> None:
    item = Item(
        id="fedfedfe",
        kind=ItemKind.NEWS,
        title="A worker speaks",
        first_seen_at=datetime(2026, 11, 20, tzinfo=UTC),
        text=f"Reprinted: {EXCERPT}",
    )
    innocent = replace(item, id="innocent", text="The clinic is open on Saturday from ten to two.")
    consents = Consents(folder)
    assert consents.withdrawn_items([item, innocent]) == {}
    folder.revocation_file.append(withdrawal(story))
    assert list(consents.withdrawn_items([item, innocent])) == ["fedfedfe"]
