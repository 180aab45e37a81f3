"""Mail over SMTP [I/O]: several connections, one message at stake on each.

Connections that are ready at the same moment share one batch at the ledger: the more there
is to do, the less a message costs.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from newsletter.errors import ServiceError
from newsletter.model.message import Message, RenderedEdition
from newsletter.sending.message.compose import Splicer
from newsletter.sending.transports.retry import NOT_TRIED
from newsletter.sending.transports.smtp_dispatcher import Dispatcher
from newsletter.sending.transports.smtp_session import Server, Session, Unreachable, open_session
from newsletter.sending.transports.transport import DeliveryQueue, Settled, Transport

_FIRST_PAUSE = 0.5


@dataclass(frozen=True)
class Smtp(Transport):
    """Hands messages to one server. `sender` is the envelope's, where a message names none.

    `patience`: for how many seconds the server may be gone before the send gives up. A server that
    allows fewer connections than `connections` gets those; `remarks` says so.
    """

    server: Server
    splicer: Callable[[RenderedEdition], Splicer]
    sender: str
    connections: int = 4
    patience: float = 300.0
    _remarks: list[str] = field(default_factory=list)

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

    def remarks(self) -> tuple[str, ...]:
        """Return whether the server allowed fewer connections."""
        return tuple(self._remarks)

    async def _knock(self) -> None:
        (await open_session(self.server)).close()

    async def _deliver(self, queue: DeliveryQueue) -> None:
        dispatcher = Dispatcher(queue)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(dispatcher.serve(self.connections))
            for _ in range(self.connections):
                tasks.create_task(self._connection(dispatcher))
        if dispatcher.too_many and dispatcher.most_sessions < self.connections:
            self._remarks.append(
                f"{self.server.name} let us have {dispatcher.most_sessions} of "
                f"{self.connections} connections ({dispatcher.too_many}). Set connections = "
                f"{dispatcher.most_sessions} in [transport]."
            )
        if dispatcher.failure is not None:
            raise dispatcher.failure

    async def _connection(self, dispatcher: Dispatcher) -> None:
        """Messages one after the other, over a connection that is opened for the first of them."""
        session: Session | None = None
        settled: Settled | None = None
        try:
            while (message := await dispatcher.next(settled)) is not None:
                settled = Settled(delivery_id=message.delivery_id, outcome=NOT_TRIED)
                try:
                    if session is None or not session.is_open:
                        dispatcher.lost(session)
                        session = None  # the old one no longer counts, however this ends
                        session = await self._opened(dispatcher)
                    settled = await self._send(session, message, dispatcher)
                except Unreachable as error:
                    dispatcher.settle(settled)
                    settled = None
                    session = await self._reconnect(dispatcher, str(error))
                except ServiceError as error:
                    dispatcher.fail(error)
        finally:
            dispatcher.lost(session)
            dispatcher.left()
            if session is not None:
                session.close()

    async def _opened(self, dispatcher: Dispatcher) -> Session:
        dispatcher.opening += 1
        try:
            session = await open_session(self.server)
        finally:
            dispatcher.opening -= 1
        dispatcher.reached()
        return session

    async def _send(self, session: Session, message: Message, dispatcher: Dispatcher) -> Settled:
        outcome = await session.send(
            message.return_path or self.sender,
            message.address,
            self.splicer(message.edition).parts(message),
            on_answer=lambda: dispatcher.answered(message.delivery_id),
        )
        return Settled(delivery_id=message.delivery_id, outcome=outcome)

    async def _reconnect(self, dispatcher: Dispatcher, why: str) -> Session | None:
        """A new connection, however long it takes within our patience; nobody is claimed for it.
        While others have theirs, this one may be one too many: it is asked for less and less."""
        pause = _FIRST_PAUSE
        dispatcher.waiting += 1
        try:
            while dispatcher.may_wait(self.patience, why):
                await dispatcher.ended(within=pause)
                pause = min(pause * 2, dispatcher.longest_pause)
                try:
                    return await self._opened(dispatcher)
                except Unreachable as error:
                    why = str(error)
                except ServiceError as error:
                    dispatcher.fail(error)
            return None
        finally:
            dispatcher.waiting -= 1
