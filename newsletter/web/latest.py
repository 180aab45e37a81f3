"""The latest issue, for pages that greet: only what the archive may show at this moment."""

import xml.etree.ElementTree as ET
from dataclasses import dataclass

from flask import url_for

from newsletter.archive.served import Served
from newsletter.errors import NewsletterError
from newsletter.model.language import first_same
from newsletter.web.languages import language
from newsletter.web.site import site

_ATOM = "{http://www.w3.org/2005/Atom}"


@dataclass(frozen=True, kw_only=True, slots=True)
class LatestIssue:
    """Its title, its standfirst and where it is."""

    title: str
    standfirst: str
    address: str
    language: str


def latest_issue() -> LatestIssue | None:
    """Return the newest issue in the language of the page. None where there is none to show, or
    nobody can say whether it may be shown."""
    here = site()
    archive, today = here.workspace.served_archive, here.today()
    tag = first_same(language(), archive.languages)
    feed = f"feed-{tag}.xml"
    try:
        if tag is None or not isinstance(archive.look(feed, today), Served):
            return None
        # Our own file, that only the archive writes.
        root = ET.parse(here.workspace.site_folder / feed).getroot()  # noqa: S314
        entry = root.find(f"{_ATOM}entry")
        if entry is None:
            return None
        base = _text(root, "id").removesuffix(feed)
        path = _text(entry, "id").removeprefix(base)
        if not isinstance(archive.look(path, today), Served):
            return None
    except (NewsletterError, OSError, ET.ParseError):
        return None
    return LatestIssue(
        title=_text(entry, "title"),
        standfirst=_text(entry, "summary"),
        address=url_for("archive.archive", name=path),
        language=tag,
    )


def _text(element: ET.Element, name: str) -> str:
    return (element.findtext(f"{_ATOM}{name}") or "").strip()
