"""Doctor knocks at the mail server: it comes as far as the first mail, and sends none."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.config import Config
from newsletter.doctor.findings import Finding, Status
from newsletter.doctor.mail_server import mail_server as findings
from newsletter.errors import ConfigError, ServiceError
from newsletter.sending.transports.smtp_knock import knock
from newsletter.sending.transports.smtp_session import Server
from newsletter.wiring.transports import smtp_server
from tests.conftest import NEWSLETTER_TOML
from tests.sending.certificates import make_certificate
from tests.sending.mail_server import mail_server
from tests.sending.sendgrid_stub import Stub
from tests.sending.transports.test_smtp_session import Handler, authenticator
from tests.web_server import Reply

Make = Callable[..., Config]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secured(certificate: Path) -> Iterator[tuple[Handler, Server]]:
    """A server with STARTTLS that wants a login, and settings that fit."""
    handler = Handler()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    options = {"tls_context": context, "require_starttls": True, "auth_required": True}
    trusting = ssl.create_default_context(cafile=str(certificate))
    with mail_server(handler, authenticator=authenticator, **options) as port:
        login = {"username": "user", "password": "secret", "tls": trusting}
        yield handler, Server(host="localhost", port=port, helo="x.example", **login)


def test_a_server_that_lets_us_in_gets_no_mail(secured: tuple[Handler, Server]) -> None:
    handler, server = secured
    knock(server)
    assert handler.names, "it was greeted"
    assert handler.envelopes == []


@pytest.mark.parametrize(
    ("wrong", "said", "hint"),
    [
        ({"password": "wrong"}, "refuses the user name or the password", "SMTP_PASSWORD"),
        ({"tls": None}, "no secure connection", "certificate"),
        ({"security": "tls"}, "no secure connection", 'security = "starttls"'),
    ],
)
def test_what_keeps_us_out_is_named_with_its_mend(
    secured: tuple[Handler, Server], wrong: dict[str, str], said: str, hint: str
) -> None:
    with pytest.raises(ServiceError, match=said) as error:
        knock(replace(secured[1], **wrong))  # type: ignore[arg-type]
    assert hint in error.value.hint


def said(make_config: Make, transport: str, **secrets: str) -> Finding:
    (finding,) = findings(make_config(f"{NEWSLETTER_TOML}[transport]\n{transport}\n", **secrets))
    return finding


def test_a_port_where_nobody_listens_is_named(make_config: Make) -> None:
    finding = said(make_config, 'kind = "smtp"\nhost = "127.0.0.1"\nport = 1\nsecurity = "none"')
    assert finding.status is Status.MISSING
    assert "127.0.0.1:1" in finding.message
    assert "587" in finding.hint


def test_a_port_that_is_none_is_a_mistake_in_the_settings(make_config: Make) -> None:
    with pytest.raises(ConfigError, match="there is no port 70000"):
        make_config(f'{NEWSLETTER_TOML}[transport]\nkind = "smtp"\nhost = "x"\nport = 70000\n')


def test_a_server_of_the_settings_that_answers_is_fine(make_config: Make) -> None:
    with mail_server(Handler()) as port:
        toml = f'kind = "smtp"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"'
        assert said(make_config, toml).status is Status.FINE
        assert smtp_server(make_config(f"{NEWSLETTER_TOML}[transport]\n{toml}\n")).port == port


def test_nobody_is_asked_where_mail_becomes_files(config: Config) -> None:
    assert findings(config) == []


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(body=b'{"scopes": ["mail.send"]}'), Status.FINE),
        (Reply(body=b'{"scopes": ["stats.read"]}'), Status.MISSING),
        (Reply(status=401, body=b"{}"), Status.MISSING),
    ],
)
def test_a_sendgrid_key_that_may_not_send_is_named(
    make_config: Make, tmp_path: Path, reply: Reply, status: Status
) -> None:
    with Stub(tmp_path / "taken") as stub:
        stub.pages["/v3/scopes"] = reply
        toml = f'kind = "sendgrid"\nhost = "127.0.0.1"\nport = {stub.port}\nsecurity = "none"'
        assert said(make_config, toml, SENDGRID_API_KEY="x").status is status
