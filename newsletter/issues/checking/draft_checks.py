"""What is wrong with a draft, before it is rendered: each check is a generator over its facts."""

from collections.abc import Iterator, Sequence

from newsletter.issues.checking import (
    check_credit,
    check_details,
    check_events,
    check_logo,
    check_markup,
    check_posted_events,
    check_stories,
)
from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, blocks, warns
from newsletter.issues.drafting.additions import is_new_section
from newsletter.issues.drafting.editions import FALLBACK
from newsletter.issues.drafting.edits import is_edited
from newsletter.model.issue import Edition
from newsletter.model.item import ItemKind
from newsletter.model.problem import Problem


def problems(edition: Edition, facts: DraftCheckInput) -> list[Problem]:
    """Return everything that is wrong with one edition."""
    return [problem for check in CHECKS for problem in check(edition, facts)]


def _empty(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    borrows = edition.settings.get(FALLBACK) == "yes"
    if not edition.placements and not edition.letter.strip() and not borrows:
        hint = "write something, or delete the file"
        yield blocks(edition, "empty", 1, "this edition is empty", hint)


def _unknown_items(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    for placement in edition.placements:
        item_id = placement.item_id
        if item_id and item_id not in facts.items and item_id not in facts.denied:
            message = f"there is no item {item_id}, and no stories/{item_id}.md here"
            hint = "correct the id, or copy the story from the machine that has it; delete {…} if "
            hint += "this piece is your own"
            yield blocks(edition, "item-unknown", placement.line, message, hint)


def _moved(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """An address that a source corrected after it was drafted: drafting again changes no heading
    that stands there, so this says what to write."""
    for placement in edition.placements:
        if new := facts.moved.get(placement.line):
            message = f"{placement.item_id}: its source gave up the address in this heading"
            hint = f"replace {placement.link} by {new}"
            yield warns(edition, "address", placement.line, message, hint)


def _sources(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """What happened to a piece at its source since it was chosen."""
    for placement in edition.placements:
        item = facts.items.get(placement.item_id or "")
        if item is None or item.kind is ItemKind.STORY:
            continue
        if item.id in facts.carried:
            message = f"{item.id} {facts.carried[item.id][0].denied.reason}"
            hint = f"remove the block{check_stories.PUBLIC}"
            yield blocks(edition, check_stories.IN_ITEM, placement.line, message, hint)
        elif item.withdrawn_at is not None:
            message = f"{item.id} was removed at its source"
            hint = "remove the block, or ask the organisation"
            tell = warns if edition.settings.get("corrects") else blocks  # it may say just that
            yield tell(edition, "source-withdrawn", placement.line, message, hint)
        elif item.hidden:
            yield warns(edition, "hidden", placement.line, f"{item.id} was hidden by an editor")
        elif item.id in facts.chosen_as and is_edited(facts.chosen_as[item.id], item.told):
            is_off = item.event is not None and item.event.cancelled
            message = (
                f"{item.id} was {'cancelled' if is_off else 'edited'} at its source since it was "
                "chosen"
            )
            hint = f"read it again: {item.link or 'newsletter items show ' + item.id}"
            yield warns(edition, "source-edited", placement.line, message, hint)


def _unsorted(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    for section in edition.sections:
        if is_new_section(section.id) and section.placements:
            message = f"readers would see the heading {section.title!r}"
            hint = "move its blocks to where they belong, or give it a title of your own"
            yield warns(edition, "unsorted", section.line, message, hint)


CHECKS: Sequence[Check] = (
    _empty,
    _unknown_items,
    _moved,
    _sources,
    *check_stories.CHECKS,
    *check_credit.CHECKS,
    *check_details.CHECKS,
    *check_events.CHECKS,
    *check_posted_events.CHECKS,
    *check_markup.CHECKS,
    *check_logo.CHECKS,
    _unsorted,
)
