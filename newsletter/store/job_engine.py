"""The engine's own tables on PostgreSQL: a schema beside ours, which its files of SQL make."""

from collections.abc import Mapping

from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, insert, select, text

from newsletter.store.database import advisory_lock

SCHEMA = "newsletter_engine"
_APPLIED = Table(
    "applied_migrations", MetaData(schema=SCHEMA), Column("name", Text, primary_key=True)
)  # in no metadata of ours: it is made only where there is an engine
_IDLE = "-c idle_in_transaction_session_timeout=10000"


def prepare_engine(engine: Engine, whole: str, migrations: Mapping[str, str]) -> None:
    """Make the engine's tables, or apply those of its migrations that were not yet: one process
    at a time does it, in one transaction. `whole` makes them as all migrations together do.
    StoreError, also where this user may not make a schema."""
    with engine.begin() as connection:
        advisory_lock(connection, SCHEMA)
        is_new = not connection.dialect.has_table(connection, _APPLIED.name, SCHEMA)
        if is_new:
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            _APPLIED.create(connection)
        applied = set(connection.scalars(select(_APPLIED.c.name)))
        missing = [name for name in sorted(migrations) if name not in applied]
        if not missing:
            return
        connection.execute(text(f"SET LOCAL search_path TO {SCHEMA}"))
        # Past SQLAlchemy, which would take their percent signs and colons for its own.
        driver = connection.connection.driver_connection
        for script in [whole] if is_new else [migrations[name] for name in missing]:
            driver.execute(script)  # type: ignore[union-attr]
        connection.execute(insert(_APPLIED), [{"name": name} for name in missing])


def engine_address(engine: Engine) -> dict[str, str]:
    """Return how a connection to the engine's tables is opened: libpq's `conninfo`, and options
    beside it that end it soon where the server or the network is away."""
    options = f"-c search_path={SCHEMA} {_IDLE}"
    theirs = {name: str(value) for name, value in engine.url.query.items()}
    address = engine.url.set(drivername="postgresql", query={})
    return {
        "conninfo": address.render_as_string(hide_password=False),
        "keepalives_idle": "20",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "30000",
        **theirs,
        "options": f"{theirs.get('options', '')} {options}".strip(),
    }


def enter(connection: Connection) -> None:
    """Have the engine's functions work within this transaction, which sees our tables as before."""
    path = f"set_config('search_path', '{SCHEMA}, ' || current_setting('search_path'), true)"
    connection.execute(text(f"SELECT {path}"))


def drop_ended(connection: Connection) -> None:
    """Have the engine carry no run that ended, or is gone: whom it was for may fetch nothing."""
    ended = (
        "DELETE FROM procrastinate_jobs WHERE status = 'todo' AND NOT EXISTS"
        " (SELECT FROM job_runs WHERE id = (args->>'run_id')::int AND ended_at IS NULL)"
    )
    connection.execute(text(ended))


def carried(connection: Connection) -> frozenset[int]:
    """Return the numbers of the runs that the engine carries to a worker, or a worker has."""
    query = (
        "SELECT args->>'run_id' AS run FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
    )
    return frozenset(int(row.run) for row in connection.execute(text(query)))
