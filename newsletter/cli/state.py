"""`newsletter state`: what outlives a restored workspace, and how to go on when it was lost."""

import click

from newsletter.cli.completing import editors
from newsletter.cli.output import confirm as ask
from newsletter.cli.output import (
    counted,
    exit_1_if,
    flag,
    json_option,
    note,
    print_json,
    say,
    yes_option,
)
from newsletter.cli.workspace import Workspace, pass_workspace


@click.group()
def state() -> None:
    """Show what is kept outside the workspace, and go on when some of it was lost.

    Withdrawals, where the record of consents stood and how far issues were sent are also kept in
    a folder that no backup of the workspace or the database takes back.
    """


@state.command(epilog="Example: newsletter state show")
@json_option
@pass_workspace
def show(workspace: Workspace) -> None:
    """Show if the state folder is whole.

    Tells where it is, and whether it, stories/ and the database agree about what was taken back.
    The exit code is 1 if something is wrong.
    """
    from newsletter.wiring.state_report import look_at_state

    report = look_at_state(workspace)
    if not print_json(report):
        say(f"{report.folder}")
        say(f"  {counted(report.stops, 'stop')} known in all (withdrawals and limits)")
        for place, count in report.lacking.items():
            say(f"    {place}: {f'{count} missing' if count else 'all of them'}")
        say(f"  {counted(report.events, 'event')} in the record of consents")
        say(f"  {counted(len(report.sent), 'issue')} with a note of how far it was sent")
        for fault in report.faults:
            note(f"  {fault}")
        if report.faults:
            note("newsletter state confirm --by NAME goes on with what is left.")
        if report.untestable:
            note(f"  {report.untestable}")
            note(
                "Put that key in NEWSLETTER_OLDER_SECRET_KEYS. Only if it is lost or leaked: "
                "newsletter state confirm --new-secret-key --by NAME"
            )
    exit_1_if(report.faults or report.untestable)


@state.command(epilog="Example: newsletter state confirm --by Ana")
@click.option(
    "--by",
    required=True,
    shell_complete=editors,
    help="Your name; it is written down in the state folder.",
)
@flag("--new-key", help="Give up the recognition key that the database was used with.")
@flag("--new-secret-key", help="Give up secret keys that are not set here: lost or leaked ones.")
@yes_option
@json_option
@pass_workspace
def confirm(workspace: Workspace, by: str, new_key: bool, new_secret_key: bool, yes: bool) -> None:
    """Go on with what is left.

    For when a backup was restored, the state folder was lost, or the program was upgraded. Makes
    the state folder if it is missing, and gathers from it, from stories/ and from the database
    what was taken back, so that all of them know all of it. What was taken back stays so.
    """
    from newsletter.errors import UsageError
    from newsletter.wiring.state_report import confirm_state, look_at_state

    name = " ".join(by.split())
    if not name:
        raise UsageError("--by needs a name")
    report = look_at_state(workspace)
    if not (report.faults or new_key or new_secret_key):
        if not print_json({"withdrawn_again": [], "left_to_do": []}):
            say("Nothing is missing, so there is nothing to confirm.")
        return
    for fault in report.faults:
        note(f"  {fault}")
    note(
        f"Known from what is left: {counted(report.stops, 'stop')} (withdrawals and limits), "
        f"{counted(report.events, 'event')}, {counted(len(report.sent), 'sent issue')}.\n"
        "If a newer copy of the state folder, stories/ or the database exists, put it back first:\n"
        "a withdrawal that is in none of these is forgotten, and its story could be used again."
    )
    if new_secret_key:
        note(
            "People who left under a secret key that is not set here will not be known any more:\n"
            "import no old list afterwards. Links in the mails of that time do not work."
        )
    ask("Go on with what is left?", yes=yes)
    done = confirm_state(workspace, by=name, new_key=new_key, new_secret_key=new_secret_key)
    if not print_json(done):
        say(f"Confirmed by {name}. The state folder is {report.folder}")
        if done.withdrawn_again:
            again = counted(len(done.withdrawn_again), "withdrawn submission")
            say(f"Deleted the contents of {again} that the database still had.")
    for words in done.left_to_do:
        note(f"Still to do: {words}")
    exit_1_if(done.left_to_do)
