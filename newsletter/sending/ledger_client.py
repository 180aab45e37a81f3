"""[I/O] One sender's exchanges with the ledger, each said until it is heard.

What was handed over is known to the sender and nowhere else: a database that is locked, full or
away is worth waiting for.
"""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime

from newsletter.errors import StoreError
from newsletter.model.delivery import ExclusionReason, Result, Taken
from newsletter.model.subscriber import SubscriberState
from newsletter.sending.audience import barrier
from newsletter.sending.ports import LedgerExchange, Senders
from newsletter.sending.transports.transport import Claim


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """One exchange: outcomes to record, how many people to claim, and the number of the newest
    withdrawal that was asked about."""

    results: list[Result]
    want: int
    now: datetime
    newest_stop: int


class LedgerClient:
    """Speaks to the ledger for one sender of one send, which has these `versions` of the issue.

    `pauses` are seconds between attempts.
    """

    def __init__(
        self,
        senders: Senders,
        send_id: int,
        sender: int,
        *,
        versions: Collection[str],
        today: Callable[[datetime], date],
        pauses: tuple[float, ...],
    ) -> None:
        self._senders = senders
        self._send_id = send_id
        self._sender = sender
        self._versions = versions
        self._today = today
        self._pauses = pauses

    def begin(
        self,
        asked: Asked,
        *,
        still_held: Collection[int] | None = None,
    ) -> LedgerExchange:
        """Once, and not yet committed. `still_held` when it may have been said before."""
        today = self._today(asked.now)

        def barred(
            state: SubscriberState, paused_until: date | None, is_suppressed: bool
        ) -> ExclusionReason | None:
            return barrier(state, paused_until, today, is_suppressed=is_suppressed)

        return self._senders.begin_exchange(
            self._send_id,
            self._sender,
            asked.results,
            want=asked.want,
            now=asked.now,
            newest_stop=asked.newest_stop,
            versions=self._versions,
            barrier=barred,
            still_held=still_held,
        )

    def write(self, asked: Asked, *, held: Collection[int]) -> Taken:
        """Until it is committed. StoreError when the database stays away."""
        try:
            return _committed(self.begin(asked))
        except StoreError:
            return self.commit_with_retries(asked, held=held)

    def commit_with_retries(self, asked: Asked, *, held: Collection[int]) -> Taken:
        """What may have been said already, again and again with pauses, until it is committed."""
        *before, last = self._pauses
        for pause in before:
            threading.Event().wait(pause)
            try:
                return _committed(self.begin(asked, still_held=held))
            except StoreError:
                continue
        threading.Event().wait(last)
        return _committed(self.begin(asked, still_held=held))


class RunningExchange:
    """Fulfils delivery's Exchange. `claim` makes of what the ledger gave what a transport gets;
    `end` is called once, however it ends."""

    def __init__(
        self,
        client: LedgerClient,
        asked: Asked,
        *,
        held: Collection[int],
        claim: Callable[[Asked, Taken], Claim],
        end: Callable[[], None],
    ) -> None:
        self._client = client
        self._asked = asked
        self._held = held
        self._claim = claim
        self._end = end
        self._begun: LedgerExchange | None = None
        self._taken: Taken | None = None
        try:
            self._begun = client.begin(asked)
        except StoreError:
            self._begun = None  # `commit` insists
        except BaseException:
            end()
            raise

    def commit(self) -> None:
        """Wait until the disk has it. StoreError when it never does."""
        try:
            self._taken = self._committed()
        except BaseException:
            self._end()
            raise

    def _committed(self) -> Taken:
        if self._begun is not None:
            try:
                return _committed(self._begun)
            except StoreError:
                pass
        return self._client.commit_with_retries(self._asked, held=self._held)

    def claim(self) -> Claim:
        """What may be handed over, now that it is committed."""
        assert self._taken is not None
        try:
            return self._claim(self._asked, self._taken)
        finally:
            self._end()


def _committed(exchange: LedgerExchange) -> Taken:
    exchange.commit()
    return exchange.taken
