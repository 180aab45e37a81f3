"""One sender's exchanges with the ledger, each said until it is heard.

What was handed over is known to the sender and nowhere else: a database that is locked, full or
away is worth waiting for.
"""

import threading
from collections.abc import Callable, Collection
from datetime import date, datetime

from newsletter.delivery.audience import barrier
from newsletter.delivery.transport import Claim
from newsletter.errors import StoreError
from newsletter.model.delivery import ExclusionReason, Result, Taken
from newsletter.model.subscriber import SubscriberState
from newsletter.workflow.ledger_ports import LedgerExchange, Senders


class LedgerVoice:
    """Speaks to the ledger for one sender of one send. `pauses` are seconds between attempts."""

    def __init__(
        self,
        senders: Senders,
        send_id: int,
        sender: int,
        *,
        today: Callable[[datetime], date],
        pauses: tuple[float, ...],
    ) -> None:
        self._senders = senders
        self._send_id = send_id
        self._sender = sender
        self._today = today
        self._pauses = pauses

    def say(
        self,
        results: list[Result],
        want: int,
        now: datetime,
        *,
        still_held: Collection[int] | None = None,
    ) -> LedgerExchange:
        """Once, and not yet committed. `still_held` when it may have been said before."""
        today = self._today(now)

        def barred(
            state: SubscriberState, paused_until: date | None, is_suppressed: bool
        ) -> ExclusionReason | None:
            return barrier(state, paused_until, today, is_suppressed=is_suppressed)

        return self._senders.begin_exchange(
            self._send_id,
            self._sender,
            results,
            want=want,
            now=now,
            barrier=barred,
            still_held=still_held,
        )

    def write(
        self, results: list[Result], want: int, now: datetime, *, held: Collection[int]
    ) -> Taken:
        """Until it is committed. StoreError when the database stays away."""
        try:
            return _committed(self.say(results, want, now))
        except StoreError:
            return self.insist(results, want, now, held=held)

    def insist(
        self, results: list[Result], want: int, now: datetime, *, held: Collection[int]
    ) -> Taken:
        """What may have been said already, again and again with pauses, until it is committed."""
        *before, last = self._pauses
        for pause in before:
            threading.Event().wait(pause)
            try:
                return _committed(self.say(results, want, now, still_held=held))
            except StoreError:
                continue
        threading.Event().wait(last)
        return _committed(self.say(results, want, now, still_held=held))


class RunningExchange:
    """Fulfils delivery's Exchange. `claim` makes of what the ledger gave what a transport gets;
    `end` is called once, however it ends."""

    def __init__(
        self,
        voice: LedgerVoice,
        results: list[Result],
        want: int,
        now: datetime,
        *,
        held: Collection[int],
        claim: Callable[[list[Result], Taken, datetime], Claim],
        end: Callable[[], None],
    ) -> None:
        self._voice = voice
        self._said = (results, want, now)
        self._held = held
        self._claim = claim
        self._end = end
        self._begun: LedgerExchange | None = None
        self._taken: Taken | None = None
        try:
            self._begun = voice.say(*self._said)
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
        return self._voice.insist(*self._said, held=self._held)

    def claim(self) -> Claim:
        """What may be handed over, now that it is committed."""
        assert self._taken is not None
        try:
            return self._claim(self._said[0], self._taken, self._said[2])
        finally:
            self._end()


def _committed(exchange: LedgerExchange) -> Taken:
    exchange.commit()
    return exchange.taken
