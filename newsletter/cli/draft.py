"""`newsletter draft`."""

from datetime import datetime

import click

from newsletter.cli.issue_id import issue_argument
from newsletter.cli.output import emit_json, json_option, note, say
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import UsageError


@click.command(
    epilog='Example: newsletter draft --bulletin --region los-angeles --lapses "2026-11-21 18:00"'
)
@issue_argument
@click.option(
    "--on",
    "sends_on",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="The day it will be sent, such as 2026-11-20: consents are judged on it.",
)
@click.option("--bulletin", is_flag=True, help="A short urgent issue; needs --lapses.")
@click.option("--lapses", metavar="TIME", help='Until when it may be sent: "2026-11-21 18:00".')
@click.option("--region", "regions", multiple=True, help="Bulletins: only to this region.")
@click.option("--topic", "topics", multiple=True, help="Bulletins: only to this topic.")
@click.option("--item", "item_ids", multiple=True, help="Bulletins: carry this item.")
@click.option("--no-pictures", is_flag=True, help="Do not fetch the pieces' pictures.")
@json_option
@pass_workspace
def draft(
    workspace: Workspace,
    issue: str | None,
    sends_on: datetime | None,
    bulletin: bool,
    lapses: str | None,
    regions: tuple[str, ...],
    topics: tuple[str, ...],
    item_ids: tuple[str, ...],
    no_pictures: bool,
    as_json: bool,
) -> None:
    """Write the drafts of ISSUE (this week's when left out), one text file a language.

    Run again, it adds what is new under a heading of its own and changes nothing else. With
    --bulletin it begins a short urgent issue to a region or topic instead.
    """
    from newsletter.issues.drafting.bulletin import Urgency, draft_bulletin
    from newsletter.issues.drafting.draft import draft as run
    from newsletter.issues.drafting.illustrate import illustrate

    if bulletin is not bool(lapses) or (not bulletin and (regions or topics or item_ids)):
        raise UsageError(
            "--bulletin and --lapses go together, --region, --topic and --item with them",
            hint='newsletter draft --bulletin --region los-angeles --lapses "2026-11-21 18:00"',
        )
    parts = (workspace.issue_sources, workspace.issues, workspace.draft_rules)
    now = workspace.now()
    if lapses:
        urgency = Urgency(lapses=lapses, regions=regions, topics=topics, item_ids=item_ids)
        outcome = draft_bulletin(*parts, urgency, now=now, issue_id=issue)
    else:
        day = sends_on.date() if sends_on else None
        outcome = run(*parts, now=now, issue_id=issue, sends_on=day)
    fetcher = None if no_pictures else workspace.fetcher()
    pictures = illustrate(workspace.issue_sources, outcome.issue_id, fetcher) if fetcher else ()
    if as_json:
        emit_json(
            {
                "issue": outcome.issue_id,
                "sends_on": outcome.sends_on,
                "files": outcome.files,
                "pictures": [
                    {"item": one.item_id, "path": one.path, "reason": one.reason}
                    for one in pictures
                ],
            }
        )
        return
    for file in outcome.files:
        waiting = f", {file.untranslated} to translate" if file.untranslated else ""
        verb = "written" if file.is_new else "added" if file.added else "nothing new"
        pieces = "1 piece" if file.added == 1 else f"{file.added} pieces"
        say(f"{file.path}: {verb}, {pieces}{waiting}")
    for one in pictures:
        note(f"picture of {one.item_id}: {one.path or 'none, ' + one.reason}")
    if not outcome.added and all(file.is_new for file in outcome.files):
        note("Nothing that came in is new enough: newsletter pull, then newsletter draft again")
    note(f"Edit the files, then: newsletter check {outcome.issue_id}")
