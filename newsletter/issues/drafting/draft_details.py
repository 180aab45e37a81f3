"""The list of details under a blurb: which lines are it, and what they say."""

import difflib
import re
from collections.abc import Mapping, Sequence

from newsletter.issues.drafting.draft_lines import Place, Text
from newsletter.issues.drafting.plain import hide_note_marks, show_note_marks
from newsletter.model.details import DETAILS

_DETAIL = re.compile(r"-[ \t\u00a0]([a-z][a-z_]*):(?:[ \t\u00a0]+(.*))?")
_STRAY = re.compile(r"\s*-\s+([A-Za-z_]+)\s*:(?:\s.*)?")


def write(details: Mapping[str, str]) -> list[str]:
    """Write the lines of a details list."""
    return [
        "\n  ".join(hide_note_marks(f"- {key}: {value}").split("\n")).replace("\n  \n", "\n\n")
        for key, value in details.items()
        if value
    ]


def split(lines: Sequence[Text]) -> tuple[Sequence[Text], Sequence[Text]]:
    """Split a block's lines into those of the blurb and those of the details."""
    start: int | None = None
    empty_above = True
    for at, line in enumerate(lines):
        if not line.fenced and _DETAIL.fullmatch(line.words):
            if start is None and empty_above:
                start = at
        elif line.words.strip() and (line.fenced or not line.words.startswith("  ")):
            start = None
        empty_above = not line.words.strip()
    return (lines, ()) if start is None else (lines[:start], lines[start:])


def read(lines: Sequence[Text], *, file: str) -> dict[str, str]:
    """Read details, by key. ConfigError with file, line and hint at a wrong key or value."""
    values: dict[str, list[str]] = {}
    places: dict[str, Place] = {}
    key = ""
    for line in lines:
        match = None if line.fenced else _DETAIL.fullmatch(line.words)
        if match is not None:
            key, place = match[1], Place(file, line.line)
            if key in places:
                raise place.error(f"{key} is here twice", "keep one of them")
            if key not in DETAILS:
                raise place.error(f"no such detail: {key}", _like(key))
            places[key] = place
            values[key] = [match[2] or ""]
        else:
            values[key].append(line.words[2:])
    joined = {key: "\n".join(map(str.rstrip, parts)).strip() for key, parts in values.items()}
    details = {key: show_note_marks(value) for key, value in joined.items()}
    for key, value in details.items():
        if value and not DETAILS[key].accepts(value):
            hint = f"for example - {key}: {DETAILS[key].example}"
            raise places[key].error(f"{key} cannot be {value!r}", hint)
    return {key: value for key, value in details.items() if value}


def _like(key: str) -> str:
    close = difflib.get_close_matches(key, DETAILS, n=1)
    begun = f"did you mean {close[0]}? " if close else ""
    return f"{begun}(begin the lines of an ordinary list with *)"


def refuse_stray(lines: Sequence[Text], *, file: str) -> None:
    """Raise ConfigError at a line of a blurb that looks like a detail: it would be sent as text."""
    for line in lines:
        match = None if line.fenced else _STRAY.fullmatch(line.words)
        if match is not None and match[1].lower() in DETAILS:
            raise Place(file, line.line).error(
                f"{match[1]}: looks like a detail but is not where details go",
                "put all details last in their ### block, under an empty line, each as "
                "- key: value in small letters; begin the lines of an ordinary list with *",
            )


def looks_like_one(words: str) -> bool:
    """Return whether a line of a blurb could be taken for a detail."""
    return _DETAIL.fullmatch(words) is not None or _STRAY.fullmatch(words) is not None
