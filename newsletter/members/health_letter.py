"""[I/O] Letters to members about their feeds, in their own language."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from gettext import NullTranslations

from newsletter.design.bidi_gettext import Gettext, gettext_for, isolate
from newsletter.design.localizer import Localizer
from newsletter.design.names import issue_name
from newsletter.design.notice import Block, Card, Lines, NoticeRenderer, NoticeWords, Words
from newsletter.members.health import FeedHealth, Health, OrganisationHealth, mark
from newsletter.model.coalition import Coalition
from newsletter.model.delivery import Refused
from newsletter.model.notice import Notice
from newsletter.people.ports import Post


def write_to_contacts(
    members: Sequence[OrganisationHealth],
    post: Post,
    renderer: NoticeRenderer,
    *,
    translations: Callable[[str], NullTranslations],
) -> tuple[str, ...]:
    """Send one mail to each member that gave a contact, in its language; return the ids of those
    whose mail was refused.

    ServiceError when a mail cannot leave; those before it were sent.
    """
    return tuple(
        member.organisation_id
        for member in members
        if (notice := notice_to(member, renderer, translations=translations))
        and isinstance(post.send(notice), Refused)
    )


def notice_to(
    member: OrganisationHealth,
    renderer: NoticeRenderer,
    *,
    translations: Callable[[str], NullTranslations],
    period: str = "",
) -> Notice | None:
    """Return the mail to a member's contact, if it gave one; in each `period` the same one, however
    often it leaves."""
    if member.contact is None:
        return None
    localizer = Localizer(
        language=member.language,
        zone=renderer.coalition.zone,
        translations=translations(member.language),
    )
    named = f"{period} {member.organisation_id} {member.contact}"
    return renderer.render(
        letter(member, localizer, coalition=renderer.coalition),
        address=member.contact,
        id=hashlib.sha256(named.encode()).hexdigest()[:32] if period else "",
    )


def letter(
    health: OrganisationHealth, localizer: Localizer, *, coalition: Coalition
) -> NoticeWords:
    """Write to a member, in the localizer's language."""
    say, name = gettext_for(localizer, str), coalition.in_language(localizer.language).name
    bad = mark("Your feed needs attention")
    subject = say(bad if health.needs_attention else mark("Your feed is well"))
    this = mark("This is how the newsletter of %(coalition)s sees the feeds of %(organisation)s.")
    blocks: list[Block] = [
        Words(text=say(mark("Hello,"))),
        Words(text=say(this, coalition=name, organisation=health.name)),
    ]
    for feed in health.feeds:
        blocks.append(Card(url=feed.url, lines=tuple(_lines_about(feed, say, localizer))))
    if health.used:
        used = (
            f"{issue_name(issue, localizer.language)}: {isolate(title, localizer, str)}"
            for issue, title in health.used
        )
        blocks.append(Words(text=say(mark("What we used of yours lately:"))))
        blocks.append(Lines(lines=tuple(used)))
    end = mark("Answer this message to reach the editors. Thank you!")
    return NoticeWords(
        language=localizer.language,
        subject=f"{subject}: {isolate(health.name, localizer, str)}",
        blocks=(*blocks, Words(text=say(end))),
    )


def _lines_about(feed: FeedHealth, say: Gettext, localizer: Localizer) -> Iterator[str]:
    words = {
        Health.WELL: mark("It works."),
        Health.NEW: mark("It has not been asked yet."),
        Health.STRUGGLING: mark("It has had trouble since %(date)s."),
        Health.BROKEN: mark("It has been broken since %(date)s."),
        Health.SILENT: mark("It has been silent since %(date)s."),
        Health.GONE: mark("It has been gone since %(date)s."),
        Health.PAUSED: mark("It is paused."),
    }[feed.health]
    yield say(words, date=localizer.day(feed.since) if feed.since else "")
    if feed.fix:
        yield say(feed.fix)
    if feed.detail and feed.health.needs_attention:
        yield say(mark("Technical detail for your host: %(detail)s"), detail=feed.detail)
