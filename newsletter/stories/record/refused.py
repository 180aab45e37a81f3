"""A yes to a text that its storyteller took back: the chain of events says so, whatever a file has.

A no strikes the yes from the story's file. An editor who had that file open, or a backup, puts it
back; the chain knows better.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from newsletter.model.consent import Revocation
from newsletter.model.story import ReadBack, Story
from newsletter.model.submission import EventKind, StoryEvent


def yes_note(yes: ReadBack, keyed: Callable[[str], str]) -> str:
    """Return what the event of a yes notes: its place, and its digest under the key."""
    return f"{no_note(yes)} {keyed(yes.sha256)}"


def no_note(yes: ReadBack) -> str:
    """Return what the event of a no to it notes: its place."""
    return f"{yes.language} {yes.channel.value}"


def refusals(events: Iterable[StoryEvent]) -> tuple[Revocation, ...]:
    """Return the yeses that were taken back and not given again since, by consent record."""
    given: dict[str, dict[str, date | None]] = {}  # by record, each yes and when it was taken back
    for event in events:
        yeses = given.setdefault(event.record_id, {})
        if event.kind is EventKind.AGREED:
            yeses[event.note] = None
        elif event.kind is EventKind.REFUSED:
            yeses |= {yes: event.on for yes in yeses if yes.startswith(f"{event.note} ")}
    refused = {
        record: {yes: on for yes, on in yeses.items() if on} for record, yeses in given.items()
    }
    return tuple(
        Revocation(record_id=record, on=max(yeses.values()), refused=frozenset(yeses))
        for record, yeses in refused.items()
        if yeses
    )


def without_refused(
    story: Story, revocations: Iterable[Revocation], keyed: Callable[[str], str]
) -> Story:
    """Return the story without the yeses that were taken back."""
    refused = frozenset[str]().union(
        *(one.refused for one in revocations if one.record_id == story.consent.record_id)
    )
    left = tuple(yes for yes in story.read_backs if yes_note(yes, keyed) not in refused)
    return replace(story, read_backs=left) if refused else story
