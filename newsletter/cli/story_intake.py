"""`newsletter stories take` and `import`: stories told in person, by phone, in files, in mail."""

from collections.abc import Mapping
from pathlib import Path

import click

from newsletter.cli.output import json_option, note, print_json, say
from newsletter.cli.story_input import ask_questions
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import AttentionError


def _offered(_context: click.Context, _option: click.Parameter, tag: str) -> str:
    from newsletter.stories.record.story_language import story_languages

    offered = story_languages()
    if tag not in offered:
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
@json_option
@pass_workspace
def take(
    workspace: Workspace, language: str, method: str, taken_by: str, picture: Path | None
) -> None:
    """Take down a story told by phone or in person, with the questions of the web form."""
    note(workspace.story_services.notice(language).text)
    note("")
    click.confirm("Have you read this to them, and do they want to continue?", abort=True, err=True)
    answers = ask_questions({}, language, workspace.story_services)
    data = picture.read_bytes() if picture else b""
    _submit(workspace, answers, language, method, taken_by, data)


@click.command("import", epilog="Example: newsletter stories import story.md --picture kitchen.jpg")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_picture
@click.option("--taken-by", default="editor", help="Your role (never a name).")
@json_option
@pass_workspace
def import_story(workspace: Workspace, file: Path, picture: Path | None, taken_by: str) -> None:
    """Encrypt a story from a FILE: Markdown with answers as front matter, or an email (.eml)."""
    from newsletter.stories.taking.import_file import from_mail, from_markdown

    is_mail = file.suffix.lower() == ".eml"
    if is_mail:
        note("Email is not encrypted. Other people may already have a copy of this story.")
        found = from_mail(file.read_bytes())
        answers: Mapping[str, str] = ask_questions(
            found.answers, found.language, workspace.story_services
        )
    else:
        found = from_markdown(
            file.read_text(encoding="utf-8-sig"),
            file=file.name,
            published=workspace.story_services.languages,
        )
        answers = found.answers
    data = picture.read_bytes() if picture else found.picture
    method = "email" if is_mail else "file"
    _submit(workspace, answers, found.language, method, taken_by, data, found.published)
    note(f"Now delete the original: {file.name}, its copies, and the copy in the trash.")
    if is_mail:
        note(
            "Delete the email at the provider too, sent and received, and ask the sender to do so."
        )


def _submit(
    workspace: Workspace,
    typed: Mapping[str, str],
    language: str,
    method: str,
    taken_by: str,
    picture: bytes,
    published: tuple[str, ...] = (),
) -> None:
    from newsletter.stories.taking.intake import Intake, read_answers
    from newsletter.stories.taking.submit import Refusal, Refused, submit

    desk = workspace.story_services
    intake = read_answers(typed, language=language, published=published or desk.languages)
    if not isinstance(intake, Intake):
        faults = ", ".join(f"{fault.question} ({fault.code.replace('_', ' ')})" for fault in intake)
        raise AttentionError(f"nothing was saved; please fix: {faults}")
    done = submit(
        desk,
        intake,
        picture=picture,
        notice=desk.notice(language),
        method=method,
        taken_by=taken_by,
        today=workspace.today(),
    )
    if isinstance(done, Refused):
        raise AttentionError(
            "this story was withdrawn before and cannot be taken again"
            if done.why is Refusal.WITHDRAWN
            else "this story is already here",
            hint="nothing was saved; delete your copy",
        )
    if not print_json(done.receipt.as_mapping()):
        say(done.receipt.text())
    note("Give this receipt to the storyteller. The code is shown once and saved nowhere.")
