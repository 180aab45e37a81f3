"""docs/writing-an-issue.md says what the program reads: each key, each kind, and its samples."""

import re
from pathlib import Path

from newsletter.issues.drafting import draft_file, front_matter
from newsletter.model.details import DETAILS
from newsletter.model.section_kinds import KINDS, kind_of

TEXT = (Path(__file__).parents[3] / "docs" / "writing-an-issue.md").read_text(encoding="utf-8")
ROWS = {
    part.strip("* `"): row
    for row in TEXT.splitlines()
    if row.startswith("| ")
    for part in row.split("|")[1].split(",")
}
SAMPLES = re.findall(r"```markdown\n(.*?)```", TEXT, re.DOTALL)


def test_each_key_and_kind_is_explained() -> None:
    assert set(DETAILS) | set(KINDS) | (set(front_matter.KEYS) - {"issue"}) <= set(ROWS)


def test_what_a_kind_needs_is_printed_in_bold() -> None:
    for kind, rule in KINDS.items():
        row = next(
            line
            for line in TEXT.splitlines()
            if line.startswith(f"| `{kind}` |") and line.count("|") > 3
        )
        assert set(re.findall(r"\*\*`(\w+)`\*\*", row)) == {
            key for group in rule.needs for key in group
        }


def test_the_samples_are_read_and_lack_nothing() -> None:
    assert len(SAMPLES) == 3
    whole, *blocks = SAMPLES
    edition = draft_file.read(whole, file="issues/2026-W47/en.md")
    sections = list(edition.sections)
    for sample in blocks:
        sections += draft_file.read_block(sample, file="blocks/sample.en.md")[1]
    assert {kind_of(section) for section in sections} == {
        "news", "hotlines", "urgent", "actions", "data", "share", "art",
    }  # fmt: skip
    for section in sections:
        for placement in section.placements:
            assert KINDS[kind_of(section)].missing(placement.details) == ()
    script = next(
        p.details["script"] for s in sections for p in s.placements if "script" in p.details
    )
    assert script.split("\n\n")[1].startswith("I am calling")
