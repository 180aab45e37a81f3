"""How each member's feeds are doing, and how to fix them: judged from what pulls remember."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from newsletter.model.issue import Use
from newsletter.model.item import Item
from newsletter.model.organisation import Feed, FeedKind, Organisation
from newsletter.model.pulling import FeedResult, FeedState

BROKEN_AFTER = timedelta(days=7)  # small sites have bad days; a week is no bad day
SILENT_AFTER = timedelta(days=60)
ISSUES = 8  # how many issues back a member is told what was used
MOST_USED = 20


def mark(text: str) -> str:
    """Mark words for the catalogues of `newsletter/locales`; return them as they are."""
    return text


class Health(StrEnum):
    """How a feed is doing."""

    WELL = "well"
    NEW = "not asked yet"
    STRUGGLING = "struggling"  # failing, but not for a week yet
    BROKEN = "broken"
    SILENT = "silent"
    GONE = "gone"
    PAUSED = "paused"

    @property
    def needs_attention(self) -> bool:
        """Return whether somebody has to do something."""
        return self in (Health.BROKEN, Health.SILENT, Health.GONE)


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedHealth:
    """One feed: how it is, since when, what was seen, and how to fix it."""

    url: str
    kind: FeedKind
    health: Health
    since: datetime | None = None
    result: FeedResult = FeedResult.WAITING
    detail: str = ""
    fix: str = ""
    warnings: tuple[str, ...] = ()
    last_new_at: datetime | None = None


class UsedItem(NamedTuple):
    """A member's item that an issue carried."""

    issue_id: str
    title: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationHealth:
    """One member: its feeds, and what issues used of it, the newest issue first."""

    organisation_id: str
    name: str
    contact: str | None
    language: str
    feeds: tuple[FeedHealth, ...]
    used: tuple[UsedItem, ...] = ()

    @property
    def needs_attention(self) -> bool:
        """Return whether any feed does."""
        return any(feed.health.needs_attention for feed in self.feeds)


FIXES = {
    FeedResult.GONE: mark(
        "The site says that this feed is gone for good. Tell us its new address, if any."
    ),
    FeedResult.MISSING: mark(
        "There is no page at this address any more. Tell us where the feed is now."
    ),
    FeedResult.REFUSED: mark(
        "The address leads somewhere that is not on the public internet. Give us a public address."
    ),
    FeedResult.DENIED: mark(
        "The site does not let us read the feed. Allow it for everyone, without a login."
    ),
    FeedResult.BUSY: mark("The site asks us to wait. Ask your host to admit feed readers."),
    FeedResult.NOT_A_FEED: mark("A web page is shown where the feed should be. Check the address."),
    FeedResult.LOGIN_PAGE: mark(
        "A login page is shown where the feed should be. Make the feed public."
    ),
    FeedResult.CHALLENGE_PAGE: mark(
        "A protection service wants proof that we are human. Exempt the feed from it."
    ),
    FeedResult.COOKIE_WALL: mark(
        "A question about cookies is shown where the feed should be. Exempt the feed from it."
    ),
    FeedResult.EMPTY: mark("The answer is empty. A plugin or a full disk is the usual reason."),
    FeedResult.CUT_SHORT: mark(
        "The feed breaks off half-way. An error of the site is the usual reason."
    ),
    FeedResult.BROKEN: mark("The feed cannot be read. Check it at validator.w3.org/feed."),
    FeedResult.TOO_LARGE: mark("The feed is very large. Set it to show the last 20 entries."),
    FeedResult.TIMEOUT: mark("The site takes too long to answer. Ask your host why."),
    FeedResult.UNREACHABLE: mark(
        "The site cannot be reached. Check its domain, its certificate and its host."
    ),
    FeedResult.CERTIFICATE_EXPIRED: mark(
        "The site's certificate has run out. Renew it, and let it be renewed automatically."
    ),
    FeedResult.CHAIN_INCOMPLETE: mark(
        "Part of the certificate's chain is missing. Install the full chain (fullchain.pem)."
    ),
    FeedResult.WRONG_NAME: mark(
        "The certificate is for another name. Get one for this name, with and without www."
    ),
    FeedResult.SELF_SIGNED: mark(
        "The certificate is signed by itself. Get one that browsers trust; there are free ones."
    ),
    FeedResult.OLD_TLS: mark(
        "The site speaks only an old, unsafe version of TLS. Ask your host for TLS 1.2 or 1.3."
    ),
    FeedResult.ERROR: mark("The site answers with an error. Ask your host why."),
}
SILENT = mark("The feed works, but nothing new has appeared in it for a long time.")


def used_items(uses: Sequence[Use], items: Mapping[str, Item]) -> dict[str, list[UsedItem]]:
    """Return what issues used, by organisation id, in the order of `uses`; `items` are by id."""
    used: dict[str, list[UsedItem]] = {}
    for use in uses:
        if use.organisation_id and use.item_id in items:
            title = items[use.item_id].title
            used.setdefault(use.organisation_id, []).append(UsedItem(use.issue_id, title))
    return used


def health_of(
    organisation: Organisation,
    states: Mapping[str, FeedState],
    used: Sequence[UsedItem],
    *,
    now: datetime,
) -> OrganisationHealth:
    """Judge one member's feeds. `states` are by feed address."""
    return OrganisationHealth(
        organisation_id=organisation.id,
        name=organisation.name,
        contact=organisation.contact,
        language=organisation.languages[0] if organisation.languages else "en",
        feeds=tuple(_feed(feed, states.get(feed.url), now) for feed in organisation.feeds),
        used=tuple(used[:MOST_USED]),
    )


def _feed(feed: Feed, state: FeedState | None, now: datetime) -> FeedHealth:
    if feed.paused:
        return FeedHealth(url=feed.url, kind=feed.kind, health=Health.PAUSED)
    if state is None or state.last_pulled_at is None:
        return FeedHealth(url=feed.url, kind=feed.kind, health=Health.NEW)
    health, since = _judged(state, now)
    fix = SILENT if health is Health.SILENT else FIXES.get(state.result, "")
    return FeedHealth(
        url=feed.url,
        kind=feed.kind,
        health=health,
        since=since,
        result=state.result,
        detail=state.detail,
        fix="" if health is Health.WELL else fix,
        warnings=state.warnings,
        last_new_at=state.last_new_at,
    )


def _judged(state: FeedState, now: datetime) -> tuple[Health, datetime | None]:
    if state.gone_at is not None:
        return Health.GONE, state.gone_at
    if state.failing_since is not None:
        is_long = now - state.failing_since >= BROKEN_AFTER
        return (Health.BROKEN if is_long else Health.STRUGGLING), state.failing_since
    last = max(
        (moment for moment in (state.last_new_at, state.newest_entry_at) if moment), default=None
    )
    if last is not None and last <= now and now - last >= SILENT_AFTER:
        return Health.SILENT, min(last, now)
    return Health.WELL, None
