"""Every table's rows out of one database and into another: the same in SQLite and PostgreSQL."""

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from newsletter.lasting.backup_format import RowSum, row_line
from newsletter.lasting.read_backup import read_rows
from newsletter.model.subscriber import NOT_STORED, Subscriber, SubscriberState
from newsletter.model.table_shape import ValueKind
from newsletter.store.database import metadata, open_engine
from newsletter.store.new_database import new_sqlite
from newsletter.store.schema import HEAD, create_at, drop_all, migrate, up
from newsletter.store.sequences import given, go_on_after
from newsletter.store.subscribers import SqlSubscribers
from newsletter.store.suppressions import suppressions
from newsletter.store.table_rows import PASSING, rows, shapes, snapshot, without_nul, write

MOMENT = "2026-11-20T09:30:00.123456+00:00"
VALUES = {
    ValueKind.NUMBER: 0.1,
    ValueKind.TRUTH: True,
    ValueKind.MOMENT: MOMENT,
    ValueKind.SECONDS: 5400.5,
    ValueKind.JSON: {"ñ": ["\u2028", None, 1.5]},
}


def value(column: Any, kind: ValueKind, number: int) -> object:
    """Something that tells rows apart, and names a row that is there where it has to."""
    if kind is ValueKind.WHOLE:
        return number
    if kind is ValueKind.DAY:
        return f"2026-11-{20 + number}"
    if kind is ValueKind.BYTES:
        return "AP8K" if number % 2 else "AP8L"
    if kind is ValueKind.TEXT:
        named = [key.column.name for key in column.foreign_keys] or [column.name]
        return f"{named[0][:6]}“{number}"
    return VALUES[kind] if number % 2 or not column.nullable else None


def fill(engine: Engine) -> None:
    """Two rows in each table."""
    with engine.begin() as connection:
        for shape in shapes(connection):
            columns = list(metadata.tables[shape.name].columns)
            kinds = list(zip(columns, shape.columns.values(), strict=True))
            for number in (1, 2):
                write(connection, shape, [[value(*each, number) for each in kinds]])


def all_rows(engine: Engine) -> dict[str, list[bytes]]:
    with snapshot(engine) as connection:
        return {
            shape.name: sorted(map(row_line, rows(connection, shape)))
            for shape in shapes(connection)
        }


@pytest.fixture
def filled(engine: Engine) -> Engine:
    fill(engine)
    return engine


@pytest.mark.parametrize("into", ["sqlite", "postgres"])
def test_all_rows_are_the_same_in_another_database(
    filled: Engine, into: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    there = all_rows(filled)
    assert all(len(lines) == 2 for lines in there.values())
    if into == "postgres" and filled.dialect.name == "postgresql":
        return  # it is the same database
    with snapshot(filled) as connection:
        tables, last = shapes(connection), given(connection)
    if into == "sqlite":
        with new_sqlite(tmp_path / "other.db") as connection:
            create_at(connection, HEAD)
            for shape in tables:
                write(
                    connection,
                    shape,
                    read_rows(b"".join(x + b"\n" for x in there[shape.name]), shape),
                )
            go_on_after(connection, last)
            connection.commit()
        other = open_engine("sqlite:///other.db", root=tmp_path)
    else:
        other = request.getfixturevalue("postgres")
        with other.begin() as connection:
            create_at(connection, HEAD)
            for shape in tables:
                write(
                    connection,
                    shape,
                    read_rows(b"".join(x + b"\n" for x in there[shape.name]), shape),
                )
            go_on_after(connection, last)
    assert all_rows(other) == there
    migrate(other)
    people = SqlSubscribers(other, None)
    person = Subscriber(
        id=NOT_STORED, address="new@example.org", language="en", state=SubscriberState.PENDING
    )
    assert people.add([person]).added == 1, "it gives a number of its own"
    if other is not filled:
        other.dispose()


def test_what_is_kept_out_lasts_for_minutes(engine: Engine) -> None:
    with snapshot(engine) as connection:
        kept = {shape.name for shape in shapes(connection)}
    assert kept == set(metadata.tables) - PASSING
    assert {"visits", "sealed_pages"} == PASSING


def test_a_number_is_not_given_twice_after_its_row_has_gone(engine: Engine) -> None:
    people = SqlSubscribers(engine, None)

    def joined(address: str) -> int:
        person = Subscriber(
            id=NOT_STORED, address=address, language="en", state=SubscriberState.PENDING
        )
        people.add([person])
        stored = people.by_address(address)
        assert stored is not None
        return stored.id

    last = joined("a@example.org")
    people.forget_pending(datetime(2100, 1, 1, tzinfo=UTC))
    with snapshot(engine) as connection:
        assert given(connection).get("subscribers", 0) in (0, last)
    with engine.begin() as connection:
        go_on_after(connection, {"subscribers": last + 40})
    assert joined("b@example.org") == last + 41
    with snapshot(engine) as connection:
        assert given(connection)["subscribers"] == last + 41


def test_a_snapshot_sees_one_moment_and_holds_up_no_writer(engine: Engine) -> None:
    day = datetime(2026, 11, 20, tzinfo=UTC).date()

    def add(number: int) -> None:
        with engine.begin() as connection:
            row = {"key": number.to_bytes(32), "reason": "left", "day": day}
            connection.execute(insert(suppressions), row)

    add(1)
    with snapshot(engine) as connection:
        assert connection.execute(select(suppressions.c.key)).all() == [((1).to_bytes(32),)]
        writer = threading.Thread(target=add, args=(2,))
        writer.start()
        writer.join(20)
        assert not writer.is_alive()
        assert len(connection.execute(select(suppressions.c.key)).all()) == 1
    with snapshot(engine) as connection:
        assert len(connection.execute(select(suppressions.c.key)).all()) == 2


def test_tables_of_an_older_program_are_brought_up_when_they_are_filled(engine: Engine) -> None:
    with engine.begin() as connection:
        drop_all(connection)
        create_at(connection, "0006")
        connection.exec_driver_sql(
            "INSERT INTO suppressions VALUES ('\\x61', 'left', '2026-11-20')"
            if engine.dialect.name == "postgresql"
            else "INSERT INTO suppressions VALUES (x'61', 'left', '2026-11-20')"
        )
        up(connection, "0006")
    migrate(engine)
    with snapshot(engine) as connection:
        there = {shape.name: shape.rows for shape in shapes(connection)}
    assert there["suppressions"] == 1
    assert there["notices"] == 0


def test_a_sum_does_not_hang_on_the_order_and_notices_each_change() -> None:
    one, other, changed = RowSum(), RowSum(), RowSum()
    for line in (b"[1]", b"[2]", b"[2]"):
        one.add(line)
    for line in (b"[2]", b"[1]", b"[2]"):
        other.add(line)
    for line in (b"[2]", b"[1]", b"[1]"):
        changed.add(line)
    assert one.sum == other.sum
    assert one.sum != changed.sum


def test_a_nul_in_a_text_does_not_keep_a_workspace_from_moving(engine: Engine) -> None:
    with snapshot(engine) as connection:
        (shape,) = (one for one in shapes(connection) if one.name == "feed_hosts")
    row = without_nul(shape, ["a\0b", MOMENT])
    with engine.begin() as connection:
        write(connection, shape, [row])
        assert list(rows(connection, shape)) == [["ab", MOMENT]]
