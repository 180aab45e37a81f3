"""[I/O] Letters to members about their feeds, in their own language."""

import hashlib
import html
from collections.abc import Callable, Sequence
from gettext import NullTranslations
from typing import NamedTuple

from newsletter.members.health import FeedHealth, Health, OrganisationHealth, mark
from newsletter.model.delivery import Refused
from newsletter.model.language import direction
from newsletter.model.notice import Notice
from newsletter.people.ports import Post

Say = Callable[[str], str]


class Letter(NamedTuple):
    """A message to a member."""

    subject: str
    text: str


def write_to_contacts(
    members: Sequence[OrganisationHealth],
    post: Post,
    *,
    coalition: str,
    translations: Callable[[str], NullTranslations],
) -> tuple[str, ...]:
    """Send one mail to each member that gave a contact, in its language; return the ids of those
    whose mail was refused.

    ServiceError when a mail cannot leave; those before it were sent.
    """
    return tuple(
        member.organisation_id
        for member in members
        if (notice := notice_to(member, coalition=coalition, translations=translations))
        and isinstance(post.send(notice), Refused)
    )


def notice_to(
    member: OrganisationHealth,
    *,
    coalition: str,
    translations: Callable[[str], NullTranslations],
    period: str = "",
) -> Notice | None:
    """Return the mail to a member's contact, if it gave one; in each `period` the same one, however
    often it leaves."""
    if member.contact is None:
        return None
    subject, text = letter(member, coalition=coalition, say=translations(member.language).gettext)
    lines = "<br>\n".join(html.escape(line) for line in text.splitlines())
    named = f"{period} {member.organisation_id} {member.contact}"
    return Notice(
        address=member.contact,
        language=member.language,
        subject=subject,
        text=text,
        html=f'<!doctype html><html lang="{html.escape(member.language)}" '
        f'dir="{direction(member.language)}"><body>{lines}</body></html>',
        id=hashlib.sha256(named.encode()).hexdigest()[:32] if period else "",
    )


def letter(health: OrganisationHealth, *, coalition: str, say: Say) -> Letter:
    """Write to a member, in the language that `say` translates into."""
    apart = _isolated if direction(health.language) == "rtl" else str
    bad = mark("Your feed needs attention")
    subject = say(bad if health.needs_attention else mark("Your feed is well"))
    lines = [
        say(mark("Hello,")),
        "",
        say(mark("this is how the newsletter of %(coalition)s sees the feeds of %(organisation)s."))
        % {"coalition": apart(coalition), "organisation": apart(health.name)},
    ]
    for feed in health.feeds:
        lines += ["", feed.url, *(f"  {line}" for line in _lines_about(feed, say, apart))]
    if health.used:
        lines += ["", say(mark("What we used of yours lately:"))]
        lines += [f"  {apart(issue)}: {apart(title)}" for issue, title in health.used]
    lines += ["", say(mark("Answer this message to reach the editors. Thank you!"))]
    return Letter(f"{subject}: {health.name}", "\n".join(lines) + "\n")


def _isolated(text: str) -> str:
    """Keep a text in its own order amid words that run the other way: after Arabic letters
    2026-11-20 would read 20-11-2026 (UAX #9, rules W2 and W4)."""
    return f"\u2068{text}\u2069"


def _lines_about(feed: FeedHealth, say: Say, apart: Say) -> list[str]:
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
