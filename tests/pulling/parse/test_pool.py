"""Worker processes that may hang, die or fail: each costs one job."""

import asyncio
import os
import pickle
import subprocess
import threading
from subprocess import DEVNULL, PIPE
from typing import Any

import pytest

from newsletter.pulling.parse.pool import (
    ParserLost,
    WorkerPool,
    _command,
    _python_path,
    _Worker,
)
from newsletter.pulling.parse.worker import LENGTH
from tests.processes import PATIENCE, children

pytestmark = pytest.mark.usefixtures("processes")
HERE = "tests.pulling.parse.test_pool:work"


def work(job: tuple[str, Any]) -> Any:
    """What the workers of these tests do."""
    what, value = job
    if what == "hang":
        threading.Event().wait()
    if what == "die":
        os._exit(9)
    if what == "fail":
        raise ValueError(value)
    if what == "eat":
        return len(b"x" * value)
    if what == "deep":
        return work(("deep", value + 1))
    if what == "print":
        os.write(1, b"noise on stdout\n")
    return value


def run(*jobs: tuple[str, Any], size: int = 1, **settings: Any) -> list[Any]:
    async def all_of_them() -> list[Any]:
        async with WorkerPool(HERE, size=size, **settings) as pool:
            return list(await asyncio.gather(*(pool.run(job) for job in jobs)))

    return asyncio.run(all_of_them())


def test_answers_come_back_to_those_who_asked() -> None:
    jobs = [("give", number) for number in range(50)]
    assert run(*jobs, size=2) == list(range(50))


def test_large_jobs_and_answers_pass() -> None:
    data = os.urandom(5_000_000)
    assert run(("give", data)) == [data]


@pytest.mark.parametrize(
    ("job", "reason"),
    [
        (("hang", None), "longer than"),
        (("die", None), "crashed"),
        (("fail", "oops"), "ValueError: oops"),
        (("eat", 900_000_000), "too much memory"),
        (("deep", 0), "nested too deeply"),
    ],
)
def test_what_goes_wrong_costs_one_job(job: tuple[str, Any], reason: str) -> None:
    seconds = 5.0 if job[0] == "hang" else PATIENCE
    lost, given = run(job, ("give", 1), seconds=seconds)
    assert isinstance(lost, ParserLost)
    assert reason in lost.reason
    assert given == 1


def test_a_worker_that_hangs_and_whose_parent_died_ends_by_itself() -> None:
    job = pickle.dumps(("hang", None))
    command = _command(HERE, 768 * 1024 * 1024, -4.5)  # 5 s more are given: half a second
    env = {**os.environ, "PYTHONPATH": _python_path()}
    with subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=env) as process:
        assert process.stdin is not None
        process.stdin.write(LENGTH.pack(len(job)) + job)
        process.stdin.flush()
        assert process.wait(timeout=PATIENCE) == 1


def test_what_a_library_prints_does_not_get_between_the_answers() -> None:
    assert run(("print", 1), ("give", 2)) == [1, 2]


def test_a_cancelled_job_does_not_answer_the_next_one() -> None:
    async def cancelled() -> Any:
        async with WorkerPool(HERE, size=1) as pool:
            await pool.run(("give", 0))
            hanging = asyncio.create_task(pool.run(("hang", None)))
            await asyncio.sleep(0)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            return await pool.run(("give", 5))

    assert asyncio.run(cancelled()) == 5


def test_a_job_that_is_cancelled_as_its_answer_comes_is_cancelled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A Ctrl-C at that moment is not forgotten: the pull would go on."""
    running: list[asyncio.Task[Any]] = []
    ask = _Worker.ask

    async def cancelled_with_its_answer(worker: _Worker, job: Any) -> tuple[bool, Any]:
        answer = await ask(worker, job)
        running[0].cancel()
        return answer

    monkeypatch.setattr(_Worker, "ask", cancelled_with_its_answer)

    async def cancel() -> None:
        async with WorkerPool(HERE, size=1) as pool:
            running.append(asyncio.create_task(pool.run(("give", 1))))
            await running[0]

    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancel())


def test_what_a_worker_loads_first_does_not_count_against_the_job() -> None:
    async def answers() -> list[Any]:
        async with WorkerPool("tests.pulling.parse.slow_to_load:work", size=1, seconds=3.0) as pool:
            return [await pool.run(1), await pool.run(2)]

    assert asyncio.run(answers()) == [1, 2]


def test_no_worker_is_started_before_it_is_needed_and_none_is_left() -> None:
    def workers() -> int:
        return sum("newsletter.pulling.parse.worker" in command for command in children().values())

    async def counts() -> list[int]:
        found = [workers()]
        async with WorkerPool(HERE, size=3) as pool:
            found.append(workers())
            await pool.run(("give", 1))
            found.append(workers())
        return [*found, workers()]

    assert asyncio.run(counts()) == [0, 0, 1, 0]
