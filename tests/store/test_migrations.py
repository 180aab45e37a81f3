"""The files of migrations/versions lead to exactly the tables that the code names."""

from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text

from newsletter.store.database import metadata
from newsletter.store.schema import HEAD, MIGRATIONS, alembic_settings, load_tables, migrate


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
