"""One SMTP connection [I/O]: opened, secured, logged in, and one message after the other.

MAIL, RCPT and DATA go out in one piece where the server offers PIPELINING (RFC 2920): two round
trips a message where there were four. Written on asyncio's protocol rather than its streams: the
streams cost half of the rate (docs/decisions/0401-smtp-client.md).
"""

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from newsletter.errors import ServiceError
from newsletter.model.delivery import Accepted, Deferred, Fault, Outcome, Refused, Uncertain
from newsletter.people.domains import domain_in_ascii
from newsletter.sending.transports.retry import NOT_TRIED
from newsletter.sending.transports.smtp_greeting import Login, log_in, own_name
from newsletter.sending.transports.smtp_replies import Reply, refusal
from newsletter.sending.transports.smtp_wire import Wire
from newsletter.system import OLD_TLS, is_old_tls, network_reason
from newsletter.tls import safe_tls


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Where mail is handed over. `security` is starttls, tls or none; seconds for the timeouts.
    `token` gives an access token, and is asked for each connection; `helo` is our own name.

    RFC 5321 4.5.3.2 asks for ten minutes after the final dot; a server that takes that long is
    still working, and giving up early would only make the person uncertain.
    """

    host: str
    port: int
    security: str = "starttls"
    username: str = ""
    password: str = field(default="", repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    helo: str = ""
    tls: ssl.SSLContext | None = field(default=None, repr=False)
    connect_seconds: float = 30.0
    command_seconds: float = 120.0
    data_seconds: float = 600.0

    @property
    def name(self) -> str:
        """Return host:port, for messages."""
        return f"{self.host}:{self.port}"

    @property
    def login(self) -> Login:
        """Return who we are to it."""
        return Login(self.username, self.password, self.token)


# What OpenSSL calls an answer that is no TLS.
_PLAIN_ANSWERS = ("WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE", "HTTP_REQUEST")
_PASSING = (Fault.LIMIT, Fault.MOMENT)


class Unreachable(Exception):  # noqa: N818  a state of the world rather than a mistake
    """No connection now; maybe later. Never leaves this package."""


class Session:
    """A connection that is ready to take messages. Made by `open_session`."""

    def __init__(self, wire: Wire, server: Server, extensions: dict[str, str]) -> None:
        self._wire = wire
        self._server = server
        self._pipelining = "PIPELINING" in extensions
        self._sized = "SIZE" in extensions
        self._utf8 = "SMTPUTF8" in extensions
        self._needs_reset = False
        self._used = False

    @property
    def is_open(self) -> bool:
        """Return whether another message can be tried on it."""
        return self._wire.lost is None

    async def send(
        self,
        sender: str,
        recipient: str,
        data: list[bytes],
        *,
        on_answer: Callable[[], bool] = lambda: True,
    ) -> Outcome:
        """Hand one message over. `data` is the message as pieces, lines free of leading dots.

        `on_answer` is called when the server has said whether it wants the content, and returns
        whether it may have it. ServiceError when the server refuses the sender, for then it refuses
        everybody.
        """
        recipient = domain_in_ascii(recipient)
        if not recipient.isascii() and not self._utf8:
            return Refused(reason="the mail server does not take such addresses", code="5.6.7")
        size = f" SIZE={sum(map(len, data))}" if self._sized else ""
        utf8 = "" if recipient.isascii() else " SMTPUTF8"
        commands = [
            f"MAIL FROM:<{sender}>{size}{utf8}\r\n".encode(),
            f"RCPT TO:<{recipient}>\r\n".encode(),
            b"DATA\r\n",
        ]
        if self._needs_reset:
            commands.insert(0, b"RSET\r\n")
        replies = await self._dialogue(commands)
        if self._needs_reset and replies:
            self._needs_reset = False
            replies = replies[1:]
        refused = await self._refused(replies)
        if not on_answer() and refused is None:
            self._wire.end("called off before the content")
            return NOT_TRIED
        return refused or await self._hand_over(data)

    async def _dialogue(self, commands: list[bytes]) -> list[Reply]:
        """All commands and their replies; fewer replies than commands when it broke off."""
        seconds = self._server.command_seconds
        if self._pipelining:
            self._wire.write(b"".join(commands))
            return await self._wire.replies(len(commands), seconds)
        replies: list[Reply] = []
        for command in commands:
            self._wire.write(command)
            answer = await self._wire.replies(1, seconds)
            replies += answer
            if not answer or answer[0].code >= 400:
                break
        return replies

    async def _refused(self, replies: list[Reply]) -> Outcome | None:
        """What stopped the message before its content; None when the content is asked for."""
        for stage, reply in zip(("MAIL", "RCPT", "DATA"), replies, strict=False):
            if reply.is_positive or (stage == "DATA" and reply.code == 354):
                continue
            self._used = self._needs_reset = True
            if stage == "RCPT" and len(replies) == 3 and replies[2].code == 354:
                # No recipient is left: an empty message, and the server must drop it.
                self._wire.write(b".\r\n")
                await self._wire.replies(1, self._server.command_seconds)
            if reply.code == 421:
                self.close()
            outcome = refusal(reply, stage)
            if stage == "MAIL" and reply.code >= 500 and outcome.fault not in _PASSING:
                raise ServiceError(
                    f"{self._server.name} refuses the sender: {reply}",
                    hint="check [sender] address, the user name and the password",
                )
            return outcome
        if len(replies) == 3:
            return None
        reason = self._wire.lost or "the server did not ask for the content"
        self.close()
        # Nobody got as far as the content. A connection that had simply gone stale counts for
        # nothing; one that breaks off for this message is an answer of a kind.
        return NOT_TRIED if self._used and not replies else Deferred(reason=reason)

    async def _hand_over(self, data: list[bytes]) -> Outcome:
        self._used = True
        self._wire.write(b"".join([*data, b".\r\n"]))
        answer = await self._wire.replies(1, self._server.data_seconds)
        if answer:
            if answer[0].is_positive:
                return Accepted(provider_id=answer[0].text[:200])
            self._needs_reset = True
            if answer[0].code == 421:
                self.close()
            return refusal(answer[0], "content")
        if self._wire.unsent:
            # Part of the message, and so its final dot, never left this machine: a server must
            # not deliver what it has not seen the end of (RFC 5321 4.1.1.4).
            return Deferred(reason=self._wire.lost or "broken off")
        return Uncertain(reason=f"content sent, then {self._wire.lost}")

    def close(self) -> None:
        """Say goodbye without waiting for the answer."""
        if self._wire.transport is not None and self._wire.lost is None:
            self._wire.write(b"QUIT\r\n")
            self._wire.close()

    def hang_up(self) -> None:
        """Say goodbye and close at once, without the goodbyes of TLS."""
        self._wire.write(b"QUIT\r\n")
        self._wire.end("hung up")


async def open_session(server: Server) -> Session:
    """Connect, secure, log in. Unreachable: maybe later; ServiceError: not with these settings."""
    loop = asyncio.get_running_loop()
    context = None if server.security == "none" else safe_tls(server.tls)
    wire = Wire()
    try:
        async with asyncio.timeout(server.connect_seconds):
            await loop.create_connection(
                lambda: wire,
                server.host,
                server.port,
                ssl=context if server.security == "tls" else None,
            )
        greeting = await _one(wire, server)
        if not greeting.is_positive:
            raise Unreachable(str(greeting))
        extensions = await _hello(wire, server)
        if server.security == "starttls":
            extensions = await _secure(wire, server, extensions, context)
        if server.username:
            await _log_in(wire, server, extensions)
    except ssl.SSLError as error:
        wire.end("TLS failed")
        hint = "the certificate must be valid for the name in [transport] host"
        if error.reason in _PLAIN_ANSWERS:
            hint = (
                'this port does not begin with TLS: set security = "starttls" in [transport], or '
                "port = 465"
            )
        elif is_old_tls(error):
            hint = f"{OLD_TLS}: it needs an update"
        raise ServiceError(
            f"{server.name}: no secure connection: {error.reason or error}",
            hint=hint,
        ) from error
    except (OSError, UnicodeError) as error:
        raise Unreachable(f"{server.name}: {network_reason(error)}") from error
    except BaseException:
        if wire.transport is not None:
            wire.transport.abort()
        raise
    return Session(wire, server, extensions)


async def _one(wire: Wire, server: Server) -> Reply:
    replies = await wire.replies(1, server.command_seconds)
    if not replies:
        raise Unreachable(f"{server.name}: {wire.lost}")
    return replies[0]


async def _ask(wire: Wire, server: Server, command: str) -> Reply:
    wire.write(f"{command}\r\n".encode())
    return await _one(wire, server)


async def _hello(wire: Wire, server: Server) -> dict[str, str]:
    """The server's extensions by name."""
    reply = await _ask(wire, server, f"EHLO {server.helo or own_name(wire.transport)}")
    if reply.code >= 500:
        raise ServiceError(
            f"{server.name} refuses our name: {reply}",
            hint='set helo = "…" in [transport] to the full host name of this machine',
        )
    if not reply.is_positive:
        raise Unreachable(f"{server.name}: {reply}")
    words = [line.partition(" ") for line in reply.lines[1:]]
    return {name.upper(): rest for name, _, rest in words}


async def _secure(
    wire: Wire, server: Server, extensions: dict[str, str], context: ssl.SSLContext | None
) -> dict[str, str]:
    if "STARTTLS" not in extensions:
        raise ServiceError(
            f"{server.name} offers no STARTTLS",
            hint='use security = "tls" (port 465), or "none" for a server on this machine',
        )
    reply = await _ask(wire, server, "STARTTLS")
    if not reply.is_positive or wire.transport is None or context is None:
        raise Unreachable(f"{server.name}: {reply}")
    loop = asyncio.get_running_loop()
    transport = await loop.start_tls(wire.transport, wire, context, server_hostname=server.host)
    if transport is None:
        raise Unreachable(f"{server.name}: the connection broke while it was being secured")
    wire.connection_made(transport)
    return await _hello(wire, server)


async def _log_in(wire: Wire, server: Server, extensions: dict[str, str]) -> None:
    if server.security == "none":
        raise ServiceError(
            "a password is never sent over an unencrypted connection",
            hint='set security = "starttls" or "tls" in [transport]',
        )
    methods = extensions.get("AUTH", "").upper().split()
    reply = await log_in(server.login, methods, partial(_ask, wire, server))
    if reply is None:
        ours = "XOAUTH2" if server.token is not None else "PLAIN, LOGIN"
        raise ServiceError(
            f"{server.name} offers no login that we support ({ours})",
            hint=f"it offers {', '.join(methods) or 'none'}; see docs/configuration.md, Secrets",
        )
    if 400 <= reply.code < 500:
        raise Unreachable(f"{server.name}: {reply}")
    if not reply.is_positive:
        raise ServiceError(
            f"{server.name} refuses the user name or the {server.login.secret}: {reply}",
            hint="check [transport] username and "
            f"NEWSLETTER_SMTP_{'TOKEN' if server.token else 'PASSWORD'}",
        )
