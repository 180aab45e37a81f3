"""`newsletter doctor`: what is missing, and how to fix it."""

import click

from newsletter.cli.output import exit_1_if, json_option, print_json, say
from newsletter.cli.workspace import Workspace, pass_workspace

_MARKS = {"fine": ("ok", "green"), "look": ("warning", "yellow"), "missing": ("MISSING", "red")}


@click.command(epilog="Example: newsletter doctor")
@json_option
@pass_workspace
def doctor(workspace: Workspace) -> None:
    """Check the setup: what is missing and how to fix it.

    Looks at the settings, the secrets, the database, the feeds, the design, who can read the files
    and the sender's domain. The exit code is 1 if something is missing.
    """
    from newsletter.doctor.findings import Status
    from newsletter.doctor.sender_domain import look_up
    from newsletter.doctor.workspace import examine

    findings = examine(workspace, lookup=look_up)
    if not print_json(findings):
        for finding in findings:
            word, colour = _MARKS[finding.status.value]
            say(f"  {finding.part}: {finding.message}", lead=f"{word:>7}", colour=colour)
            if finding.hint:
                say(f"         {finding.hint}")
    exit_1_if(any(finding.status is Status.MISSING for finding in findings))
