"""A draft in somebody's hands without a withdrawn story: struck line by line, the rest untouched.

An edition written anew would lose an editor's notes and what waits for its translation. So the text
itself is gone through, its notes too: they hold the words as well.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.issues.drafting.plain import unescape
from newsletter.issues.strike import Says
from newsletter.model.consent import Revocation
from newsletter.stories.recognition.short_quotes import Quotable
from newsletter.stories.recognition.words import as_text

_OPENING = re.compile(r"[^\S\n]*---[^\S\n]*\n")
_CLOSING = re.compile(r"^---[^\S\n]*(?:\n|\Z)", re.MULTILINE)
_KEY = re.compile(
    r"^(subject|preheader|edited_by|alt|credit)[^\S\n]*:(.*(?:\n[^\S\n]+\S.*)*)", re.MULTILINE
)
_HEADING = re.compile(r"^(#{2,3})[^\S\n]+(.*)$", re.MULTILINE)
_ID = re.compile(r"\s*\{#?([^{}]*)\}\s*$")
_LINKED = re.compile(r"^\[(.*)\]\(.*\)$")
_DETAIL = re.compile(r"^-[ \t\u00a0][a-z][a-z_]*:(.*)$", re.MULTILINE)
_MARKS = re.compile(r"<!--|-->")
_NOTE = re.compile(r"<!--.*?-->", re.DOTALL)
MARK = (
    "<!-- A storyteller took a story back on {day}. What this draft had of it was struck: pieces, "
    "quotes, the subject perhaps. Read it through, then delete this note. -->"
)
_MARK = re.compile(re.escape(MARK).replace(r"\{day\}", r"[-\d]+") + r"\n*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Theirs:
    """The withdrawn stories, and their words as far as those are at hand.

    `carries` knows words of theirs again that are not: `strike.carrier`.
    """

    stops: Sequence[Revocation]
    quoted: Quotable
    carries: Says

    @property
    def ids(self) -> set[str]:
        """The stories' own ids."""
        return {stop.story_id for stop in self.stops if stop.story_id}

    def quoted_in_line(self, line: str) -> bool:
        """Return whether a subject, title or detail quotes them."""
        return self.quoted.in_line(line) or self.carries(line)

    def are_in(self, markdown: str) -> bool:
        """Return whether a piece of Markdown, its notes too, has their words."""
        bare = _MARKS.sub(" ", markdown)
        return self.quoted.in_paragraph(as_text(bare)) or self.carries(bare)


def strike_draft(text: str, theirs: Theirs) -> str:
    """Return the draft's text without these stories, with a note on top; itself if it has none."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if closing is None:
        return text
    top, body = text[: closing.start()], without_mark(text[closing.end() :])
    struck_top = _KEY.sub(lambda match: _key(match, theirs), top)
    struck = "".join(
        _piece(number, heading, words, theirs)
        for number, (heading, words) in enumerate(_pieces(body))
    )
    if (struck_top, struck) == (top, body):
        return text
    mark = MARK.format(day=max(stop.on for stop in theirs.stops))
    words = struck.lstrip("\n")
    return f"{struck_top}{closing[0]}\n{mark}\n\n{words}"


def without_mark(text: str) -> str:
    """Return the text without the note of an earlier time."""
    return _MARK.sub("", text)


def _key(match: re.Match[str], theirs: Theirs) -> str:
    """A value of the front matter: left empty, it stops `check` until somebody writes another."""
    value = " ".join(match[2].split()).strip("\"'")
    return f"{match[1]}:" if theirs.quoted_in_line(value) else match[0]


def _pieces(text: str) -> Iterator[tuple[re.Match[str] | None, str]]:
    """The letter, then each heading with what is under it."""
    headings = list(_HEADING.finditer(text))
    ends = [*(heading.start() for heading in headings), len(text)]
    yield None, text[: ends[0]]
    for heading, end in zip(headings, ends[1:], strict=True):
        yield heading, text[heading.end() : end]


def _piece(number: int, heading: re.Match[str] | None, words: str, theirs: Theirs) -> str:
    if heading is None:
        return _without_paragraphs(words, theirs)
    named = _ID.search(heading[2])
    title = heading[2][: named.start()] if named else heading[2]
    linked = _LINKED.match(title)
    title = unescape(linked[1] if linked else title)
    if heading[1] == "##":
        if theirs.quoted_in_line(title):
            if named is None or theirs.quoted_in_line(named[1]):  # made of the title, perhaps
                return f"## section-{number}" + _without_paragraphs(words, theirs)
            id_ = (named[1].split() or ["section"])[0]
            return f"## {id_} {named[0].strip()}" + _without_paragraphs(words, theirs)
    elif (
        (named and named[1].strip() in theirs.ids)
        or theirs.quoted_in_line(title)
        or theirs.carries(f"{title}\n\n{_MARKS.sub(' ', _NOTE.sub('', words))}")
    ):
        end = _end_of_its_note(words)
        return _marks_left(words[:end]) + _without_paragraphs(words[end:], theirs)
    return heading[0] + _without_paragraphs(words, theirs)


def _end_of_its_note(words: str) -> int:
    """Where a piece ends that waits in a note for its translation: what follows is not its own."""
    mark = _MARKS.search(words)
    return mark.end() if mark and mark[0] == "-->" else len(words)


def _without_paragraphs(words: str, theirs: Theirs) -> str:
    """The paragraphs that quote nothing; only the notes' marks, if they do all together."""
    parts = re.split(r"(\n[^\S\n]*\n)", words)
    left = "".join(
        part if number % 2 else _paragraph(part, theirs) for number, part in enumerate(parts)
    )
    return _marks_left(left) if theirs.are_in(left) else left


def _paragraph(words: str, theirs: Theirs) -> str:
    lines = [
        line
        for line in words.split("\n")
        if not ((detail := _DETAIL.match(line)) and theirs.quoted_in_line(detail[1]))
    ]
    left = "\n".join(lines)
    return _marks_left(left) if theirs.are_in(left) else left


def _marks_left(words: str) -> str:
    """What keeps the notes around a struck part whole: the marks that have no partner in it.

    A note that begins in it and ends after it waits for a translation: it keeps its first lines.
    """
    marks = _MARKS.findall(words)
    closes, opens = marks[:1] == ["-->"], marks[-1:] == ["<!--"]
    return "\n\n" + "-->\n\n" * closes + (words[words.rfind("<!--") :] if opens else "")
