"""`newsletter subscribers`: import, export, add, list and erase subscribers."""

import csv
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from newsletter.cli.groups import Listed
from newsletter.cli.output import (
    as_json_text,
    confirm,
    counted,
    exit_1_if,
    flag,
    json_option,
    note,
    print_json,
    print_rows,
    progress,
    repeatable,
    say,
    table,
    wants_json,
    yes_option,
)
from newsletter.cli.workspace import Workspace, pass_workspace, pass_workspace_at_once
from newsletter.errors import ServiceError
from newsletter.model.subscriber import NOT_STORED, Subscriber, SubscriberState
from newsletter.system import BINARY

if TYPE_CHECKING:
    from newsletter.people.import_people import ImportReport

FORMS = ("auto", "plain", "mailchimp", "action-network", "listmonk", "substack")
STATES = ("pending", "confirmed", "bounced")
MOST_SHOWN = 20  # reasons on the terminal, why lines cannot be used
MOST_NAMED = 8  # lines with one reason


@click.group(cls=Listed)
def subscribers() -> None:
    """Import, export, list and erase subscribers."""


@subscribers.command(
    "import", epilog='Example: newsletter subscribers import people.csv --proof "sheets, 2026"'
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--form", type=click.Choice(FORMS), default="auto", help="The program that FILE is from."
)
@repeatable("--map", "chosen", metavar="FIELD=COLUMN", help="Name a column: address=E-mail.")
@repeatable("--ignore", "ignored", metavar="COLUMN", help="A column that does not say who left.")
@click.option("--language", default="", help="The language of lines that have none.")
@click.option("--proof", default="", help="Where and when these people agreed to get mail.")
@flag("--dry-run", help="Show what would happen; change nothing.")
@json_option
@pass_workspace
def import_(
    workspace: Workspace,
    file: Path,
    form: str,
    chosen: tuple[str, ...],
    ignored: tuple[str, ...],
    language: str,
    proof: str,
    dry_run: bool,
) -> None:
    """Import people from a CSV FILE: ours, a sheet, or another program's export.

    People who left, bounced or complained, here or according to the file, are not brought back. A
    file with a column that may say who left is refused until you say what it holds. Lines that
    cannot be used are listed by number, and all others are imported.
    """
    from newsletter.people.csv_columns import read_header
    from newsletter.people.import_people import choose_layout, import_people
    from newsletter.people.people_csv import Defaults

    defaults = Defaults(language=language, proof=proof, now=workspace.now())
    with file.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as rows:
        layout = choose_layout(
            read_header(rows), file=str(file), form=form, chosen=chosen, ignored=ignored
        )
        with progress("lines", None) as advance:
            report = import_people(
                rows,
                store=workspace.subscribers,
                layout=layout,
                defaults=defaults,
                dry_run=dry_run,
                advance=advance,
            )
    if not print_json(report):
        _print_import(report)
    exit_1_if(report.bad)


def _print_import(report: "ImportReport") -> None:
    languages = ", ".join(f"{number} {tag}" for tag, number in report.languages.items())
    rows = [
        ("would be added" if report.dry_run else "added", report.added, languages),
        ("confirmed by this list", report.confirmed, "had asked on the pages"),
        ("already on the list", report.known, "left unchanged"),
        ("more than once in the file", report.repeated, ""),
        ("kept out", report.suppressed, "left, bounced or complained before"),
        ("the file says: do not mail", report.ended, "kept out from now on"),
        ("the file says: never confirmed", report.unconfirmed, "left out"),
        ("cannot be used", len(report.bad), ""),
    ]
    table(
        (f"{counted(report.lines, 'line')} ({report.form})", "people", ""),
        [(label, number, remark) for label, number, remark in rows if number],
    )
    _print_bad(report)
    if report.dry_run:
        note("Nothing was changed. To import: the same command without --dry-run.")
    elif report.added:
        note("Next: newsletter subscribers list   who gets which edition")


def _print_bad(report: "ImportReport") -> None:
    """Each reason once, with the lines that it holds of."""
    reasons: dict[str, list[int]] = {}
    for bad in report.bad:
        reasons.setdefault(bad.reason, []).append(bad.line)
    for reason, lines in list(reasons.items())[:MOST_SHOWN]:
        named = ", ".join(map(str, lines[:MOST_NAMED]))
        more = f" and {len(lines) - MOST_NAMED:,} more" if len(lines) > MOST_NAMED else ""
        note(f"  {'line' if len(lines) == 1 else 'lines'} {named}{more}: {reason}")
    if len(reasons) > MOST_SHOWN or any(len(lines) > MOST_NAMED for lines in reasons.values()):
        note("  --json lists all")


@subscribers.command("export", epilog="Example: newsletter subscribers export --output people.csv")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to this new file, which only you can read.",
)
@click.option("--address", default="", help="Only this person, to answer a data request.")
@json_option
@pass_workspace
def export(workspace: Workspace, output: Path | None, address: str) -> None:
    """Write everything stored about people, as CSV that `import` reads, or as JSON."""
    from newsletter.people.manage_people import every_person, one_person
    from newsletter.people.people_csv import EXPORTED, MAILED, as_csv, exported, with_mailed

    store = workspace.subscribers
    columns: tuple[str, ...] = EXPORTED
    lines: Iterator[dict[str, str]] = map(exported, every_person(store))
    if address:
        person = one_person(store, address)
        columns = (*EXPORTED, MAILED)
        lines = iter([with_mailed(person, workspace.ledger.mailed_to(person.id))])
    with _opened(output) as out:
        if wants_json():
            out.write("[")
            for number, line in enumerate(lines):
                out.write(f"{',' if number else ''}\n{as_json_text(line)}")
            out.write("\n]\n")
        else:
            writer = csv.DictWriter(out, columns)
            writer.writeheader()
            writer.writerows(map(as_csv, lines))


@contextmanager
def _opened(output: Path | None) -> Iterator[TextIO]:
    """Open standard output, or a new file that only its owner can read."""
    if output is None:
        yield sys.stdout
        return
    try:
        handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL | BINARY, 0o600)
    except OSError as error:
        raise ServiceError(
            f"cannot write: {error.strerror}", file=str(output), hint="name a new file"
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as out:
        yield out


@subscribers.command(
    "add",
    epilog="Example: newsletter subscribers add a@x.example --language es --proof phone",
)
@click.argument("address")
@click.option("--language", required=True, help="The language this person reads, such as es.")
@click.option("--proof", required=True, help="Where and when this person agreed to get mail.")
@click.option("--topics", default="", help="Only these, separated by commas (default: all).")
@click.option("--regions", default="", help="Only these, separated by commas (default: all).")
@flag("--discreet", help="Send with a neutral sender name and subject.")
@flag("--again", help="They left or bounced before, and asked for mail again.")
@pass_workspace
def add(
    workspace: Workspace,
    address: str,
    language: str,
    proof: str,
    topics: str,
    regions: str,
    discreet: bool,
    again: bool,
) -> None:
    """Add one person who asked for mail in person, by phone or on paper."""
    from newsletter.people.csv_cells import read_names
    from newsletter.people.manage_people import add_person

    person = Subscriber(
        id=NOT_STORED,
        address=address,
        language=language,
        state=SubscriberState.CONFIRMED,
        topics=read_names(topics),
        regions=read_names(regions),
        discreet=discreet,
        proof=proof,
    )
    add_person(person, store=workspace.subscribers, now=workspace.now(), again=again)
    note("Added 1 person.")


@subscribers.command("sign-up-page", epilog="Example: newsletter subscribers sign-up-page")
@json_option
@pass_workspace
def sign_up_page(workspace: Workspace) -> None:
    """Print a sign-up page for one place where many people subscribe on one device.

    The public page takes a dozen people an hour from one device; this one takes sixty, for 31 days.
    Open it on a clinic's or an event's tablet, and give it to nobody else.
    """
    from newsletter.people.sign_up_keys import sign_up_page as make

    url = make(workspace.links, now=workspace.now())
    if not print_json({"url": url}):
        say(url)


@subscribers.command("list", epilog="Example: newsletter subscribers list --language es")
@flag("--addresses", help="Print the addresses, one a line.")
@click.option("--language", default=None, help="Only people who read this language.")
@click.option("--state", type=click.Choice(STATES), default=None, help="Only people in this state.")
@json_option
@pass_workspace
def list_(workspace: Workspace, addresses: bool, language: str | None, state: str | None) -> None:
    """Count people by language and state; name them only with --addresses."""
    from newsletter.people.manage_people import every_person

    store = workspace.subscribers
    wanted = SubscriberState(state) if state else None
    if addresses:
        people = every_person(store, language=language, state=wanted)
        if wants_json():
            print_json([person.address for person in people])
        else:
            for person in people:
                say(person.address)
        return
    rows = [
        (of, at, people)
        for (of, at), people in store.counts().items()
        if language in (None, of) and wanted in (None, at)
    ]
    rows.sort(key=lambda row: -row[2])
    columns = ("language", "state", "people")
    if wants_json():
        print_rows(columns, rows)
    else:
        table(columns, [(of, at, f"{people:,}") for of, at, people in rows])
        note(f"{counted(sum(people for *_, people in rows), 'person')} in all.")


@subscribers.command("erase", epilog="Example: newsletter subscribers erase ana@x.example")
@click.argument("address")
@yes_option
@pass_workspace_at_once
def erase(workspace: Workspace, address: str, yes: bool) -> None:
    """Erase one person; a keyed hash of the address stays, so that no import brings them back."""
    from newsletter.people.manage_people import erase_person

    confirm("Erase 1 person? This cannot be undone.", yes=yes)
    had_row = erase_person(address, store=workspace.subscribers, now=workspace.now())
    note("Erased 1 person." if had_row else "This address is not on the list. It is now blocked.")
