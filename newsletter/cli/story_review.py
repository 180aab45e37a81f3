"""`newsletter stories review`, `send-back`, `agreed` and `refuse`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import flag, note, repeatable, say
from newsletter.cli.picture_viewer import shown_locally
from newsletter.cli.story_consent import PLACES, channels_named
from newsletter.cli.story_input import (
    ask_language,
    identity_option,
    language_tag,
    nothing_written,
    unlocked,
)
from newsletter.cli.story_letters import leave_on_page, tell_how_to_reach
from newsletter.cli.workspace import Workspace, pass_workspace

if TYPE_CHECKING:
    from newsletter.stories.reviewing.review_story import OpenedSubmission, PictureDecision


@click.command(epilog="Example: newsletter stories review k2f8w4zt --title 'The kitchen'")
@click.argument("story")
@click.option("--title", default="", help="A title, if the storyteller gave none.")
@click.option("--language", type=language_tag, help="The language of the text, such as ht or es.")
@identity_option
@pass_workspace
def review(
    workspace: Workspace, story: str, title: str, language: str | None, identity: Path
) -> None:
    """Go through a submission (opened in memory) or an edited story, detail by detail."""
    known, problems = workspace.story_services.folder.load()
    if any(one.id == story for one in known) or any(f"/{story}.md" in one.file for one in problems):
        _review_file(workspace, story)
    else:
        _review_submission(workspace, story, title, language, identity)


def _review_file(workspace: Workspace, story_id: str) -> None:
    from newsletter.cli.review_prompts import ReviewPrompts, ask_excerpt
    from newsletter.model.consent import Channel
    from newsletter.stories.reviewing.review_edited import (
        edited_session,
        edited_texts,
        write_reviewed,
    )

    desk = workspace.story_services
    story = desk.story(story_id)
    known = story.consent.third_parties
    session = ReviewPrompts(session=edited_session(story), known=known).ask()
    with nothing_written():
        ends = {
            text.language: ask_excerpt(text)
            for text in edited_texts(story, session)
            if not text.is_short and Channel.EMAIL_FULL not in story.consent.channels
        }
    done = write_reviewed(desk, story, session, excerpt_ends=ends)
    say(f"{done.path} reviewed. If a word changed: newsletter stories send-back {done.id}")


def _review_submission(
    workspace: Workspace, wanted: str, title: str, language: str | None, identity: Path
) -> None:
    from newsletter.cli.review_prompts import ReviewPrompts, ask_excerpt
    from newsletter.model.consent import Channel
    from newsletter.model.story import StoryText
    from newsletter.stories.reviewing.review_story import (
        make_publishable,
        open_submission,
        reviewed_body,
    )

    desk = workspace.story_services
    opened = open_submission(desk, wanted, unlocked(identity), today=workspace.today())
    identifying = opened.identifying
    note(f"{identifying.title}\n\n{identifying.text}\n")
    with nothing_written():
        language = language or ask_language(identifying.text, identifying.language)
        title = title or identifying.title or click.prompt("A title for the story", err=True)
        begun = opened.session(language, title=title)
        session = ReviewPrompts(session=begun, others=identifying.others).ask()
        picture = _picture(opened)
        end = None
        if Channel.EMAIL_FULL not in opened.submission.consent.channels:
            body = reviewed_body(session)
            end = ask_excerpt(StoryText(language=language, title="", excerpt=body, body=body))
    done = make_publishable(desk, opened, session, excerpt_end=end, picture=picture)
    say(f"{done.path} written, without what you removed. To reach them:")
    tell_how_to_reach(identifying)
    say("Next:")
    say(f"  newsletter stories send-back {done.id}")


def _picture(opened: "OpenedSubmission") -> "PictureDecision | None":
    from newsletter.model.story import PICTURE_CHECKS
    from newsletter.stories.reviewing.review_story import PictureDecision

    if opened.picture is None:
        return None
    with shown_locally(opened.picture.data, opened.picture.media_type) as address:
        note(f"\nLook at the picture here, until you have answered: {address}")
        if not click.confirm("Use the picture?", default=False, err=True):
            return None
        checked = frozenset(
            check
            for check in sorted(PICTURE_CHECKS)
            if click.prompt(
                f"{check.capitalize()}: (n)one / (s)ome identify somebody",
                type=click.Choice(["n", "s"]),
                show_choices=False,
                err=True,
            )
            == "n"
        )
        alt = click.prompt("What does the picture show, in one sentence?", err=True)
    return PictureDecision(alt=alt, checked=checked)


@click.command("send-back", epilog="Example: newsletter stories send-back m4rq7tz2xd --language es")
@click.argument("story")
@click.option("--language", default="", help="Print only the text in this language.")
@pass_workspace
def send_back_story(workspace: Workspace, story: str, language: str) -> None:
    """Print the exact text, to show, mail or read aloud to the storyteller."""
    from newsletter.stories.reviewing.read_back import send_back

    desk = workspace.story_services
    known = desk.story(story)
    for text in known.texts:
        if language in ("", text.language):
            back = send_back(desk, story, language=text.language, today=workspace.today())
            say(back.text)
            note(
                f"If they agree, run: newsletter stories agreed {story} --language {text.language}"
                ' --method "read aloud"'
            )
    leave_on_page(workspace, known, (language,) if language else ())


@click.command(epilog="Example: newsletter stories agreed m4rq7tz2xd --language es --method shown")
@click.argument("story")
@click.option("--language", required=True, help="The language of the text they agreed to.")
@repeatable("--channel", "channels", metavar=PLACES, help="Only for this place (default: all).")
@click.option(
    "--method",
    type=click.Choice(["shown", "mailed", "read aloud"]),
    required=True,
    help="How they got to know the text.",
)
@flag("--long-excerpt", help="They agreed to a short part longer than a third or 120 words.")
@pass_workspace
def agreed(
    workspace: Workspace,
    story: str,
    language: str,
    channels: tuple[str, ...],
    method: str,
    long_excerpt: bool,
) -> None:
    """Record that the storyteller agreed to exactly these words."""
    from newsletter.stories.record.story_language import language_name
    from newsletter.stories.reviewing.read_back import record_agreement

    record_agreement(
        workspace.story_services,
        story,
        language=language,
        channels=channels_named(channels),
        method=method,
        today=workspace.today(),
        long_excerpt=long_excerpt,
    )
    say(f"Recorded: the storyteller agreed to the {language_name('en', language)} text.")


@click.command(epilog="Example: newsletter stories refuse k2f8w4zt")
@click.argument("submission")
@pass_workspace
def refuse(workspace: Workspace, submission: str) -> None:
    """Decide not to use a submission, and delete its contents."""
    from newsletter.stories.reviewing.review_story import refuse as drop

    drop(workspace.story_services, submission, today=workspace.today())
    say(f"{submission} is refused and its contents are deleted.")
