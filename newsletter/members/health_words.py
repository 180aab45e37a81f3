"""How each member's feeds are doing, in plain language for the member and for the editors. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from newsletter.model.language import direction
from newsletter.model.organisation import Feed, FeedKind, Organisation
from newsletter.model.pulling import FeedResult, FeedState

BROKEN_AFTER = timedelta(days=7)  # small sites have bad days; a week is no bad day
SILENT_AFTER = timedelta(days=60)

Say = Callable[[str], str]


def mark(text: str) -> str:
    """Marks words for the catalogues of `newsletter/locales`."""
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
        """Whether somebody has to do something."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class OrganisationHealth:
    """One member: its feeds, and the titles of theirs that issues used, per issue."""

    organisation_id: str
    name: str
    contact: str | None
    language: str
    feeds: tuple[FeedHealth, ...]
    used: tuple[tuple[str, str], ...] = ()

    @property
    def needs_attention(self) -> bool:
        """Whether any feed does."""
        return any(feed.health.needs_attention for feed in self.feeds)


MEND = {
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
    FeedResult.BUSY: mark("The site asks us to stay away. Ask your host to admit feed readers."),
    FeedResult.NOT_A_FEED: mark("A web page is shown where the feed should be. Check the address."),
    FeedResult.LOGIN_PAGE: mark(
        "A login page is shown where the feed should be. Make the feed public."
    ),
    FeedResult.CHALLENGE_PAGE: mark(
        "A protection service wants proof that we are human. Exempt the feed from it."
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
    FeedResult.ERROR: mark("The site answers with an error. Ask your host why."),
}
SILENT = mark("The feed works, but nothing new has appeared in it for a long time.")


def health_of(
    organisation: Organisation,
    states: Mapping[str, FeedState],
    used: Sequence[tuple[str, str]],
    *,
    now: datetime,
) -> OrganisationHealth:
    """How one member's feeds are doing. `used`: issue id and title, the newest first."""
    return OrganisationHealth(
        organisation_id=organisation.id,
        name=organisation.name,
        contact=organisation.contact,
        language=organisation.languages[0] if organisation.languages else "en",
        feeds=tuple(_feed(feed, states.get(feed.url), now) for feed in organisation.feeds),
        used=tuple(used),
    )


def _feed(feed: Feed, state: FeedState | None, now: datetime) -> FeedHealth:
    if feed.paused:
        return FeedHealth(url=feed.url, kind=feed.kind, health=Health.PAUSED)
    if state is None or state.last_pulled_at is None:
        return FeedHealth(url=feed.url, kind=feed.kind, health=Health.NEW)
    health, since = _judged(feed, state, now)
    fix = ""
    if health is Health.SILENT:
        fix = SILENT
    elif health in (Health.BROKEN, Health.GONE, Health.STRUGGLING):
        fix = MEND.get(state.result, "")
    return FeedHealth(
        url=feed.url,
        kind=feed.kind,
        health=health,
        since=since,
        result=state.result,
        detail=state.detail,
        fix=fix,
        warnings=state.warnings,
        last_new_at=state.last_new_at,
    )


def _judged(feed: Feed, state: FeedState, now: datetime) -> tuple[Health, datetime | None]:
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


def letter(health: OrganisationHealth, *, coalition: str, say: Say) -> tuple[str, str]:
    """Subject and text of the message to a member, in the language that `say` speaks."""
    apart = _isolated if direction(health.language) == "rtl" else str
    ailing = [feed for feed in health.feeds if feed.health.needs_attention]
    subject = say(mark("Your feed needs attention")) if ailing else say(mark("Your feed is well"))
    lines = [
        say(mark("Hello,")),
        "",
        say(mark("this is how the newsletter of %(coalition)s sees the feeds of %(organisation)s."))
        % {"coalition": apart(coalition), "organisation": apart(health.name)},
    ]
    for feed in health.feeds:
        lines += ["", feed.url, *(f"  {line}" for line in _told(feed, say, apart))]
    if health.used:
        lines += ["", say(mark("What we used of yours lately:"))]
        lines += [f"  {apart(issue)}: {apart(title)}" for issue, title in health.used]
    lines += ["", say(mark("Answer this message to reach the editors. Thank you!"))]
    return f"{subject}: {health.name}", "\n".join(lines) + "\n"


def _isolated(text: str) -> str:
    """The text kept in its own order amid words that run the other way: after Arabic letters
    2026-11-20 would read 20-11-2026 (UAX #9, rules W2 and W4)."""
    return f"\u2068{text}\u2069"


def _told(feed: FeedHealth, say: Say, apart: Say) -> list[str]:
    day = {"date": apart(f"{feed.since:%Y-%m-%d}") if feed.since else ""}
    words = {
        Health.WELL: mark("It works."),
        Health.NEW: mark("It has not been asked yet."),
        Health.STRUGGLING: mark("It has had trouble since %(date)s."),
        Health.BROKEN: mark("It has been broken since %(date)s."),
        Health.SILENT: mark("It has been silent since %(date)s."),
        Health.GONE: mark("It has been gone since %(date)s."),
        Health.PAUSED: mark("It is paused."),
    }[feed.health]
    lines = [say(words) % day]
    if feed.fix:
        lines.append(say(feed.fix))
    if feed.detail and feed.health.needs_attention:
        lines.append(say(mark("What we saw: %(detail)s")) % {"detail": apart(feed.detail)})
    return lines
