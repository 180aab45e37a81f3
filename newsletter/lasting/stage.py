"""[I/O] What a restore puts in place, made beside it first; and how a killed one is undone.

Each thing that is replaced is renamed away and the new one renamed in. A marker that stands while
that goes on lists all of them: with it no command works, and the next restore puts back what was
there. So there is the old workspace or the new one, and nothing between them that looks right.
"""

import json
import os
import shutil
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from newsletter.errors import AttentionError, ServiceError
from newsletter.files import replace_file

MARKER = ".newsletter-restoring"
_STAGE = ".newsletter-staged"
_DAY = timedelta(days=1)
_DAMAGED = (ValueError, LookupError, TypeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One thing that is replaced: `staged` comes to where it is `to` be, what was there (`had`)
    goes to `before`. Nothing may be staged: then it only goes."""

    to: Path
    staged: Path
    had: bool

    @property
    def before(self) -> Path:
        """Return where the old one goes."""
        return self.to.with_name(f".{self.to.name}.before-restore")


def stage_of(root: Path) -> Path:
    """Return the folder in which the workspace that comes is made."""
    return root / _STAGE


def beside(path: Path) -> Path:
    """Return where a file or folder outside the workspace is made: on the same disk."""
    return path.with_name(f".{path.name}.restoring")


def prepare(root: Path, folders: Sequence[str]) -> Path:
    """Make that folder, empty and private, and return it. What in the workspace is a link to a
    folder on another disk is made there. A folder that stands here keeps its permissions."""
    stage = stage_of(root)
    remove(stage)
    stage.mkdir(mode=0o700, parents=True)
    for name in folders:
        here = root / name
        if name != "templates" and not here.is_symlink():  # those are there, if empty
            (stage / name).mkdir(mode=0o700 if name == "stories" else 0o777)
        if here.is_symlink():
            made = beside(here.resolve())
            remove(made)
            made.mkdir(mode=0o700)
            (stage / name).symlink_to(made)
        if here.is_dir() and (stage / name).is_dir():
            (stage / name).chmod(stat.S_IMODE(here.stat().st_mode))
    return stage


def discard(root: Path, folders: Sequence[str]) -> None:
    """Remove what `prepare` made and what is in it, on whichever disk."""
    for name in folders:
        remove((stage_of(root) / name).resolve())
    remove(stage_of(root))


def is_left(root: Path, now: datetime) -> bool:
    """Return whether a restore that was killed before it changed anything left what it had made: a
    day ago, so that none is at it any more."""
    try:
        made = stage_of(root).stat().st_mtime
    except OSError:
        return False
    return made < (now - _DAY).timestamp() and not (root / MARKER).exists()


def move(root: Path, name: str) -> Move:
    """Return what puts a part of the workspace in place."""
    to, staged = root / name, stage_of(root) / name
    if staged.is_symlink():
        to, staged = to.resolve(), staged.resolve()
    return Move(to=to, staged=staged, had=os.path.lexists(to))


def move_beside(path: Path) -> Move:
    """Return what puts a file outside the workspace in place."""
    return Move(to=path, staged=beside(path), had=os.path.lexists(path))


def refuse_interrupted(root: Path) -> None:
    """Raise AttentionError while a restore of the workspace was begun and not ended.

    One that was killed while it removed what it had replaced has ended: that is removed now.
    """
    if not (root / MARKER).exists():
        return
    marked = None
    with suppress(OSError, *_DAMAGED):
        marked = _marked(root)
    if marked is None or not marked.is_done:
        raise AttentionError(
            "a restore of this workspace was interrupted",
            hint="run it again: newsletter restore FILE",
        )
    with suppress(OSError):
        _clean(root, marked.moves)


def begin(root: Path, moves: Sequence[Move], *, is_server: bool) -> None:
    """Write the marker. `is_server` says that a database on a server is replaced too, which
    nothing here can undo."""
    _mark(root, moves, is_server=is_server, is_done=False)


def swap(root: Path, moves: Sequence[Move], *, is_server: bool) -> None:
    """Put the new ones in place, and remove the old ones and the marker."""
    _sync()
    for one in moves:
        if one.had and os.path.lexists(one.to):  # SQLite's own files may be gone by now
            one.to.rename(one.before)
        if one.staged.exists():
            one.to.parent.mkdir(parents=True, exist_ok=True)
            one.staged.rename(one.to)
    _sync()
    _mark(root, moves, is_server=is_server, is_done=True)
    with suppress(OSError):  # the next command tries again
        _clean(root, moves)


def roll_back(root: Path) -> bool:
    """Undo what a restore did that was killed or failed, and return whether there was one.

    The marker stays where a database on a server may be another one already: until a restore is
    whole, nobody may take the two for one workspace.
    """
    for half in root.glob(f".{MARKER}.*"):  # killed while it was written
        half.unlink()
    try:
        marked = _marked(root)
    except FileNotFoundError:
        return False
    except _DAMAGED as error:
        raise ServiceError(
            "this file is damaged: it no longer tells what a restore had begun",
            file=str(root / MARKER),
            hint="restore into an empty folder, and remove this one",
        ) from error
    if marked.is_done:
        _clean(root, marked.moves)
        return True
    for one in reversed(marked.moves):
        if os.path.lexists(one.before):
            remove(one.to)
            one.before.rename(one.to)
        elif not one.had and not one.staged.exists():
            remove(one.to)
    for one in marked.moves:
        remove(one.staged)
    remove(stage_of(root))
    if not marked.is_server:
        (root / MARKER).unlink()
    return True


def give_up(root: Path) -> None:
    """Remove the marker of a restore that failed before anything was put in place."""
    (root / MARKER).unlink(missing_ok=True)


def remove(path: Path) -> None:
    """Remove a file or a folder with all that is in it, where it is there."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        with suppress(FileNotFoundError):
            path.unlink()


@dataclass(frozen=True, kw_only=True, slots=True)
class _Marked:
    """What the marker says: once it `is_done`, only what was replaced is to be removed."""

    moves: Sequence[Move]
    is_server: bool
    is_done: bool


def _marked(root: Path) -> _Marked:
    """Read the marker. OSError, and one of _DAMAGED when it says something else."""
    said = json.loads((root / MARKER).read_bytes())
    moves = [
        Move(to=Path(one["to"]), staged=Path(one["staged"]), had=one["had"])
        for one in said["moves"]
    ]
    return _Marked(moves=moves, is_server=said["server"], is_done=said["done"])


def _mark(root: Path, moves: Sequence[Move], *, is_server: bool, is_done: bool) -> None:
    listed = [{"to": str(one.to), "staged": str(one.staged), "had": one.had} for one in moves]
    data = {"moves": listed, "server": is_server, "done": is_done}
    replace_file(root / MARKER, json.dumps(data).encode(), mode=0o600)


def _clean(root: Path, moves: Sequence[Move]) -> None:
    for one in moves:
        remove(one.before)
        remove(one.staged)
    remove(stage_of(root))
    (root / MARKER).unlink()


def _sync() -> None:
    if hasattr(os, "sync"):
        os.sync()
