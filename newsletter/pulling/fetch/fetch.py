"""[I/O] One guarded GET: the address checked is the one connected to, at every redirect."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urljoin

import aiohttp
from yarl import URL

from newsletter.model.answer import Answer, Failed, Failure, Fetched, Hop, NotModified
from newsletter.pulling.fetch.addresses import AddressPolicy
from newsletter.pulling.fetch.cookies import ChainCookies
from newsletter.pulling.fetch.decompress import BrokenEncodingError, Decoder, TooLargeError
from newsletter.pulling.fetch.failures import STATUSES, kind_and_reason
from newsletter.pulling.fetch.pace import HostPace, Turn
from newsletter.pulling.fetch.resolve import (
    GuardedResolver,
    Lookup,
    RefusedAddressError,
    system_lookup,
)
from newsletter.tls import safe_tls

FEED_TYPES = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/calendar, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.5"
)
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADER = 32 * 1024  # of one: security policies of honest sites are longer than aiohttp's 8 KB
LARGE = 1024 * 1024  # bodies above this take turns, so that memory stays bounded


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """What one answer may cost. Bytes, seconds, and how many redirects are followed."""

    wire_bytes: int = 10 * 1024 * 1024
    body_bytes: int = 15 * 1024 * 1024
    total_seconds: float = 30.0
    connect_seconds: float = 10.0
    read_seconds: float = 15.0
    redirects: int = 5
    large_at_once: int = 2


class Fetcher:
    """Fetches public addresses. Use as an async context manager; safe to share between tasks."""

    def __init__(
        self,
        *,
        policy: AddressPolicy,
        user_agent: str,
        limits: Limits = Limits(),
        lookup: Lookup = system_lookup,
        pace: HostPace | None = None,
        connections: int = 64,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """`tls` says whose certificates are trusted: the system's authorities, unless given."""
        self._policy = policy
        self._user_agent = user_agent
        self._limits = limits
        self._lookup = lookup
        self._pace = pace or HostPace(0)
        self._connections = connections
        self._tls = safe_tls(tls)
        self._session: aiohttp.ClientSession | None = None
        self._large = asyncio.Semaphore(limits.large_at_once)

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            resolver=GuardedResolver(self._policy, self._lookup),
            use_dns_cache=False,
            ssl=self._tls,
            limit=self._connections,
            force_close=True,  # a pull asks most hosts once: kept open they would use up the files
            socket_factory=self._socket,
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            max_line_size=HEADER,
            max_field_size=HEADER,
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip, deflate"},
            timeout=aiohttp.ClientTimeout(
                total=None,
                sock_connect=self._limits.connect_seconds,
                sock_read=self._limits.read_seconds,
            ),
        )
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._session is not None:
            await self._session.close()

    def _socket(self, info: Any) -> socket.socket:
        """The last word, at the moment of connecting, whatever path led here."""
        family, kind, protocol, _, address = info
        refusal = self._policy.refusal(address[0], address[1])
        if refusal:
            raise RefusedAddressError(refusal)
        return socket.socket(family=family, type=kind, proto=protocol)

    async def ready(self, url: str) -> None:
        """Wait out the pause of the address's host."""
        await self._pace.ready(URL(url).host or "")

    async def get(
        self,
        url: str,
        *,
        limit: int | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = FEED_TYPES,
    ) -> Answer:
        """Return the answer, whatever it is; never raises for what a server does.

        `limit` bounds the body in bytes. `headers` are conditional ones (If-None-Match…).
        """
        async with self.opened(url, limit=limit, headers=headers, accept=accept) as answer:
            return answer

    @asynccontextmanager
    async def opened(
        self,
        url: str,
        *,
        limit: int | None = None,
        headers: Mapping[str, str] | None = None,
        accept: str = FEED_TYPES,
    ) -> AsyncIterator[Answer]:
        """Ask as `get` does; a large body keeps its turn for as long as it is worked on."""
        turn = Turn(self._large)
        try:
            yield await self._follow(url, {"Accept": accept, **(headers or {})}, limit, turn)
        finally:
            turn.give_back()

    async def _follow(
        self, url: str, sent: Mapping[str, str], limit: int | None, turn: Turn
    ) -> Answer:
        hops: list[Hop] = []
        current = url
        cookies = ChainCookies()
        try:
            async with asyncio.timeout(self._limits.total_seconds) as turn.deadline:
                while True:
                    refusal = self._policy.url_refusal(current)
                    if refusal:
                        return self._failed(Failure.REFUSED, refusal, current, hops)
                    answer = await self._once(current, sent, cookies, limit, hops, turn)
                    if not isinstance(answer, Hop):
                        return answer
                    hops.append(answer)
                    if len(hops) > self._limits.redirects:
                        return self._failed(Failure.LOOP, "too many redirects", current, hops)
                    current = answer.url
        except TimeoutError:
            return self._failed(
                Failure.TIMEOUT,
                f"no complete answer within {self._limits.total_seconds:.0f} s",
                current,
                hops,
            )

    async def _once(
        self,
        url: str,
        headers: Mapping[str, str],
        cookies: ChainCookies,
        limit: int | None,
        hops: list[Hop],
        turn: Turn,
    ) -> Answer | Hop:
        session = self._session
        if session is None:
            raise RuntimeError("enter the Fetcher first: async with Fetcher(...)")
        try:
            target = URL(url)
            sent = {**headers, **cookies.header(target)}
            async with (
                turn.clock_stopped(self._pace.turn(target.host or "")),
                session.get(target, headers=sent, allow_redirects=False) as response,
            ):
                answer = await self._answer(response, url, limit, hops, turn)
                if isinstance(answer, Hop):
                    cookies.keep(response.cookies, target)
                return answer
        except TooLargeError:
            return self._failed(Failure.TOO_LARGE, "larger than our limit", url, hops)
        except BrokenEncodingError as error:
            return self._failed(Failure.CUT_SHORT, f"broken compression: {error}", url, hops)
        except aiohttp.ClientPayloadError:
            return self._failed(Failure.CUT_SHORT, "the download was cut off", url, hops)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return self._failed(*kind_and_reason(error), url, hops)

    async def _answer(
        self,
        response: aiohttp.ClientResponse,
        url: str,
        limit: int | None,
        hops: list[Hop],
        turn: Turn,
    ) -> Answer | Hop:
        headers = {name.lower(): _readable(value) for name, value in response.headers.items()}
        status = response.status
        if status == 304:
            return NotModified(url=url, headers=headers, hops=tuple(hops))
        if status in REDIRECTS and headers.get("location"):
            return Hop(status=status, url=urljoin(url, headers["location"].strip()))
        if status != 200:
            body = await _start_of_body(response)
            return Failed(
                kind=STATUSES.get(status, Failure.STATUS),
                reason=f"the server answered {status} {_readable(response.reason or '')}".strip(),
                url=url,
                status=status,
                retry_after=headers.get("retry-after", ""),
                hops=tuple(hops),
                body=body,
                headers=headers,
            )
        body = await self._body(response, headers, limit, turn)
        return Fetched(url=url, status=status, headers=headers, body=body, hops=tuple(hops))

    async def _body(
        self,
        response: aiohttp.ClientResponse,
        headers: Mapping[str, str],
        limit: int | None,
        turn: Turn,
    ) -> bytes:
        decoder = Decoder(headers.get("content-encoding", ""))
        most = min(limit or self._limits.body_bytes, self._limits.body_bytes)
        body = bytearray()
        wire = 0
        async for chunk in response.content.iter_any():
            wire += len(chunk)
            if wire > self._limits.wire_bytes:
                raise TooLargeError
            body += decoder.feed(chunk, most - len(body))
            if len(body) > LARGE:
                await turn.take()
        body += decoder.end(most - len(body))
        return bytes(body)

    @staticmethod
    def _failed(kind: Failure, reason: str, url: str, hops: list[Hop]) -> Failed:
        return Failed(kind=kind, reason=reason, url=url, hops=tuple(hops))


def _readable(header: str) -> str:
    """A header in characters that can be stored: bytes that are not UTF-8 as Latin-1 (RFC 9110,
    section 5.5). aiohttp gives them as lone surrogates, which no database takes."""
    sent = header.encode("utf-8", "surrogateescape")
    return header if header.encode("utf-8", "replace") == sent else sent.decode("latin-1")


async def _start_of_body(response: aiohttp.ClientResponse, most: int = 65_536) -> bytes:
    """The start of an error page, decompressed as far as it goes: enough to tell a challenge."""
    decoder = Decoder(response.headers.get("Content-Encoding", ""))
    body = bytearray()
    try:
        async for chunk in response.content.iter_any():
            body += decoder.feed(chunk, most)
            if len(body) >= most:
                break
        body += decoder.end(most)
    except (TooLargeError, BrokenEncodingError, aiohttp.ClientError, OSError):
        pass
    return bytes(body[:most])
