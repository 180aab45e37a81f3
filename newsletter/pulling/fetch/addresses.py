"""Which addresses may be fetched: the guard against a feed that points into our own network.

Sources: RFC 6890 (special-purpose registries), RFC 6598 (CGNAT), RFC 6052 and 8215 (NAT64),
RFC 3056 (6to4), RFC 4380 (Teredo).
"""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
NEVER = tuple(
    ipaddress.ip_network(network)
    for network in ("100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "::/96")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AddressPolicy:
    """What may be connected to. `private` lets networks through on any port: tests, the demo."""

    private: tuple[IpNetwork, ...] = ()
    ports: tuple[int, ...] = (80, 443)

    @classmethod
    def of(cls, allow_private: tuple[str, ...], allow_ports: tuple[int, ...]) -> "AddressPolicy":
        """Read the settings' addresses and networks. ValueError when one is neither."""
        return cls(
            private=tuple(ipaddress.ip_network(text, strict=False) for text in allow_private),
            ports=allow_ports,
        )

    def refusal(self, address: str, port: int) -> str:
        """Return why this address and port must not be connected to; "" when they may."""
        try:
            ip = ipaddress.ip_address(address.split("%")[0])
        except ValueError:
            return "not a web address"
        if any(ip in network for network in self.private):
            return ""
        inner = embedded(ip)
        if inner is not None and any(inner in network for network in self.private):
            return ""
        for candidate in (ip, inner):
            if candidate is not None and not _is_public(candidate):
                return f"{candidate} is not on the public internet"
        if port not in self.ports:
            return f"port {port} is not allowed"
        return ""

    def url_refusal(self, url: str) -> str:
        """Return why this URL must not be asked; "" when it may. Names are resolved later."""
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
        except ValueError:
            return "not a web address"
        if parts.scheme not in ("http", "https"):
            return "only https:// and http:// addresses are fetched"
        if parts.username is not None or parts.password is not None:
            return "the address contains a user name or password"
        if not parts.hostname:
            return "the address has no host name"
        try:
            ipaddress.ip_address(parts.hostname.split("%")[0])
        except ValueError:
            return ""
        return self.refusal(parts.hostname, port)


def embedded(ip: IpAddress) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that an IPv6 one stands for: mapped, NAT64, 6to4 or Teredo."""
    if isinstance(ip, ipaddress.IPv4Address):
        return None
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if any(ip in network for network in NAT64):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.sixtofour is not None:
        return ip.sixtofour
    if ip.teredo is not None:
        return ip.teredo[1]
    return None


def _is_public(ip: IpAddress) -> bool:
    if any(ip in network for network in NEVER if network.version == ip.version):
        return False
    if isinstance(ip, ipaddress.IPv6Address) and (
        ip.ipv4_mapped is not None or any(ip in network for network in NAT64)
    ):
        return True  # decided by the address inside
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)
