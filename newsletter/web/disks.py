"""[I/O] The room that is left on the disks that the pages write to."""

import shutil
from pathlib import Path

from newsletter.wiring import Workspace

LEAST_FREE = 64 * 1024 * 1024  # bytes: a database of a coalition's size can still be vacuumed


def free_bytes(workspace: Workspace) -> dict[str, int | None]:
    """Return the bytes that are left for each folder; None where it is not there any more."""
    folders = {"workspace": workspace.root, "state": workspace.state_folder.path}
    return {name: _free(folder) for name, folder in folders.items()}


def _free(folder: Path) -> int | None:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return None
