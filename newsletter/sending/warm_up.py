"""[I/O] A new sender's first weeks: how many may get mail today; providers get to know it."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsletter.errors import AttentionError
from newsletter.model.ledger import DayShare
from newsletter.sending.ports import SendLedger

MOST_DAYS = 30  # by then any share has doubled beyond every list


@dataclass(frozen=True, kw_only=True, slots=True)
class WarmUp:
    """`first_share` mails on the day of the first send, twice as many on each day after, as
    providers advise; none takes part where that is 0. People come in the order in which they
    joined, so that each day the same are first. Days begin in `zone`; `first_day` is None before
    the first send."""

    first_share: int
    first_day: date | None
    zone: ZoneInfo

    def share_of(self, now: datetime) -> DayShare | None:
        """Return the share of that day; None when there is no limit, or none any more."""
        if not self.first_share:
            return None
        today = now.astimezone(self.zone).date()
        days = (today - self.first_day).days if self.first_day else 0
        if days > MOST_DAYS:
            return None
        return DayShare(
            day=today,
            begins=datetime(today.year, today.month, today.day, tzinfo=self.zone),
            mails=self.first_share * 2**days,
        )


def read_warm_up(ledger: SendLedger, first_share: int, *, zone: ZoneInfo) -> WarmUp:
    """Read when it began."""
    first = ledger.first_frozen() if first_share else None
    first_day = first.astimezone(zone).date() if first else None
    return WarmUp(first_share=first_share, first_day=first_day, zone=zone)


class ShareSpentError(AttentionError):
    """Today's share of mails has left; it goes on tomorrow."""


def share_is_spent(share: DayShare) -> ShareSpentError:
    """Say that today's share has left."""
    return ShareSpentError(
        f"Today's share of {share.mails:,} mails has left; the others wait.",
        hint="run newsletter send again tomorrow: [transport] warm_up spreads a first send",
    )
