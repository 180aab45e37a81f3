"""[I/O] Whether the addresses of a draft answer: asked politely, bounded in number and time."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.issues.checking.draft_check_input import warns
from newsletter.issues.drafting.links import links_of
from newsletter.model.issue import Edition
from newsletter.model.problem import Problem
from newsletter.pulling.fetch.answers import Failed, Failure

if TYPE_CHECKING:
    from newsletter.pulling.fetch.fetch import Fetcher

MOST_LINKS = 300
TOTAL_SECONDS = 60.0
AT_ONCE = 8
ENOUGH = 64 * 1024  # bytes: a page that begins to arrive is there

# A server that refuses robots or is busy says nothing about the page; too large means it is there.
_UNSURE = frozenset({Failure.DENIED, Failure.BUSY, Failure.TOO_LARGE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """The addresses that do not answer, and how; those that there was no time to try."""

    dead: Mapping[str, str]
    untried: frozenset[str]


def try_links(
    links: Iterable[str],
    asker: AbstractAsyncContextManager["Fetcher"],
    *,
    total_seconds: float = TOTAL_SECONDS,
) -> Tried:
    """Ask each address once, the first `MOST_LINKS` of them, for as long as there is time."""
    return asyncio.run(_try(list(dict.fromkeys(links)), asker, total_seconds))


async def _try(
    links: list[str], asker: AbstractAsyncContextManager["Fetcher"], total_seconds: float
) -> Tried:
    dead: dict[str, str] = {}
    untried = set(links)
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(opened: "Fetcher", link: str) -> None:
        async with turns:
            answer = await opened.get(link, limit=ENOUGH)
            untried.discard(link)
            if isinstance(answer, Failed) and answer.kind not in _UNSURE:
                dead[link] = answer.reason

    async with asker as opened:
        tasks = [asyncio.ensure_future(ask(opened, link)) for link in links[:MOST_LINKS]]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=total_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return Tried(dead=dead, untried=frozenset(untried))


def link_problems(
    drafts: Sequence[Edition], asker: AbstractAsyncContextManager["Fetcher"]
) -> list[Problem]:
    """Warn of each link that does not answer, and of those that there was no time to try."""
    links = {draft.path: links_of(draft) for draft in drafts}
    tried = try_links((link for lines in links.values() for link in lines), asker)
    found = [
        warns(
            draft,
            "link",
            line,
            f"{link} does not answer: {tried.dead[link]}",
            "open it in a browser, or correct it",
        )
        for draft in drafts
        for link, line in links[draft.path].items()
        if link in tried.dead
    ]
    for draft in drafts:
        lines = links[draft.path]
        untried = [link for link in lines if link in tried.untried]
        if untried:
            message = (
                f"{len(untried)} of {len(lines)} links were not tried, there was no time: "
                f"{', '.join(untried[:3])}{' …' if len(untried) > 3 else ''}"
            )
            hint = "run check again, or open them in a browser"
            found.append(warns(draft, "link", lines[untried[0]], message, hint))
    return found
