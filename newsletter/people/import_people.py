"""[I/O] `subscribers import`: add people from a list and keep out those who left."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from newsletter.errors import ConfigError, UsageError
from newsletter.model.subscriber import Subscriber, SuppressionReason, folded
from newsletter.people.csv_columns import Layout, LayoutError, layout_of
from newsletter.people.csv_forms import FORMS, Column
from newsletter.people.join_rules import proven
from newsletter.people.language_names import language_tag
from newsletter.people.people_csv import (
    BadLine,
    Defaults,
    Ended,
    Line,
    Person,
    Unconfirmed,
    read_people,
)
from newsletter.people.ports import SubscriberStore

_COUNTED = (
    "repeated",
    "confirmed",
    "known",
    "suppressed",
    "ended",
    "unconfirmed",
)  # besides added and bad
BATCH = 1000  # lines a transaction: an import that is killed is simply run again


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportReport:
    """What became of each line. `lines` is the sum of all that follow except `languages`."""

    form: str
    dry_run: bool
    lines: int
    added: int
    repeated: int  # the same address earlier in the file
    confirmed: int  # had asked on the pages and not confirmed: the list has the proof
    known: int  # on the list already; nothing about them was changed
    suppressed: int  # left, bounced or complained before: not brought back
    ended: int  # the file says that they left or bounced: kept out from now on
    unconfirmed: int
    bad: tuple[BadLine, ...]
    languages: Mapping[str, int] = field(default_factory=dict)  # of those added


@dataclass(kw_only=True)
class _Tally:
    """The running sums. `seen` is each address of the file so far, with the language of who was
    added for it and nothing for the others.

    By number, for a file of a million lines would not fit otherwise: that two addresses of a
    million have one number happens in one file of thirty million.
    """

    count: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    seen: dict[int, str] = field(default_factory=dict)
    bad: list[BadLine] = field(default_factory=list)


def import_people(
    rows: Iterable[str],
    *,
    store: SubscriberStore,
    layout: Layout,
    defaults: Defaults,
    dry_run: bool = False,
    advance: Callable[[int], None] = lambda steps: None,
) -> ImportReport:
    """Read every line after the header, and store who may be stored.

    UsageError when the language for lines without one is none: no edition would ever reach them.
    """
    if defaults.language:
        tag = language_tag(defaults.language)
        if tag is None:
            raise UsageError(
                f"no language is called {defaults.language!r}", hint="--language es, for example"
            )
        defaults = replace(defaults, language=tag)
    tally = _Tally()
    lines = read_people(rows, layout, defaults)
    while batch := list(islice(lines, BATCH)):
        people = list(_people(batch, tally))
        ended = [line for line in batch if isinstance(line, Ended)]
        _end(ended, store, tally, defaults.now, dry_run=dry_run)
        _add(people, store, tally, dry_run=dry_run)
        advance(len(batch))
    return ImportReport(
        form=layout.form.name,
        dry_run=dry_run,
        lines=tally.count.total() + tally.languages.total() + len(tally.bad),
        added=tally.languages.total(),
        **{what: tally.count[what] for what in _COUNTED},
        bad=tuple(tally.bad),
        languages=dict(sorted((+tally.languages).items())),
    )


def _people(batch: list[Line], tally: _Tally) -> Iterator[Subscriber]:
    for line in batch:
        if isinstance(line, BadLine):
            tally.bad.append(line)
        elif isinstance(line, Unconfirmed):
            tally.count["unconfirmed"] += 1
        elif isinstance(line, Ended):
            tally.count["ended"] += 1
            tally.seen.setdefault(_number(line.address), "")
        elif isinstance(line, Person):
            number = _number(line.subscriber.address)
            if number in tally.seen:
                tally.count["repeated"] += 1
            else:
                tally.seen[number] = ""
                yield line.subscriber


def _end(
    ended: list[Ended], store: SubscriberStore, tally: _Tally, now: datetime, *, dry_run: bool
) -> None:
    """A list that says both of an address means that it ended, whichever line came first."""
    for line in ended:
        language = tally.seen[_number(line.address)]
        if language:
            tally.seen[_number(line.address)] = ""
            tally.languages[language] -= 1
            tally.count["repeated"] += 1
            if not dry_run:
                store.suppress(line.address, line.reason, now)
    if dry_run:
        return
    for reason in SuppressionReason:
        addresses = [line.address for line in ended if line.reason is reason]
        if addresses:
            store.suppress_new(addresses, reason, now)


def _add(people: list[Subscriber], store: SubscriberStore, tally: _Tally, *, dry_run: bool) -> None:
    addresses = [person.address for person in people]
    known = store.known(addresses)
    kept_out = store.suppressed(addresses)
    suppressed = kept_out - known
    waiting = store.pending(known - kept_out) if known else set[str]()
    new = [p for p in people if p.address not in known and p.address not in suppressed]
    if not dry_run:
        store.add(new)
        for person in people:
            if person.address not in waiting:
                continue
            stored = store.by_address(person.address)
            asked = proven(stored, None, proof=person.proof, at=person.confirmed_at)
            if asked is not None:  # and did not leave, or press the button, at this very moment
                store.readmit(asked)
    tally.count["confirmed"] += len(waiting)
    tally.count["known"] += len(known) - len(waiting)
    tally.count["suppressed"] += len(suppressed)
    tally.languages.update(person.language for person in new)
    tally.seen.update((_number(person.address), person.language) for person in new)


def _number(address: str) -> int:
    return hash(folded(address))


def choose_layout(
    header: str, *, file: str, form: str, chosen: Iterable[str], ignored: Iterable[str] = ()
) -> Layout:
    """Choose the layout by the header. `form` is a name of FORMS or `auto`; `chosen` are
    `field=column` pairs, `ignored` columns. UsageError for a pair that is none, ConfigError for a
    column that is not there, or that may say who left and is not explained."""
    pairs: list[tuple[Column, str]] = []
    for pair in chosen:
        field_name, _, column = pair.partition("=")
        if field_name not in set(Column) or not column:
            fields = ", ".join(Column)
            raise UsageError(f"--map {pair}: not FIELD=COLUMN", hint=f"fields are {fields}")
        pairs.append((Column(field_name), column))
    if "\0" in header or header.startswith("PK\x03\x04"):
        raise ConfigError(
            "this is not a CSV file in UTF-8",
            file=file,
            hint="open it in a spreadsheet and save it as CSV UTF-8; unpack a ZIP first",
        )
    try:
        return layout_of(header, form=FORMS.get(form), chosen=pairs, ignored=ignored)
    except LayoutError as error:
        raise ConfigError(
            str(error),
            file=file,
            line=1,
            hint="the first line names the columns: export it again, or say what a column holds "
            'with --map, such as --map address="COLUMN"',
        ) from error
