"""What is wrong with a site's certificate is said by name: each is mended in another way."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from newsletter.members.health import FIXES
from newsletter.model.answer import Answer, Failed, Failure, Fetched
from newsletter.pulling.feed_state import FAILURES
from tests.web_server import WebServer

Get = Callable[..., Answer]


@dataclass(frozen=True)
class Signed:
    """A certificate and its key, which can sign others."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def private(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def signed(
    name: str, by: Signed | None = None, *, is_authority: bool = False, days: int = 9
) -> Signed:
    """A certificate for a name, signed by itself unless `by` another, that ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    issuer_key = by.key if by else key
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
        .sign(issuer_key, SHA256())
    )
    return Signed(certificate, key)


ROOT = signed("Root", is_authority=True)
BETWEEN = signed("Between", ROOT, is_authority=True)
STRANGE = signed("Strange root", is_authority=True)
GOOD = signed("localhost", BETWEEN)


@pytest.mark.parametrize(
    ("leaf", "chain", "newest", "expected"),
    [
        (GOOD, [BETWEEN], None, None),
        (GOOD, [], None, Failure.CHAIN_INCOMPLETE),
        (signed("localhost", ROOT, days=-1), [], None, Failure.CERTIFICATE_EXPIRED),
        (signed("other.example", ROOT), [], None, Failure.WRONG_NAME),
        (signed("localhost"), [], None, Failure.SELF_SIGNED),
        (signed("localhost", STRANGE), [STRANGE], None, Failure.SELF_SIGNED),
        (GOOD, [BETWEEN], ssl.TLSVersion.TLSv1_1, Failure.OLD_TLS),
    ],
    ids=["good", "chain", "expired", "name", "itself", "own authority", "TLS 1.1"],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_each_fault_of_tls_has_its_name_and_its_mend(
    get: Get,
    tmp_path: Path,
    leaf: Signed,
    chain: list[Signed],
    newest: ssl.TLSVersion | None,
    expected: Failure | None,
) -> None:
    file = tmp_path / "both.pem"
    file.write_bytes(leaf.private + leaf.pem + b"".join(one.pem for one in chain))
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(file)
    if newest is not None:
        serving.set_ciphers("ALL:@SECLEVEL=0")
        serving.minimum_version, serving.maximum_version = ssl.TLSVersion.TLSv1, newest
    trusting = ssl.create_default_context(cadata=ROOT.pem.decode())
    with WebServer() as server:
        server.page("/feed", "<rss/>")
        server.socket = serving.wrap_socket(server.socket, server_side=True)
        answer = get(f"https://localhost:{server.port}/feed", tls=trusting)
    if expected is None:
        assert isinstance(answer, Fetched)
        return
    assert isinstance(answer, Failed)
    assert answer.kind is expected


def test_no_two_faults_of_tls_are_mended_alike() -> None:
    kinds = (
        Failure.CHAIN_INCOMPLETE, Failure.CERTIFICATE_EXPIRED, Failure.WRONG_NAME,
        Failure.SELF_SIGNED, Failure.OLD_TLS, Failure.UNREACHABLE,
    )  # fmt: skip
    assert len({FIXES[FAILURES[kind]] for kind in kinds}) == len(kinds)


def test_a_port_that_speaks_no_tls_is_said(server: WebServer, get: Get) -> None:
    answer = get(server.url.replace("http://", "https://"))
    assert isinstance(answer, Failed)
    assert (answer.kind, answer.reason) == (
        Failure.UNREACHABLE, "it does not speak https there",
    )  # fmt: skip
