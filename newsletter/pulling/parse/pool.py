"""[I/O] Worker processes that may hang or die: a kill costs one job, never the pull."""

import asyncio
import contextlib
import os
import pickle
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import newsletter
from newsletter.pulling.parse.worker import LENGTH, READY
from newsletter.system import IS_POSIX

BUFFER = 1024 * 1024
START_SECONDS = 120  # what a worker loads first takes seconds where the machine is busy


@dataclass(frozen=True, kw_only=True, slots=True)
class ParserLost:
    """The job has no answer: its worker hung, died or failed. `reason` is plain language."""

    reason: str


class WorkerPool:
    """Runs `module:function` on jobs in `size` processes, each started when first needed."""

    def __init__(
        self, function: str, *, size: int, seconds: float = 20.0, memory: int = 768 * 1024 * 1024
    ) -> None:
        self._function = function
        self._seconds = seconds
        self._memory = memory
        self._idle: asyncio.LifoQueue[_Worker | None] = asyncio.LifoQueue()
        self._running: set[_Worker] = set()
        for _ in range(size):
            self._idle.put_nowait(None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await asyncio.gather(*(worker.stop() for worker in list(self._running)))
        self._running.clear()

    async def run(self, job: Any) -> Any | ParserLost:
        """Run the function on a job; return its answer, or why there is none."""
        worker = await self._idle.get()
        try:
            if worker is None:
                worker = await _Worker.start(self._function, self._memory, self._seconds)
                self._running.add(worker)
                async with asyncio.timeout(START_SECONDS):
                    await worker.ready()
            # Not wait_for: before Python 3.12 it forgets a Ctrl-C that comes with the answer.
            async with asyncio.timeout(self._seconds):
                done, answer = await worker.ask(job)
        except TimeoutError:
            await self._end(worker)
            worker = None
            return ParserLost(reason=f"reading it took longer than {self._seconds:.0f} s")
        except (EOFError, OSError):
            await self._end(worker)
            worker = None
            return ParserLost(reason="it crashed the feed reader")
        except BaseException:
            await self._end(worker)  # cancelled half-way: its answer would go to another
            worker = None
            raise
        finally:
            self._idle.put_nowait(worker)
        return answer if done else ParserLost(reason=f"it cannot be read ({answer})")

    async def _end(self, worker: "_Worker | None") -> None:
        if worker is not None:
            self._running.discard(worker)
            await worker.stop()


class _Worker:
    """A process, and what leads to its stdin and from its stdout."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer

    @classmethod
    async def start(cls, function: str, memory: int, seconds: float) -> "_Worker":
        command = _command(function, memory, seconds)
        env = {**os.environ, "PYTHONPATH": _python_path()}
        if not IS_POSIX:  # a socket cannot be a program's stdin there
            process = await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=env, limit=BUFFER
            )
            assert process.stdout is not None
            assert process.stdin is not None
            return cls(process, process.stdout, process.stdin)
        # A socket and not two pipes: those pass 64 KB at a time, and a feed is twice that.
        ours, theirs = socket.socketpair()
        with theirs:
            end = theirs.fileno()
            process = await asyncio.create_subprocess_exec(
                *command, stdin=end, stdout=end, stderr=DEVNULL, env=env
            )
        return cls(process, *await asyncio.open_connection(sock=ours, limit=BUFFER))

    async def ready(self) -> None:
        """Wait until it has loaded what it needs."""
        await self._reader.readexactly(len(READY))

    async def ask(self, job: Any) -> tuple[bool, Any]:
        data = pickle.dumps(job, protocol=pickle.HIGHEST_PROTOCOL)
        self._writer.write(LENGTH.pack(len(data)))
        self._writer.write(data)
        await self._writer.drain()
        size = LENGTH.unpack(await self._reader.readexactly(LENGTH.size))[0]
        answer: tuple[bool, Any] = pickle.loads(await self._reader.readexactly(size))  # noqa: S301
        return answer

    async def stop(self) -> None:
        """End it at once: it holds nothing that could be lost."""
        self._writer.close()
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
        await self._process.wait()


def _python_path() -> str:
    """Ours first, so that the worker runs the same code that we do."""
    ours = str(Path(newsletter.__file__).parents[1])
    return os.pathsep.join(filter(None, (ours, os.environ.get("PYTHONPATH", ""))))


def _command(function: str, memory: int, seconds: float) -> Sequence[str]:
    # -P: a file of the folder we are called from must not pass for a module of the library.
    worker = ("-m", "newsletter.pulling.parse.worker")
    return (sys.executable, "-P", *worker, function, str(memory), str(seconds))
