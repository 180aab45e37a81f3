"""Whether the coalition's logo can be shown, on the masthead's colors too."""

from collections.abc import Iterator
from dataclasses import replace

from newsletter.design.logo import faint_schemes
from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, blocks, warns
from newsletter.model.issue import Edition
from newsletter.model.problem import Problem


def _logo(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    if edition is not facts.issue.editions[0]:
        return
    logo = facts.issue.logo
    if logo.problem:
        problem = blocks(edition, "logo", 0, logo.problem, logo.hint)
        yield replace(problem, file=logo.file)
    elif logo.logo is not None:
        for scheme in faint_schemes(logo.logo, facts.issue.templates.tokens):
            message = f"the logo can hardly be seen on the masthead ({scheme} mode)"
            hint = f"a brighter or darker logo, or another {scheme}.band in templates/tokens.toml"
            yield warns(edition, "logo", 0, message, hint)


CHECKS: tuple[Check, ...] = (_logo,)
