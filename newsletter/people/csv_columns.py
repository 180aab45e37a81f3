"""Which column of a CSV file holds what, by its header: our form, and other systems' exports."""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from newsletter.people.csv_forms import FORMS, PLAIN, Column, CsvForm

_MOST_LINES = 20  # of a header: more means that a quotation mark was not closed
_SEPARATOR = re.compile(r"sep=(.)[\r\n]*")  # how Excel is told what separates columns
_QUOTED = re.compile(r'"[^"]*"')
_SEVERAL = (Column.SUBSCRIBED, Column.LEFT_AT, Column.BOUNCED_AT)
# A header that may tell who is not to be mailed, in the languages of members' lists.
_SMELLS = re.compile(
    r"unsub|subscribed(?! (at|on|date))|subscription|opt(ed)? ?(in|out)|bounc|complain|spam|block"
    r"|black|suppress|clean|delet|archiv|disabl|enabl|\b(in)?acti(ve|vo|va|f)\b|hold|do not"
    r"|no (bulk|e? ?mail)|status|state\b|permission|marketing|desus|baja\b|cancel|rebot|queja"
    r"|estado|bloque|desabon|desinscri|statut|abgemeldet|abmeld|gesperrt|inativ|descadastr"
    r"|remov|revok|withdr|receiv|recib|suscrit[oa]|consent|newsletter|boletin|gdpr|rgpd"
    r"|\bdn[cem]\b|\b(left|leav|exit|quit|want|agree|acept|accept|quier|desea|consiente)"
    r"|\bmay (we )?(mail|email|contact)|\bok to\b|退订|退訂|订阅|訂閱|取消|الغاء|اشتراك"
    r"|recep|trash|papelera|junk|deceas|\bdied\b|fallec|exclu|notif|invalid|\bbad\b|subscriber type"
)


class LayoutError(Exception):
    """A header that no layout follows from; the text says why, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Layout:
    """One file's form, what separates its columns, and where each of them stands.

    `ends` are the columns, as many as there are, that tell who is not to be mailed; `unread` those,
    with their titles, that nobody named and nobody said are to be ignored. `lines` are those before
    the first person.
    """

    form: CsvForm
    delimiter: str
    place: Mapping[Column, int]
    ends: tuple[tuple[Column, int], ...]
    unread: tuple[tuple[str, int], ...]
    lines: int


def read_header(rows: Iterator[str]) -> str:
    """Read the lines before the first person: one, more when a name in quotes has line breaks or
    when Excel's `sep=;` stands above."""
    header = next(rows, "")
    if _SEPARATOR.fullmatch(header):
        header += next(rows, "")
    for _ in range(_MOST_LINES):
        if header.count('"') % 2 == 0:
            break
        header += next(rows, "")
    return header


def layout_of(
    header: str,
    *,
    form: CsvForm | None = None,
    chosen: Iterable[tuple[Column, str]] = (),
    ignored: Iterable[str] = (),
) -> Layout:
    """Read the header. Without `form` it is recognized; `chosen` names headers by hand, `ignored`
    those that tell nothing.

    Separated by comma, semicolon (as Excel writes in much of the world), tab, or what `sep=` says.
    LayoutError when a header that was chosen or is needed is not there, and when one may tell who
    left and nobody said what it means.
    """
    text, delimiter = _separated(header)
    titles = next(csv.reader(text.splitlines(keepends=True), delimiter=delimiter), [])
    names = [plain(title) for title in titles]
    index = {name: place for place, name in reversed(list(enumerate(names)))}
    if form is None:
        known = (form for form in FORMS.values() if not index.keys().isdisjoint(form.signs))
        form = next(known, PLAIN)
        if form.objection:
            raise LayoutError(form.objection)
    found = [
        (column, index[name])
        for column, headers in form.headers.items()
        for name in reversed(headers)  # the first of those that are there
        if name in index
    ]
    by_hand = [(column, _place(name, index)) for column, name in chosen]
    settled = {place for _, place in by_hand} | {_place(name, index) for name in ignored}
    found = [pair for pair in found if pair[1] not in settled] + by_hand
    for column in (Column.ADDRESS, *form.needed):
        if column not in dict(found):
            raise LayoutError(f"there is no column {form.headers[column][0]!r}")
    settled.update(place for _, place in found)
    settled.update(place for place, name in enumerate(names) if name in form.ignored)
    unread = tuple(
        (title.strip(), place) for place, title in enumerate(titles) if place not in settled
    )
    for title, place in unread:
        if _SMELLS.search(names[place]):
            raise LayoutError(
                f"the column {title!r} may say who must not be mailed. Say what it holds: "
                f'--map subscribed="{title}" where yes means that they get mail, '
                f'--map left_at="{title}" where a yes or a date means that they get none, '
                f'--map state="{title}" where it is a word such as unsubscribed, or --ignore it'
            )
    return Layout(
        form=form,
        delimiter=delimiter,
        place={column: place for column, place in found if column not in _SEVERAL},
        ends=tuple(dict.fromkeys(pair for pair in found if pair[0] in _SEVERAL)),
        unread=unread,
        lines=len(re.findall(r"\r\n|\r|\n", header)) or 1,
    )


def _separated(header: str) -> tuple[str, str]:
    """The header without the line above it, and what separates its columns."""
    if told := _SEPARATOR.match(header):
        return header[told.end() :], told[1]
    bare = _QUOTED.sub("", header)
    return header, max(",;\t", key=bare.count)


def _place(name: str, index: Mapping[str, int]) -> int:
    try:
        return index[plain(name)]
    except KeyError:
        raise LayoutError(f"there is no column {name!r}") from None


def plain(header: str) -> str:
    """A header without capitals, accents, underscores and line breaks: Correo_Electrónico."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return " ".join(re.split(r"[\s_-]+", bare)).strip()
