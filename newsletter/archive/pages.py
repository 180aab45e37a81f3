"""The pages around the issues: lists by month, topic and organisation; stories; feeds; sitemap."""

import base64
import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from markupsafe import Markup

from newsletter.archive.issue_page import IssuePage, picture_path
from newsletter.archive.story_page import StoryPage
from newsletter.design.bidi_gettext import gettext_for
from newsletter.design.build_view import address_lines
from newsletter.design.localizer import localizer_for, name_in
from newsletter.design.templates import Templates
from newsletter.design.views import LogoView, PlacementView
from newsletter.model.coalition import Coalition
from newsletter.model.issue import monday_of
from newsletter.model.item import Item
from newsletter.model.logo import Logo
from newsletter.model.material import Material


@dataclass(frozen=True, kw_only=True)
class Site:
    """What every page shows or links to. `base` is the site's address, with a final slash."""

    coalition: Coalition
    templates: Templates
    base: str
    languages: tuple[str, ...]
    logo: Logo | None = None


# By a folder's name: the title of a list, and its placements, each with its edition's page.
_Groups = dict[str, tuple[str, list[tuple[IssuePage, PlacementView]]]]


def index_files(
    site: Site, pages: Sequence[IssuePage], stories: Sequence[StoryPage]
) -> Iterator[tuple[str, str]]:
    """Make for each language the index, its topics, its organisations and its feed."""
    for language in site.languages:
        own = [page for page in pages if page.edition.language == language]
        newest = sorted(own, key=lambda page: page.edition.issue_id, reverse=True)
        # An organisation has the name that it had last.
        lists = {"topics": _grouped(own, _topics), "organisations": _grouped(newest, _organisation)}
        for folder, groups in lists.items():
            for key, (name, listed) in groups.items():
                yield (
                    f"{language}/{folder}/{key}/index.html",
                    _placements(site, language, name, listed),
                )
        in_language = [story for story in stories if story.language == language]
        yield (
            f"{language}/index.html",
            _index(site, language, newest, lists, in_language, root="../"),
        )
        if language == site.languages[0]:
            yield "index.html", _index(site, language, newest, lists, in_language, root="")
        yield f"feed-{language}.xml", _feed(site, language, newest[:20])


def story_file(site: Site, story: StoryPage) -> tuple[str, str]:
    """Return a story's own page: its name and its HTML."""
    localizer = localizer_for(story.language, site.coalition)
    shown = {
        "heading": story.title,
        "author": story.author,
        "body": story.body,
        "until": localizer.day(story.until),
        "picture": {
            "path": picture_path(story.picture),
            "alt": story.alt,
            "width": story.picture.width,
            "height": story.picture.height,
        }
        if story.picture
        else None,
    }
    page = _page(site, story.language, story.title, root="../../../", path=story.path)
    return story.path, site.templates.render("archive/story.html", {**page, **shown})


def sitemap(site: Site, paths: Iterable[str]) -> str:
    """Return the list of all pages for search engines (sitemaps.org)."""
    addresses = [path.removesuffix("index.html") for path in sorted(paths) if path.endswith("html")]
    return site.templates.render(
        "archive/sitemap.xml", {"base": site.base, "paths": addresses}
    ).lstrip()


def _page(site: Site, language: str, title: str, *, root: str, path: str) -> dict[str, Any]:
    """What the layout needs."""
    localizer = localizer_for(language, site.coalition)
    tokens = site.templates.tokens
    style = site.templates.render(
        "archive/style.css",
        {"light": tokens.light, "dark": tokens.dark, "type": tokens.type, "space": tokens.space},
    )
    public = site.coalition.public_url.rstrip("/")
    return {
        "language": language,
        "dir": localizer.dir,
        "title": title,
        "root": root,
        "canonical": f"{site.base}{path.removesuffix('index.html')}",
        "alternates": (),
        "languages": [
            (tag, name_in(tag, tag), f"{root}{tag}/index.html") for tag in site.languages
        ],
        "coalition": site.coalition.in_language(language).name,
        "logo": _logo(site.logo, root),
        "postal_address": address_lines(site.coalition.postal_address, site.coalition.name),
        "join_url": f"{public}/" if public else "",
        "style": Markup(style),  # noqa: S704  # from our own tokens, which are read strictly
        "style_sha256": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "_": gettext_for(localizer, Markup),
    }


def _logo(logo: Logo | None, root: str) -> LogoView | None:
    """The logo as a page below `root` finds it."""
    if logo is None:
        return None
    picture = logo.picture
    return LogoView(
        src=f"{root}{picture_path(picture)}",
        alt=picture.alt,
        width=picture.width,
        height=picture.height,
        dark_src=f"{root}{picture_path(logo.dark)}" if logo.dark else "",
    )


def _index(
    site: Site,
    language: str,
    pages: Sequence[IssuePage],
    lists: dict[str, _Groups],
    stories: Sequence[StoryPage],
    *,
    root: str,
) -> str:
    localizer = localizer_for(language, site.coalition)
    gettext = gettext_for(localizer, str)
    months: dict[str, list[dict[str, str]]] = defaultdict(list)
    for page in pages:
        months[localizer.month(monday_of(page.edition.issue_id))].append(_issue(page))
    titles = {"topics": gettext("By topic"), "organisations": gettext("By organisation")}
    shown = {
        "heading": gettext("All issues"),
        "months": list(months.items()),
        "stories": [(story.title, story.path) for story in stories],
        "lists": [
            (
                titles[folder],
                [
                    (name, f"{language}/{folder}/{key}/index.html", len(listed))
                    for key, (name, listed) in sorted(
                        groups.items(), key=lambda group: group[1][0].casefold()
                    )
                ],
            )
            for folder, groups in lists.items()
            if groups
        ],
    }
    path = f"{language}/index.html" if root else "index.html"
    name = site.coalition.in_language(language).name
    layout = _page(site, language, name, root=root, path=path)
    return site.templates.render("archive/index.html", {**layout, **shown})


def _issue(page: IssuePage) -> dict[str, str]:
    return {
        "path": page.path,
        "subject": page.view.subject,
        "period": page.view.period,
        "preheader": page.view.preheader,
        "published": page.sent_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _placements(
    site: Site, language: str, name: str, listed: Sequence[tuple[IssuePage, PlacementView]]
) -> str:
    issues: dict[str, tuple[dict[str, str], list[dict[str, str]]]] = {}
    for page, placement in sorted(listed, key=lambda one: one[0].edition.issue_id, reverse=True):
        source = placement.source.name if placement.source else ""
        issues.setdefault(page.path, (_issue(page), []))[1].append(
            {
                "path": f"{page.path}#p-{placement.id}" if placement.id else page.path,
                "title": placement.title,
                "source": "" if source == name else source,  # the heading says it already
                "lang": placement.lang,
                "dir": placement.dir,
            }
        )
    layout = _page(site, language, name, root="../../../", path="")
    return site.templates.render(
        "archive/placements.html", {**layout, "heading": name, "issues": list(issues.values())}
    )


def _feed(site: Site, language: str, pages: Sequence[IssuePage]) -> str:
    """An Atom feed (RFC 4287) of issues, the newest first."""
    issues = [{**_issue(page), "path": page.path.removesuffix("index.html")} for page in pages]
    return site.templates.render(
        "archive/feed.xml",
        {
            "language": language,
            "coalition": site.coalition.in_language(language).name,
            "base": site.base,
            "updated": max((one["published"] for one in issues), default="1970-01-01T00:00:00Z"),
            "issues": issues,
        },
    ).lstrip()


def _grouped(
    pages: Sequence[IssuePage], names_of: Callable[[Item, Material], list[tuple[str, str]]]
) -> _Groups:
    """Group the placements by what their items belong to; the first title of a list stays."""
    groups: _Groups = {}
    for page in pages:
        for placement in (one for section in page.view.sections for one in section.placements):
            item = page.material.items.get(placement.id)
            for key, name in names_of(item, page.material) if item else ():
                groups.setdefault(key, (name, []))[1].append((page, placement))
    return groups


def _topics(item: Item, material: Material) -> list[tuple[str, str]]:
    return [(key, topic) for topic in item.topics if (key := _key(topic))]


def _organisation(item: Item, material: Material) -> list[tuple[str, str]]:
    organisation = material.organisations.get(item.organisation_id or "")
    return [(organisation.id, organisation.name)] if organisation else []


def _key(topic: str) -> str:
    """A topic as a folder's name."""
    return re.sub(r"[^\w]+", "-", topic.casefold()).strip("-")
