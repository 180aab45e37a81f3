"""When a feed is due again: never more than hourly, as its server asks, later after failures.

Sources: RFC 9111 (max-age, Expires, Age), RFC 9110 section 10.2.3 (Retry-After), RSS 2.0 (ttl,
skipHours, skipDays), rachelbythebay.com's feed reader notes (validators, hourly, daily without).
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

HOURLY = timedelta(hours=1)
DAILY = timedelta(days=1)
LONGEST = timedelta(days=7)
RETRY_CAP = timedelta(hours=24)
FAILURE_CAP = timedelta(days=1)
JITTER = 0.1


def next_due(
    *,
    url: str,
    now: datetime,
    headers: Mapping[str, str],
    period: timedelta | None = None,
    skip_hours: frozenset[int] = frozenset(),
    skip_days: frozenset[int] = frozenset(),
    has_validators: bool = True,
) -> datetime:
    """After an answer: an hour with validators, a day without; longer when the server says so."""
    wait = HOURLY if has_validators else DAILY
    fresh = freshness(headers, now)
    # What is asked for explicitly counts up to a week; less than an hour is never granted.
    wait = max(wait, min(max(fresh or timedelta(), period or timedelta()), LONGEST))
    due = now + wait * (1 + JITTER * share(url, now))
    return skipping(due, skip_hours, skip_days)


def after_failure(*, url: str, now: datetime, failures: int) -> datetime:
    """Exponential: 1, 2, 4 … hours, at most a day; it never stops. `failures` counts this one."""
    wait = min(HOURLY * (1 << min(failures - 1, 10)), FAILURE_CAP)
    return now + wait * (1 + JITTER * share(url, now))


def retry_after(value: str, now: datetime) -> datetime | None:
    """The moment that a Retry-After header names, at most a day from now; None when it has none."""
    text = value.strip()
    if re.fullmatch(r"\d{1,9}", text):
        return now + min(timedelta(seconds=int(text)), RETRY_CAP)
    moment = _http_date(text)
    if moment is None or moment <= now:
        return None
    return min(moment, now + RETRY_CAP)


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the answer stays fresh; None when the server does not say, or says "not at all"."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    found = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", control)
    if found:
        age = headers.get("age", "")
        old = int(age) if re.fullmatch(r"\d{1,9}", age) else 0
        return max(timedelta(seconds=int(found[1]) - old), timedelta())
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return None
    said_now = _http_date(headers.get("date", "")) or now
    return max(expires - said_now, timedelta())


def skipping(due: datetime, hours: frozenset[int], days: frozenset[int]) -> datetime:
    """The first moment from `due` on outside the hours and days (UTC) that the feed names."""
    if len(hours) >= 24 or len(days) >= 7:
        return due  # a feed that is never to be asked: it means no such thing
    moment = due
    for _ in range(24 * 8):
        if moment.hour not in hours and moment.weekday() not in days:
            return moment
        moment = (moment + HOURLY).replace(minute=0, second=0, microsecond=0)
    return due


def share(url: str, now: datetime) -> float:
    """The jitter: a number in [0, 1) that differs from feed to feed and from day to day."""
    seed = f"{url} {now.date().isoformat()}".encode()
    return int.from_bytes(hashlib.blake2b(seed, digest_size=4).digest(), "big") / 2**32


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
