"""Making and upgrading the schema, on both databases."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from newsletter.errors import ServiceError
from newsletter.store.database import open_engine
from newsletter.store.schema import HEAD, migrate


def test_a_new_database_gets_every_table_and_the_newest_revision(engine: Engine) -> None:
    from newsletter.store.database import metadata

    with engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        assert tables == set(metadata.tables) | {"alembic_version"}
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD


def test_migrating_twice_changes_nothing(engine: Engine) -> None:
    migrate(engine)


@pytest.mark.usefixtures("processes")
def test_alembic_is_not_loaded_when_there_is_nothing_to_migrate() -> None:
    code = (
        "import sys, pathlib, tempfile\n"
        "from newsletter.store.database import open_engine\n"
        "from newsletter.store.schema import migrate\n"
        "engine = open_engine('sqlite:///x.db', root=pathlib.Path(tempfile.mkdtemp()))\n"
        "migrate(engine); migrate(engine)\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://nobody@127.0.0.1:1/nothing",
        "sqlite:////nowhere/at/all.db",
        "sqlite:///junk.db",
    ],
)
def test_a_database_that_does_not_work_is_an_expected_error(url: str, tmp_path: Path) -> None:
    (tmp_path / "junk.db").write_text("this is no database, " * 50, encoding="ascii")
    engine = open_engine(url, root=tmp_path)
    with pytest.raises(ServiceError, match="database does not work"):
        migrate(engine)
    engine.dispose()
