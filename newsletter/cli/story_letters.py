"""`newsletter stories messages`, `write` and `contact`: back and forth with a storyteller."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.output import counted, exit_1_if, flag, json_option, note, print_json, say
from newsletter.cli.story_input import identity_option, long_text, unlocked
from newsletter.cli.workspace import Workspace, pass_workspace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from newsletter.model.story import Story
    from newsletter.stories.letters.desk import ReadLetter
    from newsletter.stories.taking.intake import Identifying


def tell_how_to_reach(who: "Identifying") -> None:
    """Say who told the story and when and how it is safe to reach them; at the terminal only."""
    say(f"Name: {who.name or 'not given'}")
    say(f"Contact: {who.contact or 'not given: leave a message with newsletter stories write'}")
    say(f"When and how it is safe: {who.contact_safely or 'not said: ask before anything else'}")


def leave_on_page(workspace: Workspace, story: "Story", languages: "Sequence[str]") -> None:
    """Leave the exact words on the storyteller's page, or say why they do not wait there."""
    from newsletter.errors import AttentionError, UsageError
    from newsletter.stories.letters.to_storyteller import propose

    desk, today = workspace.story_services, workspace.today()
    try:
        propose(desk, story, languages=tuple(languages), today=today)
    except (AttentionError, UsageError) as error:
        note(f"Not on their page: {error.message}. {error.hint}".rstrip(". ") + ".")
        return
    note(
        "The same words wait on their page, for their code: they can say yes, no or what to change."
    )
    note(f"To reach them: newsletter stories contact {story.id}")


def note_letters(workspace: Workspace) -> None:
    """Say how many letters of storytellers nobody read yet; nothing where there are none."""
    waiting = sum(workspace.story_services.store.count_waiting().values())
    if waiting:
        note(f"{counted(waiting, 'letter')} from storytellers: newsletter stories messages")


@click.command(epilog="Example: newsletter stories messages")
@click.argument("story", default="")
@flag("--all", "older", help="Also show what was read before.")
@identity_option
@json_option
@pass_workspace
def messages(workspace: Workspace, story: str, older: bool, identity: Path) -> None:
    """Read what storytellers wrote or answered by code, and record their answers.

    Without an id: of all stories. The log names your key for each story that has letters.
    """
    from newsletter.stories.letters.desk import read_letters

    desk = workspace.story_services
    secret = unlocked(identity)
    shown = []
    for letter in read_letters(desk, secret, any_id=story, older=older, today=workspace.today()):
        shown.append(letter)
        _show(letter)
    print_json([_plain(letter) for letter in shown])
    note(f"{counted(len(shown), 'letter')}.")
    exit_1_if(any(letter.said is None or "NOT" in letter.outcome for letter in shown))


def _plain(letter: "ReadLetter") -> dict[str, object]:
    said = letter.said
    return {
        "story": letter.story_id or letter.submission_id,
        "on": letter.on,
        "says": said.says if said else "",
        "language": said.language if said else "",
        "text": said.text if said else "",
        "asked": said.asked if said else "",
        "outcome": letter.outcome,
        "new": letter.is_new,
    }


def _show(letter: "ReadLetter") -> None:
    from newsletter.cli.output import wants_json

    if wants_json():
        return
    plain = _plain(letter)
    words = [f"{plain['story']}, {plain['on']}: {plain['says']}"]
    words += [f"({plain['language']} text)"] if plain["language"] else []
    say(" ".join(words))
    for line in (plain["text"], plain["asked"]):
        if line:
            say(f"\n{line}\n")
    if letter.outcome:
        say(f"  {letter.outcome}")


@click.command(epilog="Example: newsletter stories write m4rq7tz2xd")
@click.argument("story")
@pass_workspace
def write(workspace: Workspace, story: str) -> None:
    """Write to a storyteller: only their code opens it, on the page of their story."""
    from newsletter.stories.letters.from_storyteller import LONGEST
    from newsletter.stories.letters.to_storyteller import submission_named, write_to_storyteller

    desk = workspace.story_services
    submission_named(desk, story)  # nobody types a letter for a story that is not there
    text = long_text("Your message, in the storyteller's language", most=LONGEST)
    write_to_storyteller(desk, story, text, today=workspace.today())
    say("It waits on their page. They see it the next time they open the page with their code.")


@click.command(epilog="Example: newsletter stories contact k2f8w4zt")
@click.argument("submission")
@identity_option
@pass_workspace
def contact(workspace: Workspace, submission: str, identity: Path) -> None:
    """Show who told a story, and when and how it is safe to reach them.

    Opened in memory and shown only here. The log of consents names your key.
    """
    from newsletter.stories.letters.desk import open_contact

    desk = workspace.story_services
    who = open_contact(desk, submission, unlocked(identity), today=workspace.today())
    tell_how_to_reach(who)
