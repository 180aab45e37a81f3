"""`newsletter stories take`, `import` and `notice`: stories told in person, in files, in mail."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.moment import DAY
from newsletter.cli.output import json_option, note, say
from newsletter.cli.story_input import (
    ask_any_language,
    ask_language,
    identity_option,
    language_tag,
    unlocked,
)
from newsletter.cli.story_interview import checked_first, run_interview
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import AttentionError
from newsletter.model.consent import NOTICE_SHOWN

if TYPE_CHECKING:
    from newsletter.stories.taking.import_file import Imported


def _offered(_context: click.Context, _option: click.Parameter, tag: str | None) -> str | None:
    from newsletter.stories.record.story_language import story_languages

    offered = story_languages()
    if tag is not None and tag not in offered:
        raise click.BadParameter(
            f"there are no questions in {tag!r}; choose from {', '.join(offered)}"
        )
    return tag


_language = click.option(
    "--language",
    callback=_offered,
    default="en",
    help="The language you speak with the storyteller.",
)
_picture = click.option(
    "--picture",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A picture that goes with the story.",
)


@click.command(epilog="Example: newsletter stories take --language es --method phone")
@_language
@click.option(
    "--method",
    type=click.Choice(["phone", "in person"]),
    default="in person",
    help="How the story was told.",
)
@click.option("--taken-by", default="editor", help="Your role (never a name).")
@_picture
@click.option("--resume", default="", help="Go on with an unfinished story, by its id.")
@click.option("--forget", default="", help="Delete an unfinished story, by its id.")
@identity_option
@json_option
@pass_workspace
def take(
    workspace: Workspace,
    language: str,
    method: str,
    taken_by: str,
    picture: Path | None,
    resume: str,
    forget: str,
    identity: Path,
) -> None:
    """Take down a story told by phone or in person, with the questions of the web form."""
    from newsletter.stories.keys.key_log import key_name
    from newsletter.stories.record.openings import opened
    from newsletter.stories.taking.unfinished import Interview

    unfinished = workspace.unfinished_interviews
    if forget:
        unfinished.remove(unfinished.find(forget))
        say(f"{forget} is deleted.")
        return
    data = checked_first(workspace, picture.read_bytes() if picture else b"")
    if resume:
        path = unfinished.find(resume)
        secret = unlocked(identity)
        services, today = workspace.story_services, workspace.today()
        name = key_name(services.recipients(), secret)
        services.append_events([opened(resume, name, today)])
        interview = unfinished.open(resume, secret)
        if interview.has_picture and not data:
            note("Its picture was not kept; --picture FILE gives it again.")
            click.confirm("Go on without it?", abort=True, err=True)
        note("Only what is missing is asked.")
    else:
        path = unfinished.begin(workspace.today())
        for one in unfinished.ids():
            note(f"A story was not finished: newsletter stories take --resume {one}")
        note(workspace.story_services.notice(language).text)
        note("")
        question = "Have you read this to them, and do they want to continue?"
        click.confirm(question, abort=True, err=True)
        interview = Interview(
            answers={},
            language=language,
            method=method,
            taken_by=taken_by,
            shown="read aloud",
            shown_on=workspace.today(),
        )
    run_interview(workspace, interview, data, path)


@click.command("import", epilog="Example: newsletter stories import story.md --picture kitchen.jpg")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_picture
@click.option("--taken-by", default="editor", help="Your role (never a name).")
@click.option("--language", type=language_tag, default=None, help="The language of the story.")
@click.option(
    "--notice",
    "shown",
    type=click.Choice([*NOTICE_SHOWN, "no"]),
    default=None,
    help="How the storyteller got to know the consent notice, or no: not yet.",
)
@click.option(
    "--notice-language",
    callback=_offered,
    default=None,
    help="The language they got to know it in (default: the story's, if there is a notice in it).",
)
@click.option(
    "--notice-on", type=click.DateTime(["%Y-%m-%d"]), default=None, help="On which day (today)."
)
@json_option
@pass_workspace
def import_story(
    workspace: Workspace,
    file: Path,
    picture: Path | None,
    taken_by: str,
    language: str | None,
    shown: str | None,
    notice_language: str | None,
    notice_on: datetime | None,
) -> None:
    """Encrypt a story from a FILE: Markdown with answers as front matter, or an email (.eml)."""
    from newsletter.files import WorkspaceFiles
    from newsletter.stories.record.story_language import story_language
    from newsletter.stories.taking.import_file import from_mail, from_markdown
    from newsletter.stories.taking.intake import fault_in
    from newsletter.stories.taking.questions import questions
    from newsletter.stories.taking.unfinished import Interview

    is_mail = file.suffix.lower() == ".eml"
    if is_mail:
        note("Email is not encrypted. Other people may already have a copy of this story.")
        found = from_mail(file.read_bytes())
        if "\ufffd" in found.answers["text"]:
            note("Some characters of this mail cannot be read; in the story they are \ufffd.")
        if not found.answers["text"]:
            note("This mail has no words. They are asked for.")
    else:
        text = WorkspaceFiles(file.parent).read(file.name)
        published = workspace.story_services.languages
        found = from_markdown(text, file=file.name, published=published)
    data = picture.read_bytes() if picture else found.picture
    data = checked_first(workspace, data, may_leave_out=is_mail and not picture)
    asked = questions(workspace.story_services.languages)["text"]
    if fault_in(asked, found.answers["text"]) == "too_long":
        length, most = len(found.answers["text"]), asked.most
        raise AttentionError(
            f"the story has {length} characters; it may have {most}", file=file.name
        )
    today = workspace.today()
    text_language = language or found.text_language
    if not text_language and found.answers["text"]:  # a mail may be a picture only: then it is told
        text_language = _language_of(found, asks=is_mail)
    in_language = notice_language or story_language(found.language or text_language)
    on = notice_on.date() if notice_on else found.shown_on or today
    how = shown or found.shown
    if is_mail and not how:
        how = _ask_how(workspace, in_language)
        if how != "no":
            in_language = notice_language or _ask_which(in_language)
            on = on if notice_on else _ask_when(today)
    if on > today:
        raise AttentionError(f"the notice cannot have been shown on {on}: that day is to come")
    interview = Interview(
        answers={name: answer for name, answer in found.answers.items() if answer},
        language=in_language,
        text_language=text_language,
        method="email" if is_mail else "file",
        taken_by=taken_by,
        shown="" if how == "no" else how,
        shown_on=on,
    )
    unfinished = workspace.unfinished_interviews
    run_interview(workspace, interview, data, unfinished.begin(today), asks=is_mail)
    if found.left_out:
        note(
            f"NOT taken from this mail: {', '.join(found.left_out)}. Look at it before you delete."
        )
    note(f"Now delete the original: {file.name}, its copies, and the copy in the trash.")
    if is_mail:
        note(
            "Delete the email at the provider too, sent and received, and ask the sender to do so."
        )


def _language_of(found: "Imported", *, asks: bool) -> str:
    """The language of a story that does not say it: a mail never does, so it is asked about."""
    text = found.answers["text"]
    return ask_any_language(text) if asks else ask_language(text, found.language, asks=False)


def _ask_which(likely: str) -> str:
    from newsletter.stories.record.story_language import story_languages

    languages = click.Choice(story_languages())
    return str(click.prompt("In which language?", type=languages, default=likely, err=True))


def _ask_when(today: date) -> date:
    typed: datetime = click.prompt("On which day?", type=DAY, default=str(today), err=True)
    return typed.date()


def _ask_how(workspace: Workspace, language: str) -> str:
    note(f"\n{workspace.story_services.notice(language).text}\n")
    return str(
        click.prompt(
            "How did they get to know this notice? (no: not yet)",
            type=click.Choice([*NOTICE_SHOWN, "no"]),
            err=True,
        )
    )


@click.command("notice", epilog="Example: newsletter stories notice k2f8w4zt --language es")
@click.argument("story")
@_language
@click.option("--how", type=click.Choice(NOTICE_SHOWN), default="read aloud", help="How.")
@pass_workspace
def show_notice(workspace: Workspace, story: str, language: str, how: str) -> None:
    """Show the consent notice, and record that the storyteller got to know it and says yes.

    A story that came by mail or in a file is not used before.
    """
    from newsletter.stories.record.story_language import language_name
    from newsletter.stories.taking.record_notice import record_notice

    services = workspace.story_services
    shown = services.notice(language)
    note(f"{shown.text}\n")
    question = "Do they know this now, and do they say yes to what they answered?"
    click.confirm(question, abort=True, err=True)
    record_notice(services, story, notice=shown, how=how, today=workspace.today())
    say(f"Recorded: the notice was {how} in {language_name('en', shown.language)}.")
