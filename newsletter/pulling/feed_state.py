"""The next state of a feed after each kind of answer, and when it is due. Pure."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from newsletter.model.answer import Failed, Failure, Fetched, Hop, NotModified
from newsletter.model.pulling import FeedResult, FeedState
from newsletter.pulling import schedule
from newsletter.pulling.parse.parsed import NotFeed, Unreadable
from newsletter.pulling.parse.sniff import CHALLENGE

if TYPE_CHECKING:
    from newsletter.pulling.reading import ReadFeed

NOTED_AHEAD = timedelta(hours=1)  # what was noted further ahead, a wrong clock noted
SENDABLE = re.compile("[^\x00-\x1f\x7f]+")

FAILURES = {
    Failure.REFUSED: FeedResult.REFUSED,
    Failure.UNREACHABLE: FeedResult.UNREACHABLE,
    Failure.CERTIFICATE_EXPIRED: FeedResult.CERTIFICATE_EXPIRED,
    Failure.CHAIN_INCOMPLETE: FeedResult.CHAIN_INCOMPLETE,
    Failure.WRONG_NAME: FeedResult.WRONG_NAME,
    Failure.SELF_SIGNED: FeedResult.SELF_SIGNED,
    Failure.OLD_TLS: FeedResult.OLD_TLS,
    Failure.TIMEOUT: FeedResult.TIMEOUT,
    Failure.TOO_LARGE: FeedResult.TOO_LARGE,
    Failure.CUT_SHORT: FeedResult.CUT_SHORT,
    Failure.LOOP: FeedResult.ERROR,
    Failure.GONE: FeedResult.GONE,
    Failure.MISSING: FeedResult.MISSING,
    Failure.BUSY: FeedResult.BUSY,
    Failure.DENIED: FeedResult.DENIED,
    Failure.STATUS: FeedResult.ERROR,
}
NOT_FEEDS = {
    NotFeed.PAGE: FeedResult.NOT_A_FEED,
    NotFeed.LOGIN: FeedResult.LOGIN_PAGE,
    NotFeed.CHALLENGE: FeedResult.CHALLENGE_PAGE,
    NotFeed.COOKIES: FeedResult.COOKIE_WALL,
    NotFeed.EMPTY: FeedResult.EMPTY,
    NotFeed.TRUNCATED: FeedResult.CUT_SHORT,
    NotFeed.BROKEN: FeedResult.BROKEN,
    NotFeed.OTHER: FeedResult.NOT_A_FEED,
}


def is_due(state: FeedState, now: datetime) -> bool:
    """Return whether the feed's time has come.

    A last pull in the future was noted by a clock that was ahead, and so was the time it set.
    """
    due, last = state.next_due_at, state.last_pulled_at
    return due is None or due <= now or (last is not None and last > now + NOTED_AHEAD)


def is_host_blocked(until: datetime | None, now: datetime) -> bool:
    """Return whether a host is still to be left alone; never longer than `RETRY_CAP`."""
    return until is not None and now < until <= now + schedule.RETRY_CAP + NOTED_AHEAD


def needs_rereading(state: FeedState, now: datetime) -> bool:
    """Return whether a body that we have read says more today: a calendar that nobody edits has
    its next occurrences, too."""
    last = state.last_success_at
    return state.format == "ical" and last is not None and last.date() != now.date()


def conditional_headers(state: FeedState, now: datetime) -> dict[str, str]:
    """Return what makes a GET conditional: the validators exactly as they were received.

    One with control characters cannot be sent back.
    """
    if needs_rereading(state, now):
        return {}
    headers = {}
    if SENDABLE.fullmatch(state.etag):
        headers["If-None-Match"] = state.etag
    if SENDABLE.fullmatch(state.last_modified):
        headers["If-Modified-Since"] = state.last_modified
    return headers


def after_unchanged(state: FeedState, answer: NotModified | Fetched, now: datetime) -> FeedState:
    """Return the state after a 304, or a 200 with the body that we already read."""
    return _answered(replace(state, result=FeedResult.UNCHANGED, detail=""), answer, now)


def after_reading(
    state: FeedState,
    answer: Fetched,
    read: "ReadFeed",
    *,
    body_sha256: str,
    result: FeedResult,
    now: datetime,
) -> FeedState:
    """Return the state after a feed that was read.

    The body's hash is kept only now: what could not be read is read again.
    """
    dates = [item.published_at for item, _ in read.items if item.published_at is not None]
    state = replace(
        state,
        title=read.title,
        link=read.link,
        format=read.format,
        warnings=read.warnings,
        entries=len(read.items),
        newest_entry_at=max(dates) if dates else None,
        period=read.period,
        skip_hours=tuple(sorted(read.skip_hours)),
        skip_days=tuple(sorted(read.skip_days)),
        body_sha256=body_sha256,
        result=result,
        detail="",
        first_pulled_at=state.first_pulled_at or now,
        last_new_at=now if result is FeedResult.NEW else state.last_new_at,
    )
    return _answered(state, answer, now)


def after_unreadable(state: FeedState, unreadable: Unreadable, now: datetime) -> FeedState:
    """Return the state after a body that was no feed: a failure, and never "no entries"."""
    return after_failure(state, NOT_FEEDS[unreadable.kind], unreadable.detail, now)


def after_failed(state: FeedState, answer: Failed, now: datetime) -> FeedState:
    """Return the state after an answer without a body: what it is, and when to come back."""
    result = FAILURES[answer.kind]
    if answer.kind in (Failure.DENIED, Failure.BUSY, Failure.STATUS) and CHALLENGE.search(
        answer.body[:65_536].decode("latin-1")
    ):
        result = FeedResult.CHALLENGE_PAGE
    detail = answer.reason
    if result is FeedResult.CHALLENGE_PAGE:
        detail = f"{answer.reason}, with a page that only lets browsers in (bot protection)"
    state = after_failure(state, result, detail, now)
    if result is FeedResult.GONE:
        return replace(state, gone_at=state.gone_at or now, next_due_at=None)
    until = schedule.retry_after(answer.retry_after, now) if answer.retry_after else None
    if until is not None and state.next_due_at is not None:
        state = replace(state, next_due_at=max(until, state.next_due_at))
    return state


def host_blocked_until(answer: Failed, now: datetime) -> datetime | None:
    """Return until when the host asked to be left alone: 429 and 503 that name a time."""
    if answer.kind is not Failure.BUSY or not answer.retry_after:
        return None
    return schedule.retry_after(answer.retry_after, now)


def after_failure(state: FeedState, result: FeedResult, detail: str, now: datetime) -> FeedState:
    """Return the state after one failure more: the rest stays, the next try comes later."""
    failures = state.failures + 1
    return replace(
        state,
        result=result,
        detail=detail,
        last_pulled_at=now,
        failures=failures,
        failing_since=state.failing_since or now,
        next_due_at=schedule.after_failure(url=state.url, now=now, failures=failures),
    )


def _answered(state: FeedState, answer: Fetched | NotModified, now: datetime) -> FeedState:
    headers = answer.headers
    kept = state if isinstance(answer, NotModified) else None  # a 304 need not repeat them
    etag = headers.get("etag", "")[:1024] or (kept.etag if kept else "")
    last_modified = headers.get("last-modified", "")[:256] or (kept.last_modified if kept else "")
    state = replace(
        state,
        etag=etag,
        last_modified=last_modified,
        last_pulled_at=now,
        last_success_at=now,
        failures=0,
        failing_since=None,
        gone_at=None,
        next_due_at=schedule.next_due(
            url=state.url,
            now=now,
            headers=headers,
            period=state.period,
            skip_hours=frozenset(state.skip_hours),
            skip_days=frozenset(state.skip_days),
            has_validators=bool(etag or last_modified),
        ),
    )
    return _moved(state, answer.hops, now)


def _moved(state: FeedState, hops: tuple[Hop, ...], now: datetime) -> FeedState:
    """Only the same all-permanent chain counts on; anything else starts afresh."""
    target = hops[-1].url if hops and all(hop.is_permanent for hop in hops) else ""
    if not target or target == state.url:
        return replace(state, moved_to="", moved_since=None, moved_seen=0, move_refused=False)
    state = replace(state, detail=f"redirects permanently to {target}")
    if target == state.moved_to:
        return replace(state, moved_seen=state.moved_seen + 1)
    return replace(state, moved_to=target, moved_since=now, moved_seen=1, move_refused=False)
