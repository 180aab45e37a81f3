"""Who we say we are to a mail server [I/O]: our host's name, and our login."""

import asyncio
import base64
import socket
from collections.abc import Awaitable, Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from newsletter.sending.transports.access_token import xoauth2
from newsletter.sending.transports.smtp_replies import Reply

_LONGEST_LINE = 512  # bytes of a command, with its end (RFC 5321 4.5.3.1.4)


class Login(NamedTuple):
    """A user, and what proves it: the password, or an access token where there is one."""

    user: str
    password: str
    token: Callable[[], str] | None

    @property
    def secret(self) -> str:
        """Return what it is called, for messages."""
        return "password" if self.token is None else "access token"


def own_name(transport: asyncio.Transport | None) -> str:
    """Return this machine's name if it has a full one, else its address as a literal (RFC 5321
    4.1.4): servers refuse `localhost` and bare names."""
    name = _full_name()
    if name:
        return name
    local = transport.get_extra_info("sockname") if transport else None
    address = str(local[0]).partition("%")[0] if local else "127.0.0.1"
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


@lru_cache(maxsize=1)  # it may ask a name server
def _full_name() -> str:
    name = socket.getfqdn()
    is_full = "." in name and not name.startswith("localhost") and not name[-1].isdigit()
    return name if is_full and name.isascii() and not name.endswith(".arpa") else ""


async def log_in(
    login: Login, methods: Sequence[str], ask: Callable[[str], Awaitable[Reply]]
) -> Reply | None:
    """Log in by one of the server's methods, and return its last reply; None when it has none that
    fits."""
    if login.token is not None:
        if "XOAUTH2" not in methods:
            return None
        # On another thread: a command makes it, and other connections go on meanwhile.
        token = await asyncio.to_thread(login.token)
        reply = await _prove("XOAUTH2", xoauth2(login.user, token), ask)
        # The error comes first, as JSON in base64, and the refusal after our answer to that.
        return await ask("") if reply.code == 334 else reply
    if "PLAIN" in methods:
        proof = f"\0{login.user}\0{login.password}".encode()
        return await _prove("PLAIN", proof, ask)
    if "LOGIN" not in methods:
        return None
    reply = await ask("AUTH LOGIN")
    for word in (login.user, login.password):
        if reply.code == 334:
            reply = await ask(_coded(word.encode()))
    return reply


async def _prove(method: str, proof: bytes, ask: Callable[[str], Awaitable[Reply]]) -> Reply:
    """Say all in one line if that is short enough for a command, else when we are asked (RFC 4954
    4): a token of Microsoft's has thousands of characters."""
    command, answer = f"AUTH {method}", _coded(proof)
    if len(command) + len(answer) + 3 <= _LONGEST_LINE:
        return await ask(f"{command} {answer}")
    reply = await ask(command)
    return await ask(answer) if reply.code == 334 else reply


def _coded(data: bytes) -> str:
    return base64.b64encode(data).decode()
