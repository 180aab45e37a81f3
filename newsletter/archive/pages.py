"""The pages around the issues: lists, topics, members and stories; feeds; sitemap."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from newsletter.archive.beside import newest_first
from newsletter.archive.groups import (
    group_page,
    member_groups,
    members_page,
    members_path,
    topic_groups,
)
from newsletter.archive.issue_lists import issue_entry, issue_lists, year_path, years_of
from newsletter.archive.issue_page import IssuePage, picture_path
from newsletter.archive.layout import Layout, Site
from newsletter.archive.search import SCRIPT, search_files, search_path
from newsletter.archive.story_page import StoryPage

_IN_FEED = 20


def page_files(
    site: Site, pages: Sequence[IssuePage], stories: Sequence[StoryPage]
) -> Iterator[tuple[str, str]]:
    """Make all pages but those of issues, and each language's feed."""
    newest = newest_first(pages)
    own = {
        language: [page for page in newest if page.edition.language == language]
        for language in site.languages
    }
    topics = {language: topic_groups(language, own[language], site.topics) for language in own}
    members = {language: member_groups(language, own[language]) for language in own}
    layout = Layout(site=site, paths=set())
    layout.paths.update(story.path for story in stories)
    for language, issues in own.items():
        layout.paths.update(one.path for one in (*topics[language], *members[language]))
        layout.paths.update(year_path(language, year) for year in years_of(layout, issues))
        layout.paths.update((members_path(language), search_path(language)))
    yield SCRIPT, site.templates.source(f"archive/{SCRIPT}")
    for story in stories:
        yield story.path, _story(layout, story)
    for language, issues in own.items():
        for group in (*topics[language], *members[language]):
            yield group.path, group_page(layout, language, group, members[language])
        yield members_path(language), members_page(layout, language, members[language])
        yield from issue_lists(
            layout, language, issues, topics=topics[language], members=members[language],
            stories=[story for story in stories if story.language == language],
        )  # fmt: skip
        yield from search_files(layout, language, issues)
        yield f"feed-{language}.xml", _feed(site, language, issues[:_IN_FEED])


def _story(layout: Layout, story: StoryPage) -> str:
    picture = story.picture and {
        "path": picture_path(story.picture),
        "alt": story.alt,
        "width": story.picture.width,
        "height": story.picture.height,
    }
    return layout.render(
        "story.html", story.language, story.path, story.title,
        author=story.author, body=story.body, picture=picture,
        until=layout.localizer(story.language).day(story.until),
    )  # fmt: skip


def sitemap(site: Site, paths: Iterable[str]) -> str:
    """Return the list of all pages for search engines (sitemaps.org)."""
    addresses = [path.removesuffix("index.html") for path in sorted(paths) if path.endswith("html")]
    return _without_gap(site, "sitemap.xml", base=site.base, paths=addresses)


def _feed(site: Site, language: str, pages: Sequence[IssuePage]) -> str:
    """An Atom feed (RFC 4287) of issues, the newest first."""
    issues = [{**issue_entry(page), "path": page.path.removesuffix("index.html")} for page in pages]
    return _without_gap(
        site, "feed.xml",
        language=language, base=site.base, issues=issues,
        coalition=site.coalition.in_language(language).name,
        updated=max((one["published"] for one in issues), default="1970-01-01T00:00:00Z"),
    )  # fmt: skip


def _without_gap(site: Site, template: str, **shown: Any) -> str:
    return site.templates.render(f"archive/{template}", shown).lstrip()
