"""The findings as Markdown tables, on the screen and in docs/email-checks.md."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from tools.check_email.finding import Finding

PAGE = Path(__file__).parents[2] / "docs" / "email-checks.md"
BEGIN, END = "<!-- make check-email writes from here -->", "<!-- to here -->"


def table(findings: Sequence[Finding]) -> str:
    """One row a measure in the order of the checks, one column a letter; `!` marks what is red."""
    letters = list(dict.fromkeys(finding.letter for finding in findings))
    rows: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for finding in findings:
        mark = "" if finding.is_green else " !"
        rows[finding.check, finding.measure][finding.letter] = finding.value + mark
    lines = [["#", "measure", *letters], ["---"] * (len(letters) + 2)]
    for (check, measure), values in sorted(rows.items(), key=lambda row: _number(row[0][0])):
        lines.append([check, measure, *(values.get(letter, "") for letter in letters)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def over_languages(findings: Iterable[Finding]) -> list[Finding]:
    """Join the findings of `notice-KIND-LANGUAGE` over the languages; a red one stays by itself."""
    joined: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    red = []
    for one in findings:
        kind = one.letter.removeprefix("notice-").rpartition("-")[0]
        if one.is_green:
            joined[kind, one.check, one.measure].append(one)
        else:
            red.append(one)
    return red + [
        Finding(letter=kind, check=check, measure=measure, value=_range(ones), is_green=True)
        for (kind, check, measure), ones in joined.items()
    ]


def _range(findings: Sequence[Finding]) -> str:
    values = {one.value for one in findings}
    try:
        ordered = sorted(values, key=lambda value: float(value.replace(",", "")))
    except ValueError:
        ordered = sorted(values)
    return ordered[0] if len(ordered) == 1 else f"{ordered[0]} to {ordered[-1]}"


def _number(check: str) -> int:
    return int(check) if check.isdigit() else 0


def write_page(tables: Sequence[tuple[str, str]], *, today: date) -> None:
    """The measured part of docs/email-checks.md anew: a line above each table."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    measured = "\n\n".join(f"{words}\n\n{rows}" for words, rows in tables)
    PAGE.write_text(
        f"{before}{BEGIN}\n\n{today.isoformat()}. {measured}\n\n{END}{after}", encoding="utf-8"
    )
