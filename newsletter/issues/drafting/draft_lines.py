"""A draft's lines, sorted into headings and text; notes taken out, line numbers kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.errors import ConfigError
from newsletter.issues.drafting.plain import unescape
from newsletter.model.details import KINDS

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
_SECTION_ID = re.compile(r"#(?P<id>[a-z0-9][a-z0-9_-]*)(?:\s+\.(?P<kind>[a-z-]+))?")
_UNCLOSED = re.compile(r"\s\{[^{}]*$")
_ITEM_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
_WEB_LINK = re.compile(r"(?:https?://[^\s/]+\S*|mailto:\S+|tel:\S+)", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A line that is not a heading."""

    words: str
    line: int
    fenced: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SectionHeading:
    """`## Title {#id .kind}`; id and kind are empty where they are not said."""

    title: str
    id: str
    kind: str
    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PlacementHeading:
    """`### [Title](link) {item}`."""

    title: str
    link: str | None
    item_id: str | None
    line: int


Line = Text | SectionHeading | PlacementHeading


def without_notes(text: str, *, file: str, first_line: int) -> str:
    """The text with its `<!-- notes -->` gone; each line stays on its line."""
    kept: list[str] = []
    at = 0
    while match := _NOTE_START.search(text, at):
        start = match.end() - len("<!--")
        end = text.find("-->", match.end())
        if end < 0:
            raise ConfigError(
                "a note begins here and never ends",
                hint="put --> after it",
                file=file,
                line=first_line + text.count("\n", 0, start),
            )
        if inner := _NOTE_START.search(text, match.end(), end):
            raise ConfigError(
                "a note begins here inside another one",
                hint="put --> after the one above: a note cannot hold another",
                file=file,
                line=first_line + text.count("\n", 0, inner.end()),
            )
        kept += [text[at:start], "\n" * text.count("\n", start, end)]
        at = end + len("-->")
    plain = "".join([*kept, text[at:]])
    if almost := _NOTE_ALMOST.search(plain):
        raise ConfigError(
            "a note begins here with a long dash: readers would see it",
            hint="write <!-- before it and --> after it, each with two short dashes",
            file=file,
            line=first_line + plain.count("\n", 0, almost.end()),
        )
    return plain


def lines_of(text: str, *, file: str, first_line: int) -> Iterator[Line]:
    """Each line of a draft's body. ConfigError at a heading that cannot be understood."""
    fence: tuple[str, int] | None = None
    above = ""
    for number, words in enumerate(text.split("\n"), first_line):
        if fence is not None:
            yield Text(words=words, line=number, fenced=True)
            if fence_closed(words, fence[0]):
                fence = None
        elif opened := fence_opened(words):
            fence = (opened, number)
            yield Text(words=words, line=number, fenced=True)
        else:
            yield _line(words, above, file, number)
        above = words
    if fence is not None:
        raise ConfigError(
            f"the {fence[0][:3]} here is never closed",
            hint=f"put a line of {fence[0][:3]} after it",
            file=file,
            line=fence[1],
        )


def fence_opened(words: str) -> str:
    """The fence that this line opens, or nothing."""
    match = _FENCE.match(words)
    if match is None or (match[1][0] == "`" and "`" in match[2]):
        return ""
    return match[1]


def fence_closed(words: str, fence: str) -> bool:
    """Whether this line closes that fence."""
    match = _FENCE.match(words)
    return match is not None and match[1].startswith(fence) and not match[2].strip()


def _line(words: str, above: str, file: str, number: int) -> Line:
    match = _HEADING.match(words)
    if match is None:
        _refuse_almost_headings(words, above, file, number)
        return Text(words=words, line=number)
    if match[1]:
        raise _error("a heading with spaces before it", "begin it with #", file, number)
    rest = (match[3] or "").strip()
    if not rest:
        raise _error("a heading without a title", "write one after the #", file, number)
    if len(match[2]) == 1:
        raise _error(
            "# is the newsletter's own title",
            "begin a section with ##, a piece with ###",
            file,
            number,
        )
    if len(match[2]) == 2:
        return _section(rest, file, number)
    return _placement(rest, file, number)


def _refuse_almost_headings(words: str, above: str, file: str, number: int) -> None:
    if glued := _GLUED.match(words):
        hint = f"write {glued[1]} Title"
        raise _error("a heading without a space after its #", hint, file, number)
    if words.strip() == "-->":
        raise _error(
            "a note ends here that begins nowhere", "take this line away too", file, number
        )
    if _UNDERLINE.match(words) and above.strip():
        raise _error(
            "an underlined title",
            "put ## or ### before the title instead, or an empty line above this one",
            file,
            number,
        )


def _section(rest: str, file: str, number: int) -> SectionHeading:
    match = _NAMED.fullmatch(rest)
    if match is None or match["id"] is None:
        return SectionHeading(title=_title(rest, file, number), id="", kind="", line=number)
    named = _SECTION_ID.fullmatch(match["id"].strip())
    if named is None:
        raise _error(
            f"{{{match['id']}}} does not name a section",
            "write {#its-id} in small letters, or {#its-id .events}",
            file,
            number,
        )
    kind = named["kind"] or ""
    if kind and kind not in KINDS:
        raise _error(
            f"no such kind of section: {kind}", f"the kinds are {', '.join(KINDS)}", file, number
        )
    return SectionHeading(
        title=_title(match["title"], file, number), id=named["id"], kind=kind, line=number
    )


def _placement(rest: str, file: str, number: int) -> PlacementHeading:
    match = _LINKED.fullmatch(rest)
    link: str | None = None
    if match is not None:
        link = match["angled"] or match["link"] or ""
        if not _WEB_LINK.fullmatch(link):
            raise _error(f"not a link: {link!r}", "a link begins with https://", file, number)
    else:
        if rest.startswith("["):
            raise _error(
                "this heading's link cannot be read",
                "write ### [Title](https://…) {id}, with \\ before any [ or ] of the title",
                file,
                number,
            )
        match = _NAMED.fullmatch(rest)
    if match is None:
        raise _error("this heading cannot be read", "write ### Title", file, number)
    item = match["id"]
    if item is not None and not _ITEM_ID.fullmatch(item):
        raise _error(
            f"{{{item}}} is not an item's id",
            "write the id as `newsletter items list` shows it, or nothing",
            file,
            number,
        )
    return PlacementHeading(
        title=_title(match["title"], file, number), link=link, item_id=item, line=number
    )


def _title(raw: str, file: str, number: int) -> str:
    if unclosed := _UNCLOSED.search(re.sub(r"\\.", "", raw)):
        raise _error(
            f"{unclosed[0].strip()!r} begins an id and never ends",
            "put } after the id, or \\ before a { of the title",
            file,
            number,
        )
    title = unescape(raw.strip())
    if not title:
        raise _error("a heading without a title", "write one", file, number)
    return title


def _error(message: str, hint: str, file: str, line: int) -> ConfigError:
    return ConfigError(message, hint=hint, file=file, line=line)
