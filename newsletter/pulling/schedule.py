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
MOST_JITTER = 0.1


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
    """Return when to ask again after an answer: in an hour with validators, in a day without;
    later when the server says so."""
    wait = HOURLY if has_validators else DAILY
    fresh = freshness(headers, now)
    # What is asked for explicitly counts up to a week; less than an hour is never granted.
    wait = max(wait, min(max(fresh or timedelta(), period or timedelta()), LONGEST))
    due = now + wait * (1 + MOST_JITTER * jitter(url, now))
    return skipping(due, skip_hours, skip_days)


def after_failure(*, url: str, now: datetime, failures: int) -> datetime:
    """Return when to try again: in 1, 2, 4 … hours, at most a day. `failures` counts this one."""
    wait = min(HOURLY * (1 << min(failures - 1, 10)), FAILURE_CAP)
    return now + wait * (1 + MOST_JITTER * jitter(url, now))


def retry_after(value: str, now: datetime) -> datetime | None:
    """Return the moment that a Retry-After header names, at most a day from now, or None."""
    text = value.strip()
    if re.fullmatch(r"\d{1,9}", text):
        return now + min(timedelta(seconds=int(text)), RETRY_CAP)
    moment = _http_date(text)
    if moment is None or moment <= now:
        return None
    return min(moment, now + RETRY_CAP)


def freshness(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer stays fresh; None when its headers do not say, or say "not"."""
    control = headers.get("cache-control", "").lower()
    if "no-cache" in control or "no-store" in control:
        return None
    max_age = re.search(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", control)
    if max_age:
        age = headers.get("age", "")
        old = int(age) if re.fullmatch(r"\d{1,9}", age) else 0
        return max(timedelta(seconds=int(max_age[1]) - old), timedelta())
    expires = _http_date(headers.get("expires", ""))
    if expires is None:
        return None
    sent_at = _http_date(headers.get("date", "")) or now
    return max(expires - sent_at, timedelta())


def skipping(due: datetime, hours: frozenset[int], days: frozenset[int]) -> datetime:
    """Return the first moment from `due` on outside the hours and days (UTC) the feed names."""
    if len(hours) >= 24 or len(days) >= 7:
        return due  # a feed that is never to be asked: it means no such thing
    moment = due
    for _ in range(24 * 8):
        if moment.hour not in hours and moment.weekday() not in days:
            return moment
        moment = (moment + HOURLY).replace(minute=0, second=0, microsecond=0)
    return due


def jitter(url: str, now: datetime) -> float:
    """Return a number in [0, 1) that differs from feed to feed and from day to day."""
    seed = f"{url} {now.date().isoformat()}".encode()
    return int.from_bytes(hashlib.blake2b(seed, digest_size=4).digest(), "big") / 2**32


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
