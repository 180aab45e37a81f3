"""[I/O] Writes down what editors are to hear, then mails it: each thing once.

The row comes first, and only a row is mailed: who is killed in between leaves it to the next run.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from newsletter.errors import NewsletterError
from newsletter.jobs.intervals import PAUSES
from newsletter.jobs.telling.leaving import in_mails, wanted_mails
from newsletter.jobs.telling.look import Sight, glance, look_around
from newsletter.model.coalition import Editor
from newsletter.model.delivery import Refused, Uncertain
from newsletter.model.reminder import KeptReminder, Reminder, ReminderKey, WantedMail
from newsletter.sending.stop_signal import StopSignal
from newsletter.wiring import Workspace

_log = logging.getLogger(__name__)
LOOK_AGAIN = timedelta(minutes=10)
LEASE = timedelta(minutes=2)  # no two runs at once; a mail that was begun and left is due again


def who_hears(workspace: Workspace) -> tuple[Editor, ...]:
    """Return the editors who are mailed about anything."""
    return tuple(one for one in workspace.config.editors if one.address and one.hears)


def is_anything_due(workspace: Workspace, *, now: datetime) -> bool:
    """Return whether something is to be written down or mailed now. ServiceError."""
    if not who_hears(workspace):
        return False
    return bool(workspace.reminders.due(now=now)) or bool(
        _new(workspace, glance(workspace, now), now)
    )


def write_down(workspace: Workspace, sight: Sight, *, now: datetime) -> None:
    """Keep a row for each mail that is wanted and not known."""
    if mails := _new(workspace, sight, now):
        workspace.reminders.add(mails, now=now)


def _new(workspace: Workspace, sight: Sight, now: datetime) -> tuple[WantedMail, ...]:
    if not sight.reminders:
        return ()
    return wanted_mails(
        sight.reminders,
        who_hears(workspace),
        workspace.reminders.known(),
        now=now,
        zone=workspace.config.coalition.zone,
        remind=workspace.config.week.remind,
    )


def look_and_write_down(workspace: Workspace, *, now: datetime) -> None:
    """Keep a row for all that is so now and that some editor is to hear. ServiceError."""
    kinds = {kind for editor in who_hears(workspace) for kind in editor.hears}
    if kinds:
        write_down(workspace, look_around(workspace, now, kinds=kinds), now=now)


def tell(workspace: Workspace, *, now: datetime, stop: StopSignal) -> None:
    """Write down what may have become so within the hour, and mail all that is due. ServiceError
    when the database is away."""
    if who_hears(workspace):
        write_down(workspace, glance(workspace, now), now=now)
        _mail_due(workspace, now, stop)


def _mail_due(workspace: Workspace, now: datetime, stop: StopSignal) -> None:
    """Mail each editor what is due and still so; forget what is not so any more. What nobody can
    tell waits: a file has a fault, or is on another machine."""
    due = workspace.reminders.due(now=now)
    if not due:
        return
    sight = look_around(workspace, now, kinds={one.key.kind for one in due})
    current = {reminder.key: reminder for reminder in sight.reminders}
    editors = {editor.name: editor for editor in who_hears(workspace)}
    over: list[int] = []
    theirs: dict[str, list[KeptReminder]] = {}
    for one in due:
        editor = editors.get(one.editor)
        if editor is None or not editor.is_to_hear(one.key.kind):
            over.append(one.id)
        elif one.key.kind in sight.unknown:
            reason = sight.unknown[one.key.kind]
            workspace.reminders.put_off([one.id], until=now + LOOK_AGAIN, reason=reason)
        elif one.key not in current or one.editor in current[one.key].not_to:
            over.append(one.id)
        else:
            theirs.setdefault(one.editor, []).append(one)
    workspace.reminders.drop(over)
    for name, kept in theirs.items():
        _mail_editor(workspace, editors[name], kept, current, now, stop)


def _mail_editor(
    workspace: Workspace,
    editor: Editor,
    kept: Sequence[KeptReminder],
    current: dict[ReminderKey, Reminder],
    now: datetime,
    stop: StopSignal,
) -> None:
    zone = workspace.config.coalition.zone
    if editor.quiet and (until := editor.quiet.over(now, zone)) > now:  # it was late, or is now
        workspace.reminders.put_off([one.id for one in kept], until=until)
        return
    for mail in in_mails(kept, current, editor):
        if stop.is_asked:
            return
        if taken := _take(workspace, mail, now):
            _mail(workspace, editor, taken, [current[one.key] for one in taken], now)


def _take(workspace: Workspace, mail: Sequence[KeptReminder], now: datetime) -> list[KeptReminder]:
    """Those of them that nobody else has taken meanwhile."""
    ids = workspace.reminders.take([one.id for one in mail], now=now, lease=LEASE)
    return [one for one in mail if one.id in ids]


def _mail(
    workspace: Workspace,
    editor: Editor,
    kept: Sequence[KeptReminder],
    told: Sequence[Reminder],
    now: datetime,
) -> None:
    from newsletter.jobs.telling.letter import write_letter  # an idle worker stays small

    try:
        has_key = bool(workspace.secret_keys)  # else nobody can tell mail that comes back
        notice = write_letter(
            told,
            kept,
            editor,
            workspace.notice_renderer,
            token=workspace.delivery_tokens.editor_token(kept[0].id) if has_key else "",
        )
        outcome = workspace.post.send(notice)
    except Exception as error:
        # Of what was not foreseen only the kind: its words, or its frames, may name somebody.
        reason = str(error) if isinstance(error, NewsletterError) else type(error).__name__
        _failed(workspace, kept, reason, now)
        return
    ids = [one.id for one in kept]
    if isinstance(outcome, Refused | Uncertain):
        workspace.reminders.give_up(ids, now=now, reason=outcome.reason)
        _log.error("gave up on mail %d to an editor: %s", ids[0], outcome.reason)
    else:
        workspace.reminders.mark_sent(ids, now=now)


def _failed(workspace: Workspace, kept: Sequence[KeptReminder], reason: str, now: datetime) -> None:
    """Put it off, the longer the more tries there were; after the last one give it up."""
    ids, tries = [one.id for one in kept], max(one.tries for one in kept)
    if tries >= len(PAUSES):
        workspace.reminders.give_up(ids, now=now, reason=reason)
        _log.error("gave up on mail %d to an editor: %s", ids[0], reason)
        return
    workspace.reminders.put_off(ids, until=now + PAUSES[tries], reason=reason)
    _log.warning("mail %d to an editor waits after try %d: %s", ids[0], tries + 1, reason)
