"""`newsletter templates`."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from newsletter.cli.check import problem_row, show_problem
from newsletter.cli.completing import design_parts
from newsletter.cli.groups import Listed
from newsletter.cli.output import (
    counted,
    exit_1_if,
    flag,
    json_option,
    note,
    print_json,
    say,
    table,
)
from newsletter.cli.show_page import show_page
from newsletter.cli.workspace import Workspace, open_workspace, pass_workspace

if TYPE_CHECKING:
    from newsletter.design.gallery import Gallery


@click.group(cls=Listed)
def templates() -> None:
    """List, copy, check and show the parts of the design: see docs/templates.md."""


@templates.command("list", epilog="Example: newsletter templates list")
@json_option
@pass_workspace
def list_(workspace: Workspace) -> None:
    """List the parts, and which of them are your own."""
    from newsletter.design.template_parts import list_parts

    parts = list_parts(workspace.templates)
    if print_json(parts):
        return
    words = {(True, True): "yours", (True, False): "yours, unchanged", (False, False): "built in"}
    table(("part", "from"), [(part.name, words[part.is_own, part.differs]) for part in parts])


@templates.command(epilog="Example: newsletter templates copy footer.mjml tokens.toml")
@click.argument("names", metavar="PART…", nargs=-1, required=True, shell_complete=design_parts)
@pass_workspace
def copy(workspace: Workspace, names: tuple[str, ...]) -> None:
    """Copy parts (or a folder of them) to templates/, so that you can change them there."""
    from newsletter.design.template_parts import copy_parts

    for name in copy_parts(names, workspace.files):
        say(name)
    note("Change them, then run: newsletter templates lint, newsletter templates gallery")


@templates.command(epilog="Example: newsletter templates kinds")
@json_option
@pass_workspace
def kinds(workspace: Workspace) -> None:
    """List the kinds of sections: what each needs, and what more it shows."""
    found = workspace.templates.kinds
    rows = [
        (
            name,
            ", ".join(kind.titles.values()),
            ", ".join(" or ".join(group) for group in kind.needs),
            ", ".join(key for key in kind.shows if not any(key in group for group in kind.needs)),
        )
        for name, kind in found.items()
    ]
    if not print_json([{"kind": name, **asdict(kind)} for name, kind in found.items()]):
        table(("kind", "titles", "needs", "shows"), rows)


@templates.command(epilog="Example: newsletter templates lint")
@json_option
@pass_workspace
def lint(workspace: Workspace) -> None:
    """Check the parts: tags, attributes, names, and the colours' contrast in light and dark."""
    from newsletter.design.lint_parts import lint_parts

    problems = lint_parts(workspace.templates, workspace.config.coalition.languages)
    if not print_json([problem_row(problem) for problem in problems]):
        for problem in problems:
            show_problem(problem)
        note(f"{counted(len(problems), 'problem')} found")
    exit_1_if(problems)


@templates.command(epilog="Example: newsletter templates gallery --serve")
@flag("--no-open", help="Do not open a browser.")
@flag("--serve", help="Keep running, and update the page each time you save.")
@json_option
def gallery(no_open: bool, serve: bool) -> None:
    """Show every kind of section with sample text: empty, short and long, in each language.

    Needs no issue. Uses your templates, colors, logo and names. Writes HTML files to
    preview/gallery/, with a page that shows them all.
    """
    outcome = _write_gallery()
    if not print_json(outcome):
        say(outcome.page)
        note(f"{counted(len(outcome.files), 'file')} written. Look at {outcome.page}")
    show_page(
        outcome.page,
        is_served=serve,
        no_open=no_open,
        build=_write_gallery,
        watched=["templates", "newsletter.toml"],
    )


def _write_gallery() -> "Gallery":
    from newsletter.design.gallery import write_gallery
    from newsletter.design.sample_edition import Publisher

    workspace = open_workspace()  # read again: a designer has just saved
    coalition, sender = workspace.config.coalition, workspace.config.sender
    publisher = Publisher(coalition=coalition, sender=sender, logo=workspace.logo.logo)
    day = coalition.day_of(datetime.now(UTC))
    return write_gallery(workspace.templates, publisher, workspace.files, day=day)
