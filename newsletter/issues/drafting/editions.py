"""The editions of an issue seen together: what one lacks, and what it borrows from another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.model.issue import Edition, Placement, Section

FALLBACK = "fallback"


@dataclass(frozen=True, kw_only=True, slots=True)
class Missing:
    """A placement that the source has, in one of its sections, and an edition has not."""

    edition: Edition
    source: Edition
    section: Section
    placement: Placement


def missing(editions: Sequence[Edition]) -> list[Missing]:
    """Find what each edition lacks of what the others place by item id, in reading order."""
    lacking: list[Missing] = []
    for edition in editions:
        has = set(edition.item_ids)
        for source in editions:
            for section, placement in source.placed:
                if placement.item_id and placement.item_id not in has:
                    has.add(placement.item_id)
                    lacking.append(
                        Missing(
                            edition=edition, source=source, section=section, placement=placement
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
    complete = {edition.language: edition for edition in editions}
    for lack in missing(editions):
        language = lack.edition.language
        borrows = lack.edition.settings.get(FALLBACK) == "yes"
        if borrows and lack.placement.item_id not in keep_back:
            complete[language] = _with_borrowed(complete[language], lack)
    return tuple(complete.values())


def _with_borrowed(edition: Edition, lack: Missing) -> Edition:
    language = lack.placement.language or lack.source.language
    borrowed = replace(lack.placement, language=language, line=0)
    section = next((here for here in edition.sections if here.id == lack.section.id), None)
    if section is None:
        fresh = replace(lack.section, intro="", placements=(borrowed,), line=0)
        return replace(edition, sections=(*edition.sections, fresh))
    at = _position(section, lack.section, lack.placement)
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
