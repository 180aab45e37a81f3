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

# What nobody on the way may take out of an issue, and of a notice.
_COVERED = {
    False: (b"List-Unsubscribe:", b"List-Unsubscribe-Post:"),
    True: (b"Subject:", b"To:"),
}


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
        measure = "DKIM: faults" if letter.is_notice else "DKIM and one-click: faults"
        yield counted(
            letter.name, "6", measure, list(_faults(signed, record, _COVERED[letter.is_notice]))
        )
        tag = re.search(rb"d=([^;]+);", signed)
        same = tag is not None and tag[1].decode() == domain
        yield counted(letter.name, "13", "DKIM of another domain", [] if same else [domain])


def _faults(signed: bytes, record: bytes, covered: tuple[bytes, ...]) -> Iterator[str]:
    if not _holds(signed, record):
        yield "the signature does not hold"
    for name in covered:
        at = signed.find(b"\r\n" + name)
        if at < 0:
            yield f"no {name.decode()}"
        elif _holds(signed[: at + 2] + b"X-" + signed[at + 2 :], record):
            yield f"{name.decode()} can be taken away"


def _holds(message: bytes, record: bytes) -> bool:
    return bool(dkim.verify(message, dnsfunc=lambda *_, **__: record))
