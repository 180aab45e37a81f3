"""`newsletter draft`."""

from datetime import datetime

import click

from newsletter.cli.completing import regions, topics
from newsletter.cli.issue_id import issue_argument
from newsletter.cli.moment import DAY
from newsletter.cli.output import counted, flag, json_option, note, print_json, repeatable, say
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import UsageError


@click.command(epilog='Example: newsletter draft --bulletin --lapses "2026-11-21 18:00"')
@issue_argument
@click.option(
    "--on",
    "sends_on",
    type=DAY,
    metavar="DAY",
    help="The day it will be sent, such as 2026-11-20; consents must be valid then.",
)
@flag("--bulletin", help="Start a short urgent issue; needs --lapses.")
@click.option("--lapses", metavar="TIME", help='When it can no longer be sent: "2026-11-21 18:00".')
@repeatable(
    "--region", "regions", help="Bulletins: send only to this region.", shell_complete=regions
)
@repeatable("--topic", "topics", help="Bulletins: send only to this topic.", shell_complete=topics)
@repeatable("--item", "item_ids", help="Bulletins: include this item.")
@flag("--again", help="Write drafts that were approved on another machine and are not here.")
@flag("--no-pictures", help="Do not download the items' pictures.")
@json_option
@pass_workspace
def draft(
    workspace: Workspace,
    /,
    issue: str | None,
    sends_on: datetime | None,
    bulletin: bool,
    lapses: str | None,
    again: bool,
    no_pictures: bool,
    **urgent: tuple[str, ...],
) -> None:
    """Write the drafts of ISSUE (this week's by default), one text file per language.

    Run it again to add new items under a heading of their own; nothing you wrote is changed. With
    --bulletin it starts a short urgent issue to a region or topic instead.
    """
    from newsletter.issues.drafting.bulletin import Urgency, draft_bulletin
    from newsletter.issues.drafting.draft import draft as run
    from newsletter.issues.drafting.illustrate import illustrate

    if bulletin is not bool(lapses) or (not bulletin and any(urgent.values())):
        raise UsageError(
            "--bulletin and --lapses go together; --region, --topic and --item need both",
            hint='newsletter draft --bulletin --region los-angeles --lapses "2026-11-21 18:00"',
        )
    parts = (workspace.issue_sources, workspace.issues, workspace.draft_rules)
    now = workspace.now()
    if lapses:
        outcome = draft_bulletin(*parts, Urgency(lapses=lapses, **urgent), now=now, issue_id=issue)
    else:
        day = sends_on.date() if sends_on else None
        outcome = run(*parts, now=now, issue_id=issue, sends_on=day, again=again)
    fetcher = None if no_pictures else workspace.fetcher()
    pictures = illustrate(workspace.issue_sources, outcome.issue_id, fetcher) if fetcher else ()
    keys = ("path", "language", "is_new", "added", "untranslated", "events")
    data = {
        "issue": outcome.issue_id,
        "sends_on": outcome.sends_on,
        "files": [{key: getattr(file, key) for key in keys} for file in outcome.files],
        "questions": outcome.questions,
        "pictures": [
            {"item": picture.item_id, "path": picture.path, "reason": picture.reason}
            for picture in pictures
        ],
    }
    if print_json(data):
        return
    for file in outcome.files:
        waiting = f", {file.untranslated} to translate" if file.untranslated else ""
        waiting += f", {file.events} may be events: see their notes" if file.events else ""
        pieces = counted(file.added, "piece") if file.added or file.is_new else "nothing new"
        say(f"{file.path}: {pieces}{' added' * (not file.is_new and file.added > 0)}{waiting}")
    for question in outcome.questions:
        note(question)
    for picture in pictures:
        note(f"Picture of {picture.item_id}: {picture.path or 'none, ' + picture.reason}")
    if not outcome.added and all(file.is_new for file in outcome.files):
        note("There are no new items to draft. Run newsletter pull, then newsletter draft again.")
    note(f"Edit the files, then run: newsletter check {outcome.issue_id}")
