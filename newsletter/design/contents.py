"""What an issue's contents say, made of its sections: what is urgent, then a line a section.

Deterministic: what is urgent is judged by the day that the draft says it is sent on, not by today.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import chain, zip_longest
from typing import NamedTuple

from newsletter.design.bidi_gettext import gettext_for
from newsletter.design.localizer import Localizer
from newsletter.design.placement_details import moment
from newsletter.design.views import ContentsLine, EditionView, PlacementView, SectionView
from newsletter.model.issue import Edition, monday_of

FEWEST, ENOUGH, MOST = 3, 5, 7  # lines
SOON = timedelta(days=3)
# Letters that readers take in a minute (Trauzettel-Klosinski and Dietz, IOVS 53, 2012).
_LETTERS, _LETTERS_OF = 950, {"ar": 612, "zh": 255, "ja": 357}


class Contents(NamedTuple):
    """The lines, and the sections with an anchor wherever a line leads."""

    lines: tuple[ContentsLine, ...]
    sections: tuple[SectionView, ...]


class _Place(NamedTuple):
    section: SectionView
    piece: PlacementView
    anchor: str


def contents_of(
    edition: Edition, sections: tuple[SectionView, ...], localizer: Localizer
) -> Contents:
    """Make the contents of an edition: three to seven lines, or none."""
    places = [
        _Place(section, piece, f"p-{piece.id}" if piece.id else f"p-{at}-{number}")
        for at, section in enumerate(sections)
        for number, piece in enumerate(section.placements)
    ]
    lines = _lines(edition, places, localizer)
    if len(lines) < FEWEST:
        return Contents((), sections)
    used = {line.anchor for line in lines}
    anchors = {id(place.piece): place.anchor for place in places if place.anchor in used}
    return Contents(
        tuple(lines),
        tuple(
            replace(
                section,
                anchor=_anchor(section) if _anchor(section) in used else "",
                placements=tuple(
                    replace(piece, anchor=anchors.get(id(piece), ""))
                    for piece in section.placements
                ),
            )
            for section in sections
        ),
    )


def _lines(edition: Edition, places: Sequence[_Place], localizer: Localizer) -> list[ContentsLine]:
    due = list(_due(edition, places, localizer))
    said = {line.anchor for line in due}
    by_section: dict[str, list[_Place]] = {}
    for place in places:
        if place.anchor not in said:
            by_section.setdefault(place.section.id, []).append(place)
    first = [_line(pieces[0], anchor=_anchor(pieces[0].section)) for pieces in by_section.values()]
    lines = [*due, *first][:MOST]
    others = zip_longest(*(pieces[1:] for pieces in by_section.values()))
    more = [_line(place, label="") for place in chain.from_iterable(others) if place]
    return [*lines, *more[: max(0, ENOUGH - len(lines))]]


def _anchor(section: SectionView) -> str:
    return f"s-{section.id}"


def _line(
    place: _Place, *, anchor: str = "", label: str | None = None, due: str = ""
) -> ContentsLine:
    return ContentsLine(
        is_urgent=place.section.kind == "urgent",
        label=place.section.title if label is None else label,
        title=place.piece.title,
        lang=place.piece.lang,
        dir=place.piece.dir,
        due=due,
        anchor=anchor or place.anchor,
    )


def _due(
    edition: Edition, places: Sequence[_Place], localizer: Localizer
) -> Iterator[ContentsLine]:
    """Urgent notices in the order of the issue, then deadlines in that of time."""
    gettext = gettext_for(localizer, str)
    planned = moment(edition.settings.get("sends_on", ""), localizer.zone)
    sent = planned or monday_of(edition.issue_id)
    soon: list[tuple[date, _Place]] = []
    for place in places:
        due = place.piece.details.due
        if place.section.kind == "urgent":
            if due is None or due >= sent:
                yield _line(place)
        elif due is not None and sent <= due <= sent + SOON:
            soon.append((due, place))
    for _, place in sorted(soon, key=lambda one: one[0]):
        words = gettext("Until %(deadline)s", deadline=place.piece.details.deadline)
        yield _line(place, due=words)


def minutes_of(view: EditionView) -> int:
    """Return how long an edition takes to read, in minutes, at least one."""
    prose = [view.letter.text, *(section.intro.text for section in view.sections)]
    for section in view.sections:
        prose += [f"{piece.title} {piece.blurb.text}" for piece in section.placements]
    letters = sum(len(word) for text in prose for word in text.split())
    return max(1, round(letters / _LETTERS_OF.get(view.language.split("-")[0], _LETTERS)))
