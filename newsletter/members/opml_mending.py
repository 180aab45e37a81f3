"""OPML that is not quite XML, mended line for line: undeclared entities, a bare &, stray bytes."""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import NamedTuple

from newsletter.pulling.parse.charset import decode

XML_ENTITIES = frozenset({"amp", "lt", "gt", "quot", "apos"})
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_AMPERSAND = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]*);)?")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_OUTLINE = re.compile(r"<outline\b", re.IGNORECASE)
_ATTRIBUTES = re.compile(r"""((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")


class Mended(NamedTuple):
    """The text that XML can be read from, and what was wrong, each with its line."""

    text: str
    remarks: tuple[str, ...]


class LooseOutline(NamedTuple):
    """An outline found by itself; `attributes` is what stands in its tag, None where it is torn."""

    line: int
    attributes: str | None


def mend(data: bytes) -> Mended:
    """Return a list's text, decoded, with the same lines."""
    decoded = decode(data)
    text = NOT_XML.sub("", decoded.text).lstrip("\ufeff")
    text = re.sub(r"\A\s+(?=<\?xml)", lambda blank: "\n" * blank[0].count("\n"), text)
    text = re.sub(r"\A(\n+)<\?xml[^>]*\?>", r"\1", text)  # too late for a declaration
    remarks = [decoded.warning] if decoded.warning else []
    at, line = 0, 1

    def mended(found: re.Match[str]) -> str:
        nonlocal at, line
        name = found[1]
        if name in XML_ENTITIES or (name and _is_character(name)):
            return found[0]
        line, at = line + text.count("\n", at, found.start()), found.start()
        character = html5.get(f"{name};", "") if name else ""
        meaning = "read as what it stands for" if character else "read as it stands"
        remarks.append(f"line {line}: {found[0]} is not XML; {meaning}")
        return " ".join(character.split("\n")) or found[0].replace("&", "&amp;", 1)

    return Mended(_AMPERSAND.sub(mended, text), tuple(remarks))


def loose_outlines(text: str) -> Iterator[LooseOutline]:
    """Yield every outline of a text whose whole is no XML, outside its comments."""
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    line, at = 1, 0
    for found in _OUTLINE.finditer(text):
        line, at = line + text.count("\n", at, found.start()), found.start()
        tag = _ATTRIBUTES.match(text, found.end())
        yield LooseOutline(line, tag[1].removesuffix("/") if tag else None)


def _is_character(name: str) -> bool:
    """Whether a numbered one is a character that XML can carry."""
    if not name.startswith("#"):
        return False
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return 0 < number < 0x110000 and not NOT_XML.match(chr(number))
