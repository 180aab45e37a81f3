"""The mail that an editor gets: one part, or several in a summary."""

import hashlib
from collections.abc import Sequence
from itertools import chain

from newsletter.design.localizer import localizer_for_editors
from newsletter.design.notice import Heading, NoticeRenderer, NoticeWords
from newsletter.jobs.telling.mail_parts import Part, Speech, part_of
from newsletter.model.coalition import Coalition, Editor
from newsletter.model.notice import Notice
from newsletter.model.reminder import KeptReminder, Reminder, ReminderKind


def speech_for(editor: Editor, coalition: Coalition) -> Speech:
    """Return the language that they are told in: their first, else the coalition's; English where
    there is no catalogue of it."""
    wanted = (*editor.languages, *coalition.languages)[0]
    return Speech(localizer=localizer_for_editors(wanted, coalition), editor=editor.name)


def in_parts(told: Sequence[Reminder], speech: Speech) -> list[Part]:
    """Say the reminders of one mail, those of a kind and an issue together."""
    parts: dict[tuple[int, str], list[Reminder]] = {}
    kinds = list(ReminderKind)
    for reminder in told:
        of = (kinds.index(reminder.key.kind), str(reminder.said.get("issue", "")))
        parts.setdefault(of, []).append(reminder)
    return [part_of(parts[of], speech) for of in sorted(parts)]


def write_letter(
    told: Sequence[Reminder],
    kept: Sequence[KeptReminder],
    editor: Editor,
    renderer: NoticeRenderer,
    *,
    token: str = "",
) -> Notice:
    """Return the mail; `token` names it if it comes back. The same reminders make the same
    Message-ID, in case it leaves twice."""
    speech = speech_for(editor, renderer.coalition)
    parts, say = in_parts(told, speech), speech.translations.gettext
    subject, blocks = parts[0].subject, parts[0].blocks
    if len(parts) > 1:
        each = ((Heading(text=part.subject), *part.blocks) for part in parts)
        subject, blocks = say("What there is to do: %(count)s things"), tuple(chain(*each))
        subject %= {"count": speech.number(len(parts))}
    words = NoticeWords(
        language=speech.localizer.language,
        subject=subject,
        blocks=blocks,
        note=say("What you hear by mail is set in newsletter.toml, under [[editors]]."),
        to_editors=True,
    )
    return renderer.render(
        words, address=editor.address, token=token, id=_same_each_time(kept, editor)
    )


def _same_each_time(kept: Sequence[KeptReminder], editor: Editor) -> str:
    rows = sorted(f"{one.id} {one.made_at.isoformat()} {one.key}" for one in kept)
    return hashlib.sha256("\n".join([editor.address, *rows]).encode()).hexdigest()[:32]
