"""People as lines of CSV: read one by one, each line a person, a reason why not, or a mistake."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from newsletter.model.ledger import Mailed
from newsletter.model.subscriber import (
    NOT_STORED,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.people.addresses import BadAddress, read_address
from newsletter.people.csv_cells import (
    WrongCellError,
    guarded,
    read_date,
    read_frequency,
    read_language,
    read_moment,
    read_names,
    read_yes_no,
    unguarded,
)
from newsletter.people.csv_columns import Layout, plain
from newsletter.people.csv_forms import Column, CsvForm

# All that is stored about a person, in this order; each is a Column that an import reads.
EXPORTED = tuple(field.name for field in fields(Subscriber) if field.name != "id")
MAILED = "mailed"  # what a data request has besides; no import reads it
_SURROGATES = re.compile("[\udc80-\udcff]")  # how bytes that are not UTF-8 are read
_NO = frozenset({"", "0", "false", "no", "n", "f", "off", "never", "none", "null", "-"})
_YES = frozenset({"1", "true", "yes", "y", "t", "on", "x", "si", "sí", "ja", "oui", "sim"})
_DATE = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2}")
_NO_DATE = "0000-00-00"  # how MySQL writes that there is none
# Words and tags of other systems that mean nothing but this, in whatever column they stand.
_ENDS = frozenset(
    {
        *("unsubscribed", "unsubscribe", "unactivated", "removed", "opted out", "opt out"),
        *("bounced", "bouncing", "hard bounce", "hard bounced", "cleaned", "suppressed"),
        *("complained", "spam", "spam complaint", "blocklisted", "blacklisted", "blocked"),
        *("do not mail", "do not email", "do not contact", "no email", "no mail", "nomail"),
        *("deceased", "desuscrito", "desuscrita", "baja", "dado de baja", "dada de baja"),
        *("no contactar", "desinscrit", "desabonne", "abgemeldet", "descadastrado"),
    }
)
_BETWEEN = re.compile(r"[,;|/:]")  # tags
_LONGEST_TAGS = 200  # characters of a cell: a longer one is a text
_LONGEST_STATE = 20  # characters
_MOST_LINES = 20  # of one record: more means that a quotation mark was not closed


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A line that says: this person agreed to get mail."""

    line: int
    subscriber: Subscriber


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """A line that says: this address must not be mailed."""

    line: int
    address: str
    reason: SuppressionReason


@dataclass(frozen=True, kw_only=True, slots=True)
class Unconfirmed:
    """A line that says: this person never confirmed."""

    line: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BadLine:
    """A line that cannot be used. `reason` repeats nothing of it."""

    line: int
    reason: str


Line = Person | Ended | Unconfirmed | BadLine


@dataclass(frozen=True, kw_only=True, slots=True)
class Defaults:
    """What holds for every line that does not say otherwise. No language means: it must say."""

    language: str
    proof: str
    now: datetime


def read_people(rows: Iterable[str], layout: Layout, defaults: Defaults) -> Iterator[Line]:
    """Read each record of `rows`, which are the file's lines after the first."""
    for number, record in _records(rows, layout):
        if isinstance(record, str):
            yield BadLine(line=number, reason=record)
            continue
        cells = [cell.strip() for cell in record]
        try:
            yield _line(number, cells, layout, defaults)
        except WrongCellError as wrong:
            yield BadLine(line=number, reason=str(wrong))


def _records(rows: Iterable[str], layout: Layout) -> Iterator[tuple[int, list[str] | str]]:
    """The number of the line that a record starts on, and its fields or what is wrong with it."""
    reader = csv.reader(rows, delimiter=layout.delimiter)
    while True:
        start = layout.lines + reader.line_num + 1
        try:
            record: list[str] | None = next(reader)
        except StopIteration:
            return
        except csv.Error:
            record = None
        end = layout.lines + reader.line_num
        if record is None or end - start >= _MOST_LINES:
            yield start, f"lines {start} to {end} read as one: is a quotation mark left open?"
        elif any(field.strip() for field in record):
            yield start, record


def _line(number: int, cells: list[str], layout: Layout, defaults: Defaults) -> Line:
    places = layout.place.items()
    values = {column: cells[index] for column, index in places if index < len(cells)}
    ends = [(column, cells[index]) for column, index in layout.ends if index < len(cells)]
    if _SURROGATES.search("".join([*values.values(), *(cell for _, cell in ends)])):
        raise WrongCellError("not UTF-8 text; save the file as UTF-8")
    values = _with_attributes(values)
    address = read_address(unguarded(values.get(Column.ADDRESS, "")))
    if isinstance(address, BadAddress):
        raise WrongCellError(address.reason)
    form = layout.form
    state = values.get(Column.STATE, "").casefold()
    reason = form.ended.get(state) or _ended(ends, form)
    if reason is not None:
        return Ended(line=number, address=address, reason=reason)
    for title, index in layout.unread:
        if index < len(cells) and (word := _end_told(cells[index])):
            raise WrongCellError(
                f"the column {title!r}, which is not read, says {word!r}: say what it holds with "
                f'--map state="{title}", or --ignore "{title}"'
            )
    said = {**values, **{column: cell for column, cell in ends if cell}}
    says_nothing = form.needed and not any(said.get(c) for c in (Column.STATE, *form.needed))
    is_unsure = (Column.SUBSCRIBED, "") in ends
    if state in form.unconfirmed or says_nothing or is_unsure:
        return Unconfirmed(line=number)
    for column, cell in ends:
        if column is Column.SUBSCRIBED and not _says_yes(cell, form):
            raise WrongCellError(f"{_shown(cell)!r} says neither that they get mail nor that not")
    if state and state not in form.active:
        raise WrongCellError(_unknown(state, form))
    return Person(line=number, subscriber=_subscriber(address, values, defaults))


def _end_told(cell: str) -> str:
    """The word or tag that says that somebody left, or that mail came back; empty for none."""
    if not cell or cell.isdigit() or len(cell) > _LONGEST_TAGS:
        return ""
    words = (word.strip(" '\"[]") for word in _BETWEEN.split(plain(cell)))
    return next((word for word in words if word in _ENDS), "")


def _says_yes(cell: str, form: CsvForm) -> bool:
    word = cell.casefold()
    return word in _YES or word in form.active or _DATE.match(word) is not None


def _ended(ends: list[tuple[Column, str]], form: CsvForm) -> SuppressionReason | None:
    """Why this person must not be mailed, by the columns that tell so."""
    for column, cell in ends:
        says_no = cell.casefold() in _NO or cell.startswith(_NO_DATE)
        if column is Column.SUBSCRIBED and says_no and cell:
            return SuppressionReason.LEFT
        if column is Column.SUBSCRIBED and cell.casefold() in form.ended:
            return form.ended[cell.casefold()]
        if column is not Column.SUBSCRIBED and not says_no:
            left = column is Column.LEFT_AT
            return SuppressionReason.LEFT if left else SuppressionReason.BOUNCED
    return None


def _unknown(state: str, form: CsvForm) -> str:
    words = sorted({*form.active, *form.unconfirmed, *form.ended})
    return f"the state {_shown(state)!r} is not known; known are {', '.join(words)}"


def _shown(cell: str) -> str:
    """The one cell that is repeated: whoever made the list has to know which word was not known."""
    return "".join(letter for letter in cell if letter.isprintable())[:_LONGEST_STATE]


def _subscriber(address: str, values: dict[Column, str], defaults: Defaults) -> Subscriber:
    joined = read_moment(values.get(Column.JOINED_AT, ""))
    confirmed = read_moment(values.get(Column.CONFIRMED_AT, "")) or joined or defaults.now
    proof = unguarded(values.get(Column.PROOF, "")) or defaults.proof
    if not proof:
        raise WrongCellError(
            "no proof of where and when this person agreed; set it for such lines with --proof"
        )
    return Subscriber(
        id=NOT_STORED,
        address=address,
        language=read_language(values.get(Column.LANGUAGE, ""), defaults.language),
        state=SubscriberState.CONFIRMED,
        frequency=read_frequency(values.get(Column.FREQUENCY, "")),
        topics=read_names(values.get(Column.TOPICS, "")),
        regions=read_names(values.get(Column.REGIONS, "")),
        discreet=read_yes_no(values.get(Column.DISCREET, "")),
        paused_until=read_date(values.get(Column.PAUSED_UNTIL, "")),
        joined_at=joined or confirmed,
        confirmed_at=confirmed,
        proof=proof,
    )


def exported(person: Subscriber) -> dict[str, str]:
    """Return what is stored about the person, as text by the name of its column."""
    return {name: _cell(getattr(person, name)) for name in EXPORTED}


def as_csv(line: Mapping[str, str]) -> dict[str, str]:
    """Return the line as `read_people` reads it back and a spreadsheet may open it."""
    return {name: guarded(cell) for name, cell in line.items()}


def with_mailed(person: Subscriber, mailed: Iterable[Mailed]) -> dict[str, str]:
    """Return all that a data request asks for: the line, and under `mailed` what was sent."""
    sent = (" ".join(filter(None, (m.issue_id, m.language, m.state, _cell(m.at)))) for m in mailed)
    return {**exported(person), MAILED: "; ".join(sent)}


def _cell(value: object) -> str:
    if isinstance(value, frozenset):
        return ";".join(sorted(value))
    if isinstance(value, date):
        return value.isoformat()
    return "yes" if value is True else str(value or "")


def _with_attributes(values: dict[Column, str]) -> dict[Column, str]:
    text = values.get(Column.ATTRIBUTES)
    if not text:
        return values
    try:
        attributes = json.loads(text)
    except ValueError:
        raise WrongCellError("the attributes are not JSON") from None
    if not isinstance(attributes, dict):
        raise WrongCellError("the attributes are not a JSON object")
    read = dict(values)
    for column in (Column.LANGUAGE, Column.TOPICS, Column.REGIONS):
        value = attributes.get(column.value)
        if isinstance(value, list):
            value = ";".join(str(part) for part in value)
        if isinstance(value, str) and column not in values:
            read[column] = value
    return read
