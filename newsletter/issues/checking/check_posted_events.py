"""Whether an event that an editor took from a post is still what the post says."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, warns
from newsletter.issues.drafting.posted_events import posted_event, posted_words
from newsletter.model.details import moment_of
from newsletter.model.issue import Edition
from newsletter.model.item import ItemKind
from newsletter.model.problem import Problem
from newsletter.pulling.items.announced.plain_words import is_called_off


def _posted_events(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    for placement in edition.placements:
        item = facts.items.get(placement.item_id or "")
        written = placement.details.get("when")
        if item is None or item.kind is not ItemKind.NEWS or not written:
            continue
        if is_called_off(item.title, item.text) and placement.details.get("cancelled") != "yes":
            message = f"{item.id} speaks of something cancelled, postponed or moved"
            hint = "read it again, then correct - when: or add - cancelled: yes"
            yield warns(edition, "posted-event", placement.line, message, hint)
            continue
        event = posted_event(item, posted_words(item, None, facts.zone))
        if event is not None and moment_of(written, facts.zone) != event.starts:
            starts = event.starts
            if isinstance(starts, datetime):
                starts = starts.astimezone(facts.zone)
            message = f"the draft says {written}, but {item.id} says {starts:%Y-%m-%d %H:%M}"
            hint = "read it again, then correct - when:"
            yield warns(edition, "posted-event", placement.line, message, hint)


CHECKS: Sequence[Check] = (_posted_events,)
