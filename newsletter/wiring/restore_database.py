"""The database of a restore: where it is made, what it takes over from others. [I/O]"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter.config import Config
from newsletter.errors import AttentionError, ConfigError
from newsletter.lasting.aside import remove
from newsletter.lasting.backup_format import Advance, Head, RowSum, row_line
from newsletter.lasting.read_backup import checked, damaged
from newsletter.lasting.refused_disk import is_full
from newsletter.lasting.stage import beside, prepare_beside
from newsletter.lasting.unpack import WriteRows
from newsletter.model.suppression import Caught, KeptOut, SuppressionKeys
from newsletter.model.table_shape import TableShape
from newsletter.people.left_file import LeftFile
from newsletter.store.database import open_engine
from newsletter.store.known_words import unknown_word
from newsletter.store.left_people import keep_out, unknown
from newsletter.store.new_database import new_sqlite, place_of, postgres_in_place, sqlite_file
from newsletter.store.put_back import (
    Before,
    drop_notices,
    end_senders,
    keep_suppressions,
    kept_out,
    look_before,
    standing,
)
from newsletter.store.schema import create_at, drop_all, up
from newsletter.store.secret_key_marks import add_marks
from newsletter.store.sequences import go_on_after
from newsletter.store.table_rows import not_there, rows, snapshot, without_nul, write
from newsletter.wiring.key_check import insist_on_keys

if TYPE_CHECKING:
    from sqlalchemy import Connection

GAP = 1_000_000  # numbers of people left out where nobody knows which were given since
_STEP = 1000  # rows
Pages = Iterable[Sequence[KeptOut]]


@dataclass(frozen=True, kw_only=True, slots=True)
class MergedDatabase:
    """Who was kept out anew, how many notices were dropped, how many people became uncertain, and
    which sends came back of which nobody can tell how far they went, of those that are unfinished;
    what storytellers took back that a database before this one knew, and whether there was one."""

    kept_out: Caught
    notices_dropped: int
    uncertain: int
    put_back: tuple[str, ...]
    unfinished: frozenset[str]
    revocations: tuple[Any, ...]
    had_before: bool


@dataclass(kw_only=True, slots=True)
class Target:
    """The database that is filled: in a transaction on its server (no `file`), or in a file beside
    the one that it is to be. `before` is what stands in its place."""

    connection: "Connection"
    config: Config
    file: Path | None
    before: Before | None
    loaded: dict[str, RowSum] = field(default_factory=dict)
    advance: Advance = lambda rows: None

    def taking(self, head: Head) -> WriteRows:
        """Make the tables, and return what takes rows."""
        if self.file is None:
            if self.before is not None:
                keep_suppressions(self.connection)
            drop_all(self.connection)
        create_at(self.connection, head.schema)
        if strange := not_there(self.connection, head.tables):
            raise damaged(strange)
        self.loaded = {table.name: RowSum() for table in head.tables}

        def take(table: TableShape, some: list[list[Any]]) -> None:
            if self.file is None:
                some = [without_nul(table, row) for row in some]
            for row in some:
                self.loaded[table.name].add(row_line(row))
            write(self.connection, table, some)
            self.advance(len(some))

        return take

    def verify(self, head: Head) -> None:
        """Read everything back and hold it against what was put in. ServiceError."""
        for table in head.tables:
            there = RowSum()
            with checked(f"a row of {table.name}"):
                for row in rows(self.connection, table):
                    there.add(row_line(row))
                    if there.rows % _STEP == 0:
                        self.advance(_STEP)
            self.advance(there.rows % _STEP)
            loaded = self.loaded[table.name]
            if (there.rows, there.sum) != (loaded.rows, loaded.sum) or there.rows != table.rows:
                raise damaged(f"rows of {table.name}")

    def bring_up(self, head: Head) -> None:
        """Upgrade the tables of an older program. ServiceError where one has a word that this
        program does not know."""
        up(self.connection, head.schema)
        if strange := unknown_word(self.connection):
            raise damaged(f"a word in {strange}")


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """Whether a person goes on without what a database knew that cannot be read; what to tell."""

    is_given_up: bool
    notes: list[str]


@contextmanager
def open_target(config: Config, lost: Lost) -> Iterator[Target]:
    """Open the database that the settings name, to be filled; nothing is changed until a commit,
    and of an SQLite file not before it is renamed."""
    file = sqlite_file(config.database_url, config.root)
    if file is None:
        with postgres_in_place(config.database_url, config.root) as connection:
            before = look_before(connection)
            yield Target(connection=connection, config=config, file=None, before=before)
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with new_sqlite(prepare_beside(file, config.root)) as connection:
            before = look(config, lost) if file.is_file() else None
            yield Target(connection=connection, config=config, file=file, before=before)
    except BaseException:
        remove(beside(file, config.root))
        raise


def look(config: Config, lost: Lost, *, place: tuple[Any, ...] | None = None) -> Before | None:
    """Read what a database knows that is to be merged; None where there is nothing of ours, or
    where it is the one at that `place`, which is being filled.

    AttentionError where it cannot be read, unless it is given up.
    """
    try:
        with _as_it_is(config) as connection:
            is_filled = place is not None and place_of(connection) == place
            return None if is_filled else look_before(connection)
    except Exception as error:  # damaged, or away: that may be why there is a restore
        reason = str(error).splitlines()[0]
        if is_full(error.__cause__) and not lost.is_given_up:
            raise
        if not lost.is_given_up:
            raise AttentionError(
                f"the database that stands here cannot be read: {reason}",
                hint="who left or what was sent since the backup may stand in it. Look first if "
                "the disk is full; only if nobody can mend it: --without-old-database",
            ) from error
        lost.notes.append(f"what the database that stood here alone knew is lost: {reason}")
        return None


@contextmanager
def _as_it_is(config: Config) -> "Iterator[Connection]":
    """Open the database that the settings name, for reading, as it was at one moment."""
    engine = open_engine(config.database_url, root=config.root)
    try:
        with snapshot(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def merge_database(
    target: Target,
    present: Config | None,
    left: LeftFile,
    keys: Sequence[str],
    head: Head,
    *,
    now: Callable[[], datetime],
    lost: Lost,
) -> MergedDatabase:
    """Take over what must never go back, within the target's transaction.

    `left` is who left, as it is written down outside: marks of keys that stand there alone are
    taken over too, so that commands stop until those keys are here. ConfigError when there is
    somebody to keep out and no secret key to find them by.
    """
    connection, befores = target.connection, list[Before]()
    pages: list[Pages] = [left.pages()]
    with ExitStack() as stack:
        if target.file is None and target.before is not None:
            befores.append(target.before)
            pages.append(kept_out(connection, is_apart=True))
        others = [target.config] if target.file is not None and target.file.is_file() else []
        others += [present] if present is not None and _is_another(present, target) else []
        for config in others:  # only now is nobody at it any more
            before = look(config, lost, place=place_of(connection))
            if before is not None:
                befores.append(before)
                pages.append(kept_out(stack.enter_context(_as_it_is(config))))
        marks = frozenset[str]().union(*(before.key_marks for before in befores))
        if keys:  # who left under a key that is not here could not be found
            insist_on_keys(marks, keys)
        caught = _keep_out(connection, pages, keys)
    add_marks(connection, marks | left.untestable(keys).marks)
    waiting = frozenset[tuple[Any, ...]]().union(*(before.notices for before in befores))
    unfinished = standing(connection)
    _number_on(connection, head, befores)
    return MergedDatabase(
        kept_out=caught,
        notices_dropped=drop_notices(connection, waiting),
        uncertain=end_senders(connection, now()),
        put_back=tuple(
            issue_id
            for issue_id, states in unfinished.items()
            if "claimed" in states
            or not any(before.standing.get(issue_id) == states for before in befores)
        ),
        unfinished=frozenset(unfinished),
        revocations=tuple(one for before in befores for one in before.revocations),
        had_before=bool(befores),
    )


def _is_another(present: Config, target: Target) -> bool:
    """Whether the workspace that stands here has another database than the one that is filled."""
    there = sqlite_file(present.database_url, present.root)
    if there is None:
        return present.database_url != target.config.database_url
    return there != target.file and there.is_file()


def _keep_out(connection: "Connection", pages: Sequence[Pages], keys: Sequence[str]) -> Caught:
    new = [one for each in pages for page in each for one in unknown(connection, page)]
    if new and not keys:
        raise ConfigError(
            "NEWSLETTER_SECRET_KEY is not set: without it nobody can tell who left since the "
            "backup was made",
            hint="set it to the key of this workspace, and run this again",
        )
    return keep_out(connection, new, SuppressionKeys(keys) if keys else None)


def _number_on(connection: "Connection", head: Head, befores: Sequence[Before]) -> None:
    """No number is given twice: an old link must open nobody else's choices."""
    last = dict(head.last_numbers)
    if not befores:
        last["subscribers"] = last.get("subscribers", 0) + GAP
    for before in befores:
        for name, number in before.last_numbers.items():
            last[name] = max(number, last.get(name, 0))
    go_on_after(connection, last)
