"""`newsletter editors`: what they hear by mail, and what there is to do when one leaves."""

import difflib
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

import click

from newsletter.cli.groups import Listed
from newsletter.cli.output import (
    counted,
    exit_1_if,
    json_option,
    note,
    print_rows,
    repeatable,
    say,
)
from newsletter.cli.story_input import identity_option, unlocked
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import NewsletterError, ServiceError, UsageError
from newsletter.model.coalition import Editor
from newsletter.model.reminder import ReminderKind


@click.group(cls=Listed)
def editors() -> None:
    """Show what editors hear by mail, and do what there is to do when one leaves."""


@editors.command("list", epilog="Example: newsletter editors list")
@json_option
@pass_workspace
def list_(workspace: Workspace) -> None:
    """List the editors: where they are mailed, what about, and when not.

    Set it in newsletter.toml, under [[editors]].
    """
    columns = ("name", "languages", "address", "hears", "quiet", "summary")
    print_rows(columns, [_row(editor) for editor in workspace.config.editors])


def _row(editor: Editor) -> tuple[str, ...]:
    name, languages = editor.name, ", ".join(editor.languages)
    if not editor.address:
        return (name, languages, "", "nothing: no address", "", "")
    kinds = [kind.value for kind in ReminderKind if kind in editor.hears]
    hears = "all" if len(kinds) == len(ReminderKind) else ", ".join(kinds) or "nothing"
    quiet = str(editor.quiet) if editor.quiet else "never"
    summary = "weekly" if editor.is_weekly else "never"
    return (name, languages, editor.address, hears, quiet, summary)


@editors.command(epilog="Example: newsletter editors test Bo")
@click.argument("name")
@pass_workspace
def test(workspace: Workspace, name: str) -> None:
    """Send a test mail to an editor, the way that reminders go."""
    from newsletter.doctor.trial_mail import send_trial_mail
    from newsletter.model.delivery import Accepted

    known = workspace.approval_rules.editor_named(_not_empty(name))
    editor = next(one for one in workspace.config.editors if one.name == known)
    if not editor.address:
        hint = 'add address = "…" to their [[editors]] in newsletter.toml'
        raise UsageError(f"{editor.name} has no address", hint=hint)
    outcome = send_trial_mail(workspace, editor.address, editor)
    if not isinstance(outcome, Accepted):
        raise ServiceError(f"the mail to {editor.name} was not taken: {outcome.reason}")
    say(f"A test mail to {editor.name} has left. If it does not come, look in the spam folder.")


@editors.command(epilog="Example: newsletter editors remove Bo --key Bo-laptop")
@click.argument("name")
@repeatable("--key", "keys", help="A story key of theirs, if it has another name than they have.")
@identity_option
@pass_workspace
def remove(workspace: Workspace, name: str, keys: tuple[str, ...], identity: Path) -> None:
    """Take an editor out, step by step: keys, approvals, secrets, copies.

    Each step is asked about and done whole. Stop at any moment and run it again: what is done is
    not done twice. The exit code is 1 while something is left.
    """
    from newsletter.doctor.leaving import done_steps

    name = _known(workspace, _not_empty(name), keys)
    done = done_steps(workspace, name)
    steps: dict[str, Callable[[], bool]] = {
        "stories are encrypted without their key": lambda: _keys(workspace, name, keys, identity),
        "they are no editor in newsletter.toml": lambda: _settings(workspace, name, done),
        "their yes to what is not sent yet is taken back": lambda: _approvals(workspace, name),
        **_by_hand(workspace, name, done),
    }
    left = []
    for step, do in steps.items():
        try:
            is_done = do()
        except NewsletterError as error:
            note(f"  {error}" + (f" ({error.hint})" if error.hint else ""))
            is_done = False
        if not is_done:
            left.append(step)
    for step in left:
        say(f"  {step}", lead="left to do", colour="yellow")
    if not left:
        say(f"{name} has left: everything is done.")
    exit_1_if(left)


def _not_empty(name: str) -> str:
    if not name.strip():
        raise UsageError("an editor has a name", hint="newsletter editors list shows them")
    return name.strip()


def _known(workspace: Workspace, name: str, keys: tuple[str, ...]) -> str:
    """Return the name as it is written where it is known. UsageError where it, and each of the
    keys, is known nowhere: a slip of the pen."""
    from newsletter.doctor.leaving import known_names

    of_editors = {editor.name.casefold(): editor.name for editor in workspace.config.editors}
    if name.casefold() in of_editors:
        return of_editors[name.casefold()]
    try:
        known = {one.casefold(): one for one in known_names(workspace)}
    except NewsletterError as error:  # what can be done without it is done all the same
        note(f"Whether {name} is known here cannot be told: {error}")
        return name
    if name.casefold() not in known and not {key.casefold() for key in keys} & known.keys():
        near = difflib.get_close_matches(name.casefold(), known, n=3)
        listed = " or ".join(known[one] for one in near) or ", ".join(sorted(known.values()))
        raise UsageError(
            f"no editor, story key or approval here has the name {name}",
            hint=f"did you mean {listed}?" if near else f"known are: {listed or 'nobody'}",
        )
    return known.get(name.casefold(), name)


def _keys(workspace: Workspace, name: str, keys: tuple[str, ...], identity: Path) -> bool:
    from newsletter.cli.keys import rotate_keys
    from newsletter.stories.keys.key_log import key_name

    recipients = workspace.story_services.recipients()
    theirs = [
        one.name for one in recipients if one.name in keys or one.name.casefold() == name.casefold()
    ]
    if unknown := set(keys) - set(theirs):
        note(f"There is no story key named {', '.join(sorted(unknown))} any more.")
    if not theirs:
        others = ", ".join(one.name for one in recipients)
        note(
            f"No story key is named {name}." + (f" There are: {others} (--key)." if others else "")
        )
        return not others or _asked(f"Is none of these a key of {name}?")
    note(f"Stories can be read with {counted(len(theirs), 'key')} of {name}: {', '.join(theirs)}.")
    if not _asked("Encrypt every story again without it, with your own key?"):
        return False
    secret = unlocked(identity)
    if key_name(recipients, secret) in theirs:
        raise UsageError("that is their own key", hint="another editor has to run this")
    done = rotate_keys(workspace, secret, theirs)
    note(f"  done: {counted(done.resealed, 'submission')} encrypted again")
    return True


def _settings(workspace: Workspace, name: str, done: Collection[str]) -> bool:
    from newsletter.doctor.leaving import SETTINGS, remove_from_settings, write_done

    if name not in {editor.name for editor in workspace.config.editors}:
        note(f"{name} is not in [[editors]] of newsletter.toml.")
        if SETTINGS not in done:
            write_done(workspace, name, SETTINGS)
        return True
    left = len(workspace.config.editors) - 1
    if left < max(workspace.config.issue.approvals_required, 1):
        who = f"Only {left}" if left else "Nobody"
        note(f"{who} would be left to approve issues: add somebody to [[editors]] first.")
    if not _asked(f"Take {name} out of newsletter.toml?"):
        return False
    remove_from_settings(workspace.files, name)
    write_done(workspace, name, SETTINGS)
    note("  done; take newsletter.toml to the other machines too")
    return True


def _approvals(workspace: Workspace, name: str) -> bool:
    """In the database: it counts no more, also where an older newsletter.toml names them, or a
    new one again."""
    pending = workspace.issues.pending_of(name)
    if not pending:
        return True
    note(f"{name} approved {', '.join(pending)}, not sent yet.")
    if not _asked("Take that yes back, for good?"):
        return False
    workspace.issues.withdraw(name, pending)
    return not workspace.issues.pending_of(name)


def _by_hand(
    workspace: Workspace, name: str, done: Collection[str]
) -> dict[str, Callable[[], bool]]:
    from newsletter.doctor.leaving import ByHand, by_hand, write_done

    def ask(step: ByHand) -> bool:
        note(step.advice)
        if not _asked(step.question):
            return False
        write_done(workspace, name, step.id)
        return True

    return {
        f"{step.id}: {step.question}": partial(ask, step)
        for step in by_hand(workspace, name)
        if step.id not in done
    }


def _asked(question: str) -> bool:
    return click.confirm(question, default=False, err=True)
