"""What a check gets, and how it says what it found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from newsletter.design.tokens import Tokens
from newsletter.issues.checking.page import Page
from newsletter.issues.drafting.draft_file import path_of
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


Check = Callable[[RenderedCheckInput], Iterator[Problem]]


def _problem(
    severity: Severity, checked: RenderedCheckInput, code: str, message: str, hint: str = ""
) -> Problem:
    file = path_of(checked.rendered.issue_id, checked.rendered.language)
    return Problem(severity=severity, code=code, message=message, hint=hint, file=file)


blocks = partial(_problem, Severity.BLOCKS)  # with such a one nobody can approve
warns = partial(_problem, Severity.WARNS)  # an editor judges it
