"""`newsletter subscribers`: what it prints, and what it never prints."""

import csv
import json
import stat
from pathlib import Path

import pytest

from newsletter.errors import AttentionError, ServiceError, UsageError
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")

    return caller(workspace, "subscribers")


@pytest.fixture
def people(tmp_path: Path) -> str:
    path = tmp_path / "people.csv"
    path.write_text("email,language\nana@x.example,es\nbo@x.example,en\nnobody,en\n")
    return str(path)


def test_import_reports_bad_lines_by_number_and_asks_for_attention(run: Run, people: str) -> None:
    result = run("import", people, "--proof", "sheet")
    assert result.exit_code == 1
    assert "added" in result.stdout
    assert "1 en, 1 es" in result.stdout
    assert "line 4: no @ in it" in result.stderr
    assert "ana@" not in result.output


def test_import_prints_its_report_as_json(run: Run, people: str) -> None:
    report = json.loads(run("import", people, "--proof", "sheet", "--dry-run", "--json").stdout)
    assert (report["added"], report["dry_run"], report["bad"][0]["line"]) == (2, True, 4)
    assert json.loads(run("list", "--json").stdout) == []


def test_list_counts_people_and_names_them_only_when_asked(run: Run, people: str) -> None:
    run("import", people, "--proof", "sheet")
    counted = run("list")
    assert "confirmed" in counted.stdout
    assert "@" not in counted.output
    assert run("list", "--addresses", "--language", "es").stdout == "ana@x.example\n"
    assert json.loads(run("list", "--addresses", "--json").stdout) == [
        "ana@x.example",
        "bo@x.example",
    ]


def test_export_can_be_imported_elsewhere_and_only_its_owner_reads_it(
    run: Run, people: str, tmp_path: Path
) -> None:
    run("import", people, "--proof", "sheet")
    copy = tmp_path / "copy.csv"
    run("export", "--output", str(copy))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with copy.open(newline="") as rows:
        assert [row["address"] for row in csv.DictReader(rows)] == ["ana@x.example", "bo@x.example"]
    with pytest.raises(ServiceError, match="cannot write"):
        run("export", "--output", str(copy))
    (one,) = json.loads(run("export", "--address", "ANA@x.example", "--json").stdout)
    assert (one["address"], one["proof"]) == ("ana@x.example", "sheet")
    with pytest.raises(AttentionError, match="this address is not on the list"):
        run("export", "--address", "zoe@x.example")


def test_who_was_erased_is_not_brought_back_by_a_list(run: Run, people: str) -> None:
    run("import", people, "--proof", "sheet")
    assert "Erased 1 person" in run("erase", "ana@x.example", "--yes").stderr
    report = json.loads(run("import", people, "--proof", "sheet", "--json").stdout)
    assert (report["suppressed"], report["known"], report["added"]) == (1, 1, 0)


def test_erasing_asks_first(run: Run, people: str) -> None:
    run("import", people, "--proof", "sheet")
    assert run("erase", "ana@x.example").exit_code == 2
    assert "ana@x.example" in run("list", "--addresses").stdout


def test_add_needs_a_good_address_and_takes_nobody_back_unless_told(run: Run) -> None:
    run("add", "ana@x.example", "--language", "es", "--proof", "phone, 20 November")
    with pytest.raises(AttentionError, match="already"):
        run("add", "Ana@x.example", "--language", "es", "--proof", "phone")
    with pytest.raises(UsageError, match="no @ in it"):
        run("add", "ana", "--language", "es", "--proof", "phone")
    run("erase", "ana@x.example", "--yes")
    with pytest.raises(AttentionError, match="forgotten"):
        run("add", "ana@x.example", "--language", "es", "--proof", "phone")
    run("add", "ana@x.example", "--language", "es", "--proof", "asked anew", "--again")
    assert run("list", "--addresses", "--state", "confirmed").stdout == "ana@x.example\n"


@pytest.mark.parametrize("language", ["../../x", "klingonish", "xx"])
def test_a_language_that_is_none_is_refused_for_no_edition_would_reach_the_person(
    run: Run, people: str, language: str
) -> None:
    with pytest.raises(UsageError, match="language"):
        run("add", "ana@x.example", "--language", language, "--proof", "phone")
    with pytest.raises(UsageError, match="language"):
        run("import", people, "--language", language, "--proof", "sheet")
    assert json.loads(run("list", "--json").stdout) == []


def test_a_language_may_be_written_as_people_call_it(run: Run) -> None:
    run("add", "ana@x.example", "--language", "Spanish", "--proof", "phone")
    assert json.loads(run("list", "--json").stdout)[0]["language"] == "es"
