"""A database of readers that nothing uses any more. [I/O]"""

from newsletter.config import Config
from newsletter.doctor.findings import Finding, look

_FILE = "newsletter.db"


def unused_database(config: Config) -> list[Finding]:
    """Find SQLite's file beside the PostgreSQL database that took its place."""
    if not config.database_url.startswith("postgresql:") or not (config.root / _FILE).exists():
        return []
    return [
        look(
            "database",
            f"{_FILE} lies here unused, with readers' addresses: the settings name PostgreSQL",
            "if nothing is missing in PostgreSQL, delete it and its copies "
            f"({_FILE}, {_FILE}-wal, {_FILE}-shm)",
        )
    ]
