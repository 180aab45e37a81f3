"""Whether the stories in a draft may be there, as they are, and for how long still."""

from collections.abc import Iterator, Sequence
from urllib.parse import unquote_plus

from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, blocks, warns
from newsletter.issues.drafting.plain import one_line
from newsletter.model.consent import WARN_BEFORE, Allowed, Denied
from newsletter.model.details import PICTURES
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Item, ItemKind
from newsletter.model.problem import Problem
from newsletter.stories.recognition.bare_words import words_of
from newsletter.stories.recognition.story_search import Finding
from newsletter.stories.recognition.words import as_text

IN_WORDS = "story-words"
IN_ITEM = "story-withdrawn"
OVERRULABLE = frozenset({IN_WORDS, IN_ITEM})
_OF_A_STORY = {"alt", "form", "language", "size", "updated", *PICTURES}
PUBLIC = "; if they are not the storyteller's: newsletter approve --overrule REASON"


def _stories(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """The words, the picture and its description are those that the storyteller agreed to."""
    denied = facts.denied
    for placement in edition.placements:
        item = facts.items.get(placement.item_id or "")
        denial = denied.get(placement.item_id or "")
        if denial is None and item is not None and item.kind is ItemKind.STORY:
            denial = _other_picture(placement, item) or _other_details(placement)
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


def _other_details(placement: Placement) -> str | None:
    named = ["a link"] if placement.link else []
    named += sorted(placement.details.keys() - _OF_A_STORY)
    return f"the storyteller did not agree to {', '.join(named)}" if named else None


def _ending_soon(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """A placed story's consent ends within `WARN_BEFORE` of the sending."""
    for placement in edition.placements:
        answer = facts.consents.get(placement.item_id or "")
        if isinstance(answer, Allowed) and answer.until - facts.sends_on <= WARN_BEFORE:
            message = f"the consent to {placement.item_id} ends on {answer.until}"
            hint = f"ask the storyteller again: newsletter stories renew {placement.item_id}"
            yield warns(edition, "story-ends-soon", placement.line, message, hint)


def carried_in_words(
    edition: Edition, facts: DraftCheckInput, findings: Sequence[Finding]
) -> Iterator[Problem]:
    """Find the stories that the rendered words carry, and where, as far as the draft shows it.

    What was denied as it is placed is found with its line by the checks of the draft.
    """
    for found in findings:
        if not isinstance(facts.consents.get(found.about), Denied):
            where, line = place_of(edition, found.passages)
            message = f"story {found.about}{where}: {found.denied.reason}"
            code, hint = (IN_WORDS, PUBLIC) if found.passages else ("story-consent", "")
            yield blocks(edition, code, line, message, f"take its words out{hint}")


def place_of(edition: Edition, passages: Sequence[str]) -> tuple[str, int]:
    """Return where in a draft the first of the quoted words stand, and the line; 0 if nowhere."""
    parts = [("the subject", edition.subject, 1), ("the preheader", edition.preheader, 1)]
    parts.append(("the letter", edition.letter, 1))
    parts.append(("the top of the draft", " ".join(edition.opening.values()), 1))
    parts += [(f"the opening of {one.title!r}", one.intro, one.line) for one in edition.sections]
    for one in edition.placements:
        words = " ".join((one.title, one.blurb, *one.details.values()))
        parts.append((f"the piece {one.title!r}", words, one.line))
    for name, words, line in parts:
        said = " ".join(words_of(f"{as_text(words)}\n\n{unquote_plus(words)}"))  # addresses too
        if any(passage in said for passage in passages):
            return f" in {name}", line
    return "", 0


CHECKS: Sequence[Check] = (_stories, _ending_soon)
