"""The pages of each topic and of each member: what issues had of them, the newest first."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from newsletter.archive.issue_page import IssuePage
from newsletter.archive.layout import Layout
from newsletter.design.bidi_gettext import gettext_for
from newsletter.design.catalogues import PAGES, translations
from newsletter.design.views import PlacementView
from newsletter.members.topics_and_regions import known_topics, shown_name
from newsletter.model.organisation import Organisation

MOST = 200  # pieces that one page lists


class Placed(NamedTuple):
    """A piece, with the page of its edition."""

    page: IssuePage
    placement: PlacementView


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """What belongs to one topic or one member. `path` is its page, below the site's root."""

    name: str
    path: str
    placed: list[Placed] = field(default_factory=list)
    member: Organisation | None = None


def topic_groups(
    language: str, pages: Sequence[IssuePage], topics: tuple[str, ...]
) -> tuple[Group, ...]:
    """Group pieces by the topics that readers may choose from, named in the page's language."""
    gettext = translations(language, PAGES).gettext
    groups: dict[str, Group] = {}
    for placed in _placed(pages):
        item = placed.page.material.items.get(placed.placement.id)
        for topic in known_topics(item.topics, topics) if item else ():
            if folder := _folder(topic):
                path = f"{language}/topics/{folder}/index.html"
                group = Group(name=shown_name(topic, gettext), path=path)
                groups.setdefault(folder, group).placed.append(placed)
    return _by_name(groups.values())


def member_groups(language: str, pages: Sequence[IssuePage]) -> tuple[Group, ...]:
    """Group pieces by member; `pages` are the newest first: of each member the last name stays.

    Members that an issue only lists have a page too.
    """
    groups: dict[str, Group] = {}

    def group_of(member: Organisation) -> Group:
        path = f"{language}/organisations/{member.id}/index.html"
        return groups.setdefault(member.id, Group(name=member.name, path=path, member=member))

    for placed in _placed(pages):
        item = placed.page.material.items.get(placed.placement.id)
        member = (
            placed.page.material.organisations.get(item.organisation_id or "") if item else None
        )
        if member is not None:
            group_of(member).placed.append(placed)
    for page in pages:
        for member in page.material.organisations.values() if page.view.members else ():
            group_of(member)
    return _by_name(groups.values())


def group_page(layout: Layout, language: str, group: Group, members: Sequence[Group]) -> str:
    """Render the page of a topic or a member, with links to the members among `members`."""
    pages_of = {one.member.id: one.path for one in members if one.member is not None}
    issues: dict[str, tuple[IssuePage, list[dict[str, str]]]] = {}
    for page, placement in group.placed[:MOST]:
        item = page.material.items.get(placement.id)
        source = placement.source.name if placement.source and group.member is None else ""
        issues.setdefault(page.path, (page, []))[1].append(
            {
                "path": f"{page.path}#p-{placement.id}" if placement.id else page.path,
                "title": placement.title,
                "source": source,
                "source_path": pages_of.get((item and item.organisation_id) or "", ""),
                "lang": placement.lang,
                "dir": placement.dir,
            }
        )
    return layout.render(
        "group.html",
        language,
        group.path,
        group.name,
        member=group.member,
        about=_about(group.member, language) if group.member else [],
        issues=list(issues.values()),
        has_more=len(group.placed) > MOST,
    )


def members_page(layout: Layout, language: str, members: Sequence[Group]) -> str:
    """Render the list of all members."""
    title = gettext_for(layout.localizer(language), str)("Members of the coalition")
    return layout.render("members.html", language, members_path(language), title, members=members)


def members_path(language: str) -> str:
    """Return where the list of all members is."""
    return f"{language}/organisations/index.html"


def _about(member: Organisation, language: str) -> list[str]:
    """What a member covers, and where, in the page's language."""
    gettext = translations(language, PAGES).gettext
    return [shown_name(name, gettext) for name in (*member.topics, *member.regions)]


def _placed(pages: Sequence[IssuePage]) -> Iterator[Placed]:
    for page in pages:
        for section in page.view.sections:
            for placement in section.placements:
                yield Placed(page, placement)


def _by_name(groups: Iterable[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: group.name.casefold()))


def _folder(topic: str) -> str:
    return re.sub(r"[^\w]+", "-", topic.casefold()).strip("-")
