"""`newsletter stories review`, `send-back`, `agreed` and `refuse`."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import note, say
from newsletter.cli.picture_viewer import shown_locally
from newsletter.cli.story_input import identity_option, today, unlocked
from newsletter.cli.workspace import open_workspace
from newsletter.errors import AttentionError

if TYPE_CHECKING:
    from newsletter.model.consent import ThirdParty
    from newsletter.stories.reviewing.review import Decision, Detail
    from newsletter.stories.reviewing.review_story import OpenedSubmission, PictureDecision
    from newsletter.wiring import Workspace


@click.command()
@click.argument("story")
@click.option("--title", default="", help="A title, if the storyteller gave none.")
@identity_option
@click.pass_context
def review(ctx: click.Context, story: str, title: str, identity: Path) -> None:
    """Look through a submission (opened in memory) or an edited story, detail by detail."""
    workspace = open_workspace(ctx)
    known, problems = workspace.story_services.folder.load()
    if any(one.id == story for one in known) or any(f"/{story}.md" in one.file for one in problems):
        _review_file(workspace, story)
    else:
        _review_submission(workspace, story, title, identity)


def _review_file(workspace: "Workspace", story_id: str) -> None:
    from newsletter.stories.reviewing.review_edited import story_details, write_reviewed

    desk = workspace.story_services
    story = desk.story(story_id)
    decisions = [_decide(part) for part in story_details(story)]
    done = write_reviewed(desk, story, decisions)
    say(f"{done.path} reviewed. If a word changed: newsletter stories send-back {done.id}")


def _review_submission(workspace: "Workspace", wanted: str, title: str, identity: Path) -> None:
    from newsletter.stories.reviewing.review_story import make_publishable, open_submission

    desk = workspace.story_services
    opened = open_submission(desk, wanted, unlocked(identity))
    say(f"{opened.identifying.title}\n\n{opened.identifying.text}\n")
    if opened.identifying.others:
        say(f"Other people: {opened.identifying.others}\n")
    decisions = _decide(opened.details)
    others = _others(opened)
    picture = _picture(opened)
    given = title or opened.identifying.title or click.prompt("A title for the story", err=True)
    done = make_publishable(
        desk,
        opened,
        decisions,
        title="" if opened.identifying.title and not title else given,
        others=others,
        picture=picture,
    )
    say(f"{done.path} written, without what you took out. Next:")
    say(f"  newsletter stories send-back {done.id}")


def _decide(found: Sequence["Detail"]) -> list["Decision"]:
    """One decision a detail. AttentionError when the editor stops: nothing is written then."""
    from newsletter.stories.reviewing.review import Choice, Decision

    decisions = []
    for number, detail in enumerate(found, 1):
        note(f"\n{number} of {len(found)}: {detail.mark.kind.value}")
        note(f"  …{detail.before}[[ {detail.words} ]]{detail.after}…".replace("\n", " "))
        answer = click.prompt(
            "(k)eep, (g)eneralise, (r)emove, (s)top", type=click.Choice(list("kgrs")), err=True
        )
        if answer == "s":
            raise AttentionError(
                f"{len(found) - number + 1} details are undecided; nothing was written",
                hint="run the command again when you have time",
            )
        if answer == "k":
            why = click.prompt("Why may it stay?", err=True)
            decisions.append(Decision(choice=Choice.KEEP, words=why))
        elif answer == "g":
            words = click.prompt("Say instead", err=True)
            decisions.append(Decision(choice=Choice.GENERALISE, words=words))
        else:
            decisions.append(Decision(choice=Choice.REMOVE))
    return decisions


def _others(opened: "OpenedSubmission") -> list["ThirdParty"]:
    from newsletter.model.consent import ThirdParty

    if not opened.identifying.others:
        return []
    roles = click.prompt("Who are they? Roles only, such as: sister, neighbor", err=True)
    return [
        ThirdParty(
            role=role.strip(),
            settled=click.prompt(
                f"{role.strip()}",
                type=click.Choice(["agreed", "removed", "generalised", "open"]),
                err=True,
            ),
        )
        for role in roles.split(",")
        if role.strip()
    ]


def _picture(opened: "OpenedSubmission") -> "PictureDecision | None":
    from newsletter.model.story import PICTURE_CHECKS
    from newsletter.stories.reviewing.review_story import PictureDecision

    if opened.picture is None:
        return None
    with shown_locally(opened.picture.data, opened.picture.media_type) as address:
        note(f"\nThe picture, as long as you look at it: {address}")
        if not click.confirm("Use the picture?", default=False, err=True):
            return None
        checked = frozenset(
            check
            for check in sorted(PICTURE_CHECKS)
            if click.confirm(f"No {check} that give anybody away?", default=False, err=True)
        )
        alt = click.prompt("What does it show, in a sentence?", err=True)
    return PictureDecision(alt=alt, checked=checked)


@click.command("send-back")
@click.argument("story")
@click.option("--language", default="", help="Only this language.")
@click.pass_context
def send_back_story(ctx: click.Context, story: str, language: str) -> None:
    """Print the exact words, to be shown, mailed or read aloud to the storyteller."""
    from newsletter.stories.reviewing.read_back import send_back

    workspace = open_workspace(ctx)
    desk = workspace.story_services
    texts = desk.story(story).texts
    for text in texts:
        if language in ("", text.language):
            back = send_back(desk, story, language=text.language, today=today(workspace))
            say(back.text)
            note(
                f"If they say yes: newsletter stories agreed {story} --language {text.language}"
                ' --method "read aloud"'
            )


@click.command(
    epilog='Example: newsletter stories agreed m4rq7tz2xd --language es --method "read aloud"'
)
@click.argument("story")
@click.option("--language", required=True, help="The language of the words they said yes to.")
@click.option("--channel", "channels", multiple=True, help="Only for this use (default: all).")
@click.option(
    "--method", type=click.Choice(["shown", "mailed", "read aloud"]), required=True, help="How."
)
@click.pass_context
def agreed(
    ctx: click.Context, story: str, language: str, channels: tuple[str, ...], method: str
) -> None:
    """Record the storyteller's yes to exactly these words."""
    from newsletter.cli.story_consent import channels_named
    from newsletter.stories.reviewing.read_back import record_agreement as record

    workspace = open_workspace(ctx)
    done = record(
        workspace.story_services,
        story,
        language=language,
        channels=channels_named(channels),
        method=method,
        today=today(workspace),
    )
    say(f"{done.path}: the yes to its {language} words is kept.")


@click.command()
@click.argument("submission")
@click.pass_context
def refuse(ctx: click.Context, submission: str) -> None:
    """Decide not to use a submission: what was sealed is deleted."""
    from newsletter.stories.reviewing.review_story import refuse as drop

    workspace = open_workspace(ctx)
    drop(workspace.story_services, submission, today=today(workspace))
    say(f"{submission} is refused and emptied.")
