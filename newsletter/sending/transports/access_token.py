"""Access tokens for mail servers that take no password any more [I/O]: a command makes them.

XOAUTH2 as Google and Microsoft document it, for SMTP and IMAP alike.
"""

import shlex
import subprocess
from collections.abc import Callable
from functools import partial

from newsletter.errors import ConfigError, ServiceError

_SECONDS = 60


def xoauth2(user: str, token: str) -> bytes:
    """Return what is said to the server in answer to AUTH XOAUTH2, before base64."""
    return f"user={user}\1auth=Bearer {token}\1\1".encode()


def access_token(name: str, *, token: str, command: str) -> Callable[[], str] | None:
    """Return what gives a token each time that a connection is opened: the command, for a token
    lasts an hour and a send may take longer, else the token itself. None where there is neither.
    `name` is the variable of the token; that of the command ends in _COMMAND."""
    if command:
        return partial(_made, command, f"{name}_COMMAND")
    return (lambda: token) if token else None


def _made(command: str, name: str) -> str:
    """Run the command, without a shell. Its output is a secret: no error repeats it."""
    try:
        words = shlex.split(command)
        run = subprocess.run(words, capture_output=True, timeout=_SECONDS, check=True)
    except ValueError as error:
        raise ConfigError(f"{name} cannot be read: {error}", hint="close its quotes") from error
    except (OSError, subprocess.SubprocessError) as error:
        what = "cannot be run" if isinstance(error, OSError) else "failed"
        said = getattr(error, "stderr", None) or b""
        last = said.decode("utf-8", "replace").strip().rpartition("\n")[2][:200]
        raise ServiceError(
            f"the command in {name} {what}{': ' if last else ''}{last}",
            hint="run it by hand: it has to print an access token, and nothing else",
        ) from error
    token = run.stdout.decode("utf-8", "replace").strip()
    if not token.isascii() or not token.isprintable() or " " in token or not token:
        raise ServiceError(
            f"the command in {name} prints no access token",
            hint="run it by hand: it has to print an access token, and nothing else",
        )
    return token
