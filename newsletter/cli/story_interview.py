"""Runs one interview: checked first, asked, kept sealed meanwhile, submitted, and the receipt."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import note, print_json, say
from newsletter.cli.story_input import ask_language, ask_questions
from newsletter.cli.workspace import Workspace
from newsletter.errors import AttentionError, NewsletterError, ServiceError

if TYPE_CHECKING:
    from newsletter.stories.taking.submit import Submitted
    from newsletter.stories.taking.unfinished import Interview


def checked_first(workspace: Workspace, picture: bytes, *, may_leave_out: bool = False) -> bytes:
    """Return the picture, if it can be used, before the first question is asked.

    ConfigError without two keys, PictureError for a bad picture; or it is asked whether to go on
    without it.
    """
    from newsletter.stories.record.pictures import PictureError, rebuild

    _keys(workspace)
    try:
        if picture:
            rebuild(picture)
    except PictureError as error:
        if not may_leave_out:
            raise
        note(f"The picture in this mail cannot be used: {error}")
        click.confirm("Go on without it?", abort=True, err=True)
        return b""
    return picture


def _keys(workspace: Workspace) -> list[str]:
    from newsletter.stories.keys.vault import seal

    keys = [recipient.key for recipient in workspace.story_services.recipients()]
    seal({}, keys)  # fewer than two, or a damaged one
    return keys


def run_interview(
    workspace: Workspace, interview: "Interview", picture: bytes, path: Path, *, asks: bool = True
) -> None:
    """Ask what is missing, submit it all and print the receipt.

    What was told is kept in `path` until then, sealed; AttentionError that names it when the
    editor stops. Without `asks`, everything has to be there.
    """

    unfinished = workspace.unfinished_interviews
    keys = _keys(workspace)
    services = workspace.story_services
    told = replace(interview, has_picture=bool(picture))

    def keep(answers: Mapping[str, str], begun: str) -> None:
        nonlocal told
        told = replace(told, answers=dict(answers), begun=begun)
        try:
            unfinished.keep(path, told, keys)
        except ServiceError as error:
            note(f"  {error}. It is in memory only: do not close this window.")

    try:
        if asks:
            keep(told.answers, told.begun)
            ask_questions(told.answers, told.language, services, keep, begun=told.begun)
        if not told.text_language:
            # A form says what language it is in; what was told in it may be in another one.
            language = ask_language(told.answers["text"], told.language, asks=asks)
            told = replace(told, text_language=language)
        done = _submitted(workspace, told, picture, asks=asks)
    except click.Abort:
        if (told.begun or any(told.answers.values())) and path.exists():
            raise AttentionError(
                "stopped; what was told is kept, sealed", hint=_how_to_go_on(path, told)
            ) from None
        unfinished.remove(path)
        raise AttentionError("stopped; nothing was kept") from None
    except NewsletterError:
        if path.exists():
            note(f"What was told is kept, sealed. {_how_to_go_on(path, told)}")
        raise
    try:
        _show_receipt(done, told)
    finally:
        unfinished.remove(path)


def _how_to_go_on(path: Path, told: "Interview") -> str:
    wanted = path.stem.rpartition("-")[2]
    again = " --picture FILE (the picture is not kept)" * told.has_picture
    return (
        "Whoever has an editor's key goes on with newsletter stories take --resume "
        f"{wanted}{again}; --forget {wanted} deletes it, "
        "or newsletter stories purge after two weeks."
    )


def _submitted(
    workspace: Workspace, told: "Interview", picture: bytes, *, asks: bool
) -> "Submitted":
    """Submit, and ask whether to try again while a disk or a database says no."""
    from newsletter.stories.taking.intake import Intake, read_answers
    from newsletter.stories.taking.questions import languages_asked
    from newsletter.stories.taking.submit import submit

    services = workspace.story_services
    published = languages_asked(services.languages, told.answers)
    intake = read_answers(told.answers, language=told.text_language, published=published)
    if not isinstance(intake, Intake):
        faults = ", ".join(f"{fault.question} ({fault.code.replace('_', ' ')})" for fault in intake)
        raise AttentionError(f"nothing was saved; please fix: {faults}")
    while True:
        try:
            return submit(
                services,
                intake,
                picture=picture,
                notice=services.notice(told.language),
                method=told.method,
                taken_by=told.taken_by,
                once=bytes.fromhex(told.once),
                shown=told.shown,
                shown_on=told.shown_on,
                today=workspace.today(),
            )
        except ServiceError as error:
            if not asks:
                raise
            note(f"{error}. Nothing of it is lost yet.")
            click.confirm("Try again?", abort=True, err=True)


def _show_receipt(done: "Submitted", told: "Interview") -> None:
    if not print_json(done.receipt.as_mapping()):
        say(done.receipt.text())
    note("Give this receipt to the storyteller. The code is shown once and saved nowhere.")
    if not told.shown:
        note(
            "They do not know the consent notice yet: nothing of this is used before you run "
            f"newsletter stories notice {done.submission_id}"
        )
