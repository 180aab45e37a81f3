"""Runs the outside tools over messages and prints one table: `make check-email`.

With no argument: over the sample editions, what the demo sent, and the archives of both; else over
the .eml files named (`newsletter preview` writes one for each edition). Exit 1 when a measure is
red, 2 when a tool is missing.
"""

import argparse
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tools.check_email import report
from tools.check_email.addresses import address_findings
from tools.check_email.browser import browser_findings
from tools.check_email.discreet import discreet_findings
from tools.check_email.finding import Finding
from tools.check_email.headers import header_findings
from tools.check_email.letters import Letter, read_letter, write_notices, write_samples
from tools.check_email.needs import missing_modules, missing_programs
from tools.check_email.own import own_findings
from tools.check_email.signature import signature_findings
from tools.check_email.site import page_findings, pages_of, served, write_largest
from tools.check_email.site_files import file_findings
from tools.check_email.spam import rspamd_findings, spamassassin_findings
from tools.check_email.validators import validator_findings
from tools.check_email.week import leaving_findings, run_week, serving


def main() -> int:
    """Measure, write the pictures, print the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.check_email", description=__doc__)
    parser.add_argument("eml", nargs="*", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("build/check-email"))
    parser.add_argument("--write", action="store_true", help="write the tables into the docs")
    options = parser.parse_args()
    folder = options.folder.resolve()
    for name in ("letters", "pictures"):
        shutil.rmtree(folder / name, ignore_errors=True)
        (folder / name).mkdir(parents=True)
    missing = missing_programs() or missing_modules(folder)
    if missing:
        print("\n".join(missing), file=sys.stderr)
        return 2
    if options.eml:
        tables = [("Messages:", list(_named(options.eml, folder)))]
    else:
        tables = list(_all(folder))
    for words, findings in tables:
        print(f"{words}\n\n{report.table(findings)}\n")
    red = [finding for _, findings in tables for finding in findings if not finding.is_green]
    for finding in red:
        print(f"RED {finding.letter}: {finding.measure} = {finding.value}")
        for detail in finding.details:
            print(f"  {detail}")
    count = sum(len(findings) for _, findings in tables)
    print(f"{count - len(red)} green, {len(red)} red. Pictures: {folder / 'pictures'}")
    if options.write and not options.eml:
        written = [(words, report.table(findings)) for words, findings in tables]
        report.write_page(written, today=datetime.now(UTC).date())
    return 1 if red else 0


def _named(files: list[Path], folder: Path) -> Iterator[Finding]:
    yield from _letters([read_letter(file, folder / "letters") for file in files], folder)


def _all(folder: Path) -> Iterator[tuple[str, list[Finding]]]:
    work, pictures, modules = folder / "letters", folder / "pictures", folder / "node_modules"
    week = run_week(work / "demo")
    samples = [read_letter(eml, work) for eml in write_samples(work)]
    sent = [read_letter(eml, work) for eml in week.messages]
    yield "Sample editions:", list(_letters(samples, folder))
    notices = [read_letter(eml, work) for eml in write_notices(work)]
    yield (
        "Every mail that is no issue, from the least to the most over its languages:",
        report.over_languages(_letters(notices, folder)),
    )
    site = week.folder / "site"
    largest = write_largest(work / "site")
    with serving(week) as address:
        shown = list(
            page_findings(pages_of(site), f"{address}/archive/", modules=modules, pictures=pictures)
        )
        left = list(leaving_findings(sent, address))
    yield "What the demo sent, read from its outbox:", [*_letters(sent, folder), *left]
    with served(work / "site") as server:
        shown += page_findings(largest, f"{server.url}/", modules=modules, pictures=pictures)
    yield (
        "The archive: the demo's pages by `newsletter serve`, two larger ones as plain files:",
        shown,
    )
    yield "The demo's archive as a whole:", list(file_findings(site, "demo", modules=modules))


def _letters(letters: list[Letter], folder: Path) -> Iterator[Finding]:
    modules = folder / "node_modules"
    for letter in letters:
        yield from header_findings(letter)
    yield from own_findings(letters)
    yield from discreet_findings(letters)
    yield from address_findings(letters)
    yield from signature_findings(letters)
    yield from validator_findings(letters, modules=modules)
    yield from browser_findings(letters, modules=modules, pictures=folder / "pictures")
    yield from spamassassin_findings(letters)
    yield from rspamd_findings(letters, folder=folder / "rspamd")


if __name__ == "__main__":
    sys.exit(main())
