"""Letters between storytellers and editors: ciphertext, days, and whether somebody read them."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Engine,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    delete,
    func,
    insert,
    select,
    update,
)

from newsletter.model.letter import Direction, Letter, LetterKind, LetterState
from newsletter.store.database import advisory_lock, metadata, read_only, truncate_wal
from newsletter.store.story_submissions import is_kept

letters = Table(
    "story_letters",
    metadata,
    Column("number", Integer, primary_key=True),  # in which order: a no after a yes is a no
    Column("id", String, nullable=False, unique=True),
    Column("submission_id", String, nullable=False, index=True),
    Column("direction", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("on_day", Date, nullable=False),
    Column("state", String, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
_TO_EDITORS = letters.c.direction == Direction.TO_EDITORS.value
_WAITING = letters.c.state == LetterState.WAITING.value


class SqlLetters:
    """Letters on SQLite or PostgreSQL. Each method is one transaction."""

    _engine: Engine

    def add_letter(self, letter: Letter, *, most: int, instead_of: Collection[str] = ()) -> bool:
        """Keep a letter in the place of others; False when `most` of that story and direction are
        there already, or the story is not kept any more."""
        with self._engine.begin() as connection:
            advisory_lock(connection, letter.submission_id)
            if not is_kept(connection, letter.submission_id):
                return False  # taken back a moment ago
            connection.execute(delete(letters).where(letters.c.id.in_(instead_of)))
            same_way = letters.c.direction == letter.direction.value
            known = select(func.count()).where(
                letters.c.submission_id == letter.submission_id, same_way
            )
            if (connection.execute(known).scalar() or 0) >= most:
                connection.rollback()
                return False
            connection.execute(insert(letters).values(**_values(letter)))
        if instead_of:
            truncate_wal(self._engine)
        return True

    def letters(self, submission_id: str) -> tuple[Letter, ...]:
        """Return the letters of a submission, oldest first."""
        query = select(letters).where(letters.c.submission_id == submission_id)
        with read_only(self._engine) as connection:
            rows = connection.execute(query.order_by(letters.c.number))
            return tuple(map(_letter, rows))

    def letters_to_editors(self) -> tuple[Letter, ...]:
        """Return what was ever written to the editors and is still kept, oldest first."""
        query = select(letters).where(_TO_EDITORS).order_by(letters.c.number)
        with read_only(self._engine) as connection:
            return tuple(map(_letter, connection.execute(query)))

    def count_waiting(self) -> dict[str, int]:
        """Return how many letters nobody at the editors' read, by submission."""
        query = select(letters.c.submission_id, func.count()).where(_TO_EDITORS, _WAITING)
        with read_only(self._engine) as connection:
            return {
                row[0]: row[1]
                for row in connection.execute(query.group_by(letters.c.submission_id))
            }

    def mark_letters(self, ids: Collection[str], state: LetterState) -> None:
        """Say what became of letters; those that are gone stay gone."""
        with self._engine.begin() as connection:
            chosen = update(letters).where(letters.c.id.in_(ids))
            connection.execute(chosen.values(state=state.value))

    def reseal_letter(self, letter_id: str, sealed: bytes) -> None:
        """Put another ciphertext in the place of a letter's."""
        with self._engine.begin() as connection:
            chosen = update(letters).where(letters.c.id == letter_id)
            connection.execute(chosen.values(sealed=sealed))
        truncate_wal(self._engine)


def delete_letters(connection: Connection, submission_id: str) -> None:
    """Delete what was written about a story that is not kept any more, within the caller's
    transaction."""
    advisory_lock(connection, submission_id)
    connection.execute(delete(letters).where(letters.c.submission_id == submission_id))


def _values(letter: Letter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "submission_id": letter.submission_id,
        "direction": letter.direction.value,
        "kind": letter.kind.value,
        "on_day": letter.on,
        "state": letter.state.value,
        "sealed": letter.sealed,
    }


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        submission_id=row.submission_id,
        direction=Direction(row.direction),
        kind=LetterKind(row.kind),
        on=row.on_day,
        state=LetterState(row.state),
        sealed=row.sealed,
    )
