"""DKIM: what dkimpy verifies, and what it must not verify any more after a change."""

import base64
import re
from datetime import UTC, datetime

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from newsletter.errors import ConfigError
from newsletter.model.coalition import Sender
from newsletter.model.message import Message
from newsletter.sending.message.compose import Splicer
from newsletter.sending.message.dkim import DkimSigner
from tests.sending.parts import edition

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
KEY = rsa.generate_private_key(65537, 2048)
SENDER = Sender(
    name="Coalición Ñandú", address="news@coalition.example", reply_to="editors@coalition.example"
)


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey = KEY) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def dns(name: bytes, timeout: int = 5) -> bytes:
    assert name == b"sel._domainkey.coalition.example."
    der = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)


def signed(text: str = "¡Hola!  \n\n\n@@leave_url@@\n\n\n", **changes: object) -> bytes:
    signer = DkimSigner(pem(), domain="coalition.example", selector="sel")
    made = edition("es", subject="Lo que pasó esta semana — " * 8, text=text)
    message = Message(
        delivery_id=1,
        edition=made,
        address="ana@example.org",
        message_id="<t@coalition.example>",
        personal={
            "@@leave_url@@": "https://news.example/leave/a",
            "@@preferences_url@@": "https://news.example/preferences/a",
        },
        **changes,
    )
    return Splicer(made, SENDER, clock=lambda: NOW, signer=signer).message(message)


def verifies(raw: bytes) -> bool:
    result: bool = dkim.verify(raw, dnsfunc=dns)
    return result


@pytest.mark.parametrize("discreet", [False, True])
def test_a_spliced_message_verifies(discreet: bool) -> None:
    assert verifies(signed(discreet=discreet))


def test_a_body_in_base64_verifies() -> None:
    ukrainian = "Щосуботи о десятій: безкоштовна консультація.\n" * 30
    raw = signed(text=f"{ukrainian}@@leave_url@@\n")
    assert b"Content-Transfer-Encoding: base64" in raw
    assert verifies(raw)
    changed = re.sub(rb"(?m)^([A-Za-z0-9+/]{40})([A-Za-z0-9+/]{36})\r$", rb"\2\1\r", raw, count=1)
    assert changed != raw
    assert not verifies(changed)


HEADERS = """From Reply-To To Subject Date Message-ID List-Id Feedback-ID List-Unsubscribe
List-Unsubscribe-Post Content-Type"""


@pytest.mark.parametrize("header", HEADERS.split())
def test_a_change_of_any_signed_header_breaks_it(header: str) -> None:
    raw, name = signed(), header.encode()
    changed = re.sub(rb"(?m)^" + name + rb": (.)", name + rb": x\1", raw, count=1)
    assert changed != raw
    assert not verifies(changed)
    without = re.sub(rb"(?m)^" + name + rb": [^\r]*\r\n(?:[ \t][^\r]*\r\n)*", b"", raw, count=1)
    assert without != raw
    assert not verifies(without)


def test_a_change_of_the_body_breaks_it() -> None:
    assert not verifies(signed().replace(b"leave/a", b"leave/b"))


def test_no_line_of_the_signature_is_too_long() -> None:
    head = signed().partition(b"\r\nDate:")[0]
    assert all(len(line) <= 120 for line in head.split(b"\r\n"))


@pytest.mark.parametrize(
    "bad", [b"", b"no key", pem(ec.generate_private_key(ec.SECP256R1()))], ids=["", "text", "ec"]
)
def test_a_key_that_cannot_sign_is_a_configuration_error(bad: bytes) -> None:
    with pytest.raises(ConfigError, match="DKIM"):
        DkimSigner(bad, domain="coalition.example", selector="sel")
