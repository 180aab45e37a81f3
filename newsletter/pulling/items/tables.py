"""A table of a feed as lines of text, `| Day | Hours |`, as Markdown has them; and read again.

A table of one column, of one row or of long texts is a page's layout, and no table: its words are
paragraphs. So are those of a table that no mail can show.
"""

import re
from collections.abc import Iterator, Sequence

MOST_ROWS = 60
MOST_COLUMNS = 8
LONGEST_CELL = 200  # characters

_PART = re.compile(r'<(/?)(table|thead|tr|t[dh])((?: [^>"]*(?:"[^"]*"[^>"]*)*)?)>')
_TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)(?: [^>"]*(?:"[^"]*"[^>"]*)*)?>')
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "em", "i", "ins", "kbd", "q", "s"}
    | {"small", "strong", "sub", "sup", "u"}
)
_LAYOUT = re.compile(r"<(?:ul|ol|dl|blockquote|pre|h[1-6]|hr)\b")
_NAMED = re.compile(r"<th\b")  # who names columns or rows means a table, whatever a cell holds
_ENTRY = re.compile(r"</li>\s*(?=<li\b)")
_SPAN = re.compile(r'(col|row)span="(\d{1,3})"')
_BAR = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"\|(?: --- \|){2,}")

Row = tuple[str, ...]


def with_tables_as_lines(cleaned: str) -> str:
    """Return sanitised HTML in which each table is one `<p>` of lines, parted by `<br>`.

    The first line holds the columns' names, and is empty where the table has none.
    """
    parts: list[str] = []
    end = 0
    for start, stop in _innermost(cleaned):
        paragraphs = _paragraphs(cleaned[start:stop])
        if paragraphs:
            parts += [cleaned[end:start], *(f"<p>{words}</p>" for words in paragraphs)]
            end = stop
    return "".join((*parts, cleaned[end:]))


def table_rows(paragraph: str) -> list[Row]:
    """Return the rows of a paragraph that is such a table, the columns' names first; else none."""
    lines = paragraph.split("\n")
    if len(lines) < 3 or not _RULE.fullmatch(lines[1]):
        return []
    rows = [
        tuple(cell.strip().replace("\\|", "|") for cell in _BAR.split(line)[1:-1])
        for line in (lines[0], *lines[2:])
    ]
    return rows if len({len(row) for row in rows}) == 1 else []


def table_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where in a text of paragraphs its tables begin and end."""
    at = 0
    for paragraph in re.split(r"(\n\s*\n)", text):
        if paragraph.startswith("|") and table_rows(paragraph):
            yield at, at + len(paragraph)
        at += len(paragraph)


def _innermost(cleaned: str) -> Iterator[tuple[int, int]]:
    """Where the tables are that hold no other."""
    open_: list[int] = []
    is_inner = False
    for part in re.finditer(r"<(/?)table\b[^>]*>", cleaned):
        if not part[1]:
            open_.append(part.start())
            is_inner = True
        elif open_:
            start = open_.pop()
            if is_inner:
                yield start, part.end()
            is_inner = False


def _paragraphs(table: str) -> list[str]:
    """What stands around the cells, and the table; nothing when it is no table to be shown."""
    grid = _Grid()
    is_layout = _LAYOUT.search(table) and not _NAMED.search(table)
    if table.count("<tr") < 2 or is_layout or not grid.fill(table):
        return []
    width = max(map(len, grid.rows), default=0)
    wide = [(*row, *[""] * (width - len(row))) for row in grid.rows]
    columns = [at for at in range(width) if any(row[at] for row in wide)]
    rows = [tuple(row[at] for at in columns) for row in wide if any(row)]
    is_table = (
        2 <= len(columns) <= MOST_COLUMNS
        and 2 <= len(rows) <= MOST_ROWS
        and max(len(cell) for row in rows for cell in row) <= LONGEST_CELL
    )
    if not is_table:
        return []
    if not grid.is_named or not any(wide[0]):
        rows.insert(0, ("",) * len(columns))
    lines = (_line(row) for row in (rows[0], ("---",) * len(columns), *rows[1:]))
    return [*grid.around, "<br>".join(lines)]


class _Grid:
    """A table's cells in rows, those over several rows in each; and the words around them."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.around: list[str] = []
        self.is_named = False
        self._below: dict[int, tuple[int, str]] = {}  # by column: rows that still have a cell

    def fill(self, table: str) -> bool:
        """Take a table's cells; return whether it has no more than a mail can show."""
        pieces = _PART.split(table)  # of each tag: "/", its name, its attributes, what follows it
        kinds: list[str] = []
        for slash, name, attributes, text in zip(
            *(pieces[at::4] for at in (1, 2, 3, 4)), strict=True
        ):
            words = _words(text)
            is_cell = not slash and name in ("td", "th")
            if is_cell and len(words) > LONGEST_CELL:
                return False
            if name == "tr" and not slash:
                self._end_row()
                self.rows.append([])
            elif is_cell and self.rows:
                self._add(words, attributes)
                kinds += [name] if len(self.rows) == 1 else []
            if words and not is_cell:
                self.around.append(words)
            if len(self.rows) > MOST_ROWS + 1 or (self.rows and len(self.rows[-1]) > 80):
                return False
        self._end_row()
        self.is_named = "<thead>" in table or (bool(kinds) and set(kinds) == {"th"})
        return True

    def _add(self, words: str, attributes: str) -> None:
        row = self.rows[-1]
        self._take_from_above(row)
        if not attributes:
            row.append(words)
            return
        spans = {name: min(int(span), MOST_ROWS) for name, span in _SPAN.findall(attributes)}
        for number in range(max(1, spans.get("col", 1))):
            cell = "" if number else words
            if spans.get("row", 1) > 1:
                self._below[len(row)] = (spans["row"] - 1, cell)
            row.append(cell)

    def _take_from_above(self, row: list[str]) -> None:
        while len(row) in self._below:
            left, words = self._below.pop(len(row))
            if left > 1:
                self._below[len(row)] = (left - 1, words)
            row.append(words)

    def _end_row(self) -> None:
        if self.rows:
            self._take_from_above(self.rows[-1])


def _words(cell: str) -> str:
    """A cell's words on one line, still escaped as HTML."""
    if not cell or cell.isspace():
        return ""
    if "<" in cell:
        cell = _TAG.sub(lambda tag: "" if tag[2] in _INLINE else " ", _ENTRY.sub("; ", cell))
    return " ".join(cell.split()).replace("|", "\\|")


def _line(row: Sequence[str]) -> str:
    return f"| {' | '.join(row)} |"
