"""Single mails: what they look like, and how they leave."""

import base64
import email.policy
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any, cast

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from newsletter.errors import ServiceError
from newsletter.model.coalition import Sender
from newsletter.model.delivery import Refused
from newsletter.model.notice import Notice
from newsletter.sending.message.dkim import DkimSigner
from newsletter.sending.transports.notices import (
    NoticeWriter,
    OutboxPost,
    SmtpPost,
    compose_notice,
)
from newsletter.sending.transports.smtp_session import Server
from tests.sending.mail_server import mail_server

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SENDER = Sender(
    name="Coalición, Inc.", address="news@coalition.example", reply_to="ed@coalition.example"
)
NOTICE = Notice(
    address="ana@x.example",
    language="es",
    subject="Confirme, por favor\r\nBcc: evil@x.example".replace("\r\n", " "),
    text=".A line with a dot\n\nñandú https://news.coalition.example/confirm/" + "x" * 90 + "\n",
    html="<p>ñandú</p>\n",
)


def read(data: bytes) -> EmailMessage:
    parsed = BytesParser(policy=email.policy.default).parsebytes(data)
    return cast(EmailMessage, parsed)


def composed(notice: Notice) -> bytes:
    return compose_notice(notice, SENDER, date=NOW, message_id="<one@coalition.example>")


def test_a_notice_is_one_persons_and_says_that_a_program_wrote_it() -> None:
    data = composed(NOTICE)
    message = read(data)
    assert message["To"] == "ana@x.example"
    assert message["From"] == '"Coalición, Inc." <news@coalition.example>'
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Content-Language"] == NOTICE.language
    assert message["Reply-To"] == "ed@coalition.example"
    for name in ("List-Id", "List-Unsubscribe", "Precedence"):
        assert message[name] is None
    text, html = (part.get_content() for part in message.iter_parts())  # type: ignore[attr-defined]
    assert (text.replace("\r\n", "\n"), html.replace("\r\n", "\n")) == (NOTICE.text, NOTICE.html)
    assert data.isascii()
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_a_discreet_notice_has_the_neutral_sender() -> None:
    discreet = Notice(
        address="a@x.example", language="en", subject="s", text="t", html="h", discreet=True
    )
    assert "Coalici" not in read(composed(discreet))["From"]


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Weekly update"), ("es-MX", "Resumen semanal"), ("ar", "الملخص الأسبوعي")],
)
def test_the_neutral_sender_has_a_name_in_the_readers_language(language: str, name: str) -> None:
    """An English sender above a Spanish subject drew the eye it should not draw."""
    discreet = replace(NOTICE, language=language, discreet=True)
    assert read(composed(discreet))["From"].addresses[0].display_name == name
    own = replace(SENDER, discreet_name="Ana")
    composed_so = compose_notice(discreet, own, date=NOW, message_id="<one@coalition.example>")
    assert read(composed_so)["From"].addresses[0].display_name == "Ana"


@pytest.mark.parametrize(
    ("address", "header"), [("ana@bücher.example", "ana@xn--bcher-kva.example")]
)
def test_an_international_domain_is_written_in_ascii(address: str, header: str) -> None:
    notice = Notice(address=address, language="en", subject="s", text="t", html="h")
    assert read(composed(notice))["To"] == header


def test_the_outbox_gets_a_file_that_a_mail_program_opens(tmp_path: Path) -> None:
    OutboxPost(tmp_path / "notices", NoticeWriter(SENDER, lambda: NOW)).send(NOTICE)
    (file,) = (tmp_path / "notices" / "new").iterdir()
    assert read(file.read_bytes())["Subject"] == NOTICE.subject


def test_an_outbox_that_a_notice_makes_is_for_its_owner_only(tmp_path: Path) -> None:
    folder = tmp_path / "outbox" / "notices"
    OutboxPost(folder, NoticeWriter(SENDER, lambda: NOW)).send(NOTICE)
    assert [one.stat().st_mode & 0o077 for one in (folder.parent, folder)] == [0, 0]


def test_a_full_disk_or_a_wrong_folder_is_tried_again_later(tmp_path: Path) -> None:
    (tmp_path / "notices").write_text("a file, not a folder")
    with pytest.raises(ServiceError, match="cannot write"):
        OutboxPost(tmp_path / "notices", NoticeWriter(SENDER, lambda: NOW)).send(NOTICE)


class Handler:
    """A mail server's inside: keeps what it takes, answers what it is told to."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.answer = "250 OK"

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Any, address: str, _options: object
    ) -> str:
        envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        self.taken.append(envelope.content)
        return "250 OK"


@pytest.fixture
def serving() -> Iterator[tuple[Handler, SmtpPost]]:
    handler = Handler()
    with mail_server(handler) as port:
        server = Server(host="127.0.0.1", port=port, security="none")
        yield handler, SmtpPost(server, NoticeWriter(SENDER, lambda: NOW))


def test_a_notice_arrives_over_smtp_as_it_was_written(
    serving: tuple[Handler, SmtpPost],
) -> None:
    handler, post = serving
    post.send(NOTICE)
    (data,) = handler.taken
    text = next(read(data).iter_parts())
    assert text.get_content().replace("\r\n", "\n") == NOTICE.text  # type: ignore[attr-defined]


def test_a_notice_is_signed_and_returns_as_issues_do() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signer = DkimSigner(pem, domain="coalition.example", selector="sel")
    writer = NoticeWriter(SENDER, lambda: NOW, "bounces.example", lambda: signer)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    assert dkim.verify(writer.write(NOTICE), dnsfunc=lambda *_, **__: record)
    assert writer.return_path() == "bounce@bounces.example"
    assert NoticeWriter(SENDER, lambda: NOW).return_path() == "news@coalition.example"


def test_a_refused_notice_is_not_tried_again_and_one_put_off_is(
    serving: tuple[Handler, SmtpPost],
) -> None:
    handler, post = serving
    handler.answer = f"550 5.1.1 no such user {NOTICE.address}"
    refused = post.send(NOTICE)
    assert isinstance(refused, Refused)
    handler.answer = f"450 4.2.0 greylisted {NOTICE.address}"
    with pytest.raises(ServiceError, match="puts a mail off") as put_off:
        post.send(NOTICE)
    assert NOTICE.address not in f"{refused.reason} {put_off.value}", "a log names nobody"
    assert handler.taken == []


def test_a_mail_server_that_is_gone_is_a_service_error() -> None:
    server = Server(host="127.0.0.1", port=1, security="none", connect_seconds=2)
    with pytest.raises(ServiceError):
        SmtpPost(server, NoticeWriter(SENDER, lambda: NOW)).send(NOTICE)


@pytest.mark.parametrize("length", range(1, 60, 3))
def test_no_blank_of_a_name_or_subject_is_lost_where_they_fold(length: int) -> None:
    """34 of 400 Spanish names came out as `CañadaEducación`."""
    name = f"{'x' * length} Cañada Educación para la Niñez y los Niños, Año por Año"
    subject = f"{'y' * length} Confirme, por favor: el boletín de la Coalición de Educación y Niñez"
    data = compose_notice(
        replace(NOTICE, subject=subject),
        replace(SENDER, name=name),
        date=NOW,
        message_id="<one@coalition.example>",
    )
    message = BytesParser(policy=email.policy.compat32).parsebytes(data)
    shown = {key: str(make_header(decode_header(message[key]))) for key in ("From", "Subject")}
    assert " ".join(shown["From"].split()) == f"{name} <{SENDER.address}>"
    assert shown["Subject"] == subject
    head = data.partition(b"\r\n\r\n")[0].decode("ascii")
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", head))
    assert max(map(len, head.split("\r\n"))) <= 78
