"""The editions of an issue seen together: what one lacks, and what it borrows from another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.model.issue import Edition, Placement, Section

FALLBACK = "fallback"


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """A placement that another edition has and this one has not."""

    language: str
    section_id: str
    placement: Placement
    found_in: str


def missing(editions: Sequence[Edition]) -> list[Missing]:
    """Find what each edition lacks of what the others place by item id, in reading order."""
    lacking: list[Missing] = []
    for edition in editions:
        has = {placement.item_id for placement in edition.placements}
        for other in editions:
            for section, placement in other.placed:
                if placement.item_id and placement.item_id not in has:
                    has.add(placement.item_id)
                    lacking.append(
                        Missing(
                            language=edition.language,
                            section_id=section.id,
                            placement=placement,
                            found_in=other.language,
                        )
                    )
    return lacking


def with_fallbacks(
    editions: Sequence[Edition], *, keep_back: frozenset[str] = frozenset()
) -> tuple[Edition, ...]:
    """Return the editions as readers get them: those with `fallback: yes` borrow what they lack.

    What is borrowed stands where its own edition has it and carries that edition's language.
    `keep_back` are items never borrowed: stories, whose consent is by language.
    """
    lacking = missing(editions)
    result = []
    for edition in editions:
        if edition.settings.get(FALLBACK) == "yes":
            for lack in lacking:
                if lack.language == edition.language and lack.placement.item_id not in keep_back:
                    source = next(other for other in editions if other.language == lack.found_in)
                    edition = _borrow(edition, source, lack)
        result.append(edition)
    return tuple(result)


def _borrow(edition: Edition, source: Edition, lack: Missing) -> Edition:
    borrowed = replace(lack.placement, language=lack.placement.language or source.language, line=0)
    pattern = next(section for section in source.sections if section.id == lack.section_id)
    section = next((here for here in edition.sections if here.id == lack.section_id), None)
    if section is None:
        fresh = replace(pattern, intro="", placements=(borrowed,), line=0)
        return replace(edition, sections=(*edition.sections, fresh))
    at = _position(section, pattern, lack.placement)
    placements = (*section.placements[:at], borrowed, *section.placements[at:])
    sections = (
        replace(here, placements=placements) if here is section else here
        for here in edition.sections
    )
    return replace(edition, sections=tuple(sections))


def _position(section: Section, pattern: Section, placement: Placement) -> int:
    """After the nearest one that precedes it in the pattern and stands here too, else first."""
    before = [placed.item_id for placed in pattern.placements]
    before = before[: before.index(placement.item_id)]
    here = [placed.item_id for placed in section.placements]
    for item_id in reversed(before):
        if item_id and item_id in here:
            return here.index(item_id) + 1
    return 0
