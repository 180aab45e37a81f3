"""[I/O] What `check` asks of the stories in a draft: may they be here, and for how long still."""

from collections.abc import Mapping
from datetime import date

from newsletter.issues.drafting.issue_pictures import is_agreed
from newsletter.issues.sources import IssueSources
from newsletter.model.consent import WARN_BEFORE, Allowed, Denied
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Item
from newsletter.model.problem import Problem, Severity

Answers = dict[str, tuple[Placement, Allowed | Denied]]


def denied(sources: IssueSources, draft: Edition, day: date) -> dict[str, str]:
    """Why a placed story may not be mailed on that day, by its id."""
    return {
        story_id: answer.reason
        for story_id, (_, answer) in _answers(sources, draft, day).items()
        if isinstance(answer, Denied)
    }


def ending_soon(sources: IssueSources, draft: Edition, day: date) -> list[Problem]:
    """A warning for each placed story whose consent ends within 30 days of that day."""
    return [
        Problem(
            severity=Severity.WARNS,
            code="story-ends-soon",
            message=f"the consent to {story_id} ends on {answer.until}",
            hint=f"ask its storyteller anew: newsletter stories renew {story_id}",
            file=draft.path,
            line=placement.line,
        )
        for story_id, (placement, answer) in _answers(sources, draft, day).items()
        if isinstance(answer, Allowed) and answer.until - day <= WARN_BEFORE
    ]


def other_pictures(sources: IssueSources, items: Mapping[str, Item]) -> dict[str, str]:
    """Stories whose picture is not the file that was agreed to."""
    return {
        story.id: "its picture is not the one the storyteller agreed to"
        for story in sources.stories.stories()
        if (item := items.get(story.id)) is not None
        and item.picture is not None
        and not is_agreed(sources.files, story, item.picture.url)
    }


def _answers(sources: IssueSources, draft: Edition, day: date) -> Answers:
    known = {story.id for story in sources.stories.stories()}
    return {
        placement.item_id: (
            placement,
            sources.stories.placed(placement, language=draft.language, on=day),
        )
        for placement in draft.placements
        if placement.item_id in known
    }
