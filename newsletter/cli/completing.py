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


def _parts(workspace: Workspace) -> Iterable[tuple[str, str]]:
    """Every part of the design, and the folders of them."""
    from newsletter.design.template_parts import list_parts

    names = [part.name for part in list_parts(workspace.templates)]
    return {(one, "") for name in names for one in (name, name.rpartition("/")[0]) if one}


def _members(workspace: Workspace) -> Iterable[tuple[str, str]]:
    return ((member.id, member.name) for member in workspace.organisations)


def _feeds(workspace: Workspace) -> Iterable[tuple[str, str]]:
    return ((feed.url, one.name) for one in workspace.organisations for feed in one.feeds)


issues = _offered(_issues)
members = _offered(_members)
feeds = _offered(_feeds)
members_and_feeds = _offered(lambda workspace: (*_members(workspace), *_feeds(workspace)))
regions = _offered(lambda workspace: ((name, "") for name in workspace.menu.regions))
topics = _offered(lambda workspace: ((name, "") for name in workspace.menu.topics))
design_parts = _offered(_parts)
editors = _offered(lambda workspace: ((e.name, "") for e in workspace.config.editors))
