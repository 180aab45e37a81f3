"""Runs the outside tools over messages and prints one table: `make check-email`.

With no argument, over the sample editions; else over the .eml files named (`newsletter preview`
writes one for each edition). Exit 1 when a measure is red.
"""

import argparse
import shutil
import sys
from collections import defaultdict
from pathlib import Path

from tools.check_email.browser import browser_findings
from tools.check_email.finding import Finding
from tools.check_email.headers import header_findings
from tools.check_email.letters import read_letter, write_samples
from tools.check_email.site import site_findings, write_site
from tools.check_email.spam import rspamd_findings, spamassassin_findings
from tools.check_email.validators import validator_findings


def main() -> int:
    """Measure, write the pictures, print the table."""
    parser = argparse.ArgumentParser(prog="python -m tools.check_email", description=__doc__)
    parser.add_argument("eml", nargs="*", type=Path)
    parser.add_argument("--folder", type=Path, default=Path("build/check-email"))
    options = parser.parse_args()
    options.folder = options.folder.resolve()
    modules = options.folder / "node_modules"
    for name in ("spamassassin", "rspamd", "node", "java"):
        if shutil.which(name) is None:
            sys.exit(f"{name} is not installed; docs/email-checks.md names the Debian packages")
    work = options.folder / "letters"
    pictures = options.folder / "pictures"
    for folder in (work, pictures):
        folder.mkdir(parents=True, exist_ok=True)
    letters = [read_letter(eml, work) for eml in options.eml or write_samples(work)]
    findings = [finding for letter in letters for finding in header_findings(letter)]
    findings += [
        Finding(
            letter=letter.name,
            check="14",
            measure="HTML bytes",
            value=f"{len(letter.html.encode()):,}",
            is_green=len(letter.html.encode()) <= 100_000,
        )
        for letter in letters
    ]
    findings += validator_findings(letters, modules=modules)
    findings += browser_findings(letters, modules=modules, pictures=pictures)
    findings += spamassassin_findings(letters)
    findings += rspamd_findings(letters, folder=options.folder / "rspamd")
    print(table(findings))
    if not options.eml:
        pages = list(site_findings(write_site(work / "site"), modules=modules, pictures=pictures))
        print(f"\n{table(pages)}")
        findings += pages
    red = [finding for finding in findings if not finding.is_green]
    for finding in red:
        print(f"\nRED {finding.letter}: {finding.measure} = {finding.value}")
        for detail in finding.details:
            print(f"  {detail}")
    print(f"\n{len(findings) - len(red)} green, {len(red)} red. Pictures: {pictures}")
    return 1 if red else 0


def table(findings: list[Finding]) -> str:
    """A Markdown table: one row a measure, one column a letter; `!` marks what is red."""
    letters = list(dict.fromkeys(finding.letter for finding in findings))
    rows: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for finding in findings:
        mark = "" if finding.is_green else " !"
        rows[finding.check, finding.measure][finding.letter] = finding.value + mark
    lines = [["check", "measure", *letters], ["---"] * (len(letters) + 2)]
    for (check, measure), values in rows.items():
        lines.append([check, measure, *(values.get(letter, "") for letter in letters)])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
