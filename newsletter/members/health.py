"""[I/O] feeds health: how each member's feeds are doing, for editors and, by mail, for members."""

import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from gettext import NullTranslations
from typing import Protocol

from newsletter.members.health_words import OrganisationHealth, health_of, letter
from newsletter.model.issue import Use
from newsletter.model.item import Item
from newsletter.model.language import direction
from newsletter.model.notice import Notice
from newsletter.model.organisation import Organisation
from newsletter.people.ports import Post
from newsletter.pulling.ports import FeedStore

ISSUES = 8  # how many issues back a member is told what was used
MOST = 20


class UsedItems(Protocol):
    """Which items went into the last issues."""

    def used_in_last(self, issues: int) -> Sequence[Use]: ...


class ItemTitles(Protocol):
    """Items by id."""

    def get(self, ids: Sequence[str]) -> dict[str, Item]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class HealthParts:
    """What a health report is made of. `post` and `translations` only matter for mail."""

    organisations: tuple[Organisation, ...]
    feeds: FeedStore
    issues: UsedItems
    items: ItemTitles
    coalition: str
    translations: Callable[[str], NullTranslations]
    post: Callable[[], Post]


def report(parts: HealthParts, now: datetime) -> tuple[OrganisationHealth, ...]:
    """Every member, in the registry's order."""
    states = parts.feeds.states()
    uses = parts.issues.used_in_last(ISSUES)
    items = parts.items.get([use.item_id for use in uses])
    return tuple(
        health_of(
            organisation,
            states,
            [
                (use.issue_id, items[use.item_id].title)
                for use in uses
                if use.organisation_id == organisation.id and use.item_id in items
            ][:MOST],
            now=now,
        )
        for organisation in parts.organisations
    )


def write_to_contacts(members: Sequence[OrganisationHealth], parts: HealthParts) -> int:
    """One mail to each member that gave a contact, in its language; how many.

    ServiceError when the mail cannot leave; those before it were written to.
    """
    post = parts.post()
    written = 0
    for member in members:
        if member.contact is None:
            continue
        say = parts.translations(member.language).gettext
        subject, text = letter(member, coalition=parts.coalition, say=say)
        post.send(
            Notice(
                address=member.contact,
                language=member.language,
                subject=subject,
                text=text,
                html=_page(text, member.language),
            )
        )
        written += 1
    return written


def _page(text: str, language: str) -> str:
    """The same words as HTML, for mail clients that prefer it."""
    lines = "<br>\n".join(html.escape(line) for line in text.splitlines())
    return (
        f'<!doctype html><html lang="{html.escape(language)}" dir="{direction(language)}">'
        f"<body>{lines}</body></html>"
    )
