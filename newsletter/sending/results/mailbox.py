"""Where returned mail arrives [I/O]: a Maildir, or a folder of an IMAP server."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from newsletter.errors import ServiceError, UsageError

_BIGGEST = 5_000_000  # bytes; a bounce is smaller, and the rest of it is the original


class BounceMailbox(Protocol):
    """Messages that nobody has read yet. Each is marked as read only after it was dealt with."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield each message's name and bytes."""

    def mark_read(self, name: str) -> None:
        """Do not give that message again."""

    def close(self) -> None:
        """Let go of it, whether or not all was read."""


class Maildir:
    """A Maildir's `new`; what was dealt with moves to `cur`, flagged as seen."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield the messages in `new`, oldest name first. UsageError when this is no Maildir."""
        if not (self._folder / "new").is_dir() or not (self._folder / "cur").is_dir():
            raise UsageError(f"{self._folder} is no Maildir", hint="it has a new and a cur folder")
        for name in sorted(path.name for path in (self._folder / "new").iterdir()):
            with (self._folder / "new" / name).open("rb") as file:
                yield name, file.read(_BIGGEST)

    def mark_read(self, name: str) -> None:
        """Move it to `cur`."""
        (self._folder / "new" / name).rename(self._folder / "cur" / f"{name.partition(':')[0]}:2,S")

    def close(self) -> None:
        """Do nothing: nothing is open."""


class Imap:
    """The unseen messages of a folder, over TLS."""

    def __init__(self, url: str, password: str, *, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        if not parts.hostname or not parts.username:
            raise UsageError(
                f"{url!r} is not the address of a mailbox",
                hint="write imaps://user@host/INBOX; the password "
                "comes from NEWSLETTER_IMAP_PASSWORD",
            )
        folder = unquote(parts.path.strip("/")) or "INBOX"
        context = tls or ssl.create_default_context()
        with _translated(f"cannot open the mailbox at {parts.hostname}"):
            self._server = imaplib.IMAP4_SSL(
                parts.hostname, parts.port or 993, ssl_context=context, timeout=60
            )
            try:
                self._server.login(unquote(parts.username), password)
                answer, _ = self._server.select(f'"{folder}"')
                if answer != "OK":
                    raise ServiceError(f"there is no folder {folder!r} at {parts.hostname}")
            except BaseException:
                self.close()
                raise

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield the unseen messages by their lasting numbers; reading them does not mark them."""
        with _translated("the connection to the mailbox was lost"):
            _, numbers = self._server.uid("search", "UNSEEN")
            for number in (numbers[0] or b"").split():
                _, parts = self._server.uid("fetch", number.decode(), "(BODY.PEEK[])")
                for part in parts:
                    if isinstance(part, tuple):
                        yield number.decode(), part[1][:_BIGGEST]

    def mark_read(self, name: str) -> None:
        """Flag it as seen."""
        with _translated("the connection to the mailbox was lost"):
            self._server.uid("store", name, "+FLAGS", r"(\Seen)")

    def close(self) -> None:
        """Log out, if the server is still there."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._server.logout()
        with suppress(OSError):
            self._server.shutdown()


@contextmanager
def _translated(problem: str) -> Iterator[None]:
    """Make what the library raises a ServiceError that names the problem."""
    try:
        yield
    except (OSError, imaplib.IMAP4.error) as error:
        words = error.args[0] if error.args else ""
        words = words.decode("utf-8", "replace") if isinstance(words, bytes) else error
        raise ServiceError(f"{problem}: {words}") from error


def open_mailbox(source: str, password: str) -> BounceMailbox:
    """Open the mailbox that a person named: a folder, or imaps://user@host/FOLDER. UsageError for
    anything else, ServiceError when a server cannot be reached."""
    if source.startswith("imaps://"):
        return Imap(source, password)
    if "://" in source:
        raise UsageError(f"cannot read {source!r}", hint="a Maildir, or imaps://user@host/INBOX")
    return Maildir(Path(source))
