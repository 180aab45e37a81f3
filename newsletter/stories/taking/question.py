"""A question to a storyteller, in English or as a catalogue translates it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from newsletter.stories.record.story_language import Gettext


class Kind(StrEnum):
    """How a question is answered."""

    LONG_TEXT = "long text"
    TEXT = "text"
    ONE_OF = "one of"
    YES_NO = "yes or no"
    TICK = "tick"
    PICTURE = "picture"


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question. `choices` are (value, label); `most` is the longest answer in characters."""

    id: str
    kind: Kind
    label: str
    explanation: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    required: bool = False
    most: int = 200

    def translated(self, gettext: Gettext) -> "Question":
        """Return the question with its words translated; the values of choices stay."""
        return replace(
            self,
            label=gettext(self.label),
            explanation=self.explanation and gettext(self.explanation),
            choices=tuple((value, gettext(label)) for value, label in self.choices),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Questions under one heading."""

    id: str
    title: str
    questions: tuple[Question, ...]

    def translated(self, gettext: Gettext) -> "Group":
        """Return the group with its heading and questions translated."""
        questions = tuple(question.translated(gettext) for question in self.questions)
        return replace(self, title=gettext(self.title), questions=questions)
