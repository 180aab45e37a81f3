"""Plain text into a draft's Markdown and back: what a feed says never becomes structure."""

import re

from newsletter.pulling.items.tables import table_rows

_MARKS = re.compile(r"([\\`*_\[\]<>|~])")
_NUMBERED = re.compile(r"^(\s*\d{1,9})([.)])", re.MULTILINE)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TITLE_MARKS = re.compile(r"([\\\[\]{}]|<(?=!))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
# What begins a note; a phone's or a Mac's keyboard makes one long dash of the two.
_NOTE_OPENS = r"<!(?=--|[–—])"
_NOTE_MARK = re.compile(rf"(\\*){_NOTE_OPENS}")


def one_line(text: str) -> str:
    """Return the text on one line: white space collapsed, control characters gone."""
    return " ".join(CONTROL.sub(" ", text).split())


def markdown(text: str) -> str:
    """Return plain text, its paragraphs parted by blank lines, as Markdown that shows just that.

    Lines stay lines, and tables (`pulling/items/tables.py`) tables.
    """
    paragraphs = (part.strip("\n") for part in re.split(r"\n\s*\n", text))
    return "\n\n".join(filter(None, map(_paragraph, paragraphs)))


def _paragraph(text: str) -> str:
    rows = table_rows(text)
    if rows:
        head, *body = (f"| {' | '.join(map(_cell, row))} |" for row in rows)
        return "\n".join((head, "|" + " --- |" * len(rows[0]), *body))
    lines = (one_line(line) for line in text.split("\n"))
    return "\\\n".join(_escape(line) for line in lines if line)


def _cell(text: str) -> str:
    return _ENTITY.sub("&amp;", _MARKS.sub(r"\\\1", one_line(text)))


def _escape(line: str) -> str:
    marked = _ENTITY.sub("&amp;", _MARKS.sub(r"\\\1", line))
    marked = _NUMBERED.sub(r"\1\\\2", marked)
    return re.sub(r"^([#+\-=:])", r"\\\1", marked)


def escape_title(title: str) -> str:
    """Return a plain title as it stands in a heading."""
    return _TITLE_MARKS.sub(r"\\\1", one_line(title))


def unescape(text: str) -> str:
    """Return a heading's words as plain text."""
    return _ESCAPED.sub(r"\1", text)


def literal_note_marks(text: str) -> str:
    """Return Markdown in which no `<!--` begins a note: each that would is escaped."""
    return re.sub(rf"(?<!\\)((?:\\\\)*){_NOTE_OPENS}", r"\1\\<!", text)


def hide_note_marks(text: str) -> str:
    """Return a value that is not Markdown with each `<!--` made literal."""
    return _NOTE_MARK.sub(lambda match: match[1] * 2 + r"\<!", text)


def show_note_marks(text: str) -> str:
    """Undo `hide_note_marks`, exactly."""
    return re.sub(rf"(\\+){_NOTE_OPENS}", lambda match: match[1][: len(match[1]) // 2] + "<!", text)


def note(text: str) -> str:
    """Return an editors' note: a comment that what is in it cannot close."""
    return f"<!-- {text.replace('-->', '-- >')} -->"
