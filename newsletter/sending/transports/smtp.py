"""Mail over SMTP [I/O]: several connections, one message at stake on each.

Connections that are ready at the same moment share one batch at the ledger: the more there
is to do, the less a message costs.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from newsletter.errors import ServiceError
from newsletter.model.message import Message, RenderedEdition
from newsletter.sending.message.compose import Splicer
from newsletter.sending.transports.retry import NOT_TRIED
from newsletter.sending.transports.smtp_session import Server, Session, Unreachable, open_session
from newsletter.sending.transports.transport import Claim, DeliveryQueue, Settled, Transport

_GATHER = 0.002  # seconds in which connections join a batch; nothing beside a round trip
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 15.0


@dataclass(frozen=True)
class Smtp(Transport):
    """Hands messages to one server. `sender` is the envelope's, where a message names none.

    `patience`: for how many seconds the server may be gone before the send gives up.
    """

    server: Server
    splicer: Callable[[RenderedEdition], Splicer]
    sender: str
    connections: int = 4
    patience: float = 300.0

    def deliver(self, queue: DeliveryQueue) -> None:
        """Hand over until nothing is left."""
        asyncio.run(self._deliver(queue))

    def rehearse(self, messages: Sequence[Message]) -> str:
        """Connect, secure and log in; hand nothing over."""
        for message in messages:
            self.splicer(message.edition).message(message)
        try:
            asyncio.run(self._knock())
        except Unreachable as error:
            raise ServiceError(f"no mail server at {error}") from error
        return f"{self.server.name} answers and lets us in"

    async def _knock(self) -> None:
        (await open_session(self.server)).close()

    async def _deliver(self, queue: DeliveryQueue) -> None:
        dispatcher = _Dispatcher(queue)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(dispatcher.serve(self.connections))
            for _ in range(self.connections):
                tasks.create_task(self._connection(dispatcher))
        if dispatcher.failure is not None:
            raise dispatcher.failure

    async def _connection(self, dispatcher: "_Dispatcher") -> None:
        """Messages one after the other, over a connection that is opened for the first of them."""
        session: Session | None = None
        settled: Settled | None = None
        try:
            while (message := await dispatcher.next(settled)) is not None:
                settled = Settled(delivery_id=message.delivery_id, outcome=NOT_TRIED)
                try:
                    if session is None or not session.is_open:
                        session = await open_session(self.server)
                        dispatcher.reached()
                    settled = await self._send(session, message, dispatcher)
                except Unreachable as error:
                    dispatcher.settle(settled)
                    settled = None
                    session = await self._reconnect(dispatcher, str(error))
                except ServiceError as error:
                    dispatcher.fail(error)
        finally:
            dispatcher.left()
            if session is not None:
                session.close()

    async def _send(self, session: Session, message: Message, dispatcher: "_Dispatcher") -> Settled:
        outcome = await session.send(
            message.return_path or self.sender,
            message.address,
            self.splicer(message.edition).parts(message),
            on_answer=lambda: dispatcher.answered(message.delivery_id),
        )
        return Settled(delivery_id=message.delivery_id, outcome=outcome)

    async def _reconnect(self, dispatcher: "_Dispatcher", why: str) -> Session | None:
        """A new connection, however long it takes within our patience; nobody is claimed for it."""
        pause = _FIRST_PAUSE
        while dispatcher.may_wait(self.patience, why):
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            try:
                session = await open_session(self.server)
            except Unreachable as error:
                why = str(error)
            except ServiceError as error:
                dispatcher.fail(error)
            else:
                dispatcher.reached()
                return session
        return None


class _Dispatcher:
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
        self._was_reached = False
        self._gone_since: float | None = None

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
        """Note that the server answered."""
        self._was_reached = True
        self._gone_since = None

    def may_wait(self, patience: float, why: str) -> bool:
        """Return whether to go on trying. A server that was never reached is a wrong setting."""
        now = asyncio.get_running_loop().time()
        if self._closed or self.failure is not None:
            return False
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
        return (
            not self._settled and self._in_flight == 0 and (busy == 0 or self.failure is not None)
        )
