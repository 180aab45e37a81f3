"""`python -m newsletter.store.migrations "what changes"`: write the next migration.

The tables in the code are compared with a database in memory that the existing migrations made.
"""

import sys

from alembic import command
from sqlalchemy import create_engine

from newsletter.store.schema import MIGRATIONS, alembic_settings


def write(message: str) -> None:
    """Write `versions/NNNN_message.py`; HEAD of store/schema.py is then to be raised to NNNN."""
    count = len(list((MIGRATIONS / "versions").glob("[0-9]*.py")))
    with create_engine("sqlite://").connect() as connection:
        settings = alembic_settings(connection)
        settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        if count:
            command.upgrade(settings, "head")
        command.revision(settings, message, autogenerate=True, rev_id=f"{count + 1:04d}")


if __name__ == "__main__":
    write(" ".join(sys.argv[1:]) or "change")
