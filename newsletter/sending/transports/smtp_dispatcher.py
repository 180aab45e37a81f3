"""What the connections of one send share: the ledger's batches, and whether the server is there."""

import asyncio
from contextlib import suppress

from newsletter.errors import ServiceError
from newsletter.model.message import Message
from newsletter.sending.transports.smtp_session import Session
from newsletter.sending.transports.transport import Claim, DeliveryQueue, Settled

_GATHER = 0.002  # seconds in which connections join a batch; nothing beside a round trip
_LONGEST_PAUSE = 15.0
_LONGEST_PAUSE_OF_ONE = 60.0


class Dispatcher:
    """Where connections bring their outcomes and get their next message, many in one batch."""

    def __init__(self, queue: DeliveryQueue) -> None:
        self.failure: ServiceError | None = None
        self._queue = queue
        self._settled: list[Settled] = []
        self._idle: list[asyncio.Future[Message | None]] = []
        self._in_flight = 0
        self._asking: set[int] = set()
        self._open = 0
        self._wake = asyncio.Event()
        self._enough = asyncio.Event()
        self._closed = False
        self._ended = asyncio.Event()
        self._was_reached = False
        self._gone_since: float | None = None
        self._sessions = 0
        self.most_sessions = 0
        self.opening = 0  # connections that are being made
        self.waiting = 0  # those that could not be, and are tried again
        self.too_many = ""  # what the server said to one while others had theirs

    async def next(self, settled: Settled | None) -> Message | None:
        """Record how the last one went, and get the next; None when there is no more."""
        if self._closed:
            return None
        waiting: asyncio.Future[Message | None] = asyncio.get_running_loop().create_future()
        self._idle.append(waiting)
        if settled is not None:
            self.settle(settled)
        self._wake.set()
        return await waiting

    def settle(self, settled: Settled) -> None:
        """Record how the last one went, and ask for nothing yet."""
        self._settled.append(settled)
        self._in_flight -= 1
        self._asking.discard(settled.delivery_id)
        self._look()
        self._wake.set()

    def answered(self, delivery_id: int) -> bool:
        """Note that the server answered for this content; return whether it may have it."""
        self._asking.discard(delivery_id)
        self._look()
        return self._queue.lease_is_held()

    def _look(self) -> None:
        if len(self._idle) >= self._in_flight and not self._asking:
            self._enough.set()

    def left(self) -> None:
        """Note that a connection's task ended."""
        self._open -= 1
        self._wake.set()

    def fail(self, error: ServiceError) -> None:
        """Let nobody start any more; the first failure is the one that is reported."""
        self.failure = self.failure or error
        self._wake.set()

    def reached(self) -> None:
        """Note a new connection."""
        self._was_reached = True
        self._gone_since = None
        self._sessions += 1
        self.most_sessions = max(self.most_sessions, self._sessions)

    def lost(self, session: Session | None) -> None:
        """Note that a connection, if it was one, is no more."""
        if session is not None:
            self._sessions -= 1

    @property
    def longest_pause(self) -> float:
        """Return the longest pause, in seconds, before a connection is asked for again."""
        return _LONGEST_PAUSE_OF_ONE if self._sessions else _LONGEST_PAUSE

    async def ended(self, *, within: float) -> None:
        """Wait so many seconds, or until all is sent."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._ended.wait()

    def may_wait(self, patience: float, why: str) -> bool:
        """Return whether to go on trying. A server that was never reached is a wrong setting."""
        now = asyncio.get_running_loop().time()
        if self._closed or self.failure is not None or self._queue.is_ending():
            return False
        others_may_yet_be_let_in = self.opening > 0 and not self._was_reached
        if self._sessions or others_may_yet_be_let_in:
            self.too_many = self.too_many or why
            return True
        self._gone_since = self._gone_since or now
        if not self._was_reached or now - self._gone_since > patience:
            self.fail(
                ServiceError(
                    f"no mail server at {why}", hint="run newsletter send again to continue"
                )
            )
            return False
        return True

    async def serve(self, connections: int) -> None:
        """Write batches to the ledger until nobody is in flight and nothing more comes."""
        self._open = connections
        wait: float | None = None
        try:
            while True:
                await self._something_to_do(wait)
                await self._gathered()
                if self._in_flight and not self._settled and not self._idle:
                    continue  # the last batch took them along
                settled, self._settled = self._settled, []
                want = 0 if self.failure is not None else len(self._idle)
                try:
                    batch = self._queue.begin(settled, want)
                    # On another thread: a commit waits for the disk, and the connections
                    # that are not part of this batch go on meanwhile.
                    await asyncio.to_thread(batch.commit)
                    claim = batch.claim()
                except ServiceError as error:
                    self.fail(error)
                    return
                self._hand_out(claim)
                wait = claim.wait
                if claim.messages and self._idle:
                    self._wake.set()
                elif not claim.messages and wait is None and self._is_over():
                    return
        finally:
            self._closed = True
            self._ended.set()
            for waiting in self._idle:
                if not waiting.done():
                    waiting.set_result(None)

    async def _something_to_do(self, wait: float | None) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(wait if self._idle else None):
                await self._wake.wait()
        self._wake.clear()

    async def _gathered(self) -> None:
        """Wait a moment while most connections are still busy: a batch of ten costs little
        more than a batch of one."""
        self._enough.clear()
        self._look()
        if self._idle and not self._enough.is_set() and self.failure is None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_GATHER):
                    await self._enough.wait()

    def _hand_out(self, claim: Claim) -> None:
        for message in claim.messages:
            self._idle.pop().set_result(message)
            self._in_flight += 1
            self._asking.add(message.delivery_id)

    def _is_over(self) -> bool:
        """Nobody in flight, nothing unrecorded, and every connection idle or gone."""
        busy = self._open - len(self._idle)
        if self._idle:  # somebody asked, and there was nobody: the others wait for nothing
            busy -= self.waiting
        return (
            not self._settled and self._in_flight == 0 and (busy == 0 or self.failure is not None)
        )
