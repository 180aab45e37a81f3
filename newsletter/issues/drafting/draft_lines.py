"""A draft's lines, sorted into headings and text; notes taken out, line numbers kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.errors import ConfigError
from newsletter.issues.drafting.plain import unescape
from newsletter.model.issue import Placement, Section

_NOTE_START = re.compile(r"(?<!\\)(?:\\\\)*<!--")
_NOTE_ALMOST = re.compile(r"(?<!\\)(?:\\\\)*<![–—]")
_HEADING = re.compile(r"^( {0,3})(#{1,3})(?:[ \t\u00a0]+(.*))?$")
_GLUED = re.compile(r"^ {0,3}(#{2,3})[^#\s]")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)\s*$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})(.*)$")
_LINKED = re.compile(
    r"\[(?P<title>(?:\\.|[^\\\[\]])*)\]\((?:<(?P<angled>[^<>\s]*)>|(?P<link>[^\s<>]*))\)"
    r"(?:\s+\{(?P<id>[^{}]*)\})?"
)
_NAMED = re.compile(r"(?P<title>.*?)(?:\s+\{(?P<id>[^{}]*)\})?")
_SECTION_ID = re.compile(r"#(?P<id>[a-z0-9][a-z0-9_-]*)(?:\s+\.(?P<kind>[a-z][a-z0-9-]*))?")
_UNCLOSED = re.compile(r"\s\{[^{}]*$")
_ITEM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_WEB_LINK = re.compile(r"(?:https?://[^\s/]+\S*|mailto:\S+|tel:\S+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a draft."""

    file: str
    line: int

    def error(self, message: str, hint: str) -> ConfigError:
        """Return the error of a line that cannot be understood."""
        return ConfigError(message, hint=hint, file=self.file, line=self.line)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A line that is not a heading."""

    words: str
    line: int
    fenced: bool = False


Line = Text | Section | Placement  # a heading is what it begins, with nothing in it yet


def without_notes(text: str, *, file: str, first_line: int) -> str:
    """Return the text without its `<!-- notes -->`; each line stays on its line.

    ConfigError at a note that does not end, is inside another, or begins with a long dash.
    """

    def at_line_of(words: str, at: int) -> Place:
        return Place(file, first_line + words.count("\n", 0, at))

    kept: list[str] = []
    at = 0
    while match := _NOTE_START.search(text, at):
        start = match.end() - len("<!--")
        end = text.find("-->", match.end())
        if end < 0:
            raise at_line_of(text, start).error(
                "a note begins here and never ends", "put --> after it"
            )
        if inner := _NOTE_START.search(text, match.end(), end):
            raise at_line_of(text, inner.end()).error(
                "a note begins here inside another one",
                "put --> after the one above: a note cannot hold another",
            )
        kept += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + len("-->")
    plain = "".join([*kept, text[at:]])
    if almost := _NOTE_ALMOST.search(plain):
        raise at_line_of(plain, almost.end()).error(
            "a note begins here with a long dash: readers would see it",
            "write <!-- before it and --> after it, each with two short dashes",
        )
    return plain


def lines_of(text: str, *, file: str, first_line: int) -> Iterator[Line]:
    """Yield each line of a draft's body. ConfigError at a heading that cannot be understood."""
    fence, opening, above = "", Place(file, first_line), ""
    for number, words in enumerate(text.split("\n"), first_line):
        place = Place(file, number)
        if fence:
            yield Text(words=words, line=number, fenced=True)
            if fence_closed(words, fence):
                fence = ""
        elif opened := fence_opened(words):
            fence, opening = opened, place
            yield Text(words=words, line=number, fenced=True)
        else:
            yield _line(words, above, place)
        above = words
    if fence:
        mark = fence[:3]
        raise opening.error(f"the {mark} here is never closed", f"put a line of {mark} after it")


def fence_opened(words: str) -> str:
    """Return the fence that a line opens, or nothing."""
    match = _FENCE.match(words)
    if match is None or (match[1][0] == "`" and "`" in match[2]):
        return ""
    return match[1]


def fence_closed(words: str, fence: str) -> bool:
    """Return whether a line closes that fence."""
    match = _FENCE.match(words)
    return match is not None and match[1].startswith(fence) and not match[2].strip()


def _line(words: str, above: str, place: Place) -> Line:
    match = _HEADING.match(words)
    if match is None:
        _refuse_almost_headings(words, above, place)
        return Text(words=words, line=place.line)
    if match[1]:
        raise place.error("a heading with spaces before it", "begin it with #")
    rest = (match[3] or "").strip()
    if not rest:
        raise place.error("a heading without a title", "write one after the #")
    if len(match[2]) == 1:
        hint = "begin a section with ##, a piece with ###"
        raise place.error("# is the newsletter's own title", hint)
    return _section(rest, place) if len(match[2]) == 2 else _placement(rest, place)


def _refuse_almost_headings(words: str, above: str, place: Place) -> None:
    if glued := _GLUED.match(words):
        hint = f"write {glued[1]} Title"
        raise place.error("a heading without a space after its #", hint)
    if words.strip() == "-->":
        raise place.error("a note ends here but never begins", "delete this line too")
    if _UNDERLINE.match(words) and above.strip():
        hint = "put ## or ### before the title instead, or an empty line above this one"
        raise place.error("an underlined title", hint)


def _section(rest: str, place: Place) -> Section:
    """Read `## Title {#id .kind}`; id and kind are empty where they are not said."""
    match = _NAMED.fullmatch(rest)
    if match is None or match["id"] is None:
        return Section(title=_title(rest, place), id="", kind="", line=place.line)
    named = _SECTION_ID.fullmatch(match["id"].strip())
    if named is None:
        hint = "write {#its-id} in small letters, or {#its-id .events}"
        raise place.error(f"{{{match['id']}}} does not name a section", hint)
    title = _title(match["title"], place)
    return Section(title=title, id=named["id"], kind=named["kind"] or "", line=place.line)


def _placement(rest: str, place: Place) -> Placement:
    """Read `### [Title](link) {item}`."""
    match = _LINKED.fullmatch(rest)
    link: str | None = None
    if match is not None:
        link = match["angled"] or match["link"] or ""
        if not _WEB_LINK.fullmatch(link):
            raise place.error(f"not a link: {link!r}", "a link begins with https://")
    elif rest.startswith("["):
        hint = "write ### [Title](https://…) {id}, with \\ before any [ or ] of the title"
        raise place.error("this heading's link cannot be read", hint)
    else:
        match = _NAMED.fullmatch(rest)
    if match is None:
        raise place.error("this heading cannot be read", "write ### Title")
    item_id = match["id"]
    if item_id is not None and not _ITEM_ID.fullmatch(item_id):
        hint = "write the id as `newsletter items list` shows it, or nothing"
        raise place.error(f"{{{item_id}}} is not an item's id", hint)
    title = _title(match["title"], place)
    return Placement(title=title, link=link, item_id=item_id, line=place.line)


def _title(raw: str, place: Place) -> str:
    if unclosed := _UNCLOSED.search(re.sub(r"\\.", "", raw)):
        hint = "put } after the id, or \\ before a { of the title"
        raise place.error(f"{unclosed[0].strip()!r} begins an id and never ends", hint)
    title = unescape(raw.strip())
    if not title:
        raise place.error("a heading without a title", "write one")
    return title
