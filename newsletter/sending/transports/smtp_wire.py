"""The bytes of one SMTP connection [I/O]: commands out, replies in, and whether all of it left."""

import asyncio
import socket
from collections import deque

from newsletter.errors import ServiceError
from newsletter.sending.transports.smtp_replies import Reply, ReplyReader
from newsletter.system import network_reason

_SEND_BUFFER = 512 * 1024


class Wire(asyncio.Protocol):
    """Bytes out, replies in. `unsent` while the system has not taken all that was written."""

    def __init__(self) -> None:
        self.transport: asyncio.Transport | None = None
        self.unsent = False
        self.lost: str | None = None
        self._reader = ReplyReader()
        self._replies: deque[Reply] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._needed = 0
        self._deadline = 0.0
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.set_write_buffer_limits(high=0)
        raw = transport.get_extra_info("socket")
        if raw is not None:
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
            raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def pause_writing(self) -> None:
        self.unsent = True

    def resume_writing(self) -> None:
        self.unsent = False

    def data_received(self, data: bytes) -> None:
        try:
            self._replies.extend(self._reader.feed(data))
        except ServiceError as error:
            self.end(error.message)
            return
        if len(self._replies) >= self._needed:
            self._wake()

    def eof_received(self) -> None:
        self.end("the server closed the connection")

    def connection_lost(self, exc: Exception | None) -> None:
        self.end(
            f"the connection broke: {network_reason(exc)}" if exc else "the connection was closed"
        )

    def end(self, why: str) -> None:
        """Give the connection up, for that reason."""
        if self.lost is None:
            self.lost = why
        self._wake()
        if self._watch is not None:
            self._watch.cancel()
        if self.transport is not None:
            self.transport.abort()

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def close(self) -> None:
        """Close once everything is written."""
        self.lost = "closed"
        if self._watch is not None:
            self._watch.cancel()
        if self.transport is not None:
            self.transport.close()

    async def replies(self, count: int, seconds: float) -> list[Reply]:
        """Return the next `count` replies; fewer when the connection is lost first (see `lost`)."""
        if len(self._replies) < count and self.lost is None:
            loop = asyncio.get_running_loop()
            self._waiting = loop.create_future()
            self._needed = count
            self._deadline = loop.time() + seconds
            if self._watch is None:
                self._look(min(seconds / 4, 1.0))
            try:
                await self._waiting
            finally:
                self._waiting = None
        return [self._replies.popleft() for _ in range(min(count, len(self._replies)))]

    def _look(self, every: float) -> None:
        """End the connection when its answer is overdue. One timer a connection, looking now and
        then: a timer for each answer costs more than the answer."""
        loop = asyncio.get_running_loop()
        if self._waiting is not None and loop.time() > self._deadline:
            self.end("no answer in time")
        if self.lost is None:
            self._watch = loop.call_later(every, self._look, every)

    def write(self, data: bytes) -> None:
        if self.transport is not None and self.lost is None:
            self.transport.write(data)
