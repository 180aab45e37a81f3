"""What a check gets, and how it says what it found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from newsletter.design.tokens import Tokens
from newsletter.issues.checking.page import Page
from newsletter.model.coalition import Coalition
from newsletter.model.message import RenderedEdition
from newsletter.model.problem import Problem, Severity


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderedCheckInput:
    """A rendered edition and its HTML read back."""

    rendered: RenderedEdition
    page: Page
    coalition: Coalition
    tokens: Tokens

    @property
    def file(self) -> str:
        """The draft it comes from."""
        return f"issues/{self.rendered.issue_id}/{self.rendered.language}.md"


Check = Callable[[RenderedCheckInput], Iterator[Problem]]


def blocks(checked: RenderedCheckInput, code: str, message: str, hint: str = "") -> Problem:
    """Make a problem that blocks approval."""
    return Problem(
        severity=Severity.BLOCKS, code=code, message=message, hint=hint, file=checked.file
    )


def warns(checked: RenderedCheckInput, code: str, message: str, hint: str = "") -> Problem:
    """Make a problem for an editor to look at."""
    return Problem(
        severity=Severity.WARNS, code=code, message=message, hint=hint, file=checked.file
    )
