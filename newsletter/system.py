"""[I/O] The one door to what only some systems have, and what is done elsewhere: locks, limits.

Whether this is POSIX is asked of its modules, not of its name: a test can take them away.
"""

import errno
import faulthandler
import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

try:
    import fcntl
    import resource
except ImportError:  # Windows
    fcntl = resource = None  # type: ignore[assignment]

IS_POSIX: Final = fcntl is not None
BINARY: Final[int] = getattr(os, "O_BINARY", 0)  # for os.open: elsewhere newlines would change
# What asks a process to end; the last is that its terminal is closed, which Windows has not.
ENDING: Final = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if IS_POSIX else ()))
HAS_TIMERS: Final = hasattr(signal, "setitimer")
FLAGS_BEGIN: Final = ":" if IS_POSIX else ";"  # in a Maildir; no colon stands in a name on Windows

OLD_TLS: Final = "it speaks only a version of TLS that is no longer safe"
_UNTIL_WRITTEN = 1.0  # seconds that one who holds a file may take to write who they are
_OLD_TLS = ("PROTOCOL_VERSION", "UNSUPPORTED_PROTOCOL", "VERSION_TOO_LOW")
_NETWORK = {
    errno.ECONNREFUSED: "nothing answers at that port",
    errno.EHOSTUNREACH: "there is no way there from here",
    errno.ENETUNREACH: "there is no way there from here",
    errno.ECONNRESET: "the other side broke the connection off",
    errno.ECONNABORTED: "the other side broke the connection off",
    errno.EPIPE: "the other side broke the connection off",
}


@contextmanager
def locked_file(path: Path, *, make: bool) -> Iterator[None]:
    """Hold a file against others that hold it so; waits for them. `make` makes a missing one, for
    its owner alone. OSError, FileNotFoundError."""
    if not IS_POSIX:
        if not make and not path.exists():
            raise FileNotFoundError(path)
        with _lock_beside(path.with_name(f".{path.name}.lock")):
            yield
        return
    is_held = False
    while not is_held:
        handle = os.open(path, os.O_RDWR | (os.O_CREAT if make else 0), 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            is_held = _is_there(handle, path)
            if is_held:  # and not replaced while this waited for it
                yield
        finally:
            os.close(handle)


@contextmanager
def locked_at_once(path: Path, *, make: bool) -> Iterator[int | None]:
    """Hold a file against others that hold it so; yields its handle, None on Windows. `make` makes
    a missing one, for its owner alone. BlockingIOError when one does, or removed it just now;
    OSError, FileNotFoundError."""
    if not IS_POSIX:
        if not make and not path.exists():
            raise FileNotFoundError(path)
        with _lock_beside(path.with_name(f".{path.name}.lock"), timeout=0):
            if make:
                path.touch(mode=0o600)
            yield None
        return
    handle = os.open(path, os.O_RDWR | (os.O_CREAT if make else 0), 0o600)
    try:
        hold_at_once(handle, path)
        yield handle
    finally:
        os.close(handle)


def hold_at_once(handle: int, path: Path) -> None:
    """Hold an open file so until it is closed. Not on Windows, where nobody removes an open one.
    BlockingIOError as `locked_at_once`."""
    if not IS_POSIX:
        return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    if not _is_there(handle, path):
        raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK), str(path))


@contextmanager
def locked_directory(folder: Path) -> Iterator[None]:
    """Hold a folder that is there against others that hold it so; waits for them. OSError."""
    if not IS_POSIX:
        with _lock_beside(folder / ".lock"):
            yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """Who else holds a file, by the text that they wrote, or None; then `handle` is ours, which
    Windows has none of."""

    other: str | None = None
    handle: int | None = None


@contextmanager
def held_file(path: Path, text: str, *, handle: int | None = None) -> Iterator[Holding]:
    """Hold a file for as long as the block lasts, with that text in it. A process that died holds
    nothing; one that began anew (`begin_anew`) holds it on by its `handle`. OSError."""
    with ExitStack() as held:
        if handle is not None:
            held.callback(os.close, handle)
            if _is_there(handle, path):
                os.set_inheritable(handle, False)
                yield Holding(handle=handle)
                return
        end = time.monotonic() + _UNTIL_WRITTEN
        while True:
            try:
                ours = held.enter_context(locked_at_once(path, make=True))
                break
            except BlockingIOError:  # who has it just now may not have written yet, or be done
                if (other := _text_of(path)) or time.monotonic() > end:
                    yield Holding(other=other)
                    return
            time.sleep(0.02)
        path.write_text(text, encoding="utf-8")
        yield Holding(handle=ours)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return ""


def begin_anew(environ: Mapping[str, str], *, handle: int) -> None:
    """Begin this program anew in the same process, with that environment, and that file still open.
    Its signals wait until `let_signals_through` is called there. OSError: then it goes on here."""
    os.set_inheritable(handle, True)
    try:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environ)  # noqa: S606
    finally:
        os.set_inheritable(handle, False)


def hold_signals() -> None:
    """Have what asks this process to end wait."""
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)


def let_signals_through() -> None:
    """Hear them again."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)


@contextmanager
def _lock_beside(path: Path, *, timeout: float = -1) -> Iterator[None]:
    """A file of its own to lock: on Windows a locked one can neither be read nor replaced."""
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=timeout)
    except Timeout as error:
        raise BlockingIOError(
            errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK), str(path)
        ) from error
    try:
        yield
    finally:
        lock.release()


def _is_there(handle: int, path: Path) -> bool:
    """Whether the open file is still the one of that name."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False


def is_writable(path: Path) -> bool:
    """Return whether this process, by the user it acts as, may write there."""
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def keep_mode(handle: int, path: Path) -> None:
    """Give an open file the permissions of another one, where there is one and they mean something.
    OSError."""
    if IS_POSIX:
        with suppress(FileNotFoundError):
            os.fchmod(handle, path.stat().st_mode & 0o7777)


def is_open_to(path: Path, bits: int) -> bool:
    """Return whether the mode of a file or folder that is there has one of these bits: never where
    a mode says nothing of who can read it. OSError."""
    return IS_POSIX and path.exists() and bool(path.stat().st_mode & bits)


def sync_directory(folder: Path) -> None:
    """Make renames in a folder last through a power cut, where folders can be synced. OSError."""
    if not IS_POSIX:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def limit_memory(size: int) -> None:
    """Let this process have so many bytes of data, and leave no core file. Not on Windows, where
    the time alone is limited."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


@contextmanager
def ended_after(seconds: float) -> Iterator[None]:
    """End this process if the block takes longer, whatever it is doing, even where no signal is
    heard."""
    faulthandler.dump_traceback_later(seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def is_old_tls(error: Exception) -> bool:
    """Return whether a secure connection failed as the other side speaks only versions of TLS that
    are refused."""
    reason = getattr(error, "reason", None) or ""
    return any(words in reason for words in _OLD_TLS)


def network_reason(error: Exception) -> str:
    """Return in plain words why another machine was not reached, or went away."""
    import socket  # slow, and few commands need it

    if isinstance(error, socket.gaierror | UnicodeError):
        if error.args[0] == socket.EAI_AGAIN:
            return "its name cannot be looked up now"
        return "there is no such host"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if type(error).__module__ == "ssl":
        if is_old_tls(error):
            return OLD_TLS
        fault = getattr(error, "verify_message", "")
        return (
            f"its certificate is not valid: {fault}" if fault else "it offers no secure connection"
        )
    if not isinstance(error, OSError):
        return "what answers there is another kind of server"
    number = getattr(error, "errno", None)
    if number is None:  # several addresses were tried, and each failed in its own way
        number = next((one for one in _NETWORK if f"[Errno {one}]" in str(error)), 0)
    return _NETWORK.get(number) or (os.strerror(number) if number else "no answer")
