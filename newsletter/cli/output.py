"""What commands print: results on stdout (text or JSON), notes and progress on stderr."""

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from rich.console import Console

    from newsletter.model.item import Item


def flag(*names: str, help: str) -> Callable[[Any], Any]:
    """Return an option without a value."""
    return click.option(*names, is_flag=True, help=help)


_JSON = "newsletter.cli.json"  # where click's context keeps the choice
json_option = click.option(
    "--json",
    is_flag=True,
    expose_value=False,
    # A group's counts for its commands too.
    callback=lambda ctx, _option, is_wanted: ctx.meta.update(
        {_JSON: is_wanted or ctx.meta.get(_JSON)}
    ),
    help="Print the result as JSON, for scripts.",
)
yes_option = flag("--yes", help="Do not ask for confirmation, for scripts.")


def repeatable(*names: str, help: str, **settings: Any) -> Callable[[Any], Any]:
    """Return an option that may be given several times, and says so."""
    help = f"{help} Repeat the option for more."
    return click.option(*names, multiple=True, help=help, **settings)


_SHOWN = "\n\u200c\u200d"  # Persian, Hindi and emoji cannot be written without the joiners


def say(text: str, *, lead: str = "", colour: str = "") -> None:
    """Print a line of the result, with `lead` in a colour before it."""
    click.echo(click.style(lead, fg=colour or None) + printable(text))


def note(text: str) -> None:
    """Print a line for the person at the terminal; it is never part of the result."""
    click.echo(printable(text), err=True)


def printable(text: str, instead: Callable[[str], str] = lambda char: " ") -> str:
    """Return text from outside without what a terminal would obey: nothing moves the cursor, sets
    a title, turns the direction of writing or hides what follows (CVE-2021-42574)."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in _SHOWN else instead(char) for char in text)


def wants_json() -> bool:
    """Return whether the command was called with `--json`."""
    return bool(click.get_current_context().meta.get(_JSON))


def print_json(data: Any) -> bool:
    """Print the result where `--json` asks for it, and return whether it does: dataclasses by
    their fields, dates in ISO 8601."""
    if wants_json():
        click.echo(as_json_text(data, indent=2))
    return wants_json()


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows as a table, or with `--json` as a mapping each, by column."""
    if wants_json():
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    else:
        table(columns, rows)


def as_json_text(data: Any, *, indent: int | None = None) -> str:
    """Return JSON that a terminal can show: readable, and escaped where it cannot be shown."""
    text = json.dumps(data, indent=indent, ensure_ascii=False, default=_plain)
    # By line: no text of several lines counts as printable, and one is seldom not.
    return "\n".join(
        printable(line, lambda char: json.dumps(char)[1:-1]) for line in text.split("\n")
    )


def as_mapping(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass, as `print_json` prints them, to add to."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return as_mapping(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


def console(*, err: bool = False) -> "Console":
    """Return a rich console that honours NO_COLOR and is plain where it is not a terminal."""
    from rich.console import Console

    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else int(os.environ.get("COLUMNS", "120"))
    return Console(file=stream, highlight=False, width=width, soft_wrap=False)


UNBROKEN = 12  # characters: an id or a date stays whole, so that it can be read and copied


_PLURALS = {"person": "people", "address": "addresses", "copy": "copies", "story": "stories"}


def counted(number: int, noun: str) -> str:
    """Return `1 warning`, `2 warnings`, `3,000 people`."""
    if number != 1:
        *first, last = noun.split()
        noun = " ".join([*first, _PLURALS.get(last, f"{last}s")])
    return f"{number:,} {noun}"


def day(moment: date | None, unknown: str = "") -> str:
    """Return `2026-11-20`, or what to show where the day is unknown."""
    return f"{moment:%Y-%m-%d}" if moment else unknown


def item_day(item: "Item") -> str:
    """Return the day of an event, or the one on which a piece was published."""
    return day(item.event.starts if item.event else item.published_at, item.why_undated)


def minute(moment: datetime) -> str:
    """Return `2026-11-20 18:00 UTC`."""
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def table(columns: Sequence[str], values: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table; where it would be too narrow to read, each row as lines of its own.

    Cells are shown as plain text, markup in them as it is; None is an empty cell.
    """
    rows = [["" if cell is None else str(cell) for cell in row] for row in values]
    if not rows:
        note("Nothing to show.")
        return
    least = [
        min(UNBROKEN, max(len(word) for cell in column for word in [*cell.split(), ""]))
        for column in zip(columns, *rows, strict=True)
    ]
    screen = console()
    if sum(least) + 3 * len(columns) + 1 > screen.width:
        _stacked(columns, rows, title)
        return
    from rich import box
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left")
    for column, width in zip(columns, least, strict=True):
        grid.add_column(column, overflow="fold", min_width=width)
    for row in rows:
        grid.add_row(*(Text(printable(cell)) for cell in row))
    screen.print(grid)


def _stacked(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    if title:
        say(title)
    for row in rows:
        say("")
        for column, cell in zip(columns, row, strict=True):
            if cell:
                say(f"{column}: {cell}")


def confirm(question: str, *, yes: bool, default: bool = False) -> None:
    """Ask before something that cannot be undone. UsageError without `--yes` or a terminal.

    `default` is what Enter means: yes only where much was answered, and can be taken back.
    """
    if yes:
        return
    question = printable(question)
    if not sys.stdin.isatty():
        raise click.UsageError(f"{question} Nobody can answer here (no terminal): add --yes.")
    click.confirm(question, default=default, abort=True, err=True)


def exit_1_if(needs_attention: object) -> None:
    """End the command with exit code 1 where someone needs to look."""
    if needs_attention:
        click.get_current_context().exit(1)


@contextmanager
def progress(label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a bar with rate and time left on stderr, on a terminal only.

    Call what is yielded with how many steps were done.
    """
    if not sys.stderr.isatty():
        yield lambda steps: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        ProgressColumn,
        Task,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.text import Text

    class Rate(ProgressColumn):
        """Steps a second."""

        def render(self, task: Task) -> Text:
            return Text(f"{task.speed:,.0f}/s" if task.speed else "")

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        Rate(),
        TimeRemainingColumn(),
        console=console(err=True),
        transient=True,
    ) as bar:
        task = bar.add_task(label, total=total)
        yield lambda steps: bar.advance(task, steps)
