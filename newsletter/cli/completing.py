"""What the shell offers after a Tab: the workspace's own issues, members and editors."""

import os
from collections.abc import Callable, Iterable

import click
from click.shell_completion import CompletionItem

from newsletter.cli.workspace import Workspace, workspace_folder
from newsletter.errors import NewsletterError

Completion = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _offered(words: Callable[[Workspace], Iterable[tuple[str, str]]]) -> Completion:
    """Offer what begins with what was typed; nothing where there is no workspace to ask."""

    def complete(ctx: click.Context, param: click.Parameter, typed: str) -> list[CompletionItem]:
        from newsletter.wiring import Workspace

        try:
            there = sorted(words(Workspace.open(workspace_folder(ctx), os.environ)))
        except (NewsletterError, OSError):
            return []
        return [CompletionItem(word, help=help_) for word, help_ in there if word.startswith(typed)]

    return complete


def _issues(workspace: Workspace) -> Iterable[tuple[str, str]]:
    folder = workspace.root / "issues"
    return ((issue.name, "") for issue in folder.iterdir() if any(issue.glob("*.md")))


issues = _offered(_issues)
members = _offered(lambda workspace: ((m.id, m.name) for m in workspace.organisations))
editors = _offered(lambda workspace: ((e.name, "") for e in workspace.config.editors))
