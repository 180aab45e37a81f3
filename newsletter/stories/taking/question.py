"""A question to a storyteller, in the languages it is asked in."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a question is answered."""

    LONG_TEXT = "long text"
    TEXT = "text"
    ONE_OF = "one of"
    YES_NO = "yes or no"
    TICK = "tick"
    PICTURE = "picture"


Words = dict[str, str]  # by language: en, es


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question. `choices` are (value, words); `most` is the longest answer in characters."""

    id: str
    kind: Kind
    label: Words
    explanation: Words | None = None
    choices: tuple[tuple[str, Words], ...] = ()
    required: bool = False
    most: int = 200

    def words(self, language: str) -> str:
        """The question in that language (English when it is not there)."""
        return self.label.get(language, self.label["en"])

    def help(self, language: str) -> str:
        """What stands below it, or nothing."""
        return self.explanation.get(language, self.explanation["en"]) if self.explanation else ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Questions under one heading."""

    id: str
    title: Words
    questions: tuple[Question, ...]

    def heading(self, language: str) -> str:
        """The heading in that language."""
        return self.title.get(language, self.title["en"])
