"""[I/O] Whether the addresses of a draft answer: asked politely, bounded in number and time."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.model.problem import Problem, Severity
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

    dead: Mapping[str, str] = field(default_factory=dict)
    untried: frozenset[str] = frozenset()


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


def dead_links(places: Mapping[str, Mapping[str, int]], tried: Tried) -> list[Problem]:
    """Warn of each link that does not answer, and of those that there was no time to try.

    `places` has, by draft, the line of each link (0: the letter).
    """
    found = [
        Problem(
            severity=Severity.WARNS,
            code="link",
            message=f"{link} does not answer: {tried.dead[link]}",
            hint="open it in a browser, or correct it",
            file=path,
            line=line or None,
        )
        for path, links in places.items()
        for link, line in links.items()
        if link in tried.dead
    ]
    for path, links in places.items():
        untried = [link for link in links if link in tried.untried]
        if untried:
            found.append(
                Problem(
                    severity=Severity.WARNS,
                    code="link",
                    message=f"{len(untried)} of {len(links)} links were not tried, there was no"
                    f" time: {', '.join(untried[:3])}{' …' if len(untried) > 3 else ''}",
                    hint="run check again, or open them in a browser",
                    file=path,
                    line=links[untried[0]] or None,
                )
            )
    return found
