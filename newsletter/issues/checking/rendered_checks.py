"""What is wrong with a rendered edition: the checks of docs/email-checks.md that need no tool.

Each check is a small generator over a `RenderedCheckInput`; its docstring has its number there.
"""

from collections.abc import Iterator

from newsletter.design.build_view import address_lines
from newsletter.design.tokens import Tokens
from newsletter.issues.checking import rendered_safety, rendered_structure, rendered_words
from newsletter.issues.checking.page import read_page
from newsletter.issues.checking.rendered_check_input import Check, RenderedCheckInput, blocks
from newsletter.model.coalition import Coalition
from newsletter.model.message import RenderedEdition
from newsletter.model.problem import Problem

CHECKS: tuple[Check, ...] = (
    *rendered_safety.CHECKS,
    *rendered_words.CHECKS,
    *rendered_structure.CHECKS,
)


def problems(rendered: RenderedEdition, *, coalition: Coalition, tokens: Tokens) -> list[Problem]:
    """Return everything that is wrong, what blocks first."""
    checked = RenderedCheckInput(
        rendered=rendered, page=read_page(rendered.html), coalition=coalition, tokens=tokens
    )
    checks = (_required, *CHECKS)
    problems = (problem for check in checks for problem in check(checked))
    return sorted(problems, key=lambda problem: problem.severity)


def _required(checked: RenderedCheckInput) -> Iterator[Problem]:
    """A subject, and a postal address that stands in both parts (CAN-SPAM, 15 U.S.C. 7704)."""
    if not checked.rendered.subject.strip():
        yield blocks(
            checked, "no-subject", "there is no subject", "write one at the top of the draft"
        )
    lines = address_lines(checked.coalition.postal_address, checked.coalition.name)
    words = " ".join(" ".join(checked.page.words).split())
    text = " ".join(checked.rendered.text.split())
    missing = [line for line in lines if line and not (line in words and line in text)]
    if missing or not any(lines):
        yield blocks(
            checked,
            "no-postal-address",
            "the postal address is not in the footer",
            "set postal_address under [coalition] in newsletter.toml; where it is set, the "
            "workspace's own templates/footer.mjml or footer.txt leaves it out",
        )
