"""`newsletter stories review`, `send-back`, `agreed` and `refuse`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import counted, note, repeatable, say
from newsletter.cli.picture_viewer import shown_locally
from newsletter.cli.story_consent import PLACES, channels_named
from newsletter.cli.story_input import identity_option, unlocked
from newsletter.cli.story_letters import leave_on_page, tell_how_to_reach
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import AttentionError

if TYPE_CHECKING:
    from newsletter.model.consent import ThirdParty
    from newsletter.stories.reviewing.review import Decision, Detail
    from newsletter.stories.reviewing.review_story import OpenedSubmission, PictureDecision


@click.command(epilog="Example: newsletter stories review k2f8w4zt --title 'The kitchen'")
@click.argument("story")
@click.option("--title", default="", help="A title, if the storyteller gave none.")
@identity_option
@pass_workspace
def review(workspace: Workspace, story: str, title: str, identity: Path) -> None:
    """Go through a submission (opened in memory) or an edited story, detail by detail."""
    known, problems = workspace.story_services.folder.load()
    if any(one.id == story for one in known) or any(f"/{story}.md" in one.file for one in problems):
        _review_file(workspace, story)
    else:
        _review_submission(workspace, story, title, identity)


def _review_file(workspace: Workspace, story_id: str) -> None:
    from newsletter.stories.reviewing.review_edited import story_details, write_reviewed

    desk = workspace.story_services
    story = desk.story(story_id)
    decisions = [_decide(part) for part in story_details(story)]
    done = write_reviewed(desk, story, decisions)
    say(f"{done.path} reviewed. If a word changed: newsletter stories send-back {done.id}")


def _review_submission(workspace: Workspace, wanted: str, title: str, identity: Path) -> None:
    from newsletter.stories.reviewing.review_story import make_publishable, open_submission

    desk = workspace.story_services
    opened = open_submission(desk, wanted, unlocked(identity))
    say(f"{opened.identifying.title}\n\n{opened.identifying.text}\n")
    if opened.identifying.others:
        say(f"Other people: {opened.identifying.others}\n")
    decisions = _decide(opened.details)
    others = _others(opened)
    picture = _picture(opened)
    if not (title or opened.identifying.title):
        title = click.prompt("A title for the story", err=True)
    done = make_publishable(desk, opened, decisions, title=title, others=others, picture=picture)
    say(f"{done.path} written, without what you removed. To reach them:")
    tell_how_to_reach(opened.identifying)
    say("Next:")
    say(f"  newsletter stories send-back {done.id}")


def _decide(details: Sequence["Detail"]) -> list["Decision"]:
    """Ask for a decision on each detail. AttentionError when the editor stops."""
    from newsletter.stories.reviewing.review import Choice, Decision

    choices = {
        "k": (Choice.KEEP, "Reason for keeping it"),
        "g": (Choice.GENERALISE, "Replace it with"),
        "r": (Choice.REMOVE, ""),
    }
    decisions = []
    for number, detail in enumerate(details, 1):
        note(f"\n{number} of {len(details)}: {detail.mark.kind.value}")
        note(f"  …{detail.before}[[ {detail.words} ]]{detail.after}…".replace("\n", " "))
        answer = click.prompt(
            "(k)eep, (g)eneralize, (r)emove, (s)top", type=click.Choice(list("kgrs")), err=True
        )
        if answer == "s":
            raise AttentionError(
                f"{counted(len(details) - number + 1, 'detail')} undecided; nothing was written",
                hint="run the command again when you have time",
            )
        choice, label = choices[answer]
        words = click.prompt(label, err=True) if label else ""
        decisions.append(Decision(choice=choice, words=words))
    return decisions


def _others(opened: "OpenedSubmission") -> list["ThirdParty"]:
    from newsletter.model.consent import ThirdParty

    if not opened.identifying.others:
        return []
    roles = click.prompt("Who are they? Roles only, such as: sister, neighbor", err=True)
    settled = click.Choice(["agreed", "removed", "generalised", "open"])
    return [
        ThirdParty(role=role, settled=click.prompt(role, type=settled, err=True))
        for role in map(str.strip, roles.split(","))
        if role
    ]


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
    texts = desk.story(story).texts
    for text in texts:
        if language in ("", text.language):
            back = send_back(desk, story, language=text.language, today=workspace.today())
            say(back.text)
            note(
                f"If they agree, run: newsletter stories agreed {story} --language {text.language}"
                ' --method "read aloud"'
            )
    leave_on_page(workspace, desk.story(story), (language,) if language else ())


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
@pass_workspace
def agreed(
    workspace: Workspace, story: str, language: str, channels: tuple[str, ...], method: str
) -> None:
    """Record that the storyteller agreed to exactly these words."""
    from newsletter.design.localizer import name_in
    from newsletter.stories.reviewing.read_back import record_agreement

    record_agreement(
        workspace.story_services,
        story,
        language=language,
        channels=channels_named(channels),
        method=method,
        today=workspace.today(),
    )
    say(f"Recorded: the storyteller agreed to the {name_in('en', language)} text.")


@click.command(epilog="Example: newsletter stories refuse k2f8w4zt")
@click.argument("submission")
@pass_workspace
def refuse(workspace: Workspace, submission: str) -> None:
    """Decide not to use a submission, and delete its contents."""
    from newsletter.stories.reviewing.review_story import refuse as drop

    drop(workspace.story_services, submission, today=workspace.today())
    say(f"{submission} is refused and its contents are deleted.")
