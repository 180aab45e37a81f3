"""A new DKIM key, and what is published of one in DNS (RFC 6376 3.6.1, RFC 8463)."""

import base64

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from newsletter.sending.message.dkim import read_key

BITS = 2048  # RFC 8301: at least 1024, better 2048; every verifier takes it


def new_key() -> bytes:
    """Make a private key, as PEM. RSA: receivers that know no Ed25519 see no signature at all."""
    key = generate_private_key(public_exponent=65537, key_size=BITS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_record(pem: bytes) -> str:
    """Return the value of the TXT record of a private key. ConfigError as `read_key`."""
    key = read_key(pem)
    if isinstance(key, RSAPrivateKey):
        kind = "rsa"
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind = "ed25519"
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"


def published_key(record: str) -> str:
    """Return what stands after `p=` in a TXT record; empty where nothing does."""
    tags = (part.partition("=") for part in record.split(";"))
    keys = ("".join(value.split()) for name, _, value in tags if name.strip() == "p")
    return next(keys, "")
