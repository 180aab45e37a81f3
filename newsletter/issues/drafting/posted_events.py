"""Events that news announces, offered to editors beside the news: never sent unless one accepts.

What an offer is made of, and why so little: docs/decisions/0114-events-in-posts.md.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo

from newsletter.issues.choosing.same_event import is_called_off, may_begin_together
from newsletter.issues.drafting import draft_details
from newsletter.issues.drafting.assemble import Piece, event_details
from newsletter.issues.drafting.plain import one_line
from newsletter.model.address import same_page
from newsletter.model.item import Event, Item, ItemKind
from newsletter.pulling.items.announced.plain_words import Announced, announced_in, keeps_away

_ACCEPT = (
    "If so, open the piece above if it waits in a note, move it to a section for events, and "
    "delete this line and the line that closes this note."
)
_ALIKE = 0.5  # of the fewer words


def with_offers(
    pieces: Sequence[Piece], items: Iterable[Item], *, zone: tzinfo, on: date
) -> list[Piece]:
    """Return the pieces, those that announce an event to come with it as an offer or a note.

    `items` are all that is known: an event that is in a calendar too is named, not offered, and of
    several posts that announce one event the first offers it. `zone` is the coalition's, `on` the
    day of sending.
    """
    known = [item for item in items if item.event is not None]
    offered: list[Item] = []
    result = []
    for piece in pieces:
        item = piece.item
        words = posted_words(item, piece.text, zone) if item.kind is ItemKind.NEWS else None
        event = posted_event(item, words)
        if event is None or _day(event.starts, zone) < on or keeps_away(item.title, item.text):
            result.append(piece)
            continue
        twin = next((one for one in (*known, *offered) if _is_same(item, event, one)), None)
        if twin is None:
            offered.append(replace(item, event=event))
            result.append(replace(piece, offer=_offer(item, event, words, zone)))
        else:
            result.append(replace(piece, evidence=_joined(piece.evidence, _named(twin))))
    return result


def posted_words(item: Item, text: str | None, zone: tzinfo) -> Announced | None:
    """Return the event that an item's words announce; `text` is the article alone, if known."""
    published = item.published_at.astimezone(zone).date() if item.published_at else None
    return announced_in(
        item.title, item.text if text is None else text, published=published, zone=zone
    )


def posted_event(item: Item, words: Announced | None) -> Event | None:
    """Return the event of a post: of its page's markup or its words, where the two agree."""
    marked = item.announced
    if marked is None or words is None:
        return marked or (words.event if words else None)
    if not may_begin_together(marked, words.event):
        return None
    return replace(
        words.event, ends=marked.ends or words.event.ends, place=marked.place or words.event.place
    )


def _offer(item: Item, event: Event, words: Announced | None, zone: tzinfo) -> str:
    source = "TEXT" if item.announced is None else "PAGE"
    quoted = f": “{_quoted(words.words)}”" if words else ", which describes one"
    details = draft_details.write(event_details(event, zone))
    return "\n".join((f"AN EVENT? FROM THE {source}{quoted}. {_ACCEPT}", "", *details, ""))


def _named(twin: Item) -> str:
    state = ", cancelled there" if is_called_off(twin) else ""
    known = f"“{_quoted(twin.title)}” of {twin.organisation_id} ({twin.id})"
    return f"Announces the same event as {known}{state}"


def _quoted(words: str) -> str:
    """A feed's words for a note: nothing in them begins another one, or names an item."""
    return one_line(re.sub(r"[<>{}]", " ", words))


def _joined(*notes: str) -> str:
    return "\n".join(filter(None, notes))


def _is_same(item: Item, event: Event, other: Item) -> bool:
    """Whether another item's event is this one: it begins then, and something else agrees.

    Not as two calendars' entries are compared (`twins_of`): a headline is not the event's name, and
    one member's post and calendar speak of one event.
    """
    known = other.event
    if known is None or other.id == item.id or not may_begin_together(event, known):
        return False
    return (
        item.organisation_id == other.organisation_id
        or (bool(item.link) and same_page(item.link) == same_page(other.link))
        or _are_alike(event.place, known.place)
        or _are_alike(item.title, other.title)
    )


def _day(moment: datetime | date, zone: tzinfo) -> date:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def _are_alike(one: str, other: str) -> bool:
    first, second = (set(re.findall(r"\w{3,}", text.casefold())) for text in (one, other))
    return bool(first and second) and len(first & second) >= _ALIKE * min(len(first), len(second))
