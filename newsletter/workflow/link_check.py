"""Whether the addresses of a draft answer: asked politely, bounded in number and time."""

import asyncio
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from newsletter.feeds.answers import Answer, Failed, Failure

MOST_LINKS = 300
TOTAL_SECONDS = 60.0
AT_ONCE = 8
ENOUGH = 64 * 1024  # bytes: a page that begins to arrive is there

# A server that refuses robots or is busy says nothing about the page; too large means it is there.
_UNSURE = frozenset({Failure.DENIED, Failure.BUSY, Failure.TOO_LARGE})


class Asker(Protocol):
    """One guarded GET."""

    async def get(self, url: str, *, limit: int | None = None) -> Answer: ...


def dead_links(
    links: Iterable[str],
    asker: AbstractAsyncContextManager[Asker],
    *,
    total_seconds: float = TOTAL_SECONDS,
) -> dict[str, str]:
    """The addresses that do not answer, and how. What there was no time for is not in here."""
    return asyncio.run(_dead(list(dict.fromkeys(links))[:MOST_LINKS], asker, total_seconds))


async def _dead(
    links: list[str], asker: AbstractAsyncContextManager[Asker], total_seconds: float
) -> dict[str, str]:
    found: dict[str, str] = {}
    turns = asyncio.Semaphore(AT_ONCE)

    async def ask(opened: Asker, link: str) -> None:
        async with turns:
            answer = await opened.get(link, limit=ENOUGH)
            if isinstance(answer, Failed) and answer.kind not in _UNSURE:
                found[link] = answer.reason

    async with asker as opened:
        tasks = [asyncio.ensure_future(ask(opened, link)) for link in links]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=total_seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    return found
