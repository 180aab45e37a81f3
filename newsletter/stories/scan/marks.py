"""A place in a text that may show who somebody is."""

from dataclasses import dataclass
from enum import StrEnum


class MarkKind(StrEnum):
    """Why it was marked; the most telling reason wins where marks meet."""

    ID = "number of a person or case"
    CONTACT = "contact"
    ADDRESS = "address"
    DATE = "date or time"
    PLACE = "school, work, church or other place"
    FAMILY = "relative or age"
    BODY = "body, health or look"
    ORIGIN = "nationality, people or language"
    JOB = "job"
    NAME = "name"
    NUMBER = "number"
    ODD = "unusual word"


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Mark:
    """Characters `start` to `end` of a text, and why they were marked."""

    start: int
    end: int
    kind: MarkKind
