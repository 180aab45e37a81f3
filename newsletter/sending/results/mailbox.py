"""Where returned mail arrives [I/O]: a Maildir, or a folder of an IMAP server."""

import base64
import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from newsletter.errors import ServiceError, UsageError
from newsletter.sending.transports.access_token import xoauth2
from newsletter.system import FLAGS_BEGIN, network_reason
from newsletter.tls import safe_tls

_BIGGEST = 5_000_000  # bytes; a bounce is smaller, and the rest of it is the original


class BounceMailbox(Protocol):
    """Messages that nobody has read yet. Each is marked as read only after it was dealt with."""

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield each message's name and bytes."""

    def mark_read(self, name: str) -> None:
        """Do not give that message again."""

    def put_aside(self, name: str) -> None:
        """Do not give that message again, and flag it: a person has to look at it."""

    def close(self) -> None:
        """Let go of it, whether or not all was read."""


class Maildir:
    """A Maildir's `new`; what was dealt with moves to `cur`, flagged as seen. UsageError when the
    folder is none."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "new").is_dir() or not (folder / "cur").is_dir():
            raise UsageError(f"{folder} is no Maildir", hint="it has a new and a cur folder")
        self._folder = folder

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield the messages in `new`, oldest name first; no bytes where one cannot be opened."""
        for name in sorted(path.name for path in (self._folder / "new").iterdir()):
            try:
                with (self._folder / "new" / name).open("rb") as file:
                    raw = file.read(_BIGGEST)
            except OSError:
                raw = b""
            yield name, raw

    def mark_read(self, name: str) -> None:
        """Move it to `cur`."""
        self._move(name, "S")

    def put_aside(self, name: str) -> None:
        """Move it to `cur`, flagged and unseen."""
        self._move(name, "F")

    def _move(self, name: str, flag: str) -> None:
        moved = self._folder / "cur" / f"{name.partition(FLAGS_BEGIN)[0]}{FLAGS_BEGIN}2,{flag}"
        (self._folder / "new" / name).rename(moved)

    def close(self) -> None:
        """Do nothing: nothing is open."""


class Imap:
    """The unseen messages of a folder, over TLS. Logs in with the password, or by XOAUTH2 where
    there is a `token`."""

    def __init__(
        self,
        url: str,
        password: str,
        *,
        token: Callable[[], str] | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        parts = urlsplit(url)
        if not parts.hostname or not parts.username:
            raise UsageError(
                f"{url!r} is not the address of a mailbox",
                hint="write imaps://user@host/INBOX; the password "
                "comes from NEWSLETTER_IMAP_PASSWORD",
            )
        folder = unquote(parts.path.strip("/")) or "INBOX"
        context = safe_tls(tls)
        secret = "PASSWORD" if token is None else "TOKEN_COMMAND"
        hint = f"check the user and NEWSLETTER_IMAP_{secret}; Gmail and Office 365 take tokens only"
        with _translated(f"cannot open the mailbox at {parts.hostname}", hint):
            self._server = imaplib.IMAP4_SSL(
                parts.hostname, parts.port or 993, ssl_context=context, timeout=60
            )
            try:
                user = unquote(parts.username)
                self._log_in(user, password, token)
                answer, _ = self._server.select(f'"{_in_utf7(folder)}"')
                if answer != "OK":
                    raise ServiceError(f"there is no folder {folder!r} at {parts.hostname}")
            except BaseException:
                self.close()
                raise

    def _log_in(self, user: str, password: str, token: Callable[[], str] | None) -> None:
        if token is not None:
            # The first answer is the token; a second question carries the error, and wants nothing.
            answers = iter([xoauth2(user, token())])
            self._server.authenticate("XOAUTH2", lambda _: next(answers, b""))
        elif password.isascii() and user.isascii():
            self._server.login(user, password)
        else:
            self._server.authenticate("PLAIN", lambda _: f"\0{user}\0{password}".encode())

    def unread(self) -> Iterator[tuple[str, bytes]]:
        """Yield the unseen messages by their lasting numbers; reading them does not mark them."""
        with _translated("the connection to the mailbox was lost"):
            _, numbers = self._server.uid("search", "UNSEEN")
            for number in (numbers[0] or b"").split():
                _, parts = self._server.uid("fetch", number.decode(), "(BODY.PEEK[])")
                found = [part[1] for part in parts or () if isinstance(part, tuple)]
                yield number.decode(), found[0][:_BIGGEST] if found else b""

    def mark_read(self, name: str) -> None:
        """Flag it as seen."""
        self._flag(name, r"(\Seen)")

    def put_aside(self, name: str) -> None:
        """Flag it as seen, and for attention."""
        self._flag(name, r"(\Seen \Flagged)")

    def _flag(self, name: str, flags: str) -> None:
        with _translated("the connection to the mailbox was lost"):
            self._server.uid("store", name, "+FLAGS", flags)

    def close(self) -> None:
        """Log out, if the server is still there."""
        with suppress(OSError, imaplib.IMAP4.error):
            self._server.logout()
        with suppress(OSError):
            self._server.shutdown()


@contextmanager
def _translated(problem: str, hint: str = "") -> Iterator[None]:
    """Make what the library raises a ServiceError that names the problem."""
    try:
        yield
    except imaplib.IMAP4.error as error:
        words = error.args[0] if error.args else ""
        words = words.decode("utf-8", "replace") if isinstance(words, bytes) else error
        raise ServiceError(f"{problem}: {words}", hint=hint) from error
    except (OSError, UnicodeError) as error:
        raise ServiceError(f"{problem}: {network_reason(error)}") from error


def _in_utf7(folder: str) -> str:
    """A folder's name as IMAP writes it (RFC 3501 5.1.3), for a quoted string."""

    def shifted(match: re.Match[str]) -> str:
        coded = base64.b64encode(match[0].encode("utf-16-be")).decode().rstrip("=")
        return f"&{coded.replace('/', ',')}-"

    escaped = folder.replace("&", "&-").replace("\\", "\\\\").replace('"', '\\"')
    return re.sub(r"[^\x20-\x7e]+", shifted, escaped)


def open_mailbox(
    source: str, password: str, *, token: Callable[[], str] | None = None
) -> BounceMailbox:
    """Open the mailbox that a person named: a folder, or imaps://user@host/FOLDER. UsageError for
    anything else, ServiceError when a server cannot be reached."""
    if source.startswith("imaps://"):
        return Imap(source, password, token=token)
    if "://" in source:
        raise UsageError(f"cannot read {source!r}", hint="a Maildir, or imaps://user@host/INBOX")
    return Maildir(Path(source))
