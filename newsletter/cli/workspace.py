"""Opens the workspace that a command was called in, and hands it to the command."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click
from click.core import ParameterSource

from newsletter.cli.output import note

if TYPE_CHECKING:
    from newsletter.wiring import Workspace as Workspace
else:
    Workspace = Any  # commands name the type; `--help` does without what it is made of

Options = ParamSpec("Options")


def open_workspace(*, undoes_restore: bool = False) -> Workspace:
    """Open the workspace that `-w` names. ConfigError when there is none or a setting is wrong,
    AttentionError when a restore of it was interrupted, which else is undone first."""
    from newsletter.wiring import Workspace
    from newsletter.wiring.left_of_restore import discard_left, undo_interrupted

    root = workspace_folder(click.get_current_context())
    is_undone = undoes_restore and undo_interrupted(root)
    if is_undone:
        note(
            "A restore of this workspace was interrupted. Its files are as before that now, so "
            "that this can be done. Then run it again: newsletter restore FILE"
        )
    if discard_left(root):
        note("Removed what a killed restore had left here: copies of stories, issues and people.")
    return Workspace.open(root, os.environ, is_restored_half=is_undone)


def workspace_folder(ctx: click.Context) -> Path:
    """Return the folder that `-w` or NEWSLETTER_WORKSPACE names; else the current one, or the
    nearest above it that holds newsletter.toml."""
    root = ctx.find_root()
    named = Path(root.obj or root.params.get("workspace") or ".")
    if root.get_parameter_source("workspace") is not ParameterSource.DEFAULT:
        return named
    here = Path.cwd()
    found = (folder for folder in (here, *here.parents) if (folder / "newsletter.toml").is_file())
    return next(found, named)


def pass_workspace(
    command: Callable[Concatenate[Workspace, Options], None],
) -> Callable[Options, None]:
    """Call the command with the opened workspace first; ConfigError as `open_workspace`."""

    @wraps(command)
    def opened(*args: Options.args, **options: Options.kwargs) -> None:
        command(open_workspace(), *args, **options)

    return opened


def pass_workspace_at_once(
    command: Callable[Concatenate[Workspace, Options], None],
) -> Callable[Options, None]:
    """Do so for what a person takes back, which waits for no restore that was interrupted."""

    @wraps(command)
    def opened(*args: Options.args, **options: Options.kwargs) -> None:
        command(open_workspace(undoes_restore=True), *args, **options)

    return opened
