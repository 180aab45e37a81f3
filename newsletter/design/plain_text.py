"""Markdown tokens -> plain text, and the wrapping of plain text at 72 columns."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token

COLUMNS = 72
_FIRST_MARK = "\u0300"  # below it every letter takes one column


def plain_text(tokens: Sequence[Token]) -> str:
    """Write the words of a piece of Markdown: blocks parted by a blank line, lists tight."""
    return "\n\n".join(block for block in _blocks(iter(tokens)) if block.strip())


def _blocks(tokens: Iterator[Token], until: str = "") -> Iterator[str]:
    """Yield the paragraphs up to a token; list items are joined into one block."""
    for token in tokens:
        if token.type == until:
            return
        if token.type == "inline":
            yield inline_text(token.children or ())
        elif token.type in {"fence", "code_block"}:
            yield token.content.rstrip("\n")
        elif token.type == "hr":
            yield "* * *"
        elif token.type == "blockquote_open":
            quoted = "\n\n".join(_blocks(tokens, "blockquote_close"))
            yield "\n".join(f"> {line}".rstrip() for line in quoted.split("\n"))
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            yield _list(token, tokens)
        elif token.type == "table_open":
            yield _table(tokens)


def _list(opening: Token, tokens: Iterator[Token]) -> str:
    close = opening.type.replace("_open", "_close")
    number = int(opening.attrGet("start") or 1) if opening.type.startswith("ordered") else None
    lines: list[str] = []
    for token in tokens:
        if token.type == close:
            break
        if token.type == "list_item_open":
            mark = "- " if number is None else f"{number}. "
            body = "\n".join(_blocks(tokens, "list_item_close"))
            lines.append(mark + body.replace("\n", "\n" + " " * len(mark)))
            number = None if number is None else number + 1
    return "\n".join(lines)


def inline_text(children: Iterable[Token]) -> str:
    """Write the words of a line; a link becomes `words <address>`, or the address alone."""
    out: list[str] = []
    links: list[tuple[str, int]] = []
    for child in children:
        if child.type in {"text", "code_inline"}:
            out.append(child.content)
        elif child.type == "softbreak":
            out.append(" ")
        elif child.type == "hardbreak":
            out.append("\n")
        elif child.type == "link_open":
            links.append((str(child.attrGet("href") or ""), len(out)))
        elif child.type == "link_close" and links:
            href, start = links.pop()
            words = "".join(out[start:])
            address = href.removeprefix("mailto:").removeprefix("tel:")
            if address not in words:
                out.append(f" <{address}>")
    return "".join(out)


def _table(tokens: Iterator[Token]) -> str:
    rows: list[list[str]] = []
    names = 0  # how many rows hold the columns' names: one, or none
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "thead_close":
            names = len(rows)
        elif token.type == "inline":
            rows[-1].append(inline_text(token.children or ()))
    head, body = (rows[0], rows[1:]) if names and rows[1:] else ([""] * len(rows[0]), rows)
    lines = []
    for row in body:
        cells = [
            f"{name}: {cell}" if name else cell
            for name, cell in zip(head, row, strict=False)
            if cell
        ]
        mark = "\u061b " if "AL" in _runs("".join(cells)) else "; "  # Arabic has its own
        lines.append("- " + mark.join(cells))
    return "\n".join(lines)


def _runs(text: str) -> list[str]:
    """The letters' directions: L, R, or AL for those of the Arabic scripts (UAX #9)."""
    runs = (unicodedata.bidirectional(char) for char in text)
    return [run for run in runs if run in {"L", "R", "AL"}]


def width(text: str) -> int:
    """Count the columns of a fixed-width font: wide East Asian 2, combining marks 0."""
    if text.isascii() or max(text) < _FIRST_MARK:
        return len(text)
    return sum(_char_width(char) for char in text)


def _char_width(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, *, columns: int = COLUMNS, indent: str = "") -> str:
    """Wrap the text to lines at most `columns` wide; an address is never broken.

    A line that begins as a list item or quotation hangs its continuation under its words.
    """
    return "\n".join(
        line for source in text.split("\n") for line in _wrap_line(source, columns, indent)
    )


def _wrap_line(source: str, columns: int, indent: str) -> Iterator[str]:
    words = source.split()
    if not words:
        yield ""
        return
    lead = indent + source[: len(source) - len(source.lstrip(" "))]
    hang = lead + _hanging(words[0])
    line = [lead + words[0]]
    used = width(line[0])
    for word in words[1:]:
        room = width(word)
        if used + 1 + room <= columns:
            line.append(word)
            used += 1 + room
        else:
            yield " ".join(line)
            line = [hang + word]
            used = len(hang) + room
    yield " ".join(line)


def _hanging(first: str) -> str:
    if first == ">":
        return "> "
    if first in {"-", "*"} or (first[:-1].isdigit() and first.endswith(".")):
        return " " * (len(first) + 1)
    return ""


def underline(text: str, mark: str) -> str:
    """Put a line of marks under the text, as wide as its last line."""
    last = text.rsplit("\n", 1)[-1]
    return f"{text}\n{mark * min(max(width(last), 3), COLUMNS)}"


def tidied(text: str, direction: str) -> str:
    """Take away blanks that end a line, and all but one of the blank lines between two others.

    Many programs set each line by its first letter: one of right-to-left text that begins with a
    Latin word begins with U+200F.
    """
    tidy = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    tidy = re.sub(r"\n{3,}", "\n\n", tidy).strip() + "\n"
    if direction == "ltr":
        return tidy
    return "\n".join(f"\u200f{line}" if _begins_latin(line) else line for line in tidy.split("\n"))


def _begins_latin(line: str) -> bool:
    runs = _runs(line)
    return runs[:1] == ["L"] and not {"R", "AL"}.isdisjoint(runs)


def shortened(text: str, most: int) -> str:
    """Return at most so many characters of the text, in whole words."""
    if len(text) <= most:
        return text
    return text[: most - 1].rsplit(" ", 1)[0].rstrip(" ·") + "…"
