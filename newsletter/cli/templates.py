"""`newsletter templates`."""

import sys
from datetime import UTC, datetime

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
    wants_json,
)
from newsletter.cli.workspace import Workspace, pass_workspace


@click.group(cls=Listed)
def templates() -> None:
    """List, copy and check the parts of the design; docs/templates.md says how to change it."""


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


@templates.command(epilog="Example: newsletter templates lint")
@json_option
@pass_workspace
def lint(workspace: Workspace) -> None:
    """Check the parts: tags, attributes, names, and the colours' contrast in light and dark."""
    from newsletter.design.template_parts import lint_parts

    problems = lint_parts(workspace.templates)
    if not print_json([problem_row(problem) for problem in problems]):
        for problem in problems:
            show_problem(problem)
        note(f"{counted(len(problems), 'problem')} found")
    exit_1_if(problems)


@templates.command(epilog="Example: newsletter templates gallery")
@flag("--no-open", help="Do not open a browser.")
@json_option
@pass_workspace
def gallery(workspace: Workspace, no_open: bool) -> None:
    """Show every kind of section with sample text: empty, short and long, in each language.

    Needs no issue. Uses your templates, colors, logo and names. Writes HTML files to
    preview/gallery/, with a page that shows them all; run it again after each change.
    """
    from newsletter.design.gallery import write_gallery
    from newsletter.design.sample_edition import Publisher

    config = workspace.config
    publisher = Publisher(
        coalition=config.coalition, sender=config.sender, logo=workspace.logo.logo
    )
    day = config.coalition.day_of(datetime.now(UTC))
    outcome = write_gallery(workspace.templates, publisher, workspace.files, day=day)
    if not print_json(outcome):
        say(outcome.page)
        note(f"{counted(len(outcome.files), 'file')} written. Look at {outcome.page}")
    if not no_open and not wants_json() and sys.stdout.isatty():
        click.launch((workspace.root / outcome.page).resolve().as_uri())
