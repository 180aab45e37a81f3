"""[I/O] One sender's batches at the ledger, each repeated until it is committed.

What was handed over is known to the sender and nowhere else: a database that is locked, full or
away is worth waiting for.
"""

import threading
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from newsletter.errors import StoreError
from newsletter.model.ledger import BatchRequest, BatchResult, OpenBatch
from newsletter.sending.audience import barrier
from newsletter.sending.ports import SendLedger
from newsletter.sending.transports.transport import Claim


@dataclass(frozen=True, slots=True)
class LedgerClient:
    """Speaks to the ledger for one sender. `pauses` are the seconds between attempts."""

    ledger: SendLedger
    today: Callable[[datetime], date]
    pauses: tuple[float, ...]

    def begin(self, request: BatchRequest) -> OpenBatch | None:
        """Ask once, and leave the commit to the caller; None when the database is away."""
        try:
            return self._ask(request)
        except StoreError:
            return None

    def commit_with_retries(
        self, batch: OpenBatch | None, request: BatchRequest, *, held: Collection[int]
    ) -> BatchResult:
        """Commit a batch that was begun, else ask again, with pauses, until it is committed.

        `held` are the deliveries that the sender knows it has claimed: what was asked may have been
        heard. StoreError when the database stays away.
        """
        if batch is not None:
            with suppress(StoreError):
                return _committed(batch)
        *before, last = self.pauses
        for pause in before:
            threading.Event().wait(pause)
            with suppress(StoreError):
                return _committed(self._ask(replace(request, still_held=held)))
        threading.Event().wait(last)
        return _committed(self._ask(replace(request, still_held=held)))

    def _ask(self, request: BatchRequest) -> OpenBatch:
        return self.ledger.begin_batch(request, partial(barrier, today=self.today(request.now)))


class LedgerBatch:
    """A Batch at the ledger. `claim` makes of the ledger's result what a transport gets; `end` is
    called once, however it ends."""

    def __init__(
        self,
        client: LedgerClient,
        request: BatchRequest,
        *,
        held: Collection[int],
        claim: Callable[[BatchRequest, BatchResult], Claim],
        end: Callable[[], None],
    ) -> None:
        self._client = client
        self._request = request
        self._held = held
        self._claim = claim
        self._end = end
        self._result: BatchResult | None = None
        try:
            self._open = client.begin(request)
        except BaseException:
            end()
            raise

    def commit(self) -> None:
        """Wait until the disk has it. StoreError when it never does."""
        try:
            self._result = self._client.commit_with_retries(
                self._open, self._request, held=self._held
            )
        except BaseException:
            self._end()
            raise

    def claim(self) -> Claim:
        """Return what may be handed over, now that it is committed."""
        assert self._result is not None
        try:
            return self._claim(self._request, self._result)
        finally:
            self._end()


def _committed(batch: OpenBatch) -> BatchResult:
    batch.commit()
    return batch.result
