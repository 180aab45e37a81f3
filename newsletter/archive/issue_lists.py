"""The lists of issues: the newest ones, and each year's, by the month they were mailed in."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC
from typing import Any

from newsletter.archive.groups import Group, members_path
from newsletter.archive.issue_page import IssuePage
from newsletter.archive.layout import Layout
from newsletter.archive.small_picture import first_picture, small_path, small_size
from newsletter.archive.story_page import StoryPage
from newsletter.design.bidi_gettext import gettext_for

NEWEST = 12  # issues that the index shows


def issue_lists(
    layout: Layout,
    language: str,
    pages: Sequence[IssuePage],
    *,
    topics: Sequence[Group],
    members: Sequence[Group],
    stories: Sequence[StoryPage],
) -> Iterator[tuple[str, str]]:
    """Render the index and each year's list; `pages` are the newest first."""
    gettext = gettext_for(layout.localizer(language), str)
    years = years_of(layout, pages)
    rest = pages[NEWEST:]
    shown = {
        "months": _months(layout, language, pages[:NEWEST]),
        "older": year_path(language, _year(layout, rest[0])) if rest else "",
        "years": [(year, year_path(language, year)) for year in years],
        "topics": topics,
        "members": members_path(language) if members else "",
        "stories": stories,
    }
    path, title = f"{language}/index.html", gettext("All issues")
    yield path, layout.render("index.html", language, path, title, **shown)
    if language == layout.site.languages[0]:
        yield "index.html", layout.render("index.html", language, "index.html", title, **shown)
    in_order = list(years)
    for newer_year, year, older_year in zip(
        [None, *in_order], in_order, [*in_order[1:], None], strict=False
    ):
        path, title = year_path(language, year), gettext("Issues of %(year)s", year=str(year))
        older, newer = (one and (one, year_path(language, one)) for one in (older_year, newer_year))
        yield path, layout.render(
            "year.html", language, path, title,
            months=_months(layout, language, years[year]), older=older, newer=newer,
        )  # fmt: skip


def years_of(layout: Layout, pages: Sequence[IssuePage]) -> dict[int, list[IssuePage]]:
    """Group issues by the year they were mailed in, in their order."""
    years: dict[int, list[IssuePage]] = defaultdict(list)
    for page in pages:
        years[_year(layout, page)].append(page)
    return dict(years)


def year_path(language: str, year: int) -> str:
    """Return where the list of a year's issues is."""
    return f"{language}/{year}/index.html"


def issue_entry(page: IssuePage) -> dict[str, Any]:
    """Return what a list or a feed shows of an issue."""
    picture = first_picture(page)
    return {
        "path": page.path,
        "subject": page.view.subject,
        "period": page.view.period,
        "preheader": page.view.preheader,
        "published": page.sent_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "picture": picture and (small_path(picture), *small_size(picture)),
    }


def _months(
    layout: Layout, language: str, pages: Sequence[IssuePage]
) -> list[tuple[str, list[dict[str, Any]]]]:
    localizer = layout.localizer(language)
    months: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page in pages:
        month = localizer.month(page.sent_at)
        months[month[:1].upper() + month[1:]].append(issue_entry(page))  # a heading in Spanish too
    return list(months.items())


def _year(layout: Layout, page: IssuePage) -> int:
    return layout.site.coalition.day_of(page.sent_at).year
