"""What a restore is told, what it asks before it replaces anything, and what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from newsletter.lasting.age_stream import Openers
from newsletter.lasting.backup_format import Advance, Head
from newsletter.model.suppression import Caught


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """What a restore is about to do, for a person to agree to: which backup, into which database,
    with how many people there now, what of the workspace it replaces, and which files outside of it
    it may write because the backup's settings name them. `leaves`: the database that the workspace
    has now, where it will have another one."""

    made_at: datetime
    program: str
    database: str
    people_there: int
    replaced: tuple[str, ...]
    outside: tuple[str, ...] = ()
    leaves: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreOptions:
    """Where to, with what, and who is asked. `to` is the address of another database;
    `without_old_database` goes on where the one that stands here cannot be read."""

    root: Path
    environ: Mapping[str, str]
    openers: Openers
    now: Callable[[], datetime]
    to: str = ""
    without_old_database: bool = False
    ask: Callable[[Ahead], None] = lambda ahead: None
    begun: Callable[[Head], Advance] = lambda head: lambda rows: None


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """What was put in place, and what was merged into it of what came after the backup: see
    MergedDatabase and MergedFiles; `keys_lack`: what to do about secret keys that are not here."""

    made_at: datetime
    database: str
    rows: int
    files: int
    withdrawals: int
    kept_out: Caught
    notices_dropped: int
    uncertain: int
    put_back: tuple[str, ...]
    notes: tuple[str, ...]
    keys_lack: str
    secret_keys: tuple[str, ...] = field(repr=False)
