"""What is wrong with the stories in a draft: may they be here, and for how long still."""

from collections.abc import Iterator, Mapping

from newsletter.issues.checking.check_facts import CheckFacts
from newsletter.issues.checking.draft_check_input import blocks, warns
from newsletter.model.consent import WARN_BEFORE, Allowed, Denied
from newsletter.model.issue import Edition
from newsletter.model.problem import Problem


def denied(facts: CheckFacts, draft: Edition) -> dict[str, str]:
    """Return why a placed story may not be mailed as it is, by story id."""
    reasons = {
        story_id: answer.reason
        for story_id, answer in facts.consents[draft.language].items()
        if isinstance(answer, Denied)
    }
    pictures = facts.issue.story_pictures
    return reasons | {
        item_id: pictures[item_id].problem
        for item_id in facts.issue.items_in(draft)
        if item_id in pictures and pictures[item_id].problem
    }


def ending_soon(facts: CheckFacts, draft: Edition) -> Iterator[Problem]:
    """Warn of each placed story whose consent ends within `WARN_BEFORE` of the sending."""
    answers = facts.consents[draft.language]
    for placement in draft.placements:
        answer = answers.get(placement.item_id or "")
        if isinstance(answer, Allowed) and answer.until - facts.day_of(draft) <= WARN_BEFORE:
            yield warns(
                draft,
                "story-ends-soon",
                placement.line,
                f"the consent to {placement.item_id} ends on {answer.until}",
                f"ask its storyteller anew: newsletter stories renew {placement.item_id}",
            )


def carried_in_words(
    facts: CheckFacts, draft: Edition, denials: Mapping[str, Denied]
) -> Iterator[Problem]:
    """Find the stories that the rendered words carry, though none of that id was placed.

    `denials` are by story id, and of the rendered edition.
    """
    answers = facts.consents[draft.language]
    for story_id, denial in denials.items():
        if not isinstance(answers.get(story_id), Denied):
            yield blocks(
                draft,
                "story-consent",
                0,
                f"story {story_id}: {denial.reason}",
                "take its words out",
            )
