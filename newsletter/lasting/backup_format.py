"""What is inside a backup: a gzipped tar, told in docs/backup.md, of rows and files.

head.json             what made it, of which schema, each table with its columns and rows
files/...             the workspace's files, newsletter.toml first
sent/ISSUE.json       how far each issue was sent, as it was known before the rows were read
rows/TABLE/0001.jsonl rows as JSON lists, in the order of the columns
state/...             what the state folder keeps
sums.json             what was written: rows and their sum by table, and how many files
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from newsletter.model.table_shape import TableShape

VERSION = 1
HEAD, SUMS = "head.json", "sums.json"
SECRET_KEYS, DKIM_KEY, WITHDRAWN = "secret-key.json", "dkim.key", "withdrawn.jsonl"
FILES, SENT, ROWS, STATE = "files/", "sent/", "rows/", "state/"
SETTINGS, CHAIN = "newsletter.toml", "stories/chain.txt"
# Of the workspace: folders and files, each replaced whole by a restore.
FOLDERS = ("issues", "stories", "blocks", "templates")
SINGLE = (SETTINGS, "feeds.yaml", ".newsletter-id", ".secret-key-mark")
# Of the state folder. Which of them a restore fills in: merge_files.
STATE_FILES = ("recognition.key", "withdrawn.jsonl", "blocks.txt", "confirmed.jsonl", "chain.txt")
Advance = Callable[[int], None]  # is told how many rows more are done


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A small file, its permissions, and its name in a backup."""

    name: str
    data: bytes
    mode: int = 0o600


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What a backup says first. `schema` is the revision of its tables; `last_numbers` are the
    last that each table gave to a row."""

    program: str
    schema: str
    made_at: datetime
    database: str
    tables: tuple[TableShape, ...]
    last_numbers: Mapping[str, int]
    has_secret_key: bool = False
    version: int = VERSION

    @property
    def rows(self) -> int:
        """Return how many rows all tables have."""
        return sum(table.rows for table in self.tables)


def write_head(head: Head) -> bytes:
    """Return the head as JSON."""
    return json.dumps(asdict(head), indent=1, default=datetime.isoformat).encode()


@dataclass(kw_only=True, slots=True)
class RowSum:
    """How many rows there were, and the sum of their SHA-256: the same in whatever order, for two
    databases sort texts differently."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count one row, as a line of JSON."""
        self.rows += 1
        self.total += int.from_bytes(hashlib.sha256(line).digest())

    @property
    def sum(self) -> str:
        """Return the sum, modulo 2^256, in hexadecimal digits."""
        return f"{self.total % (1 << 256):064x}"


@dataclass(kw_only=True, slots=True)
class Sums:
    """What was written, or read, so far."""

    tables: dict[str, RowSum] = field(default_factory=dict)
    files: int = 0

    def written(self) -> bytes:
        """Return them as JSON."""
        tables = {name: {"rows": one.rows, "sum": one.sum} for name, one in self.tables.items()}
        return json.dumps({"tables": tables, "files": self.files}, indent=1).encode()


def row_line(row: list[Any]) -> bytes:
    """Return a row as one line."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
