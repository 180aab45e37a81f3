"""[I/O] `stories send-back` and `agreed`: the exact text goes back, the yes is kept."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from newsletter.errors import AttentionError, UsageError
from newsletter.model.consent import Channel, Denied
from newsletter.model.story import ReadBack, Story, StoryText
from newsletter.model.submission import Actor, EventKind, StoryEvent
from newsletter.stories.consent.given import refuse_what_was_not_given
from newsletter.stories.record import document
from newsletter.stories.record.refused import no_note, yes_note
from newsletter.stories.reviewing.read_back_text import read_back_text
from newsletter.stories.services import StoryServices


@dataclass(frozen=True, kw_only=True, slots=True)
class SendBack:
    """What is shown, mailed or read aloud, in one language, and what a yes to it would cover."""

    language: str
    text: str
    channels: tuple[Channel, ...]


def send_back(services: StoryServices, story_id: str, *, language: str, today: date) -> SendBack:
    """Return the exact words for the storyteller. AttentionError while safety flags are open."""
    story = services.story(story_id)
    refuse_what_was_not_given(services, story)
    channels = _open_channels(story, language, today)
    words = story.text_in(language)
    if words is not None and not words.has_more:
        _refuse_long(story, words, channels)
    agreed_before = bool(story.read_backs) or any(
        event.kind is EventKind.AGREED and event.record_id == story.consent.record_id
        for event in services.store.events()
    )
    text = read_back_text(story, language=language, channels=channels, agreed_before=agreed_before)
    return SendBack(language=language, text=text, channels=channels)


def record_agreement(
    services: StoryServices,
    story_id: str,
    *,
    language: str,
    channels: Collection[Channel] = (),
    method: str,
    actor: Actor = Actor.EDITOR,
    forms: Mapping[Channel, str] | None = None,
    today: date,
    long_excerpt: bool = False,
) -> Story:
    """Record the storyteller's yes to these very words (for every channel they allowed).

    With `forms`, what they saw: AttentionError when the story has another form by now.
    `long_excerpt` says that they were asked about a short part that is longer than it may be
    without a yes to all of it by email, as who saw the `forms` was; AttentionError where it is
    and they were not.
    """
    story = services.story(story_id)
    refuse_what_was_not_given(services, story)
    possible = _open_channels(story, language, today)
    chosen = tuple(sorted(set(channels) or set(possible)))
    if foreign := set(chosen) - set(possible):
        raise AttentionError(
            f"there is no consent for {', '.join(sorted(foreign)).replace('_', ' ')}",
            hint="agreeing to the text adds nothing to the consent: see newsletter stories renew",
        )
    text = story.text_in(language)
    were_asked = long_excerpt or forms is not None
    if text is not None and not (were_asked and text.has_more):
        _refuse_long(story, text, chosen)
    written = services.files.read(story.path)
    kept = document.read(written, file=story.path)
    # What was taken back after the file was written is not in the file; a place shows no words.
    left = replace(kept, consent=replace(kept.consent, channels=story.consent.channels))
    now = {channel: left.form_sha256(language=language, channel=channel) for channel in chosen}
    if forms is not None and any(forms.get(channel) != now[channel] for channel in chosen):
        raise AttentionError("the words were changed since they were shown", file=story.path)
    if now != {
        channel: story.form_sha256(language=language, channel=channel) for channel in chosen
    }:
        raise AttentionError(
            "the picture or the name was taken back, and the file still has it",
            file=story.path,
            hint="take it out of the file, review it and send it back again",
        )
    others = [yes for yes in kept.yeses_that_fit if yes.sha256 not in now.values()]
    yeses = [
        ReadBack(sha256=now[channel], language=language, channel=channel, on=today, method=method)
        for channel in chosen
    ]
    result = replace(kept, read_backs=(*others, *yeses))
    keyed = services.folder.recognizer.keyed  # it outlives the words
    # The log first: a yes that counts is never without its trace.
    services.append_events(
        [
            StoryEvent(
                record_id=kept.consent.record_id,
                kind=EventKind.AGREED,
                on=today,
                actor=actor,
                note=yes_note(yes, keyed),
            )
            for yes in yeses
        ]
    )
    services.files.write(story.path, document.write(result), expected=written)
    return result


def _refuse_long(story: Story, text: StoryText, channels: Collection[Channel]) -> None:
    if any(story.has_long_excerpt(text.language, channel) for channel in channels):
        raise AttentionError(
            text.excerpt_fault,
            file=story.path,
            hint="move <!-- more --> up; or ask about exactly this part, and add --long-excerpt"
            if text.has_more
            else "end the short part sooner, with <!-- more -->; or ask for all of it: renew",
        )


def strike_agreement(
    services: StoryServices,
    story_id: str,
    *,
    forms: Mapping[Channel, str],
    actor: Actor,
    today: date,
) -> bool:
    """Take back any yes to these forms: from now on nothing carries them. Whether there was one.

    A no is heard also while the record is in doubt. UsageError when the story's file is not here.
    """
    story = next((one for one in services.folder.as_written() if one.id == story_id), None)
    if story is None:
        raise UsageError(f"there is no story {story_id!r}", hint="see newsletter stories list")
    written = services.files.read(story.path)
    kept = document.read(written, file=story.path)
    struck = [yes for yes in kept.read_backs if yes.sha256 in forms.values()]
    if not struck:
        return False
    left = tuple(yes for yes in kept.read_backs if yes not in struck)
    services.files.write(
        story.path, document.write(replace(kept, read_backs=left)), expected=written
    )
    record_id = kept.consent.record_id
    services.append_events(
        [
            StoryEvent(
                record_id=record_id,
                kind=EventKind.REFUSED,
                on=today,
                actor=actor,
                note=no_note(yes),
            )
            for yes in struck
        ]
    )
    return True


def _open_channels(story: Story, language: str, today: date) -> tuple[Channel, ...]:
    if story.text_in(language) is None:
        raise AttentionError(f"the story has no {language} text", file=story.path)
    if story.safety_flags:
        raise AttentionError(
            story.safety_flags[0], file=story.path, hint=f"newsletter stories review {story.id}"
        )
    channels = []
    denials = []
    for channel in sorted(story.consent.channels):
        answer = story.consent.answer(channel=channel, language=language, on=today)
        if isinstance(answer, Denied):
            denials.append(answer.reason)
        else:
            channels.append(channel)
    if not channels:
        reason = denials[0] if denials else "the consent names no channel"
        raise AttentionError(reason, file=story.path)
    return tuple(channels)
