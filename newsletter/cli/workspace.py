"""Opens the workspace that a command was called in, and hands it to the command."""

import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

import click

if TYPE_CHECKING:
    from newsletter.wiring import Workspace as Workspace
else:
    Workspace = Any  # commands name the type; `--help` does without what it is made of

Options = ParamSpec("Options")


def open_workspace() -> Workspace:
    """Open the workspace that `-w` names. ConfigError when there is none or a setting is wrong."""
    from newsletter.wiring import Workspace

    return Workspace.open(Path(click.get_current_context().find_root().obj), os.environ)


def pass_workspace(
    command: Callable[Concatenate[Workspace, Options], None],
) -> Callable[Options, None]:
    """Call the command with the opened workspace first; ConfigError as `open_workspace`."""

    @wraps(command)
    def opened(*args: Options.args, **options: Options.kwargs) -> None:
        command(open_workspace(), *args, **options)

    return opened
