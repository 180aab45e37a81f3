"""[I/O] Whether the mail server lets us in: connected, secured, logged in, and no mail."""

import asyncio
from dataclasses import replace

from newsletter.errors import ServiceError
from newsletter.sending.transports.smtp_session import Server, Unreachable, open_session

_SECONDS = 10.0  # for each step; a server that greets later than that drops half of its mail
_ROUNDS = 3  # of the loop, in which it closes what was given up


def knock(server: Server) -> None:
    """Come as far as the first mail, and say goodbye. ServiceError when it does not let us in."""
    quick = replace(server, connect_seconds=_SECONDS, command_seconds=_SECONDS)
    try:
        asyncio.run(_knock(quick))
    except Unreachable as error:
        raise ServiceError(str(error), hint=_hint(server)) from error


async def _knock(server: Server) -> None:
    try:
        (await open_session(server)).hang_up()
    finally:
        for _ in range(_ROUNDS):
            await asyncio.sleep(0)


def _hint(server: Server) -> str:
    if server.port == 465 and server.security == "starttls":
        return 'port 465 goes with security = "tls", port 587 with "starttls"'
    return (
        "check host and port in [transport]: usually 587 with starttls, or 465 with tls; "
        "networks at home often block port 25"
    )
