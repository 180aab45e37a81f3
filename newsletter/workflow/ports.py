"""The store Protocols: what the verbs ask of a store, a few methods each.

`newsletter.store` fulfils them on SQLite and PostgreSQL; one contract suite in `tests/store` runs
against both.
"""

from typing import Protocol

from newsletter.model.consent import Stop


class StopStore(Protocol):
    """What storytellers took back, as far as the database knows."""

    def stops(self) -> tuple[Stop, ...]: ...
