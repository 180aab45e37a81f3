"""Whose request it is behind a web server: X-Forwarded-For and -Proto, from trusted addresses only.

Waitress trusts one address and no network, and speaks of visitors where a header is malformed.
"""

import ipaddress
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.errors import UsageError

_log = logging.getLogger(__name__)

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]

_FORWARDED = "HTTP_X_FORWARDED_"
# The fewest bits of a public network: no proxy's is larger (of Cloudflare's /13 and /29).
_LARGEST = {4: 8, 6: 16}
_WATCHED = "/healthz"  # who asks for it may stand beside the proxy, not before it
_NO_HEADER = (
    "a request came through the proxy without an address in X-Forwarded-For: until the proxy sends "
    "that header, all visitors share one limit"
)
_NOT_TRUSTED = (
    "a request with X-Forwarded-For came from a private address that --proxy does not name: all "
    "visitors behind it share one limit"
)


def read_networks(texts: Sequence[str]) -> tuple[Network, ...]:
    """Return the networks of a list of addresses and networks, parted by commas. UsageError."""
    networks = []
    for text in ",".join(texts).split(",") if texts else ():
        try:
            network = ipaddress.ip_network(text.strip(), strict=False)
        except ValueError as error:
            raise UsageError(
                f"--proxy: {text!r} is neither an address nor a network",
                hint="such as 127.0.0.1, ::1 or 10.0.0.0/8; several are parted by commas",
            ) from error
        if network.prefixlen < _LARGEST[network.version] and not network.is_private:
            raise UsageError(
                f"--proxy: {text.strip()} is a large part of the internet: each visitor in it "
                "could pass for any other",
                hint="name the web server's own address, or the network of a proxy that you pay",
            )
        networks.append(network)
    return tuple(networks)


@dataclass(frozen=True, slots=True)
class BehindProxies:
    """The app, told by `trusted` web servers who asks; what others say of that is not passed on.

    Warns once of each way in which all visitors would count as one.
    """

    app: WsgiApp
    trusted: tuple[Network, ...]
    _warned: set[str] = field(default_factory=set)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        said = {key: environ.pop(key) for key in list(environ) if key.startswith(_FORWARDED)}
        environ.pop("HTTP_FORWARDED", None)
        peer, chain = read_address(environ.get("REMOTE_ADDR", "")), said.get(f"{_FORWARDED}FOR", "")
        if self._trusts(peer):
            visitor = self._visitor(chain)
            if visitor is not None:
                environ["REMOTE_ADDR"] = environ["REMOTE_HOST"] = str(visitor)
            elif environ.get("PATH_INFO") != _WATCHED:
                self._warn_once(_NO_HEADER)
            scheme = said.get(f"{_FORWARDED}PROTO", "").rpartition(",")[2].strip().lower()
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        elif chain and peer is not None and peer.is_private:
            self._warn_once(_NOT_TRUSTED)
        return self.app(environ, start_response)

    def _visitor(self, chain: str) -> Address | None:
        """Return the last address of the chain that is no proxy of ours; of proxies only, the
        first. What stands before it was said by the visitor. None where no address is said."""
        address = None
        for entry in reversed(chain.split(",")):
            address = read_address(entry.strip())
            if not self._trusts(address):
                break
        return address

    def _trusts(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self.trusted)

    def _warn_once(self, warning: str) -> None:
        if warning not in self._warned:
            self._warned.add(warning)
            _log.warning(warning)


def read_address(text: str) -> Address | None:
    """Return the address in `192.0.2.7`, `192.0.2.7:443`, `[2001:db8::1]:443`; None without one."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return address if mapped is None else mapped
