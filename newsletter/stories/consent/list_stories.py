"""[I/O] `stories list`: where each story stands, what it still needs, which consents end soon."""

from dataclasses import dataclass
from datetime import date
from itertools import chain

from newsletter.model.consent import WARN_BEFORE, ConsentState, Denied
from newsletter.model.problem import Problem
from newsletter.model.story import Story
from newsletter.stories.record.consents import Consents
from newsletter.stories.record.folder import StoryFolder


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryRow:
    """One story for a list. `needs` is why it cannot be used in any language or channel."""

    id: str
    state: ConsentState
    until: date
    languages: tuple[str, ...]
    channels: tuple[str, ...]
    needs: str
    file: str

    def cells(self) -> list[str]:
        """Return the row for a table."""
        channels = ", ".join(self.channels).replace("_", " ")
        languages = ", ".join(self.languages)
        return [self.id, self.state, self.until.isoformat(), languages, channels, self.needs]


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryList:
    """All stories; `ending_soon` are those whose consent ends within 30 days."""

    rows: tuple[StoryRow, ...]
    ending_soon: tuple[StoryRow, ...]
    problems: tuple[Problem, ...]


def list_stories(consents: Consents, folder: StoryFolder, *, today: date) -> StoryList:
    """Return where every story stands on a day."""
    rows = tuple(_row(story, today) for story in consents.stories())
    soon = tuple(
        row for row in rows if row.state is ConsentState.VALID and row.until - today <= WARN_BEFORE
    )
    return StoryList(rows=rows, ending_soon=soon, problems=folder.load()[1])


def _row(story: Story, today: date) -> StoryRow:
    consent = story.consent
    state = consent.state(today)
    needs = ""
    if state is ConsentState.VALID:
        answers = (
            story.answer(channel=channel, language=text.language, on=today)
            for text in story.texts
            for channel in sorted(consent.channels)
        )
        denials = (answer.reason for answer in answers if isinstance(answer, Denied))
        needs = next(chain(story.safety_flags, denials), "")
    return StoryRow(
        id=story.id,
        state=state,
        until=consent.last_day,
        languages=tuple(sorted(consent.languages)),
        channels=tuple(sorted(consent.channels)),
        needs=needs,
        file=story.path,
    )
