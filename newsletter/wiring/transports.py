"""How mail leaves: the transports of issues and of single notices, by the name in the settings."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from newsletter.config import Config
from newsletter.errors import ConfigError
from newsletter.model.delivery import TransportKind

if TYPE_CHECKING:
    from newsletter.people.ports import Post
    from newsletter.sending.send_plan import SplicerFor
    from newsletter.sending.transports.notices import NoticeWriter
    from newsletter.sending.transports.sendgrid import Api
    from newsletter.sending.transports.smtp_session import Server
    from newsletter.sending.transports.transport import Transport


def _outbox(config: Config, splicer: "SplicerFor") -> "Transport":
    from newsletter.sending.transports.outbox import Outbox

    return Outbox(config.root / config.transport.path, splicer)


def _smtp(config: Config, splicer: "SplicerFor") -> "Transport":
    from newsletter.sending.transports.smtp import Smtp

    return Smtp(
        smtp_server(config),
        splicer,
        sender=config.sender.address,
        connections=config.transport.connections,
    )


def smtp_server(config: Config) -> "Server":
    """Return the mail server of the settings, and who we are to it."""
    from newsletter.sending.transports.access_token import access_token
    from newsletter.sending.transports.smtp_session import Server

    settings = config.transport
    return Server(
        host=settings.host,
        port=settings.port,
        security=settings.security,
        username=settings.username,
        password=config.secrets.smtp_password,
        token=access_token(
            "NEWSLETTER_SMTP_TOKEN",
            token=config.secrets.smtp_token,
            command=config.secrets.smtp_token_command,
        ),
        helo=settings.helo,
    )


def _outbox_post(config: Config, writer: "NoticeWriter") -> "Post":
    from newsletter.sending.transports.notices import OutboxPost

    return OutboxPost(config.root / config.transport.path / "notices", writer)


def _smtp_post(config: Config, writer: "NoticeWriter") -> "Post":
    from newsletter.sending.transports.notices import SmtpPost

    return SmtpPost(smtp_server(config), writer)


def _sendgrid_post(config: Config, _writer: "NoticeWriter") -> "Post":
    from newsletter.sending.transports.notices_sendgrid import SendgridPost

    return SendgridPost(sendgrid_api(config), config.sender)


def _sendgrid(config: Config, splicer: "SplicerFor") -> "Transport":
    from newsletter.sending.transports.sendgrid import Sendgrid

    return Sendgrid(
        sendgrid_api(config),
        config.sender,
        clock=lambda: datetime.now(UTC),
        request_size=config.transport.request_size,
        connections=config.transport.connections,
        held_for=timedelta(minutes=config.transport.hold_minutes),
    )


def sendgrid_api(config: Config, *, seconds: float = 60.0) -> "Api":
    """Return SendGrid's interface. ConfigError without a key."""
    from newsletter.sending.transports.sendgrid import Api

    if not config.secrets.sendgrid_api_key:
        raise ConfigError(
            "SENDGRID_API_KEY is not set",
            hint="create a key that may send mail; newsletter doctor says where it goes",
        )
    return Api(
        config.secrets.sendgrid_api_key,
        clock=lambda: datetime.now(UTC),
        host=_sendgrid_host(config),
        seconds=seconds,
    )


def _sendgrid_host(config: Config) -> str:
    """SendGrid's own address, or that of its region or of a stand-in on this machine."""
    from newsletter.sending.transports.sendgrid import HOST

    settings = config.transport
    if not settings.host:
        return HOST
    if settings.security != "none":
        return f"https://{settings.host}"
    if settings.host not in ("127.0.0.1", "localhost"):
        raise ConfigError(
            "the SendGrid key is never sent over an unencrypted connection",
            file="newsletter.toml",
            hint='remove security = "none" from [transport]',
        )
    return f"http://{settings.host}:{settings.port}"


class Makers(NamedTuple):
    """How one kind of transport is made, for issues and for single notices."""

    transport: "Callable[[Config, SplicerFor], Transport]"
    post: "Callable[[Config, NoticeWriter], Post]"


TRANSPORTS = {
    TransportKind.OUTBOX: Makers(_outbox, _outbox_post),
    TransportKind.SMTP: Makers(_smtp, _smtp_post),
    TransportKind.SENDGRID: Makers(_sendgrid, _sendgrid_post),
}
