"""`newsletter bounces`."""

from typing import TYPE_CHECKING

import click

from newsletter.cli.groups import Listed
from newsletter.cli.output import counted, exit_1_if, json_option, note, print_json, say
from newsletter.cli.workspace import Workspace, pass_workspace

if TYPE_CHECKING:
    from newsletter.sending.results.read_bounces import BouncesRead


@click.group(cls=Listed)
def bounces() -> None:
    """Read bounce messages and stop mailing dead addresses."""


@bounces.command(epilog="Example: newsletter bounces read imaps://bounces@mail.example.org/INBOX")
@click.argument("source")
@json_option
@pass_workspace
def read(workspace: Workspace, source: str) -> None:
    """Read the unread messages in SOURCE: a Maildir folder, or imaps://user@host/FOLDER.

    The password of an IMAP mailbox comes from NEWSLETTER_IMAP_PASSWORD. Where none is taken any
    more (Gmail, Office 365), an access token comes from NEWSLETTER_IMAP_TOKEN, or from the command
    in NEWSLETTER_IMAP_TOKEN_COMMAND. Messages that cannot be read are flagged; the others are read.
    """
    from newsletter.jobs.mailboxes import read_mailbox

    outcome = read_mailbox(workspace, source)
    if not print_json(outcome):
        _show(outcome)
    exit_1_if(bool(outcome.unreadable))


def _show(outcome: "BouncesRead") -> None:
    for kind, count in sorted(outcome.kinds.items()):
        say(f"{count} {kind.value}")
    note(
        f"{counted(outcome.messages, 'message')} read. "
        f"{counted(outcome.suppressed, 'person')} will not be mailed again; "
        f"{counted(outcome.passed_over, 'message')} had nothing to do with our mail."
    )
    if outcome.trials:
        back = counted(outcome.trials, "test mail")
        note(f"{back} of newsletter doctor came back: what cannot be delivered is read here.")
    if outcome.unreadable:
        names = ", ".join(outcome.unreadable)
        note(f"Not understood, and flagged in the mailbox for you to look at: {names}")
