"""An editor's tables as mail can show them: whole words and figures on the smallest phone.

Many mail programs know no media query, some no `<style>`: what a table becomes is decided here, not
by the width of a screen. A table of up to three short columns stays one, with its lines and
distances on each cell; any other becomes a small card for each row, with the columns' names in it.
"""

from collections.abc import Sequence
from itertools import zip_longest

from markdown_it.token import Token

from newsletter.design.plain_text import width

_MOST_COLUMNS = 3
_ROOM = 222  # CSS pixels: a phone of 320 less the margins of its page, of the mail and of a card
_LETTER = {"left": 10.0, "right": 10.7}  # of bold text, 17 pixels; of Arabic, 18
_CELL = 17  # what stands around the words of a cell
_WHOLE = "overflow-wrap:normal;word-break:normal;border-collapse:collapse"
_LINES = "padding:8px;border:1px solid"
_CARD = "margin:0 0 8px;padding:10px 12px;border:1px solid"

_Cell = Sequence[Token]


def shown_tables(tokens: Sequence[Token], *, start: str) -> list[Token]:
    """Return the tokens with each table as it is shown. `start`: where lines begin."""
    shown: list[Token] = []
    table: list[Token] = []
    for token in tokens:
        if table or token.type == "table_open":
            table.append(token)
        else:
            shown.append(token)
        if token.type == "table_close":
            shown += _table(table, start)
            table = []
    return shown


def _table(tokens: list[Token], start: str) -> list[Token]:
    names = [_children(tokens, at) for at, one in enumerate(tokens) if one.type == "th_open"]
    rows: list[list[_Cell]] = []
    for at, one in enumerate(tokens):
        if one.type == "tr_open":
            rows.append([])
        elif one.type == "td_open":
            rows[-1].append(_children(tokens, at))
    rows = [row for row in rows if row]
    if not _fits([names, *rows], _LETTER[start]):
        return [token for row in rows or [names] for token in _card(names if rows else (), row)]
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("class", "t")
            token.attrSet("style", _WHOLE)
        elif token.type in {"th_open", "td_open"}:
            align = token.attrGet("style") or f"text-align:{start}"
            token.attrSet("style", f"{align};{_LINES}")
            if token.type == "th_open":
                token.attrSet("scope", "col")
    return tokens


def _children(tokens: Sequence[Token], at: int) -> _Cell:
    """What stands in the cell that is opened there."""
    return tokens[at + 1].children or ()


def _fits(rows: Sequence[Sequence[_Cell]], letter: float) -> bool:
    """Whether the longest words of all columns have room beside each other on a small phone."""
    columns = list(zip_longest(*(map(_longest_word, row) for row in rows), fillvalue=0))
    taken = sum(max(column) * letter + _CELL for column in columns)
    return len(columns) <= _MOST_COLUMNS and taken <= _ROOM


def _longest_word(cell: _Cell) -> int:
    words = "".join(" " if one.type.endswith("break") else one.content for one in cell)
    return max((width(word) for word in words.split()), default=0)


def _card(names: Sequence[_Cell], row: Sequence[_Cell]) -> list[Token]:
    """A row as a paragraph: a line for each cell that says something, its column's name first."""
    lines: list[Token] = []
    for name, cell in zip_longest(names, row, fillvalue=()):
        if not cell:
            continue
        if lines:
            lines.append(Token("hardbreak", "br", 0))
        if name:
            colon = Token("text", "", 0, content=": ")
            lines += [Token("strong_open", "strong", 1), *name, colon,
                      Token("strong_close", "strong", -1)]  # fmt: skip
        lines += cell
    opening = Token("paragraph_open", "p", 1, attrs={"class": "r", "style": _CARD}, block=True)
    return [
        opening,
        Token("inline", "", 0, children=lines, block=True),
        Token("paragraph_close", "p", -1, block=True),
    ]
