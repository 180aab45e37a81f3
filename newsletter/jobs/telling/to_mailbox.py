"""What goes to the mailbox that all editors read, in the coalition's first language."""

from collections.abc import Callable

from newsletter.design.notice import Block, Card, NoticeRenderer, NoticeWords, Words
from newsletter.jobs.telling.letter import speech_for
from newsletter.jobs.telling.mail_parts import Speech, part_of
from newsletter.model.coalition import Editor
from newsletter.model.notice import Notice
from newsletter.model.reminder import Reminder, ReminderKey, ReminderKind
from newsletter.stories.consent.withdraw import Withdrawn
from newsletter.stories.consent.withdrawal_cleanup import CleanupReport


def something_arrived(renderer: NoticeRenderer) -> Notice:
    """Return the mail that tells editors to look: that something arrived, and nothing of what or
    from whom. The same words each time."""
    speech = _speech(renderer)
    part = part_of([Reminder(key=ReminderKey(ReminderKind.STORIES))], speech)
    say = speech.translations.gettext
    end = Words(text=say("You get this mail at most once a day."))
    return _to_mailbox(renderer, speech, part.subject, (*part.blocks, end))


def reprints_letter(
    done: Withdrawn, after: CleanupReport, renderer: NoticeRenderer
) -> Notice | None:
    """Return what editors are mailed when a storyteller takes a story back, with the code, that
    others may have reprinted; None when nobody is to be asked.

    Nobody sits at a terminal then, and the storyteller was told that those groups will hear of it.
    It has random ids and members' links only.
    """
    if not done.reuse_by and not after.reprints:
        return None
    speech = _speech(renderer)
    say = speech.translations.gettext
    story = {"story": done.story_id or done.record_id}
    return _to_mailbox(
        renderer,
        speech,
        say("A story was taken back: please ask those who reprinted it"),
        (
            Words(text=say("Its storyteller took story %(story)s back on our page.") % story),
            Words(text=say("Nothing that is sent or published from now on carries it.")),
            *_those_to_ask(done, after, say),
            Words(text=say("Please ask them today to take it down.")),
        ),
    )


def _those_to_ask(
    done: Withdrawn, after: CleanupReport, say: Callable[[str], str]
) -> tuple[Block, ...]:
    return (
        *(
            Words(text=say("%(member)s had permission to reprint it.") % {"member": member})
            for member in done.reuse_by
        ),
        *(
            Card(
                url=post.link,
                lines=(say("%(member)s carries it.") % {"member": post.organisation_id},),
            )
            for post in after.reprints
        ),
    )


def _speech(renderer: NoticeRenderer) -> Speech:
    return speech_for(Editor(name=""), renderer.coalition)


def _to_mailbox(
    renderer: NoticeRenderer, speech: Speech, subject: str, blocks: tuple[Block, ...]
) -> Notice:
    words = NoticeWords(
        language=speech.localizer.language, subject=subject, blocks=blocks, to_editors=True
    )
    return renderer.render(words, address=renderer.sender.mailbox)
