"""Whether readers would come to something that does not take place, or at another hour."""

from collections.abc import Iterator, Sequence

from newsletter.issues.checking.draft_check_input import Check, DraftCheckInput, blocks, warns
from newsletter.issues.choosing.same_event import names_of
from newsletter.model.called_off import says_called_off
from newsletter.model.details import UNCONFIRMED, moment_of
from newsletter.model.issue import Edition
from newsletter.model.problem import Problem


def _called_off(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """An event that some calendar calls off, until an editor has said whether it takes place."""
    members = facts.issue.organisations.values()
    for placement in edition.placements:
        standing = facts.issue.called_off.get(placement.item_id or "")
        written = placement.details.get("cancelled", "")
        if standing is None:
            if written == UNCONFIRMED:
                message = "nobody calls this off any more, and readers would see that it is"
                hint = "ask whether it takes place, then write - cancelled: yes or no"
                yield blocks(edition, "cancelled", placement.line, message, hint)
        elif written == "no" and standing.on:
            message = (
                f"you say that it takes place; called off by {names_of(standing.off, members)}"
            )
            yield warns(edition, "cancelled", placement.line, message)
        elif written != "yes":
            message = f"called off by {names_of(standing.off, members)}"
            hint = "ask them, then write - cancelled: yes, or remove the block"
            if standing.on:
                message += f", still announced by {names_of(standing.on, members)}"
                hint = "ask them, then write - cancelled: yes or - cancelled: no below its text"
            yield blocks(edition, "cancelled", placement.line, message, hint)


def _told_of(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """A block of the editors' own, or a member's post, about an event that some calendar calls
    off."""
    members = facts.issue.organisations.values()
    for placement in edition.placements:
        entries = facts.told_off.get(placement.line)
        written = placement.details.get("cancelled")
        if not entries or written == "yes" or says_called_off(placement.title):
            continue
        message = f"called off by {names_of(entries, members)}, if it is {entries[0].title!r}"
        if "when" not in placement.details:
            hint = "read it again; if it does not take place, say so or remove the block"
            yield warns(edition, "cancelled", placement.line, message, hint)
        elif written == "no":
            yield warns(edition, "cancelled", placement.line, f"you say that it is on; {message}")
        else:
            hint = "ask them, then write - cancelled: yes or - cancelled: no below its text"
            yield blocks(edition, "cancelled", placement.line, message, hint)


def _not_seen(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """A cancelled event in a section of a kind that shows no such thing."""
    for section, placement in edition.placed:
        shown = facts.kinds[facts.kind_of(section)].shows
        is_off = placement.details.get("cancelled", "no") != "no"
        if is_off and "cancelled" not in shown and not says_called_off(placement.title):
            message = f"readers would not see under {section.title} that this is cancelled"
            hint = "move it to a section of events, or begin its title with “Cancelled:”"
            yield blocks(edition, "cancelled", placement.line, message, hint)


def _unknown_zones(edition: Edition, facts: DraftCheckInput) -> Iterator[Problem]:
    """An hour that a calendar gave in a zone that nobody knows, until an editor writes another."""
    for placement in edition.placements:
        item = facts.items.get(placement.item_id or "")
        if item is None or item.event is None or not item.event.unknown_zone:
            continue
        written = placement.details.get("when")
        if written is None or moment_of(written, facts.zone) == item.event.starts:
            message = f"nobody knows its calendar's time zone, “{item.event.unknown_zone}”"
            hint = "ask the organisation for the hour, then correct - when:"
            yield warns(edition, "zone-unknown", placement.line, message, hint)


CHECKS: Sequence[Check] = (_called_off, _told_of, _not_seen, _unknown_zones)
