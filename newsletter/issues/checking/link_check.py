"""[I/O] Whether the addresses of a draft answer: asked politely, bounded in number and time."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from newsletter.issues.ask_addresses import TOTAL_SECONDS, Asker, ask_addresses
from newsletter.issues.checking.draft_check_input import warns
from newsletter.model.answer import Failed, Failure
from newsletter.model.issue import Edition
from newsletter.model.problem import Problem

MOST_LINKS = 300
AT_ONCE = 8
MOST_NAMED = 20  # links that there was no time for
ENOUGH = 64 * 1024  # bytes: a page that begins to arrive is there

# A server that refuses robots or is busy says nothing about the page; too large means it is there.
_UNSURE = frozenset({Failure.DENIED, Failure.BUSY, Failure.TOO_LARGE})

_IN_WORDS = re.compile(r"\]\(<?(https?://[^\s<>)]+)|<(https?://[^\s<>]+)>", re.IGNORECASE)
_KEYS = ("online", "calendar", "audio", "video", "transcript")


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """The addresses that do not answer, and how; those that there was no time to try."""

    dead: Mapping[str, str]
    untried: frozenset[str]


def try_links(
    links: Iterable[str], fetcher: Asker, *, total_seconds: float = TOTAL_SECONDS
) -> Tried:
    """Ask each address once, the first `MOST_LINKS` of them, for as long as there is time."""
    asked = list(dict.fromkeys(links))
    answers = ask_addresses(
        asked[:MOST_LINKS],
        fetcher,
        at_once=AT_ONCE,
        limit=ENOUGH,
        total_seconds=total_seconds,
    )
    dead = {
        link: answer.reason
        for link, answer in answers.items()
        if isinstance(answer, Failed) and answer.kind not in _UNSURE
    }
    return Tried(dead=dead, untried=frozenset(asked) - answers.keys())


def link_problems(
    drafts: Sequence[Edition], fetcher: Asker, sources: Mapping[str, str]
) -> list[Problem]:
    """Warn of each link that does not answer, and of those that there was no time to try.

    `sources` are the items' addresses as their source has them now, by item id.
    """
    links = {draft.path: _links_of(draft) for draft in drafts}
    tried = try_links((link for lines in links.values() for link in lines), fetcher)
    problems = []
    for draft in drafts:
        lines = links[draft.path]
        for link in (link for link in lines if link in tried.dead):
            message = f"{link} does not answer: {tried.dead[link]}"
            hint = "open it in a browser, or correct it"
            if (new := _corrected(draft, link, sources)) not in ("", link):
                hint = f"its source has corrected it: write {new}"
            problems.append(warns(draft, "link", lines[link], message, hint))
        untried = [link for link in lines if link in tried.untried]
        if untried:
            more = f" and {len(untried) - MOST_NAMED} more" if len(untried) > MOST_NAMED else ""
            message = (
                f"{len(untried)} of {len(lines)} links were not checked in time: "
                f"{', '.join(untried[:MOST_NAMED])}{more}"
            )
            hint = "run check again, or open them in a browser"
            problems.append(warns(draft, "link", lines[untried[0]], message, hint))
    return problems


def _corrected(draft: Edition, link: str, sources: Mapping[str, str]) -> str:
    """The address that the source has now of the piece whose heading links there."""
    pieces = (piece for _, piece in draft.placed if piece.link == link)
    return next((sources.get(piece.item_id or "", "") for piece in pieces), "")


def _links_of(edition: Edition) -> dict[str, int]:
    """Return each web address once, with the first line it stands on (0: the letter)."""
    placed = [(link, 0) for link in _in_words(edition.letter)]
    for section in edition.sections:
        placed += [(link, section.line) for link in _in_words(section.intro)]
        for placement in section.placements:
            details = (placement.details.get(key, "") for key in _KEYS)
            links = (placement.link or "", *_in_words(placement.blurb), *details)
            placed += [(link, placement.line) for link in links]
    lines: dict[str, int] = {}
    for link, line in placed:
        if link.lower().startswith(("http://", "https://")):
            lines.setdefault(link, line)
    return lines


def _in_words(markdown: str) -> list[str]:
    return [match[1] or match[2] for match in _IN_WORDS.finditer(markdown)]
