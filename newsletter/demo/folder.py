"""Copies the demo coalition's workspace into a folder of its own, never over anyone's files."""

import shutil
from pathlib import Path

from newsletter.errors import ServiceError, UsageError
from newsletter.shipped import WORKSPACE, shipped

DEFAULT = "newsletter-demo"

# The loopback server has to be let through the address guard, and may be asked without a pause.
_FETCH = """
[fetch]  # added by `newsletter demo`: its feeds are served by this computer
allow_private = ["127.0.0.1"]
allow_ports = [{port}]
host_pause_seconds = 0
"""


def new_folder(named: Path | None) -> Path:
    """Make a new, empty folder: the one named, or newsletter-demo, -2, -3 … in this one."""
    try:
        if named is not None:
            return _named(named)
        for number in range(1, 1000):
            folder = Path(DEFAULT if number == 1 else f"{DEFAULT}-{number}")
            try:
                folder.mkdir()
            except FileExistsError:
                continue
            return folder
    except OSError as error:
        raise ServiceError(f"cannot make a folder here: {error.strerror}") from error
    raise UsageError(
        f"there are 999 folders {DEFAULT}-… here", hint="name one: newsletter demo FOLDER"
    )


def _named(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(
            f"{folder} already exists and is not empty; nothing was changed",
            hint="name a new folder: newsletter demo SOME-NEW-FOLDER",
        )
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def fill(folder: Path, *, port: int, localised: str) -> None:
    """Copy the workspace's files; `localised` is feeds.yaml with the running demo's addresses."""
    for name in WORKSPACE:
        source = shipped(name)
        if source.is_dir():
            shutil.copytree(source, folder / name)
        else:
            shutil.copyfile(source, folder / name)
    shutil.copyfile(shipped("demo") / "subscribers.csv", folder / "subscribers.csv")
    (folder / "feeds.yaml").write_text(localised, encoding="utf-8")
    with (folder / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write(_FETCH.format(port=port))
