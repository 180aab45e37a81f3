"""[I/O] Names to addresses, past the guard: what comes out of here is what is connected to."""

import asyncio
import socket
from collections.abc import Awaitable, Callable

from aiohttp.abc import AbstractResolver, ResolveResult

from newsletter.pulling.fetch.addresses import AddressPolicy

Lookup = Callable[[str, int], Awaitable[list[str]]]


class RefusedAddressError(OSError):
    """A name resolved to an address that the policy refuses."""


class GuardedResolver(AbstractResolver):
    """Resolves, and lets through only what the policy allows: what it returns is connected to."""

    def __init__(self, policy: AddressPolicy, lookup: Lookup) -> None:
        self._policy = policy
        self._lookup = lookup

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        allowed: list[ResolveResult] = []
        refusal = ""
        for address in await self._lookup(host, port):
            problem = self._policy.refusal(address, port)
            if problem:
                refusal = refusal or problem
                continue
            allowed.append(
                ResolveResult(
                    hostname=host,
                    host=address,
                    port=port,
                    family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                    proto=socket.IPPROTO_TCP,
                    flags=socket.AI_NUMERICHOST,
                )
            )
        if not allowed:
            raise RefusedAddressError(refusal or "the host name has no IP address")
        return allowed

    async def close(self) -> None:
        pass


async def system_lookup(host: str, port: int) -> list[str]:
    """Return the addresses that the system's resolver has for a host."""
    entries = await asyncio.get_running_loop().getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )
    return list(dict.fromkeys(str(entry[4][0]) for entry in entries))
