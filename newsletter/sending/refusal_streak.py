"""Refusals in a row: is it still the readers' addresses, or the server that refuses everyone?

One refusal among acceptances is about its reader. Many without an acceptance between them are about
us, whatever they say: in such a row nobody's address is given up, and the send stops or rests.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from newsletter.errors import AttentionError
from newsletter.model.delivery import Accepted, Deferred, Fault, Outcome, Refused
from newsletter.model.ledger import ClaimedDelivery

_REFUSALS = 50
_OURS = 10  # that say themselves that it is our relay, our settings or our content
_LIMITS = 10
_LAST = 10  # refusals with which a send may not end
_OFTEN = 3  # who was refused so many times, and a person resumed the send each time, is meant
_RESTS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(minutes=30))


@dataclass(slots=True)
class RefusalStreak:
    """What one sender heard since the last acceptance. `doubted` are addresses that were refused
    for good meanwhile; `rests_until` is when the server may take more of us."""

    doubted: list[str] = field(default_factory=list)
    rests_until: datetime | None = None
    _refusals: int = 0
    _ours: int = 0
    _limits: int = 0
    _rests: int = 0
    _words: str = ""

    def note(self, person: ClaimedDelivery, outcome: Outcome, now: datetime) -> list[str]:
        """Count an outcome; return the addresses that are known by it not to work."""
        match outcome:
            case Accepted():
                believed, self.doubted = self.doubted, []
                self._refusals = self._ours = self._limits = self._rests = 0
                return believed
            case Refused(fault=fault) if person.was_refused and person.attempts + 1 >= _OFTEN:
                return [person.address] if fault is Fault.ADDRESS else []
            case Refused(reason=reason, fault=fault):
                self._words = reason
                self._refusals += 1
                self._ours += fault is Fault.CONTENT
                if fault is Fault.ADDRESS:
                    self.doubted.append(person.address)
            case Deferred(reason=reason, fault=Fault.OURS):
                self._words = reason
                self._ours += 1
            case Deferred(fault=Fault.LIMIT):
                self._limits += 1
                if self._limits >= _LIMITS:
                    self._rest(now)
        return []

    def _rest(self, now: datetime) -> None:
        self._limits = 0
        self.rests_until = now + _RESTS[min(self._rests, len(_RESTS) - 1)]
        self._rests += 1

    @property
    def refusals(self) -> int:
        """Return how many were refused since the last acceptance."""
        return self._refusals

    def seconds_to_rest(self, now: datetime) -> float:
        """Return for how many seconds nobody is to be tried."""
        if self.rests_until is None or now >= self.rests_until:
            return 0.0
        # A clock that was set back must not make a pause of it that nobody ends.
        return min((self.rests_until - now).total_seconds(), _RESTS[-1].total_seconds())

    def reason_to_pause(self, *, at_end: bool = False) -> AttentionError | None:
        """Return why a person has to look at it; None while the refusals are the readers' own."""
        if self._ours < _OURS and self._refusals < (_LAST if at_end else _REFUSALS):
            return None
        count = max(self._ours, self._refusals)
        return AttentionError(
            f"The mail server refused the last {count} mails. The send is paused, and nobody's "
            f"address was given up for it. It said: {self._words}",
            hint="once that is mended, newsletter send --resume continues, also with those refused",
        )
