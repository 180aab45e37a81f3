"""An issue named on the command line."""

from typing import Any

import click
from click.shell_completion import CompletionItem

from newsletter.cli.completing import issues
from newsletter.model.issue import monday_of


class IssueId(click.ParamType[str]):
    """`2026-W47`, or `2026-W47-a` for a bulletin."""

    name = "issue"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the issues of this workspace."""
        return issues(ctx, param, incomplete)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            monday_of(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an issue: write it as 2026-W47", param, ctx)
        return str(value)


# For a command that takes its usual issue when none is named.
issue_argument = click.argument("issue", required=False, type=IssueId())
