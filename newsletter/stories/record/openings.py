"""That somebody opened a story's seal, as an event with the name of their key.

Only this kind of event, and those about keys (`stories/keys/key_log.py`), carry names. It is
written before any word is shown, so that a program killed in between leaves its trace too.
"""

from datetime import date

from newsletter.model.submission import Actor, EventKind, StoryEvent


def opened(record_id: str, key_name: str, today: date) -> StoryEvent:
    """Return the event that a story's seal was opened with the key of that name."""
    return StoryEvent(
        record_id=record_id, kind=EventKind.OPENED, on=today, actor=Actor.EDITOR, note=key_name
    )
