"""[I/O] For how long what a sender claimed is its own to hand over."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsletter.errors import AttentionError, StoreError

if TYPE_CHECKING:
    from newsletter.sending.ports import SendLedger


class LeaseLostError(AttentionError):
    """Another sender took this one for dead, and has its people now."""


class Lease:
    """A sender's lease, from `since` on; renewed by a thread of its own, asked by all others.

    A machine that was suspended, or cut off from the database, finds it run out: another sender
    may have given its people to somebody else since. `sharing` is how many senders there were when
    it was last renewed.
    """

    def __init__(
        self,
        ledger: "SendLedger",
        send_id: int,
        sender: int,
        *,
        since: datetime,
        length: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self.send_id = send_id
        self.sender = sender
        self.sharing = max(1, ledger.count_active(send_id, since))
        self._ledger = ledger
        self._until = since + length
        self._length = length
        self._clock = clock

    @property
    def is_held(self) -> bool:
        """Return whether no other sender can have taken this one for dead."""
        return self._clock() < self._until

    def renew(self) -> bool:
        """Hold it for another length from now; False when another sender took this one for dead.

        StoreError when the ledger cannot be asked.
        """
        now = self._clock()
        if not self._ledger.renew_lease(self.sender, now=now, lease=self._length):
            self._until = now
            return False
        self._until = now + self._length
        self.sharing = max(1, self._ledger.count_active(self.send_id, now))
        return True

    def is_lost(self) -> bool:
        """Return whether another sender took this one for dead; asks the ledger once time is up."""
        if not self.is_held:
            with suppress(StoreError):  # then nothing leaves, and it is asked again
                return not self.renew()
        return False
