"""Which versions of TLS are safe, for all that connects to others."""

import ssl


def safe_tls(tls: ssl.SSLContext | None = None) -> ssl.SSLContext:
    """Return the context, or one that trusts the system's authorities, without versions before TLS
    1.2 (RFC 8996), also where the system allows them."""
    tls = tls or ssl.create_default_context()
    tls.minimum_version = ssl.TLSVersion.TLSv1_2
    return tls
