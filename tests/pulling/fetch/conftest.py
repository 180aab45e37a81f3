"""Fetching from servers on loopback."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from newsletter.pulling.fetch.addresses import AddressPolicy
from newsletter.pulling.fetch.answers import Answer
from newsletter.pulling.fetch.fetch import Fetcher, Limits
from tests.processes import PATIENCE

LIMITS = Limits(total_seconds=PATIENCE)
LOOPBACK = AddressPolicy.of(("127.0.0.0/8", "::1"), (80, 443))


@pytest.fixture
def get() -> Callable[..., Answer]:
    """`get(url, headers=…, limits=…, policy=…, lookup=…)`: one fetch, run to its end."""

    def run(
        url: str,
        *,
        limits: Limits = LIMITS,
        policy: AddressPolicy = LOOPBACK,
        headers: dict[str, str] | None = None,
        limit: int | None = None,
        **settings: Any,
    ) -> Answer:
        async def fetch() -> Answer:
            async with Fetcher(
                policy=policy, user_agent="newsletter/test", limits=limits, **settings
            ) as fetcher:
                return await fetcher.get(url, headers=headers, limit=limit)

        return asyncio.run(fetch())

    return run
