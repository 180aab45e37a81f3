"""[I/O] For how long what a sender claimed is its own to hand over."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from newsletter.errors import StoreError
from newsletter.sending.ports import Senders


class Lease:
    """A sender's lease, from `since` on; renewed by a thread of its own, asked by all others.

    A machine that was suspended, or cut off from the database, finds it run out: another sender
    may have given its people to somebody else since. `sharing` is how many senders there were when
    it was last renewed.
    """

    def __init__(
        self,
        senders: Senders,
        send_id: int,
        sender: int,
        *,
        since: datetime,
        length: timedelta,
        clock: Callable[[], datetime],
    ) -> None:
        self.sharing = max(1, senders.count_active(send_id, since))
        self._senders = senders
        self._send_id = send_id
        self._sender = sender
        self._until = since + length
        self._length = length
        self._clock = clock

    @property
    def is_held(self) -> bool:
        """Whether no other sender can have taken this one for dead."""
        return self._clock() < self._until

    def renew(self) -> bool:
        """Hold it for another length from now; False when another sender took this one for dead.
        StoreError when the ledger cannot be asked."""
        now = self._clock()
        if not self._senders.renew(self._sender, now=now, lease=self._length):
            self._until = now
            return False
        self._until = now + self._length
        self.sharing = max(1, self._senders.count_active(self._send_id, now))
        return True

    def is_lost(self) -> bool:
        """Whether another sender took this one for dead; the ledger is asked once time is up."""
        if not self.is_held:
            with suppress(StoreError):  # then nothing leaves, and it is asked again
                return not self.renew()
        return False
