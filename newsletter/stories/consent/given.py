"""[I/O] What the storyteller gave, held against what a story's file says they did."""

from newsletter.errors import AttentionError
from newsletter.model.story import Story
from newsletter.stories.services import StoryServices


def refuse_what_was_not_given(services: StoryServices, story: Story) -> None:
    """Refuse a file whose consent, edited by hand, allows more than was given: AttentionError.

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
    if what:
        raise AttentionError(
            what,
            file=story.path,
            hint=f"put the file right. To allow more: ask them, then newsletter stories renew "
            f"{story.id}",
        )
