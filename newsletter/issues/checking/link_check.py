"""Whether the addresses of a draft answer: asked politely, bounded in number and time."""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from newsletter.pulling.fetch.answers import Answer, Failed, Failure

MOST_LINKS = 300
TOTAL_SECONDS = 60.0
AT_ONCE = 8
ENOUGH = 64 * 1024  # bytes: a page that begins to arrive is there

# A server that refuses robots or is busy says nothing about the page; too large means it is there.
_UNSURE = frozenset({Failure.DENIED, Failure.BUSY, Failure.TOO_LARGE})


class Asker(Protocol):
    """One guarded GET."""

    async def get(self, url: str, *, limit: int | None = None) -> Answer: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Tried:
    """The addresses that do not answer, and how; those that there was no time to try."""

    dead: Mapping[str, str]
    untried: frozenset[str]


def try_links(
    links: Iterable[str],
    asker: AbstractAsyncContextManager[Asker],
    *,
    total_seconds: float = TOTAL_SECONDS,
) -> Tried:
    """Ask each address once, the first `MOST_LINKS` of them, for as long as there is time."""
    return asyncio.run(_try(list(dict.fromkeys(links)), asker, total_seconds))


async def _try(
    links: list[str], asker: AbstractAsyncContextManager[Asker], total_seconds: float
) -> Tried:
    dead: dict[str, str] = {}
    untried = set(links)
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(opened: Asker, link: str) -> None:
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
