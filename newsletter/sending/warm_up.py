"""[I/O] A new sender's first weeks: how many may get mail today; providers get to know it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.errors import AttentionError
from newsletter.sending.ports import SendLedger

MOST_DAYS = 30  # by then any share has doubled beyond every list


@dataclass(kw_only=True, slots=True)
class WarmUp:
    """What is left of today's share. It doubles each day from the first send on, as providers
    advise; people come in the order in which they joined, so that each day the same are first."""

    share: int
    left: int

    def allowed(self, want: int) -> int:
        """Return how many of these may be claimed."""
        return max(0, min(want, self.left))

    def reason_to_stop(self, in_flight: int) -> AttentionError | None:
        """Say that today's share has left; None when it has not, or may come back in part from
        those in flight."""
        if self.left > 0 or in_flight:
            return None
        return AttentionError(
            f"Today's share of {self.share:,} mails has left; the others wait.",
            hint="run newsletter send again tomorrow: [transport] warm_up spreads a first send",
        )


def todays_share(
    ledger: SendLedger, first_share: int, *, zone: ZoneInfo, now: datetime
) -> WarmUp | None:
    """Return today's share, where days begin in `zone`; None when there is no limit any more."""
    if not first_share:
        return None
    first = ledger.first_frozen()
    today = now.astimezone(zone).date()
    days = (today - first.astimezone(zone).date()).days if first else 0
    if days > MOST_DAYS:
        return None
    midnight = datetime(today.year, today.month, today.day, tzinfo=zone)
    share = first_share * 2**days
    return WarmUp(share=share, left=share - ledger.count_left_since(midnight))
