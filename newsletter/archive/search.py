"""Search by words without a server: a list of all issues, and a file of titles for each year.

A small script of our own, on that one page, looks through the titles in the reader's browser.
Without it, and without the files, the page is the list.
"""

import json
from collections.abc import Iterator, Sequence

from newsletter.archive.issue_lists import years_of
from newsletter.archive.issue_page import IssuePage
from newsletter.archive.layout import Layout
from newsletter.design.bidi_gettext import gettext_for

SCRIPT = "search.js"


def search_path(language: str) -> str:
    """Return where the page is."""
    return f"{language}/search/index.html"


def is_search_page(path: str) -> bool:
    """Return whether it is the page that runs the script."""
    return path.endswith("/search/index.html")


def search_files(
    layout: Layout, language: str, pages: Sequence[IssuePage]
) -> Iterator[tuple[str, str]]:
    """Make the page, and what there is to find in each year; `pages` are the newest first."""
    years = years_of(layout, pages)
    path = search_path(language)
    gettext = gettext_for(layout.localizer(language), str)
    for year, own in years.items():
        yield f"{language}/search/{year}.json", titles_of(own)
    yield path, layout.render(
        "search.html", language, path, gettext("Search the past issues"),
        years=years.items(), script=SCRIPT,
    )  # fmt: skip


def titles_of(pages: Sequence[IssuePage]) -> str:
    """Return the titles of issues and of their pieces as JSON.

    Each issue: its folder, title, week and standfirst, and its pieces: anchor, title, who published
    it, and the title's language where it is another one.
    """
    found = [
        [
            page.path.removesuffix("index.html"),
            page.view.subject,
            page.view.period,
            page.view.preheader,
            [
                [
                    f"p-{one.id}" if one.id else "",
                    one.title,
                    one.source.name if one.source else "",
                    *([one.lang] if one.lang else []),
                ]
                for section in page.view.sections
                for one in section.placements
            ],
        ]
        for page in pages
    ]
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n"
