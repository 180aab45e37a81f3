"""One published edition -> its page in the archive, with its pictures and calendar files.

The page is the message's own design without what belongs to one reader: the same parts, rendered
with `web` set, so that what a coalition changes in its templates changes here too.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from newsletter.design.build_view import edition_view
from newsletter.design.localizer import localizer_for, own_name
from newsletter.design.placement_details import calendar_name, event_of
from newsletter.design.render import html_of, pictures_of
from newsletter.design.templates import Templates
from newsletter.design.views import EditionView
from newsletter.model.issue import Edition
from newsletter.model.item import Event
from newsletter.model.material import Material
from newsletter.model.message import InlinePicture

_OUTLOOK = re.compile(r"<!--\[if (?:lte )?mso.*?<!\[endif\]-->", re.DOTALL)
_CELL = ' style="font-size:0px;padding:0;"'  # for mail programs alone
_REPEATED = re.compile(r'<(div|td)((?: align="[a-z]+")?) style="([^"]{40,})">')
_OFTEN = 8
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}
_HERE = "../../../"  # from issues/<issue>/<language>/ to the site's root
POLICY = (
    "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass(frozen=True, kw_only=True)
class IssuePage:
    """What other pages need to know of an edition's page."""

    view: EditionView
    edition: Edition
    material: Material
    sent_at: datetime

    @property
    def path(self) -> str:
        """Its address below the site's root."""
        return issue_path(self.edition.issue_id, self.edition.language)


def issue_path(issue_id: str, language: str) -> str:
    """Return where an edition's page is; browsers and `edition_url` leave the file name out."""
    return f"issues/{issue_id}/{language}/index.html"


def issue_page(edition: Edition, material: Material, sent_at: datetime) -> IssuePage:
    """Make an edition ready to be shown on a page."""
    localizer = localizer_for(edition.language, material.coalition)
    return IssuePage(
        view=edition_view(edition, material, localizer),
        edition=edition,
        material=material,
        sent_at=sent_at,
    )


def issue_files(
    page: IssuePage, templates: Templates, *, base: str, paths: frozenset[str]
) -> Iterator[tuple[str, str | bytes]]:
    """Yield the page, its pictures and each event's calendar, by name below the site's root.

    `paths` are all pages there are: only editions among them are linked to.
    """
    folder = page.path.removesuffix("index.html")
    localizer = localizer_for(page.edition.language, page.material.coalition)
    web = {
        "root": _HERE,
        "canonical": f"{base}{folder}",
        "share_picture": f"{base}{folder}share.png",
        "editions": [
            (other.tag, own_name(other.tag), f"{_HERE}{path}")
            for other in page.view.other_editions
            if (path := issue_path(page.edition.issue_id, other.tag)) in paths
        ],
    }
    html = _OUTLOOK.sub("", html_of(page.view, localizer, templates, web=web))
    html = _said_once(html.replace(_CELL, ""))
    policy = f'<head><meta http-equiv="Content-Security-Policy" content="{POLICY}" />'
    html = html.replace("<head>", policy, 1)
    for picture in pictures_of(page.edition, page.material):
        name = picture_path(picture)
        html = html.replace(f"cid:{picture.cid}", f"{_HERE}{name}")
        yield name, picture.data
    yield page.path, html
    for placement in page.edition.placements:
        item = page.material.items.get(placement.item_id or "")
        event = event_of(dict(placement.details), item, localizer.zone)
        if event is not None and placement.item_id and not event.cancelled:
            uid = f"{placement.item_id}@{base.partition('://')[2].partition('/')[0]}"
            calendar = calendar_file(
                event, title=placement.title, link=placement.link or "", uid=uid, now=page.sent_at
            )
            yield f"{folder}{calendar_name(placement.item_id)}", calendar


def _said_once(html: str) -> str:
    """The page with the styles that mail programs need on each element as classes in its head."""
    often = Counter(found[3] for found in _REPEATED.finditer(html))
    names = {style: f"z{at}" for at, style in enumerate(often) if often[style] >= _OFTEN}
    if not names:
        return html
    rules = "".join(f".{name}{{{style}}}" for style, name in names.items())

    def classed(found: re.Match[str]) -> str:
        name = names.get(found[3])
        return f'<{found[1]}{found[2]} class="{name}">' if name else found[0]

    # Before the design's own rules, which are to win over it as they do over mrml's.
    head, style, rest = _REPEATED.sub(classed, html).partition("<style")
    return f"{head}<style>{rules}</style>{style}{rest}"


def picture_path(picture: InlinePicture) -> str:
    """Return where a picture is kept, by its content: the same one once for all pages."""
    name = re.sub(r"[^a-zA-Z0-9_-]", "", picture.cid.partition("@")[0])
    return f"pictures/{name}.{_ENDINGS.get(picture.media_type, 'bin')}"


def calendar_file(event: Event, *, title: str, link: str, uid: str, now: datetime) -> bytes:
    """Return an event as iCalendar (RFC 5545); an all-day end there is the day after the last.

    Hours are in UTC: a zone's name would need its VTIMEZONE beside it (3.2.19), which Outlook asks
    for, and every calendar shows its owner's own hours.
    """
    from icalendar import Calendar
    from icalendar import Event as CalendarEvent

    entry = CalendarEvent()
    entry.add("uid", uid)
    entry.add("dtstamp", now)
    entry.add("summary", title)
    entry.add("dtstart", _in_utc(event.starts))
    if event.ends is not None:
        is_timed = isinstance(event.ends, datetime)
        entry.add("dtend", _in_utc(event.ends if is_timed else event.ends + timedelta(days=1)))
    if event.place:
        entry.add("location", event.place)
    if link or event.online_url:
        entry.add("url", link or event.online_url)
    calendar = Calendar()
    calendar.add("prodid", "-//coalition-newsletter//archive//EN")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _in_utc(moment: date) -> date:
    return moment.astimezone(UTC) if isinstance(moment, datetime) else moment
