"""What `newsletter serve` answers from outside, and what a server in front hides of it. [I/O]"""

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from newsletter.doctor.findings import Finding, fine, look, missing
from newsletter.system import network_reason

_PART: Final = "outside"
_SECONDS: Final = 10.0
_OWN_PORT: Final = 8000  # `newsletter serve` by itself
_LARGE: Final = 2 * 1024 * 1024  # bytes: twice what nginx takes unless told, less than a photo
_POLICY: Final = "default-src 'none'"
_KEPT: Final = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_GUIDE: Final = "docs/hosting.md has whole settings for nginx and Caddy"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    """`headers` by lower-case name."""

    status: int
    headers: Mapping[str, str]

    @property
    def is_ours(self) -> bool:
        """Return whether the pages answered, and no server in front of them."""
        return self.headers.get("content-security-policy", "").startswith(_POLICY)


def outside(public_url: str) -> list[Finding]:
    """Ask for the public pages as a reader, a mail program and a storyteller would."""
    url = urlsplit(public_url)
    if not url.hostname:
        return []
    try:
        answer = _ask(url, "GET", "/healthz")
        if answer.status != 200 or not answer.is_ours:
            message = f"{public_url} answers {answer.status}, but not as `newsletter serve` does"
            return [missing(_PART, message, f"is serve running behind it? {_GUIDE}")]
        found = [*_hidden(url), *_reached_otherwise(url)]
    except ssl.SSLCertVerificationError as error:
        message = f"the certificate of {url.hostname} is not valid: {error.verify_message}"
        return [
            missing(_PART, message, "readers see a warning, and mail programs cannot unsubscribe")
        ]
    except (OSError, HTTPException) as error:
        hint = "do newsletter serve and the web server in front of it run? Is [web] url right?"
        return [missing(_PART, f"{public_url} does not answer: {network_reason(error)}", hint)]
    return found or [fine(_PART, f"{public_url} answers as it should")]


def _hidden(url: SplitResult) -> Iterator[Finding]:
    page = _ask(url, "GET", "/subscribe")
    changed = [name for name, value in _KEPT.items() if value not in page.headers.get(name, "")]
    if changed:
        message = f"the web server in front changes or removes {', '.join(changed)}"
        yield missing(_PART, message, f"let it pass headers as they are; {_GUIDE}")
    marks = [page.headers.get(name, "") for name in ("x-cache", "cf-cache-status")]
    if page.headers.get("age", "0") != "0" or any("HIT" in mark.upper() for mark in marks):
        message = (
            "a cache in front keeps pages: a story that was taken back would go on being shown"
        )
        yield missing(_PART, message, "let no proxy or CDN keep what is sent with no-store")
    if not (left := _ask(url, "POST", "/leave/doctor")).is_ours:
        message = f"mail programs cannot unsubscribe anybody: POST to /leave/… gets {left.status}"
        yield missing(_PART, message, "no login, bot check or page of its own before /leave/")
    elif refused := _refusal_of_large(url):
        message = f"forms over {_LARGE // 1024**2} MB {refused}: stories with photos are lost"
        yield missing(_PART, message, "in nginx: client_max_body_size 0;")


def _refusal_of_large(url: SplitResult) -> str:
    """What a large form gets that the pages never see; nothing where they do. A server that refuses
    it may answer, or hang up, before it has all of it."""
    try:
        large = _ask(url, "POST", "/leave/doctor", b"x" * _LARGE)
    except (ConnectionError, HTTPException):
        return "are cut off"
    return "" if large.is_ours else f"get {large.status}"


def _reached_otherwise(url: SplitResult) -> Iterator[Finding]:
    """Ways around the encryption, or around the web server that says who asks."""
    if url.scheme == "https" and url.port is None and _serves(url, 80):
        message = "the pages answer over plain http too: personal links can be read on the way"
        yield look(_PART, message, "redirect http to https in the web server")
    if _is_inside(url.hostname or ""):  # what listens here says nothing of what others reach
        message = f"here {url.hostname} is this computer itself: nothing was asked from outside"
        yield look(_PART, message, "run newsletter doctor --outside on another computer, too")
    elif url.scheme == "https" and url.port != _OWN_PORT and _serves(url, _OWN_PORT):
        message = f"port {_OWN_PORT} answers too, past the web server in front"
        yield look(_PART, message, "let newsletter serve listen on 127.0.0.1, its default")


def _is_inside(host: str) -> bool:
    """Whether the name leads nowhere but to this computer, as by a line of its /etc/hosts."""
    found = {str(address[0]) for *_, address in socket.getaddrinfo(host, None)}
    return host not in found and all(ip_address(one.partition("%")[0]).is_loopback for one in found)


def _serves(url: SplitResult, port: int) -> bool:
    host = f"[{url.hostname}]" if ":" in (url.hostname or "") else url.hostname
    try:
        return _ask(urlsplit(f"http://{host}:{port}"), "GET", "/healthz", seconds=3.0).is_ours
    except (OSError, HTTPException):
        return False


def _ask(
    url: SplitResult, method: str, path: str, body: bytes = b"", *, seconds: float = _SECONDS
) -> _Answer:
    """Ask once, following no redirect. OSError, HTTPException."""
    kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = kind(url.hostname or "", url.port, timeout=seconds)
    sent = {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    try:
        try:
            connection.request(method, path, body or None, sent)
        except ConnectionError:
            if not body:
                raise  # else it may have answered before it had all of it
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return _Answer(status=answer.status, headers=headers)
    finally:
        connection.close()
