"""Tasks that run together, and end together when one of them fails."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from newsletter.errors import NewsletterError


@asynccontextmanager
async def task_group() -> AsyncIterator[asyncio.TaskGroup]:
    """Open a task group that raises an expected error as itself, not wrapped in a group."""
    try:
        async with asyncio.TaskGroup() as tasks:
            yield tasks
    except BaseExceptionGroup as failed:
        expected, others = failed.split(NewsletterError)
        if expected is None or others is not None:
            raise
        error: BaseException = expected
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        raise error from None
