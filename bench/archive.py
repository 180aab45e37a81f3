"""The archive of ten years: 500 issues of 60 pieces, one language. What a search weighs (limit: 100
kB a year, as a server that compresses sends it), and the time that each issue takes.

The titles are words at random, which compress worse than sentences do.
"""

import gzip
import random
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from newsletter.archive.files import archive_files  # noqa: E402
from newsletter.archive.issue_page import IssuePage, issue_page  # noqa: E402
from newsletter.archive.layout import Site  # noqa: E402
from newsletter.design.templates import Templates, shipped_folder  # noqa: E402
from newsletter.model.issue import issue_id_for  # noqa: E402
from newsletter.model.message import InlinePicture  # noqa: E402
from tests.design.samples import COALITION, digest, png  # noqa: E402

ISSUES, PIECES, WORDS = 500, 60, 9
LIMIT_KB = 100
LAST = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
PARTS = {
    "titles of a year": r"en/search/2025\.json",
    "titles of all years": r"en/search/\d+\.json",
    "list of all issues": r"en/search/index\.html",
    "script": r"search\.js",
    "index": r"en/index\.html",
    "list of a year": r"en/2025/index\.html",
    "small pictures": r".*-small\.jpg",
}


def issues() -> Iterator[IssuePage]:
    """Each week's, back from the last one."""
    drawn = random.Random(1)  # for titles, not for secrets
    guides = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md"))
    words = re.findall(r"[A-Za-z]{2,}", guides)

    def title() -> str:
        return " ".join(drawn.choices(words, k=WORDS)).capitalize()

    shown, data = digest(PIECES), png(640, 320)
    for week in range(ISSUES):
        (made, facts), sent_at = shown, LAST - timedelta(weeks=week)
        sections = [
            replace(one, placements=tuple(replace(two, title=title()) for two in one.placements))
            for one in made.sections
        ]
        made = replace(
            made,
            sections=tuple(sections),
            issue_id=issue_id_for(sent_at.date()),
            subject=title(),
            preheader=title(),
        )
        picture = InlinePicture(
            cid=f"p{week}@digest", media_type="image/png", data=data, width=640, height=320
        )
        facts = replace(facts, pictures={next(iter(facts.items)): picture})
        yield issue_page(made, facts, sent_at)


def main() -> None:
    """Print what each part weighs, and what the whole took."""
    pages = list(issues())
    site = Site(
        coalition=COALITION,
        templates=Templates((shipped_folder(),)),
        base="https://digest.neighbors.example/archive/",
        languages=("en",),
    )
    began = time.process_time()
    files = archive_files(site, pages, [])
    took = time.process_time() - began
    print(
        f"{ISSUES} issues of {PIECES} pieces: {took:.1f} s of CPU, "
        f"{took / ISSUES * 1000:.0f} ms each"
    )
    for part, pattern in PARTS.items():
        found = [data for name, data in files.items() if re.fullmatch(pattern, name)]
        sizes = [one.encode() if isinstance(one, str) else one for one in found]
        plain, packed = sum(map(len, sizes)), sum(len(gzip.compress(one)) for one in sizes)
        share = (
            f", {packed / 1000 / LIMIT_KB:.2f} of the limit" if part == "titles of a year" else ""
        )
        print(f"  {part}: {len(found)} files, {plain:,} bytes, {packed:,} compressed{share}")


if __name__ == "__main__":
    main()
