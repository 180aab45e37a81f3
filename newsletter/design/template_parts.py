"""[I/O] `templates`: which parts the design has, copies to change, and what is wrong with them."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.design.templates import Templates, shipped_folder
from newsletter.errors import UsageError
from newsletter.files import WorkspaceFiles

FOLDER = "templates"


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One file of the design. `is_own`: the workspace has it; `differs`: with other words."""

    name: str
    is_own: bool
    differs: bool


def list_parts(templates: Templates) -> tuple[Part, ...]:
    """List all parts by name, and which of them the workspace has its own of."""
    shipped = Templates((shipped_folder(),))
    known = set(shipped.names())
    parts = []
    for name in templates.names():
        is_own = name not in known or templates.path(name) != shipped.path(name)
        differs = is_own and (name not in known or templates.source(name) != shipped.source(name))
        parts.append(Part(name=name, is_own=is_own, differs=differs))
    return tuple(parts)


def copy_parts(names: Sequence[str], files: WorkspaceFiles) -> tuple[str, ...]:
    """Copy shipped parts into the workspace, to be changed there; never over a file.

    A folder's name copies all of it. UsageError names what does not exist or is there already.
    """
    shipped = Templates((shipped_folder(),))
    wanted = [part for name in names for part in _named(name, shipped.names())]
    there = [part for part in wanted if files.exists(f"{FOLDER}/{part}")]
    if there:
        raise UsageError(
            f"already in {FOLDER}/: {', '.join(there)}",
            hint="move it away to start from the shipped one",
        )
    for part in wanted:
        files.write(f"{FOLDER}/{part}", shipped.source(part))
    return tuple(f"{FOLDER}/{part}" for part in wanted)


def _named(name: str, known: Sequence[str]) -> list[str]:
    plain = name.strip("/").removeprefix(f"{FOLDER}/")
    matching = [part for part in known if part == plain or part.startswith(f"{plain}/")]
    if not matching:
        import difflib

        close = difflib.get_close_matches(plain, known, n=1)
        raise UsageError(
            f"no part is called {name!r}",
            hint=f"did you mean {close[0]}?" if close else "run newsletter templates list",
        )
    return matching
