"""Alembic's entry: always over a connection that it is given, in the transaction that is open."""

from alembic import context

from newsletter.store.database import metadata
from newsletter.store.schema import load_tables

load_tables()
connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
