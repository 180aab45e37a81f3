import asyncio

import pytest

from newsletter.errors import ServiceError
from newsletter.pulling.task_group import task_group


async def run(*errors: Exception) -> None:
    async def fail(error: Exception) -> None:
        raise error

    async with task_group() as outer:
        outer.create_task(asyncio.sleep(3600))
        async with task_group() as inner:
            for error in errors:
                inner.create_task(fail(error))


def test_an_expected_error_comes_out_as_itself_and_ends_the_others() -> None:
    with pytest.raises(ServiceError, match="full"):
        asyncio.run(run(ServiceError("the disk is full")))


def test_several_are_the_first() -> None:
    with pytest.raises(ServiceError, match="one"):
        asyncio.run(run(ServiceError("one"), ServiceError("two")))


def test_an_unexpected_one_stays_loud() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        asyncio.run(run(ServiceError("one"), KeyError("bug")))
    assert raised.value.subgroup(KeyError)
