"""What stands above a corrected issue in the archive: dated lines that say what was wrong."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from newsletter.design.bidi_gettext import gettext_for
from newsletter.design.localizer import localizer_for
from newsletter.issues.drafting.correction import pieces_put_right
from newsletter.issues.drafting.what_changed import words_of
from newsletter.model.coalition import Coalition
from newsletter.model.issue import Edition


class Correction(NamedTuple):
    """When it went out, and what it says was wrong, as Markdown."""

    sent_at: datetime
    letter: str


def with_corrections(
    edition: Edition, corrections: Iterable[Correction], coalition: Coalition
) -> Edition:
    """Return a corrected edition with a dated line above it for each correction, newest first."""
    localizer = localizer_for(edition.language, coalition)
    gettext = gettext_for(localizer, str)
    notes = []
    for one in sorted(corrections, key=lambda one: one.sent_at, reverse=True):
        line = gettext("Corrected on %(day)s", day=localizer.day(one.sent_at))
        note = f"**{line}**\n\n{one.letter}".strip()
        notes.append("\n".join(f"> {line}".rstrip() for line in note.splitlines()))
    return replace(edition, letter="\n\n".join(filter(None, [*notes, edition.letter])))


def silent_correction(
    told: Edition, right: Edition, coalition: Coalition, since: datetime
) -> Correction | None:
    """Return what no correction in this language says: what stands here since then in place of
    what people were told. None where what is shown of both is the same."""
    if words_of(told) == words_of(right):
        return None
    localizer = localizer_for(right.language, coalition)
    return Correction(since, pieces_put_right(told, right, localizer))
