"""A draft run again: what is new goes under a heading of its own, at the end, and nothing else
changes."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from itertools import chain, count

from newsletter.design.catalogues import translations
from newsletter.issues.drafting.draft_file import placement_text, section_heading
from newsletter.model.issue import Edition, Placement, Section

NEW_SECTION = "new-since"
_ID = re.compile(r"^[ \t]*###.*\{([A-Za-z0-9][A-Za-z0-9_.-]*)\}", re.MULTILINE)


def ids_in(text: str) -> frozenset[str]:
    """Return the ids of the items whose blocks stand in a draft, in notes too. An id that somebody
    only speaks of is none."""
    return frozenset(_ID.findall(text))


def is_new_section(section_id: str) -> bool:
    """Return whether a section is one that `draft` added, for an editor to sort out."""
    return section_id.startswith(NEW_SECTION)


def with_additions(
    text: str,
    edition: Edition,
    placements: Sequence[Placement],
    *,
    since: datetime,
    zone: tzinfo,
    notes: Mapping[str, str],
    untranslated: Mapping[str, str],
) -> str:
    """Return the draft's text with the placements after it; what was there stays byte for byte.

    The heading says since when: the moment of the last drafting, so the same inputs give the same
    bytes.
    """
    if not placements:
        return text
    here = since.astimezone(zone)
    gettext = translations(edition.language).gettext
    section = Section(
        id=_free_id(here, edition),
        title=gettext("New since %(moment)s") % {"moment": here.strftime("%Y-%m-%d %H:%M")},
    )
    blocks = [section_heading(section)]
    blocks += [placement_text(placement, notes, untranslated) for placement in placements]
    added = "\n\n".join(blocks) + "\n"
    joint = "\n" if text.endswith("\n") else "\n\n"
    both = joint + added
    return text + (both.replace("\n", "\r\n") if "\r\n" in text else both)


def _free_id(since: datetime, edition: Edition) -> str:
    wanted = f"{NEW_SECTION}-{since.strftime('%Y%m%d-%H%M')}"
    taken = {section.id for section in edition.sections}
    names = chain([wanted], (f"{wanted}-{number}" for number in count(2)))
    return next(name for name in names if name not in taken)
