"""Opens the workspace that a command was called in."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from newsletter.wiring import Workspace


def open_workspace(ctx: click.Context) -> "Workspace":
    """The workspace named by `-w`. ConfigError when there is none or its settings are wrong."""
    from newsletter.config import load
    from newsletter.wiring import Workspace

    root = Path(ctx.find_root().obj)
    return Workspace(config=load(root, os.environ))
