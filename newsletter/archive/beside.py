"""What stands below an issue's page: the issues before and after it, and the ways on."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from newsletter.archive.issue_page import IssuePage
from newsletter.archive.layout import Site, root_of
from newsletter.design.bidi_gettext import gettext_for
from newsletter.design.localizer import localizer_for


class Beside(NamedTuple):
    """A page between its neighbours of the same language, where it has them."""

    page: IssuePage
    older: IssuePage | None
    newer: IssuePage | None


def newest_first(pages: Sequence[IssuePage]) -> list[IssuePage]:
    """Return the pages in the order of mailing, the last one first."""
    return sorted(pages, key=lambda page: (page.sent_at, page.edition.issue_id), reverse=True)


def beside(pages: Sequence[IssuePage]) -> Iterator[Beside]:
    """Yield each page with its neighbours."""
    by_language: dict[str, list[IssuePage]] = defaultdict(list)
    for page in newest_first(pages):
        by_language[page.edition.language].append(page)
    for own in by_language.values():
        for newer, page, older in zip([None, *own], own, [*own[1:], None], strict=False):
            yield Beside(page, older, newer)


def with_ways_on(html: str, site: Site, at: Beside) -> str:
    """Return an issue's page with the ways to its neighbours and to all issues below it."""
    language, tokens = at.page.edition.language, site.templates.tokens
    shown = {
        "language": language,
        "dir": at.page.view.dir,
        "root": root_of(at.page.path),
        "older": at.older,
        "newer": at.newer,
        "type": tokens.type_for(language),
        "space": tokens.space,
        "_": gettext_for(localizer_for(language, site.coalition), Markup),
    }
    for end, part in (("</head>", "beside.css"), ("</body>", "beside.html")):
        before, _, after = html.rpartition(end)
        html = before + site.templates.render(f"archive/{part}", shown).strip() + end + after
    return html
