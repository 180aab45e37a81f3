"""[I/O] What the storyteller gave, held against what a story's file says they did."""

from collections.abc import Sequence

from newsletter.errors import AttentionError
from newsletter.model.story import Story
from newsletter.model.submission import StoryEvent
from newsletter.stories.record.refused import yes_note
from newsletter.stories.services import StoryServices


def what_was_not_given(services: StoryServices, story: Story) -> AttentionError | None:
    """Return what is wrong with a file whose consent, edited by hand, allows more than was given.

    What was given stands in the database: as it came in, or as it was renewed.
    """
    record_id, store, what = story.consent.record_id, services.store, ""
    submission = store.by_record(record_id)
    if submission is not None:
        if beyond := story.consent.beyond(submission.consent):
            what = f"the file allows what the storyteller did not: {', '.join(beyond)}"
    elif store.by_story(story.id) is not None and all(
        event.record_id != record_id  # no renewal either
        for event in store.events()
    ):
        what = f"the file names another consent record than the storyteller's: {record_id}"
    if not what:
        return None
    return AttentionError(
        what,
        file=story.path,
        hint=f"put the file right. To allow more: ask them, then newsletter stories renew "
        f"{story.id}",
    )


def refuse_what_was_not_given(services: StoryServices, story: Story) -> None:
    """Refuse such a file: AttentionError."""
    if fault := what_was_not_given(services, story):
        raise fault


def has_unlogged_yes(services: StoryServices, story: Story, events: Sequence[StoryEvent]) -> bool:
    """Return whether a yes stands in the file that the log's `events` do not know. Nothing is said
    of a file that came with the workspace: no story that was taken here belongs to it."""
    record_id = story.consent.record_id
    if services.store.by_record(record_id) is None:
        return False
    known = {event.note for event in events if event.record_id == record_id}
    keyed = services.folder.recognizer.keyed
    return any(yes_note(yes, keyed) not in known for yes in story.yeses_that_fit)
