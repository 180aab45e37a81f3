"""Whether the stories in a draft may be there, as they are, and for how long still."""

from collections.abc import Iterator, Mapping, Sequence

from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, blocks, warns
from newsletter.issues.drafting.plain import one_line
from newsletter.model.consent import WARN_BEFORE, Allowed, Denied
from newsletter.model.details import PICTURES
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Item, ItemKind
from newsletter.model.problem import Problem


def _stories(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """The words, the picture and its description are those that the storyteller agreed to."""
    denied = facts.denied
    for placement in edition.placements:
        item = facts.items.get(placement.item_id or "")
        denial = denied.get(placement.item_id or "")
        if denial is None and item is not None and item.kind is ItemKind.STORY:
            denial = _other_picture(placement, item)
        if denial is not None:
            message = f"this story cannot be used here: {denial}"
            hint = "remove the block, or restore its words"
            yield blocks(edition, "story-consent", placement.line, message, hint)


def _other_picture(placement: Placement, item: Item) -> str | None:
    named = [placement.details.get(key, "no") for key in PICTURES]
    if any(name != "no" for name in named):
        return "the storyteller did not agree to this picture"
    alt = placement.details.get("alt", "")
    if alt and alt != one_line(item.picture.alt if item.picture else ""):
        return "the picture's description is not the one the storyteller agreed to"
    return None


def _ending_soon(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """A placed story's consent ends within `WARN_BEFORE` of the sending."""
    for placement in edition.placements:
        answer = facts.consents.get(placement.item_id or "")
        if isinstance(answer, Allowed) and answer.until - facts.sends_on <= WARN_BEFORE:
            message = f"the consent to {placement.item_id} ends on {answer.until}"
            hint = f"ask the storyteller again: newsletter stories renew {placement.item_id}"
            yield warns(edition, "story-ends-soon", placement.line, message, hint)


def carried_in_words(
    edition: Edition, facts: DraftCheckInput, denials: Mapping[str, Denied]
) -> Iterator[Problem]:
    """Find the stories that the rendered words carry; `denials` are by story id, of those words.

    What was denied as it is placed is found with its line by the checks of the draft.
    """
    for story_id, denial in denials.items():
        if not isinstance(facts.consents.get(story_id), Denied):
            message = f"story {story_id}: {denial.reason}"
            yield blocks(edition, "story-consent", 0, message, "remove its words")


CHECKS: Sequence[Check] = (_stories, _ending_soon)
