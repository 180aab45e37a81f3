"""What a backup says of a table: its columns, each with the kind of its values, and its rows."""

from dataclasses import dataclass
from enum import StrEnum


class ValueKind(StrEnum):
    """How a value is written in JSON, whichever database it is in."""

    WHOLE = "whole"
    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    MOMENT = "moment"  # ISO 8601, UTC
    DAY = "day"  # ISO 8601
    SECONDS = "seconds"
    BYTES = "bytes"  # base64
    JSON = "json"


@dataclass(frozen=True, kw_only=True, slots=True)
class TableShape:
    """A table, its columns in order, and how many rows it has."""

    name: str
    columns: dict[str, ValueKind]
    rows: int
