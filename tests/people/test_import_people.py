"""Importing people: who is added, who is not, and why."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter.errors import ConfigError, UsageError
from newsletter.model.subscriber import (
    NOT_STORED,
    Frequency,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.people.import_people import ImportReport, choose_layout, import_people
from newsletter.people.people_csv import Defaults
from newsletter.wiring import Workspace

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def imported(workspace: Workspace, text: str, *, dry_run: bool = False) -> ImportReport:
    header, *rows = text.splitlines(keepends=True)
    return import_people(
        rows,
        store=workspace.subscribers,
        layout=choose_layout(header, file="people.csv", form="auto", chosen=()),
        defaults=Defaults(language="en", proof="sheet", now=NOW),
        dry_run=dry_run,
    )


LIST = """email,language,state
ana@x.example,es,confirmed
bo@x.example,en,confirmed
ANA@x.example,en,confirmed
nobody,en,confirmed
cy@x.example,en,unsubscribed
di@x.example,en,pending
ed@x.example,es,confirmed
"""


def test_each_line_is_accounted_for(workspace: Workspace) -> None:
    workspace.subscribers.suppress("ed@x.example", SuppressionReason.LEFT, NOW)
    report = imported(workspace, LIST)
    assert report.lines == 7
    assert (report.added, report.repeated, report.suppressed) == (2, 1, 1)
    assert (report.ended, report.unconfirmed, len(report.bad)) == (1, 1, 1)
    assert report.bad[0].line == 5
    assert report.languages == {"en": 1, "es": 1}
    store = workspace.subscribers
    assert store.suppressed(["cy@x.example", "ed@x.example", "ana@x.example"]) == {
        "cy@x.example",
        "ed@x.example",
    }
    assert store.by_address("ed@x.example") is None


def test_a_dry_run_says_the_same_and_changes_nothing(workspace: Workspace) -> None:
    dry = imported(workspace, LIST, dry_run=True)
    assert sum(workspace.subscribers.counts().values()) == 0
    assert workspace.subscribers.suppressed(["cy@x.example"]) == set()
    wet = imported(workspace, LIST)
    assert (dry.added, dry.repeated, dry.ended) == (wet.added, wet.repeated, wet.ended)


def test_importing_twice_adds_nobody_and_changes_nobody(workspace: Workspace) -> None:
    imported(workspace, LIST)
    before = workspace.subscribers.by_address("ana@x.example")
    again = imported(workspace, LIST.replace("ana@x.example,es", "ana@x.example,en"))
    assert (again.added, again.known) == (0, 3)
    assert workspace.subscribers.by_address("ana@x.example") == before


@pytest.mark.parametrize("between", [0, 1500])
def test_a_list_that_says_both_of_an_address_means_that_it_ended(
    workspace: Workspace, between: int
) -> None:
    filler = "".join(f"p{number}@x.example,confirmed\n" for number in range(between))
    text = f"email,state\nana@x.example,confirmed\n{filler}ana@x.example,unsubscribed\n"
    report = imported(workspace, text)
    assert report.added == between
    assert workspace.subscribers.by_address("ana@x.example") is None
    assert workspace.subscribers.suppressed(["ana@x.example"])


def test_someone_on_our_list_is_not_removed_by_an_old_list(workspace: Workspace) -> None:
    imported(workspace, "email\nana@x.example\n")
    report = imported(workspace, "email,state\nana@x.example,unsubscribed\n")
    assert report.ended == 1
    assert workspace.subscribers.by_address("ana@x.example") is not None


def test_a_header_that_is_not_understood_stops_at_once() -> None:
    with pytest.raises(ConfigError, match="no column 'address'") as caught:
        choose_layout("name,phone\n", file="people.csv", form="auto", chosen=())
    assert (caught.value.line, "--map" in caught.value.hint) == (1, True)
    with pytest.raises(UsageError, match="not FIELD=COLUMN"):
        choose_layout("email\n", file="people.csv", form="auto", chosen=["mail=email"])


@pytest.mark.parametrize("header", ["e\0m\0a\0i\0l\0\n", "PK\x03\x04\x14 xl/workbook.xml"])
def test_a_spreadsheet_or_archive_is_told_apart_from_a_list(header: str) -> None:
    with pytest.raises(ConfigError, match="not a CSV file") as caught:
        choose_layout(header, file="people.xlsx", form="auto", chosen=())
    assert "save it as CSV" in caught.value.hint


def test_who_asked_and_did_not_confirm_is_confirmed_by_a_list_with_proof(
    workspace: Workspace,
) -> None:
    asked = Subscriber(
        id=NOT_STORED,
        address="ana@x.example",
        language="es",
        state=SubscriberState.PENDING,
        frequency=Frequency.MONTHLY,
    )
    left = replace(asked, address="bo@x.example")
    store = workspace.subscribers
    store.add([asked, left])
    store.suppress(left.address, SuppressionReason.LEFT, NOW)
    store.add([left])  # who left, and has asked again: only their own mail brings them back
    report = imported(
        workspace, "email,language,proof\nana@x.example,en,paper\nbo@x.example,en,paper\n"
    )
    assert (report.confirmed, report.added, report.known) == (1, 0, 1)
    ana, bo = store.by_address("ana@x.example"), store.by_address("bo@x.example")
    assert ana is not None
    assert bo is not None
    assert (ana.state, ana.proof, ana.language) == (SubscriberState.CONFIRMED, "paper", "es")
    assert ana.frequency is Frequency.MONTHLY
    assert bo.state is SubscriberState.PENDING
