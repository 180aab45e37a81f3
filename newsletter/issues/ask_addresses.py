"""[I/O] Many addresses asked at once: politely, and for no longer than an editor waits."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from newsletter.model.answer import Answer

if TYPE_CHECKING:
    from newsletter.pulling.fetch.fetch import Fetcher

Asker = AbstractAsyncContextManager["Fetcher"]
TOTAL_SECONDS = 60.0


def ask_addresses(
    addresses: Sequence[str],
    fetcher: Asker,
    *,
    at_once: int,
    limit: int,
    accept: str = "",
    total_seconds: float = TOTAL_SECONDS,
) -> dict[str, Answer]:
    """Return the answer of each address that there was time for; `limit` is in bytes."""
    from newsletter.pulling.fetch.fetch import FEED_TYPES

    answers: dict[str, Answer] = {}
    turns = asyncio.Semaphore(at_once)

    async def ask(opened: "Fetcher", address: str) -> None:
        async with turns:
            answers[address] = await opened.get(address, limit=limit, accept=accept or FEED_TYPES)

    async def ask_all() -> None:
        async with fetcher as opened:
            tasks = [asyncio.ensure_future(ask(opened, address)) for address in addresses]
            if tasks:
                _, late = await asyncio.wait(tasks, timeout=total_seconds)
                for task in late:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(ask_all())
    return answers
