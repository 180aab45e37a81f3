"""The real tables against those of the code: nothing that differs passes for up to date."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, inspect, text

from newsletter.errors import SchemaError, StoreError
from newsletter.store.real_tables import expected_columns, fingerprint
from newsletter.store.schema import COLUMNS, HEAD, load_tables, migrate, what_differs


def run(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(request.param)
    return made


def test_the_fingerprint_is_that_of_the_code() -> None:
    load_tables()
    right = fingerprint(expected_columns())
    assert right == COLUMNS, f'set COLUMNS = "{right}" in newsletter/store/schema.py'


def test_a_new_database_differs_in_nothing_and_other_tables_beside_it_do_not_matter(
    engine: Engine,
) -> None:
    run(engine, "CREATE TABLE another_program (a INTEGER)")
    migrate(engine)
    assert what_differs(engine) == ()


CHANGES = [
    ("DROP TABLE visits", "the table visits is missing"),
    ("ALTER TABLE feed_states DROP COLUMN period", "the column feed_states.period is missing"),
    ("DROP INDEX ix_notices_due_at", "the index ix_notices_due_at is missing"),
    ("CREATE UNIQUE INDEX mine ON items (title)", "the index mine is not ours, and refuses"),
    ("ALTER TABLE items ADD COLUMN x TEXT NOT NULL DEFAULT ''", ""),
    ("ALTER TABLE items ADD COLUMN x TEXT", ""),
]
ON_POSTGRESQL = [
    ("ALTER TABLE items ADD COLUMN x TEXT NOT NULL", "the column items.x is not ours, and each"),
    ("ALTER TABLE sends ALTER digest TYPE INTEGER USING 1", "is INTEGER, should be VARCHAR(64)"),
    ("ALTER TABLE sends ALTER digest DROP NOT NULL", "is may be empty, should be may not be"),
    (
        "ALTER TABLE notices DROP CONSTRAINT uq_notices_subscriber_id_kind",
        "notices (subscriber_id, kind) may hold the same twice, and must not",
    ),
    ("ALTER TABLE visits DROP CONSTRAINT pk_visits", "the key of visits is (), should be (key)"),
]


def look_and_mend(engine: Engine, statement: str, what: str) -> None:
    run(engine, statement)
    found = what_differs(engine)
    assert bool(found) is bool(what)
    assert not what or what in found[0].what
    mends = [one.remedy.partition("run in the database: ")[2] for one in found]
    if all(mends):
        run(engine, *mends)
        assert what_differs(engine) == ()
        migrate(engine)
    else:
        assert all("put back the newest backup" in one.remedy for one in found[:1])


@pytest.mark.parametrize(("statement", "what"), CHANGES)
def test_what_was_changed_by_hand_is_named_and_the_remedy_is_right(
    engine: Engine, statement: str, what: str
) -> None:
    look_and_mend(engine, statement, what)


@pytest.mark.parametrize(("statement", "what"), ON_POSTGRESQL)
def test_what_only_postgresql_can_change_is_named_too(
    postgres: Engine, statement: str, what: str
) -> None:
    migrate(postgres)
    look_and_mend(postgres, statement, what)


def test_types_keys_and_uniqueness_that_sqlite_has_otherwise_are_named(sqlite: Engine) -> None:
    migrate(sqlite)
    columns = "id TEXT, subscriber_id INTEGER NOT NULL, kind VARCHAR NOT NULL, "
    times = "asked_at DATETIME NOT NULL, due_at DATETIME NOT NULL, tries INTEGER NOT NULL"
    run(sqlite, "DROP TABLE notices", f"CREATE TABLE notices ({columns}{times})")
    found = " ".join(difference.what for difference in what_differs(sqlite))
    assert "notices.id: is TEXT, should be INTEGER" in found
    assert "notices (subscriber_id, kind) may hold the same twice" in found
    assert "the key of notices is (), should be (id)" in found


def test_a_database_that_says_up_to_date_and_lacks_columns_is_refused_at_once(
    engine: Engine,
) -> None:
    run(engine, "ALTER TABLE feed_states DROP COLUMN period", "ALTER TABLE sends DROP COLUMN batch")
    with pytest.raises(SchemaError, match=r"lacks the column feed_states\.period and 1 more") as no:
        migrate(engine)
    assert (no.value.exit_code, "doctor" in no.value.hint) == (2, True)


def test_a_column_that_goes_while_the_program_runs_is_an_expected_error(engine: Engine) -> None:
    run(engine, "ALTER TABLE feed_states DROP COLUMN period")
    with pytest.raises(SchemaError, match="not as this version") as caught:
        run(engine, "SELECT period FROM feed_states")
    assert "period" in caught.value.message
    with pytest.raises(SchemaError, match="nowhere"):
        run(engine, "INSERT INTO nowhere VALUES (1)")


@pytest.fixture
def stranger(postgres: Engine) -> Iterator[Engine]:
    """A user of PostgreSQL who owns nothing."""
    run(postgres, "CREATE ROLE stranger LOGIN")
    yield postgres
    run(postgres, "DROP OWNED BY stranger", "DROP ROLE stranger")


def test_rights_that_postgresql_refuses_are_an_expected_error(stranger: Engine) -> None:
    with pytest.raises(StoreError, match="does not let this user") as caught:
        run(stranger, "SET ROLE stranger", "CREATE TABLE mine (a INTEGER)")
    assert "owner" in caught.value.hint


@pytest.mark.parametrize(
    ("statements", "message"),
    [
        (("UPDATE alembic_version SET version_num = '9999'",), "newer version of this program"),
        (("UPDATE alembic_version SET version_num = '1975ea83b712'",), "not one of this program"),
        (("DELETE FROM alembic_version",), "not one of this program"),
        (("DROP TABLE alembic_version",), "does not say which version made it"),
    ],
)
def test_a_database_of_a_newer_program_or_another_one_is_refused_and_not_touched(
    engine: Engine, statements: tuple[str, ...], message: str
) -> None:
    run(engine, *statements)
    with engine.connect() as connection:
        before = sorted(inspect(connection).get_table_names())
    with pytest.raises(SchemaError, match=message) as caught:
        migrate(engine)
    assert caught.value.hint
    with engine.connect() as connection:
        assert sorted(inspect(connection).get_table_names()) == before


def test_a_table_that_is_in_the_way_of_an_upgrade_is_an_expected_error(empty: Engine) -> None:
    migrate(empty)
    run(empty, "UPDATE alembic_version SET version_num = '0009'")
    with pytest.raises(SchemaError, match="already exists"):
        migrate(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT * FROM alembic_version")).scalar() == "0009" != HEAD
