"""[I/O] One worker process: reads jobs from stdin, answers on stdout, ends when stdin does."""

import gc
import importlib
import os
import pickle
import struct
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from newsletter.system import ended_after, limit_memory

LENGTH = struct.Struct(">Q")
READY = b"."  # sent once, before the first job: from here on, time is the job's


def serve(function: Callable[[Any], Any], source: BinaryIO, sink: BinaryIO, seconds: float) -> None:
    """Answer jobs until there are no more. An exception is an answer too; a job that hangs ends
    the process."""
    while True:
        head = source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return
        job = pickle.loads(source.read(LENGTH.unpack(head)[0]))  # noqa: S301 - from our own parent
        # Should the parent die while we hang, this process ends all the same.
        with ended_after(seconds + 5):
            answer = _answer(function, job)
        data = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
        sink.write(LENGTH.pack(len(data)) + data)
        sink.flush()


def _answer(function: Callable[[Any], Any], job: Any) -> tuple[bool, Any]:
    try:
        return (True, function(job))
    except MemoryError:
        return (False, "it needs too much memory")
    except RecursionError:
        return (False, "it is nested too deeply")
    except Exception as error:
        return (False, f"{type(error).__name__}: {error}"[:500])


def main(target: str, memory: int, seconds: float) -> None:
    """Serve `module:function` with at most `memory` bytes of data."""
    limit_memory(memory)
    gc.set_threshold(50_000)  # a feed is many small objects that all die at its end
    source = os.fdopen(os.dup(0), "rb")
    sink = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    gc.freeze()  # the modules stay: no use in looking through them again and again
    sink.write(READY)
    sink.flush()
    serve(function, source, sink, seconds)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
