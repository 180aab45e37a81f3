"""[I/O] What stays on the site of issues that were sent, though the database has lost them."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from newsletter.archive.published_folder import PublishedFolder
from newsletter.archive.served import Served, ServedArchive
from newsletter.stories.record.consents import Consents

_ISSUE = re.compile(r"issues/([^/]+)/")
_NEEDED = re.compile(r"(?:pictures/[\w-]+\.\w+|stories/[0-9a-z]+/[A-Za-z0-9-]+/)")


def lost_issues(
    site: PublishedFolder, known: Iterable[str], was_sent: Callable[[str], bool]
) -> tuple[str, ...]:
    """Return the issues on the site that the database does not know, and that were sent: an older
    database was put back, and nobody took them off."""
    there = {match[1] for name in site.names() if (match := _ISSUE.match(name))}
    return tuple(one for one in sorted(there - {*known}) if was_sent(one))


def left_as_is(
    site: PublishedFolder, lost: Iterable[str], consents: Consents, today: date
) -> frozenset[str]:
    """Return the files of these issues, and what their pages show, of which each may still be
    shown."""
    served = ServedArchive(site, lambda: consents)
    pages = tuple(f"issues/{issue_id}/" for issue_id in lost)
    named = {name for name in site.names() if name.startswith(pages)} if pages else set[str]()
    named |= {needed for name in named for needed in _needed(site, name)}
    return frozenset(name for name in named if isinstance(served.look(name, today), Served))


def _needed(site: PublishedFolder, name: str) -> Iterator[str]:
    if name.endswith(".html"):
        for found in _NEEDED.findall((site.root / name).read_text(encoding="utf-8")):
            yield f"{found}index.html" if found.endswith("/") else found
