"""Marks in an editor's words that mean nothing: readers would see them as they were typed."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, warns
from newsletter.model.details import DETAILS
from newsletter.model.issue import Edition
from newsletter.model.problem import Problem

_SUSPICIOUS = re.compile(r"\*\*|__|\]\(|!\[|<")
_BULLET = re.compile(r"^[ \t]*[–—•·‣][ \t\u00a0]*([a-z_]+)[ \t]*:.*", re.IGNORECASE | re.MULTILINE)
_INDENTED = re.compile(r"^(?: {4}| {0,3}[\t\u200b\u2060\ufeff])\s*#{2,3}\s.*", re.MULTILINE)
_BRACES = re.compile(r"\{+[ #.]*[A-Za-z][\w.-]*\s*\}+|\{+#?[A-Za-z0-9]{8,}\}+")
_SHORT = 40  # characters: a line that ends before is meant to end there
_LONG = 100  # nobody breaks lines there by hand: it was pasted
_SIGN = re.compile(r"[ \t]*[•·▪◦‣➢✓●○–—]\s*\S")
_OTHER = re.compile(r"[ \t]*(?:[-*+>|#]|\d+[.)]|`{3}|~{3})")
_LINK = "\1"  # where a link begins; a letter that no draft holds
_MARKS = (
    (
        re.compile(rf"!(?:\[[^\]]*\]\(|{_LINK})"),
        "pictures cannot go inside the text",
        "put the file in issues/ID/pictures/ and add - picture: its name",
    ),
    (re.compile(r"\]\("), "this is not a working link", "write [words](https://…)"),
    (
        re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE),
        "HTML does not work here",
        "write **bold**, *italic*, [words](https://…)",
    ),
    (
        re.compile(r"(?<!\*)\*\*(?!\*)|(?<!_)__(?!_)"),
        "the marks for bold are not in pairs",
        "put ** right before the first and right after the last word, in one paragraph",
    ),
)


def _markup(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """One warning for each sort of mark in each piece of text."""
    yield from _braces(edition)
    texts = [(edition.letter, 1)]
    for section in edition.sections:
        texts.append((section.intro, section.line))
        texts += [(placement.blurb, placement.line) for placement in section.placements]
    for text, line in texts:
        yield from _lost_structure(text, edition, line)
        if ran := _run_together(text):
            words = f"readers would see this line and the one below it as one: {ran[:40]!r}"
            hint = "put an empty line between them, begin each with * for a list, or end it with \\"
            yield warns(edition, "markup", line, words, hint)
        if not _SUSPICIOUS.search(text):
            continue
        shown = _shown(text)
        for mark, what, hint in _MARKS:
            if match := mark.search(shown):
                message = f"readers would see {match[0].replace(_LINK, '[')!r}: {what}"
                yield warns(edition, "markup", line, message, hint)
                shown = mark.sub("", shown)


def _lost_structure(text: str, edition: Edition, line: int) -> Iterator[Problem]:
    """A detail behind a word processor's dash or bullet, a heading too far in."""
    for match in _BULLET.finditer(text):
        if match[1].lower() in DETAILS:
            words = f"readers would see {match[0].strip()!r}: a detail begins with - and a space"
            yield warns(edition, "markup", line, words, f"write - {match[1].lower()}: … at the end")
    if heading := _INDENTED.search(text):
        words = f"readers would see {heading[0].strip()!r}: a heading must begin its line"
        hint = "delete everything before its #, invisible characters too"
        yield warns(edition, "markup", line, words, hint)


def _braces(edition: Edition) -> Iterator[Problem]:
    """An id that is not at the end of a heading, a name that was never filled in."""
    texts = [(edition.subject, 1), (edition.preheader, 1), (edition.letter, 1)]
    for section in edition.sections:
        texts += [(section.title, section.line), (section.intro, section.line)]
        for placement in section.placements:
            texts += [(placement.title, placement.line), (placement.blurb, placement.line)]
    for text, line in texts:
        if "{" in text and (match := _BRACES.search(text)):
            words = f"readers would see {match[0]!r}"
            hint = "an id stands at the end of a ### heading, after a blank; delete it here"
            yield warns(edition, "markup", line, words, hint)


def _run_together(text: str) -> str:
    """The first line that was meant to end where it ends: one of several that are all short, one
    with a bullet of its own, or a whole paragraph."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        lines = paragraph.strip("\n").split("\n")
        if any(_OTHER.match(line) for line in lines):
            continue
        are_short = all(len(line) < _SHORT for line in lines)
        for line, below in pairwise(lines):
            if line.endswith(("\\", "  ")):
                continue
            is_whole = len(line) > _LONG and line.rstrip()[-1:] in '.!?…:”"»)'
            if are_short or is_whole or _SIGN.match(below):
                return str(line.strip())
    return ""


def _shown(text: str) -> str:
    """The words as they are shown, without what was escaped on purpose or is code."""
    inlines = (token.children or () for token in _parser().parse(text))
    return "\n".join("".join(map(_piece, inline)) for inline in inlines)


def _piece(token: Token) -> str:
    if token.type == "link_open":
        return _LINK
    return token.content if token.type == "text" else " "


@cache
def _parser() -> MarkdownIt:
    """As the words are rendered, but with what was escaped kept apart."""
    parser = (
        MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "text_join"])
    )
    allowed = ("http://", "https://", "mailto:", "tel:", "sms:")
    parser.validateLink = lambda url: url.lower().startswith(allowed)  # type: ignore[method-assign]
    return parser


CHECKS: Sequence[Check] = (_markup,)
