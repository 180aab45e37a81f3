"""What a placement's details may say: the keys, and what their values look like.
`docs/writing-an-issue.md` says the same to editors, `section_kinds.py` what each kind needs.

A value is the text after `- key:`; the lines of a long one are parted by newlines. `moment_of` and
`seconds_of` read the values that are more than text.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MINUTE = re.compile(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})")
_LENGTH = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)")
_PHONE = re.compile(r"[+(]?\d[\d\s().*#/-]*(?:(?:ext|x)\.?\s*\d+)?", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
# As cameras, phones and people name them; never a path.
_FILE = re.compile(
    r"[\w(-][\w .,()'’+\u00a0\u202f-]*\.(?:jpe?g|png|gif|webp|hei[cf])", re.IGNORECASE
)
LEAD, NORMAL, BRIEF = "lead", "normal", "brief"
SIZES = (LEAD, NORMAL, BRIEF)  # of a piece: what readers see first, or a line
_TAG = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*")

UNCONFIRMED = "unconfirmed"  # of `cancelled`: a calendar says so, and no editor has looked yet
ACTIONS = ("call", "write", "sign", "give", "volunteer", "attend", "share")


def moment_of(value: str, zone: tzinfo) -> date | datetime:
    """Read `2026-11-21` as a date, `2026-11-21 10:00` as an aware datetime; else ValueError."""
    if _DAY.fullmatch(value):
        return date.fromisoformat(value)
    match = _MINUTE.fullmatch(value)
    if match is None:
        raise ValueError(f"not a day or a moment: {value!r}")
    clock = datetime.strptime(match[2], "%H:%M").time()  # noqa: DTZ007 - only the time of day
    return datetime.combine(date.fromisoformat(match[1]), clock, tzinfo=zone)


def seconds_of(value: str) -> int:
    """Return the seconds in `42:10` or `1:05:00`. ValueError otherwise."""
    match = _LENGTH.fullmatch(value)
    if match is None:
        raise ValueError(f"not a length: {value!r}")
    return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])


def _reads(read: Callable[[str], object]) -> Callable[[str], bool]:
    def accepts(value: str) -> bool:
        try:
            read(value)
        except ValueError:
            return False
        return True

    return accepts


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: pattern.fullmatch(value) is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """What a key's value must be: a test, and an example for the hint."""

    accepts: Callable[[str], bool]
    example: str


_TEXT = Value(accepts=bool, example="some words")
_ADDRESS = Value(accepts=_matches(_WEB), example="https://…")
_PICTURE = Value(accepts=_matches(_FILE), example="poster.jpg, a file in the issue's pictures/")
_MOMENT = Value(
    accepts=_reads(lambda value: moment_of(value, UTC)),
    example="2026-11-21 10:00, or 2026-11-21 for all day",
)
_DATE = Value(accepts=_reads(date.fromisoformat), example="2026-11-21")
_NUMBER = Value(accepts=_matches(_PHONE), example="213-555-0100")

DETAILS: Mapping[str, Value] = {
    "language": Value(accepts=_matches(_TAG), example="en"),
    "source": _TEXT,
    "shared_by": _TEXT,
    "form": Value(accepts=("excerpt", "full").__contains__, example="excerpt or full"),
    "size": Value(accepts=SIZES.__contains__, example="lead, normal or brief"),
    "picture": Value(
        accepts=lambda value: value == "no" or _FILE.fullmatch(value) is not None,
        example="march.jpg, a file in the issue's pictures/, or no",
    ),
    "alt": _TEXT,
    "credit": _TEXT,
    "permission": _TEXT,
    "when": _MOMENT,
    "until": _MOMENT,
    "where": _TEXT,
    "online": _ADDRESS,
    "cancelled": Value(accepts=("yes", "no", UNCONFIRMED).__contains__, example="yes or no"),
    "calendar": _ADDRESS,
    "action": Value(accepts=ACTIONS.__contains__, example=", ".join(ACTIONS)),
    "deadline": _MOMENT,
    "target": _TEXT,
    "call": _NUMBER,
    "text": _NUMBER,
    "script": _TEXT,
    "hours": _TEXT,
    "spoken": _TEXT,
    "verified": _DATE,
    "verified_by": _TEXT,
    "lapses": _MOMENT,
    "audio": _ADDRESS,
    "video": _ADDRESS,
    "length": Value(accepts=_reads(seconds_of), example="42:10 or 1:05:00"),
    "poster": _PICTURE,
    "transcript": _ADDRESS,
    "updated": _DATE,
    "dates": _TEXT,
    "network": _TEXT,
}

PICTURES = ("picture", "poster")  # the details that name a file in the pictures/
