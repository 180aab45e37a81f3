"""[I/O] What went wrong with a request, in our words, and not in aiohttp's and OpenSSL's."""

import socket
import ssl

import aiohttp

from newsletter.model.answer import Failure
from newsletter.pulling.fetch.resolve import RefusedAddressError
from newsletter.system import OLD_TLS, is_old_tls

STATUSES = {
    410: Failure.GONE,
    404: Failure.MISSING,
    **dict.fromkeys((429, 503), Failure.BUSY),
    **dict.fromkeys((401, 402, 403, 407, 451), Failure.DENIED),
}
# What OpenSSL's verification ends with (x509_vfy.h), by its number.
CERTIFICATES = {
    9: (Failure.CERTIFICATE_EXPIRED, "its certificate is not valid yet"),
    10: (Failure.CERTIFICATE_EXPIRED, "its certificate has expired"),
    18: (Failure.SELF_SIGNED, "its certificate is signed by itself"),
    19: (Failure.SELF_SIGNED, "its certificate is signed by an authority of its own"),
    20: (Failure.CHAIN_INCOMPLETE, "it does not send the whole chain of its certificate"),
    21: (Failure.CHAIN_INCOMPLETE, "it does not send the whole chain of its certificate"),
    62: (Failure.WRONG_NAME, "its certificate is for another name"),
    64: (Failure.WRONG_NAME, "its certificate is for another address"),
}
NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE")


def kind_and_reason(error: Exception) -> tuple[Failure, str]:
    """Return what an exception of a request means, and in plain language why."""
    cause = getattr(error, "certificate_error", None) or getattr(error, "os_error", error)
    if isinstance(cause, RefusedAddressError):
        return Failure.REFUSED, str(cause)
    if isinstance(cause, ssl.SSLError):
        return _insecure(cause)
    if isinstance(error, TimeoutError | aiohttp.ServerTimeoutError):
        return Failure.TIMEOUT, "the server did not answer in time"
    if isinstance(error, aiohttp.ClientConnectorDNSError) or isinstance(cause, socket.gaierror):
        return Failure.UNREACHABLE, "no such host"
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failure.UNREACHABLE, "cannot connect to the host"
    if isinstance(error, aiohttp.InvalidURL | ValueError):
        return Failure.REFUSED, "not a web address"
    if isinstance(error, aiohttp.ClientResponseError):
        return Failure.STATUS, "the answer is not valid HTTP"
    return Failure.UNREACHABLE, "the connection was lost"


def _insecure(error: ssl.SSLError) -> tuple[Failure, str]:
    if isinstance(error, ssl.SSLCertVerificationError):
        other = (Failure.UNREACHABLE, f"its certificate is not valid: {error.verify_message}")
        return CERTIFICATES.get(error.verify_code, other)
    reason = error.reason or ""
    if is_old_tls(error):
        return Failure.OLD_TLS, OLD_TLS
    if any(words in reason for words in NO_TLS):
        return Failure.UNREACHABLE, "it does not speak https there"
    return Failure.UNREACHABLE, "cannot make a secure connection"
