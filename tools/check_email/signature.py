"""Checks 6 and 13: a DKIM signature holds, covers the way to leave, and is of From's domain."""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import dkim
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from newsletter.sending.message.dkim import DkimSigner
from tools.check_email.finding import Finding, counted
from tools.check_email.letters import Letter


def signature_findings(letters: list[Letter]) -> Iterator[Finding]:
    """Each message signed as the smtp transport signs, and verified by dkimpy."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    for letter in letters:
        domain = letter.message["From"].addresses[0].domain
        signer = DkimSigner(pem, domain=domain, selector="check")
        head, blank, body = letter.raw.partition(b"\r\n\r\n")
        signed = signer.signature(head + blank, [body], datetime.now(UTC)) + letter.raw
        yield counted(letter.name, "6", "DKIM and one-click: faults", list(_faults(signed, record)))
        tag = re.search(rb"d=([^;]+);", signed)
        same = tag is not None and tag[1].decode() == domain
        yield counted(letter.name, "13", "DKIM of another domain", [] if same else [domain])


def _faults(signed: bytes, record: bytes) -> Iterator[str]:
    if not _holds(signed, record):
        yield "the signature does not hold"
    for name in (b"List-Unsubscribe:", b"List-Unsubscribe-Post:"):
        at = signed.find(b"\r\n" + name)
        if at < 0:
            yield f"no {name.decode()}"
        elif _holds(signed[: at + 2] + b"X-" + signed[at + 2 :], record):
            yield f"{name.decode()} can be taken away"


def _holds(message: bytes, record: bytes) -> bool:
    return bool(dkim.verify(message, dnsfunc=lambda *_, **__: record))
