"""[I/O] `stories narrow` and `renew`: limiting holds at once, more needs a new yes."""

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date

from newsletter.errors import AttentionError, UsageError
from newsletter.model.consent import Channel, Revocation
from newsletter.model.story import Story
from newsletter.model.submission import Actor, EventKind, StoryEvent
from newsletter.stories.record import document
from newsletter.stories.record.consent_notice import Notice
from newsletter.stories.record.hash_chain import narrowing_note
from newsletter.stories.record.identifiers import new_id
from newsletter.stories.services import StoryServices


@dataclass(frozen=True, kw_only=True, slots=True)
class Narrowing:
    """What is taken back short of everything."""

    channels: frozenset[Channel] = frozenset()
    languages: frozenset[str] = frozenset()
    picture: bool = False
    name: bool = False
    until: date | None = None


def narrow(
    services: StoryServices,
    story_id: str,
    taken: Narrowing,
    *,
    today: date,
) -> Story:
    """Take it back at once, also in the middle of a send. The story as it is left."""
    if taken == Narrowing():
        raise UsageError(
            "Name what to remove: --channel, --language, --picture, --name or --until."
        )
    story = services.story(story_id)
    revocation = Revocation(
        record_id=story.consent.record_id,
        story_id=story.id,
        on=today,
        **asdict(taken),
    )
    services.revocation_file.append(revocation)
    event = StoryEvent(
        record_id=revocation.record_id,
        kind=EventKind.NARROWED,
        on=today,
        actor=Actor.EDITOR,
        note=narrowing_note(revocation),
    )
    services.store.revoke(revocation, [event], emptied=None)
    services.write_checkpoint()
    return services.story(story_id)


def renew(
    services: StoryServices,
    story_id: str,
    *,
    until: date,
    channels: Collection[Channel] = (),
    languages: Collection[str] = (),
    reuse_by: Collection[str] = (),
    notice: Notice,
    method: str,
    today: date,
) -> Story:
    """Keep a new consent, given today, in place of the old one; `channels`, `languages`
    and `reuse_by` (ids of organisations that may reprint it) add.

    Every yes to the text was under the old consent, so the words go back to the storyteller.
    AttentionError when the story was withdrawn: a withdrawal is never undone.
    """
    story = services.story(story_id)
    if story.consent.withdrawn_on is not None:
        raise AttentionError("the story was withdrawn; that cannot be undone")
    if until <= today:
        raise UsageError(f"{until} is not in the future")
    written = services.files.read(story.path)
    kept = document.read(written, file=story.path)
    left = story.consent
    renewed = replace(
        kept,
        consent=replace(
            left,
            record_id=new_id(16),
            notice_id=notice.id,
            notice_sha256=notice.sha256,
            notice_language=notice.language,
            method=method,
            valid_from=today,
            expires_on=until,
            ended_early=None,
            channels=left.channels | frozenset(channels),
            languages=left.languages | frozenset(languages),
            reuse_by=left.reuse_by | frozenset(reuse_by),
        ),
        read_backs=(),
    )
    widened = renewed.consent.gives_more_than(left)
    services.files.write(story.path, document.write(renewed), expected=written)
    event = StoryEvent(
        record_id=renewed.consent.record_id,
        kind=EventKind.WIDENED if widened else EventKind.RENEWED,
        on=today,
        actor=Actor.EDITOR,
        note=f"instead of {kept.consent.record_id}",
    )
    services.append_events([event])
    return renewed
