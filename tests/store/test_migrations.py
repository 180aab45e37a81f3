"""The files of migrations/versions lead to exactly the tables that the code names."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from newsletter.store.database import metadata
from newsletter.store.schema import (
    HEAD,
    MIGRATIONS,
    alembic_settings,
    create_at,
    load_tables,
    migrate,
)

PINNED = Path(__file__).parent / "migrations.sha256"
# What 0001 made while 0.1 was written, beside what it makes since 0.2.
AS_0_1 = (
    "ALTER TABLE feed_states DROP COLUMN period",
    "ALTER TABLE feed_states DROP COLUMN skip_hours",
    "ALTER TABLE feed_states DROP COLUMN skip_days",
    "ALTER TABLE sends DROP COLUMN batch",
    "DROP INDEX ix_items_events",
    "CREATE INDEX ix_items_feed_url ON items (feed_url)",
    "CREATE INDEX ix_items_organisation_id ON items (organisation_id)",
)
DRAFTS = (
    ("DROP TABLE issue_drafts",),
    (
        "ALTER TABLE issue_drafts DROP COLUMN names",
        "ALTER TABLE issue_drafts DROP COLUMN pictures",
    ),
    (),
)


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(request.param)
    return made


def differences(connection: Connection) -> list[object]:
    """What Alembic would still change, and what it does not compare: checks and their names."""
    load_tables()
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def described(connection: Connection) -> dict[str, object]:
    """Every table as the database itself tells it."""
    tables = inspect(connection)
    return {
        table: (
            [
                (column["name"], str(column["type"]), column["nullable"])
                for column in tables.get_columns(table)
            ],
            tables.get_pk_constraint(table),
            sorted(map(str, tables.get_foreign_keys(table))),
            sorted(map(str, tables.get_unique_constraints(table))),
            sorted(map(str, tables.get_check_constraints(table))),
            sorted(_index(index) for index in tables.get_indexes(table)),
            _sqlite_words(connection, table),
        )
        for table in sorted(tables.get_table_names())
        if table != "alembic_version"
    }


def _index(index: Any) -> str:
    where = {name: str(clause) for name, clause in index.get("dialect_options", {}).items()}
    return f"{index['name']} {index['column_names']} {index['unique']} {where}"


def _sqlite_words(connection: Connection, table: str) -> tuple[bool, bool]:
    """Whether numbers are never given twice, and whether rows lie in the order of the key."""
    if connection.dialect.name != "sqlite":
        return (False, False)
    said = text("SELECT sql FROM sqlite_master WHERE name = :table")
    sql = str(connection.execute(said, {"table": table}).scalar())
    return ("AUTOINCREMENT" in sql, "WITHOUT ROWID" in sql)


def upgraded(engine: Engine) -> dict[str, object]:
    with engine.begin() as connection:
        command.upgrade(alembic_settings(connection), "head")
        assert differences(connection) == []
        return described(connection)


def test_the_newest_file_is_the_one_the_program_expects(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        scripts = ScriptDirectory.from_config(alembic_settings(connection))
    assert scripts.get_heads() == [HEAD]
    assert max(path.name for path in (MIGRATIONS / "versions").glob("0*.py")).startswith(HEAD)


def test_migrating_from_nothing_gives_the_tables_of_the_code(empty: Engine) -> None:
    assert upgraded(empty)


def test_a_fresh_database_and_a_migrated_one_agree(empty: Engine) -> None:
    through_files = upgraded(empty)
    with empty.begin() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
    migrate(empty)
    with empty.begin() as connection:
        assert differences(connection) == []
        assert described(connection) == through_files


def test_a_migration_that_stands_is_never_edited() -> None:
    """Databases that it made would say "up to date", and lack what was edited in."""
    pinned = dict(
        reversed(line.split("  ")) for line in PINNED.read_text(encoding="utf-8").splitlines()
    )
    for path in sorted((MIGRATIONS / "versions").glob("0*.py")):
        sha256 = hashlib.sha256(path.read_text(encoding="utf-8").encode()).hexdigest()
        line = f"{sha256}  {path.name}"
        assert path.name in pinned, (
            f"{path.name} is new. When it is finished, add this line to {PINNED.name}: {line}"
        )
        assert sha256 == pinned.pop(path.name), (
            f"{path.name} was edited, and databases out there were made by it as it was. Put it "
            "back (git log --follow shows it) and write what changes into a new one: "
            'make migration M="what changes". Only if no branch that others use ever had it: '
            f"change its line in {PINNED.name} to {line}"
        )
    assert not pinned, "these are gone, and databases that they made cannot be upgraded"


@pytest.mark.parametrize(
    ("revision", "drafts"), [("0001", DRAFTS[0]), ("0001", DRAFTS[1]), ("0008", DRAFTS[2])]
)
def test_databases_of_0_1_get_what_they_lack(
    empty: Engine, revision: str, drafts: tuple[str, ...]
) -> None:
    """Also those that later programs took for right."""
    right = upgraded(empty)
    with empty.begin() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        command.upgrade(alembic_settings(connection), revision)
        for statement in (*AS_0_1, *drafts):
            connection.exec_driver_sql(statement)
    migrate(empty)
    with empty.begin() as connection:
        assert differences(connection) == []
        now = described(connection)
    assert {name: _as_sets(table) for name, table in now.items()} == {
        name: _as_sets(table) for name, table in right.items()
    }


def test_notices_keep_their_numbers_and_get_new_ones_after_them(empty: Engine) -> None:
    notice = (
        "INSERT INTO notices (subscriber_id, kind, asked_at, due_at, tries, reason) "
        "VALUES ({}, 'confirm', '2026-11-20 09:00:00', '2026-11-21 09:00:00', 3, 'away')"
    )
    kept = "SELECT id, subscriber_id, kind, asked_at, due_at, tries, reason FROM notices"
    with empty.begin() as connection:
        create_at(connection, "0011")
        connection.exec_driver_sql(notice.format(1))
        connection.exec_driver_sql(notice.format(2))
        before = connection.exec_driver_sql(kept).all()
    migrate(empty)
    with empty.begin() as connection:
        assert connection.exec_driver_sql(kept).all() == before
        connection.exec_driver_sql("DELETE FROM notices")
        connection.exec_driver_sql(notice.format(3))
        assert connection.exec_driver_sql("SELECT id FROM notices").scalar() == 3


def _as_sets(table: Any) -> object:
    """Without the order of columns: what is added later stands last."""
    columns, *rest = table
    return sorted(columns), rest
