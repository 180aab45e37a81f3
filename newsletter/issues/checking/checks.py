"""What is wrong with a draft, before it is rendered: each check is a generator over its facts."""

from collections.abc import Iterator, Sequence

from newsletter.issues.checking import check_details, check_markup
from newsletter.issues.checking.draft_check_input import (
    Check,
    DraftCheckInput,
    blocks,
    placed,
    warns,
)
from newsletter.issues.drafting.additions import is_new_section
from newsletter.issues.drafting.editions import FALLBACK
from newsletter.issues.drafting.edits import is_edited
from newsletter.issues.drafting.plain import one_line
from newsletter.model.details import PICTURES
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Item, ItemKind
from newsletter.model.problem import Problem


def problems(edition: Edition, facts: DraftCheckInput) -> list[Problem]:
    """Everything found in one edition."""
    return [problem for check in CHECKS for problem in check(edition, facts)]


def _empty(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    borrows = edition.settings.get(FALLBACK) == "yes"
    if not edition.placements and not edition.letter.strip() and not borrows:
        yield blocks(
            edition,
            "empty",
            1,
            "there is nothing in this edition",
            "write something, or take the file away",
        )


def _unknown_items(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    for _, placement in placed(edition):
        item_id = placement.item_id
        if item_id and item_id not in facts.items and item_id not in facts.denied:
            yield blocks(
                edition,
                "item-unknown",
                placement.line,
                f"there is no item {item_id}",
                "correct the id, or take {…} away if this piece is your own",
            )


def _sources(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """What happened to a piece at its source since it was chosen."""
    for _, placement in placed(edition):
        item = facts.items.get(placement.item_id or "")
        if item is None or item.kind is ItemKind.STORY:
            continue
        if item.id in facts.carried:
            yield blocks(
                edition,
                "story-withdrawn",
                placement.line,
                f"{item.id} {facts.carried[item.id]}",
                "take the block out",
            )
        elif item.withdrawn_at is not None:
            yield blocks(
                edition,
                "source-withdrawn",
                placement.line,
                f"{item.id} is gone at its source",
                "take the block out, or ask the organisation",
            )
        elif item.hidden:
            yield warns(edition, "hidden", placement.line, f"{item.id} was hidden by an editor")
        elif item.id in facts.chosen_as and is_edited(facts.chosen_as[item.id], item.told):
            is_off = item.event is not None and item.event.cancelled
            yield warns(
                edition,
                "source-edited",
                placement.line,
                f"{item.id} was {'cancelled' if is_off else 'edited'} at its source since it was "
                "chosen",
                f"read it again: {item.link or 'newsletter items show ' + item.id}",
            )


def _stories(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """The words, the picture and its description are those that the storyteller said yes to."""
    for _, placement in placed(edition):
        item = facts.items.get(placement.item_id or "")
        denial = facts.denied.get(placement.item_id or "")
        if denial is None and item is not None and item.kind is ItemKind.STORY:
            denial = _other_picture(placement, item)
        if denial is not None:
            yield blocks(
                edition,
                "story-consent",
                placement.line,
                f"this story may not be here: {denial}",
                "take the block out, or put it back as it was",
            )


def _other_picture(placement: Placement, item: Item) -> str | None:
    named = [placement.details.get(key, "no") for key in PICTURES]
    if any(name != "no" for name in named):
        return "a picture that its storyteller did not agree to is named"
    alt = placement.details.get("alt", "")
    if alt and alt != one_line(item.picture.alt if item.picture else ""):
        return "the picture is described in other words than were agreed to"
    return None


def _unsorted(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    for section in edition.sections:
        if is_new_section(section.id) and section.placements:
            yield warns(
                edition,
                "unsorted",
                section.line,
                f"readers would see the heading {section.title!r}",
                "move its blocks to where they belong, or give it a title of your own",
            )


CHECKS: Sequence[Check] = (
    _empty,
    _unknown_items,
    _sources,
    _stories,
    *check_details.CHECKS,
    *check_markup.CHECKS,
    _unsorted,
)
