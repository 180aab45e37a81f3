"""One SMTP connection: secured, logged in, and never weaker than it was set to be."""

import asyncio
import base64
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from newsletter.errors import ServiceError
from newsletter.model.delivery import Accepted, Deferred, Fault, Outcome, Refused
from newsletter.sending.transports.smtp_replies import ReplyReader, refusal
from newsletter.sending.transports.smtp_session import Server, Unreachable, open_session
from tests.sending import dovecot, postfix
from tests.sending.certificates import make_certificate
from tests.sending.introspection import introspection
from tests.sending.mail_server import mail_server

CONTENT = [b"Subject: x\r\nMessage-ID: <a@b>\r\n\r\n", b"Hello\r\n"]


LONG = b"a-long-token" * 50  # longer than the line of a command


@dataclass
class Handler:
    """Keeps what it accepts."""

    envelopes: list[Envelope] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]) if len(args) > 1 else await server.challenge_auth("")
        good = said in [b"user=user\1auth=Bearer %b\1\1" % token for token in (b"good-token", LONG)]
        if not good:
            assert await server.challenge_auth("{}") == b""
        return AuthResult(success=good, handled=False)

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, name: str, replies: list[str]
    ) -> list[str]:
        session.host_name = name
        self.names.append(name)
        return replies

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 2.0.0 queued as ABC"


def authenticator(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any
) -> AuthResult:
    good = isinstance(login, LoginPassword) and login == LoginPassword(b"user", b"secret")
    return AuthResult(success=good, handled=good)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@dataclass
class Place:
    """An aiosmtpd on loopback that runs while a message is handed to it."""

    options: dict[str, Any]
    settings: Server
    handler: Handler = field(default_factory=Handler)

    def send(self, recipient: str = "ana@example.org", **changes: object) -> Outcome:
        options = {"enable_SMTPUTF8": False, **self.options}
        with mail_server(self.handler, server_hostname="test", **options) as port:
            server = replace(self.settings, **{"port": port, **changes})
            return asyncio.run(self._send(server, recipient))

    async def _send(self, server: Server, recipient: str) -> Outcome:
        session = await open_session(server)
        try:
            return await session.send("news@coalition.example", recipient, CONTENT)
        finally:
            transport = session._wire.transport
            session.close()
            connection = transport and transport.get_extra_info("socket")
            while connection and connection.fileno() != -1:  # TLS says goodbye before it closes
                await asyncio.sleep(0.001)


PATIENCE = {"connect_seconds": 600, "command_seconds": 600, "data_seconds": 600}


@pytest.fixture
def secured(certificate: Path) -> Place:
    """With STARTTLS and AUTH, and settings that fit."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    options = {
        "tls_context": context,
        "require_starttls": True,
        "authenticator": authenticator,
        "auth_required": True,
    }
    trusting = ssl.create_default_context(cafile=str(certificate))
    login = {"username": "user", "password": "secret", "tls": trusting}
    return Place(options, Server(host="localhost", port=0, **login, **PATIENCE))


@pytest.fixture
def plain() -> Place:
    """Neither."""
    return Place({}, Server(host="localhost", port=0, security="none", **PATIENCE))


def test_mail_leaves_over_a_verified_connection(secured: Place) -> None:
    assert secured.send() == Accepted(provider_id="queued as ABC")
    (envelope,) = secured.handler.envelopes
    assert envelope.rcpt_tos == ["ana@example.org"]
    assert envelope.content.endswith(b"\r\n\r\nHello\r\n")


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(secured: Place) -> None:
    with pytest.raises(ServiceError, match="no secure connection"):
        secured.send(tls=None)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_a_version_of_tls_that_is_not_safe_is_not_accepted(secured: Place) -> None:
    ours, theirs = secured.settings.tls, secured.options["tls_context"]
    assert ours
    for context in (ours, theirs):  # as a system may allow it
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.TLSv1
    theirs.maximum_version = ssl.TLSVersion.TLSv1_1

    def serve() -> None:
        with suppress(OSError), theirs.wrap_socket(listening.accept()[0], server_side=True) as wire:
            wire.sendall(b"220 here\r\n")

    with socket.create_server(("localhost", 0)) as listening:
        serving = Thread(target=serve)
        serving.start()
        port = listening.getsockname()[1]
        with pytest.raises(ServiceError, match="no secure connection") as refused:
            asyncio.run(open_session(replace(secured.settings, port=port, security="tls")))
        serving.join()
    assert "a version of TLS that is no longer safe" in refused.value.hint


def test_a_certificate_for_another_name_is_not_accepted(secured: Place) -> None:
    with pytest.raises(ServiceError, match="no secure connection"):
        secured.send(host="127.0.0.1")


def test_a_wrong_password_is_said_and_never_shown(secured: Place) -> None:
    with pytest.raises(ServiceError, match="refuses the user name or the password") as caught:
        secured.send(password="not-it")
    assert "not-it" not in str(caught.value)
    assert "secret" not in repr(secured.settings)


def test_an_access_token_is_enough_and_one_refused_is_said_and_never_shown(
    secured: Place,
) -> None:
    for good in ("good-token", LONG.decode()):
        assert isinstance(secured.send(token=lambda good=good: good), Accepted)
    with pytest.raises(ServiceError, match="user name or the access token") as caught:
        secured.send(token=lambda: "bad-token")
    assert "bad-token" not in str(caught.value)


@pytest.mark.skipif(
    not (postfix.IS_HERE and dovecot.PROGRAM.exists()), reason="needs postfix, dovecot and root"
)
def test_a_real_server_takes_tokens_of_any_length_and_no_foreign_ones(
    secured: Place, certificate: Path
) -> None:
    long = "a-long-token" * 300  # longer than any line that Postfix reads
    tokens = {"good-token": "user", long: "user", "foreign": "somebody"}
    with (
        introspection(tokens) as url,
        dovecot.dovecot([], certificate, introspection=url) as logins,
        postfix.postfix(certificate, sasl=logins.sasl) as port,
    ):
        server = replace(secured.settings, port=port, password="")
        for token in ("good-token", long):
            with_token = replace(server, token=lambda token=token: token)
            outcome = asyncio.run(secured._send(with_token, "ana@example.org"))
            assert isinstance(outcome, Accepted)
        with pytest.raises(ServiceError, match="user name or the access token"):
            asyncio.run(secured._send(replace(server, token=lambda: "foreign"), "ana@example.org"))


def test_a_server_is_greeted_with_the_name_that_is_set_or_one_it_can_take(plain: Place) -> None:
    plain.send(helo="news.example.org")
    plain.send()
    set_, found = plain.handler.names
    assert set_ == "news.example.org"
    assert "." in found
    assert not found.startswith("localhost")


def test_a_server_without_starttls_is_refused_where_it_was_asked_for(plain: Place) -> None:
    with pytest.raises(ServiceError, match="no STARTTLS"):
        plain.send(security="starttls")


def test_a_password_never_travels_in_the_clear(plain: Place) -> None:
    with pytest.raises(ServiceError, match="never sent over an unencrypted connection"):
        plain.send(username="user", password="secret")


def test_an_address_beyond_ascii_needs_a_server_that_takes_it(plain: Place) -> None:
    outcome = plain.send("ñandú@example.org")
    assert isinstance(outcome, Refused)
    assert outcome.code == "5.6.7"
    plain.options["enable_SMTPUTF8"] = True
    assert isinstance(plain.send("ñandú@example.org"), Accepted)


def test_nobody_there_may_be_there_later() -> None:
    with pytest.raises(Unreachable):
        asyncio.run(open_session(Server(host="127.0.0.1", port=9, security="none")))


def test_replies_are_read_however_they_arrive() -> None:
    reader = ReplyReader()
    raw = b"250-mx.example\r\n250-PIPELINING\r\n250 SIZE 100\r\n354 go\r\n"
    replies = [reply for at in range(len(raw)) for reply in reader.feed(raw[at : at + 1])]
    assert [(reply.code, reply.lines) for reply in replies] == [
        (250, ("mx.example", "PIPELINING", "SIZE 100")),
        (354, ("go",)),
    ]


@pytest.mark.parametrize("raw", [b"hello\r\n", b"25\r\n", b"250_ok\r\n", b"x" * 70_000])
def test_what_is_no_reply_is_an_error(raw: bytes) -> None:
    with pytest.raises(ServiceError):
        ReplyReader().feed(raw)


@pytest.mark.parametrize(
    ("raw", "kind", "fault"),
    [
        ("550 5.1.1 no such user", Refused, Fault.ADDRESS),
        ("550 no", Refused, None),
        ("451 4.7.1 later", Deferred, None),
        ("550 4.7.1 later", Deferred, None),
        ("421 bye", Deferred, None),
        ("552 5.2.2 mailbox full", Refused, Fault.MAILBOX),
        ("550 relay not permitted", Deferred, Fault.OURS),
        ("550 SMTP authentication is required.", Deferred, Fault.OURS),
        ("554 5.7.1 <x>: Relay access denied", Deferred, Fault.OURS),
        (
            "504 5.5.2 <laptop>: Helo command rejected: need fully-qualified hostname",
            Deferred,
            Fault.OURS,
        ),
        (
            "550 Domain x has exceeded the max emails per hour (30/30 (100%)) allowed.",
            Deferred,
            Fault.LIMIT,
        ),
        ("554 5.7.1 rejected as spam", Refused, Fault.CONTENT),
    ],
)
def test_a_reply_has_an_owner_and_a_time(
    raw: str, kind: type[Outcome], fault: Fault | None
) -> None:
    (reply,) = ReplyReader().feed(f"{raw}\r\n".encode())
    outcome = refusal(reply, "RCPT")
    assert isinstance(outcome, kind)
    assert outcome.reason == f"RCPT: {raw}"
    assert outcome.fault is fault
    if isinstance(outcome, Refused):
        assert outcome.code == (reply.status or str(reply.code))


def test_control_characters_of_a_server_reach_no_terminal() -> None:
    (reply,) = ReplyReader().feed(b"550 \x1b[31mred\x07\r\n")
    assert str(reply).isprintable()
