"""[I/O] What a restore puts in place, made beside it first; and how a killed one is undone.

Each thing that is replaced is renamed away and the new one renamed in. A marker that stands while
that goes on lists all of them: with it no command works, and the next restore puts back what was
there. So there is the old workspace or the new one, and nothing between them that looks right.
"""

import json
import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import AttentionError, ServiceError
from newsletter.files import replace_file
from newsletter.lasting.aside import (
    FOLDER,
    NEW,
    OLD,
    aside_of,
    at_work,
    is_at_work,
    make_aside,
    others_of,
    remove,
)

WORKSPACE = "this workspace"
MARKER = f"{FOLDER}/marker"
_DAMAGED = (ValueError, LookupError, TypeError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """One thing that is replaced, by way of a folder `aside`: `staged` comes to where it is `to`
    be, what was there (`had`) goes to `before`. Nothing may be staged: then it only goes."""

    to: Path
    aside: Path
    had: bool

    @property
    def staged(self) -> Path:
        """Return where the new one is made."""
        return self.aside / NEW / self.to.name

    @property
    def before(self) -> Path:
        """Return where the old one goes."""
        return self.aside / OLD / self.to.name


def stage_of(root: Path) -> Path:
    """Return the folder in which the workspace that comes is made."""
    return root / FOLDER / NEW


def beside(path: Path, root: Path) -> Path:
    """Return where a file that may lie outside the workspace is made: on the same disk."""
    return aside_of(path, root) / NEW / path.name


def prepare(root: Path, folders: Sequence[str]) -> Path:
    """Make that folder, empty and private, and return it. What in the workspace is a link to a
    folder on another disk is made there. A folder that stands here keeps its permissions."""
    clear(root)
    stage = stage_of(root)
    _make(root / FOLDER)
    for name in folders:
        here = root / name
        if name != "templates" and not here.is_symlink():  # those are there, if empty
            (stage / name).mkdir(mode=0o700 if name == "stories" else 0o777)
        if here.is_symlink():
            aside = aside_of(here.resolve(), root)
            made = aside / NEW / here.resolve().name
            (stage / name).symlink_to(made)
            remove(made)
            _make(aside)
            made.mkdir(mode=0o700)
        if here.is_dir() and (stage / name).is_dir():
            (stage / name).chmod(stat.S_IMODE(here.stat().st_mode))
    return stage


def keep_modes(root: Path, folders: Sequence[str]) -> None:
    """Give each folder in those the permissions that it has in the workspace, else of the one it is
    in."""
    stage = stage_of(root)
    for made in (path for name in folders for path in (stage / name).rglob("*")):
        if made.is_dir() and not made.is_symlink():
            here = root / made.relative_to(stage)
            like = here if here.is_dir() else made.parent
            made.chmod(stat.S_IMODE(like.stat().st_mode))


def prepare_beside(path: Path, root: Path) -> Path:
    """Return where a file that may lie outside the workspace is made, with room for it."""
    aside = aside_of(path, root)
    if aside != root / FOLDER:  # so that whoever clears away finds it
        (stage_of(root) / aside.name).symlink_to(aside / NEW / path.name)
    _make(aside)
    return aside / NEW / path.name


def _make(aside: Path) -> None:
    make_aside(aside)
    for name in (NEW, OLD):
        (aside / name).mkdir(mode=0o700, exist_ok=True)


def clear(root: Path) -> None:
    """Remove what `prepare` made and what is in it, on whichever disk; the folder itself stays."""
    for aside in others_of(root):
        if not is_at_work(aside):  # of another workspace, by now
            remove(aside)
    for name in (NEW, OLD):
        remove(root / FOLDER / name)


def discard(root: Path) -> None:
    """Remove the folder too. Whoever calls it is at work there."""
    clear(root)
    remove(root / FOLDER)


def is_left(root: Path) -> bool:
    """Return whether a restore that changed nothing, or ended, left its folder."""
    made = root / FOLDER
    try:
        return made.exists() and not (root / MARKER).exists() and not is_at_work(made)
    except PermissionError:  # another user's
        return False


def move(root: Path, name: str) -> Move:
    """Return what puts a part of the workspace in place."""
    to = root / name
    return move_beside(to.resolve() if (stage_of(root) / name).is_symlink() else to, root)


def move_beside(path: Path, root: Path, *, by: Path | None = None) -> Move:
    """Return what puts a file that may lie outside the workspace in place; with another one goes
    what lies beside it."""
    return Move(to=path, aside=aside_of(by or path, root), had=os.path.lexists(path))


def refuse_interrupted(root: Path) -> None:
    """Raise AttentionError while a restore of the workspace was begun and not ended.

    One that was killed while it removed what it had replaced has ended: that is removed now.
    """
    try:
        if not (root / MARKER).exists():
            return
    except PermissionError as error:
        raise AttentionError(
            "a restore of this workspace by another user is at work, or was interrupted",
            file=str(root / FOLDER),
            hint="wait until it is done, or run it again as that user",
        ) from error
    marked = None
    with suppress(OSError, *_DAMAGED):
        marked = _marked(root)
    if marked is None or not marked.is_done:
        if is_at_work(root / FOLDER):
            raise AttentionError(
                "a restore of this workspace is at work", hint="wait until it is done"
            )
        raise AttentionError(
            "a restore of this workspace was interrupted",
            hint="run it again: newsletter restore FILE",
        )
    with suppress(OSError, AttentionError), at_work(root / FOLDER, WORKSPACE, tries=1):
        _clean(root, marked.moves)
        discard(root)


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
    marker = root / MARKER
    for half in marker.parent.glob(f".{marker.name}.*"):  # killed while it was written
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
    clear(root)
    if marked.is_server:  # what is made from now on is nothing to undo
        with suppress(OSError):  # then the old marker stands
            begin(root, (), is_server=True)
    else:
        (root / MARKER).unlink()
    return True


def give_up(root: Path) -> None:
    """Remove the marker of a restore that failed before anything was put in place."""
    (root / MARKER).unlink(missing_ok=True)


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
        Move(to=Path(one["to"]), aside=Path(one["aside"]), had=one["had"]) for one in said["moves"]
    ]
    return _Marked(moves=moves, is_server=said["server"], is_done=said["done"])


def _mark(root: Path, moves: Sequence[Move], *, is_server: bool, is_done: bool) -> None:
    listed = [{"to": str(one.to), "aside": str(one.aside), "had": one.had} for one in moves]
    data = {"moves": listed, "server": is_server, "done": is_done}
    replace_file(root / MARKER, json.dumps(data).encode(), mode=0o600)


def _clean(root: Path, moves: Sequence[Move]) -> None:
    for one in moves:
        remove(one.before)
        remove(one.staged)
    clear(root)
    (root / MARKER).unlink()


def _sync() -> None:
    if hasattr(os, "sync"):
        os.sync()
