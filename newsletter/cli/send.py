"""`newsletter send`."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from newsletter.cli.completing import editors
from newsletter.cli.issue_id import issue_argument
from newsletter.cli.moment import MOMENT, next_moment
from newsletter.cli.output import (
    confirm,
    counted,
    exit_1_if,
    flag,
    json_option,
    note,
    print_json,
    yes_option,
)
from newsletter.cli.send_output import (
    plan_data,
    question,
    show_gap,
    show_plan,
    show_reached,
    show_status,
)
from newsletter.cli.send_run import begin_and_hand_over
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import AttentionError, UsageError
from newsletter.model.delivery import SendState

if TYPE_CHECKING:
    from newsletter.sending.send_plan import SendParts, SendPlan

by_option = click.option(
    "--by",
    metavar="NAME",
    default="",
    shell_complete=editors,
    help="Your name, kept with your decision.",
)


@click.command(epilog="Example: newsletter send --to you@example.org")
@issue_argument
@flag("--dry-run", help="Show who would get it; send nothing.")
@click.option(
    "--to",
    metavar="ADDRESS",
    help="Send only a marked test copy of the drafts, approved or not, to this address.",
)
@click.option("--pause", "verb", flag_value="pause", help="Pause the send.")
@click.option("--resume", "verb", flag_value="resume", help="Continue a paused send.")
@click.option(
    "--cancel",
    "verb",
    flag_value="cancel",
    help="Cancel the send. People who have not got it yet will not get it.",
)
@flag("--status", help="Show where the send stands and who is at it; send nothing.")
@click.option(
    "--rate", type=click.FloatRange(min=0.001), help="Send at most this many mails per second."
)
@click.option(
    "--at",
    "due_at",
    type=MOMENT,
    metavar="TIME",
    help="Start at this time in the coalition's time zone: 18:00, or 2026-11-21 18:00. A worker "
    "(newsletter work) starts it; without one this command waits.",
)
@click.option(
    "--uncertain",
    type=click.Choice(["hold", "resend", "skip"]),
    help="What to do about people who may or may not have got it.",
)
@by_option
@flag("--no-recheck", help="Do not look at the items' sources again.")
@flag("--anyway", help="Send even if the approval is old or the number of readers looks wrong.")
@yes_option
@json_option
@pass_workspace
def send(
    workspace: Workspace,
    issue: str | None,
    dry_run: bool,
    to: str | None,
    verb: str | None,
    status: bool,
    rate: float | None,
    due_at: datetime | None,
    uncertain: str | None,
    by: str,
    no_recheck: bool,
    anyway: bool,
    yes: bool,
) -> None:
    """Send the approved ISSUE (the latest one by default), once to each person.

    Shows how many people will get it and asks before it sends. If it is interrupted or killed, run
    it again: it continues where it stopped. A test copy is of this week's draft by default.
    """
    from newsletter.sending.begin_send import SendOptions
    from newsletter.sending.send_control import ready_to_resume, resume
    from newsletter.sending.send_plan import plan as make_plan

    parts, is_resumed = workspace.sending, verb == "resume"
    if to is not None:
        _copy(workspace, issue, to)
        return
    if dry_run and (verb or uncertain):
        raise UsageError(
            "--dry-run changes nothing",
            hint=f"add it to `newsletter send` without {_option(verb, uncertain)}",
        )
    if status:
        _status(parts, issue)
        return
    issue_id = issue or _meant(workspace, verb)
    if verb is not None and not is_resumed:
        _control(parts, issue_id, verb, yes=yes)
        return
    options = SendOptions(
        due_at=due_at and next_moment(due_at, parts.coalition.zone, parts.clock()),
        rate=rate,
        anyway_by=by if anyway else "",
    )
    if is_resumed:
        ready_to_resume(parts, issue_id, anyway_by=options.anyway_by)
    if uncertain is not None:
        _decide(parts, issue_id, uncertain, by=by, yes=yes)
    plan = make_plan(parts, issue_id, is_resumed=is_resumed)
    if plan.people and not dry_run and not no_recheck:
        plan = workspace.rechecked(plan)
    show_plan(plan)
    if dry_run:
        from newsletter.sending.send_copy import rehearse

        note(f"Nothing is sent: {rehearse(parts, plan.editions)}.")
        print_json(plan_data(plan))
        return
    _ask(plan, parts.transport_name, options.due_at, anyway=anyway, yes=yes)
    if is_resumed:  # not before: a worker would go on with it
        resume(parts, issue_id)
    begin_and_hand_over(parts, plan, options)


def _option(verb: str | None, uncertain: str | None) -> str:
    return f"--{verb}" if verb else f"--uncertain {uncertain}"


def _status(parts: "SendParts", issue: str | None) -> None:
    from newsletter.sending.send import outcome
    from newsletter.sending.send_control import sent_last

    stands, has_worker = outcome(parts, issue or sent_last(parts)), parts.has_worker()
    show_status(stands, parts.coalition.zone, has_worker=has_worker)
    is_left_to_worker = has_worker and stands.send.state is SendState.SCHEDULED
    exit_1_if(stands.needs_attention and not is_left_to_worker)


def _control(parts: "SendParts", issue_id: str, verb: str, *, yes: bool) -> None:
    from newsletter.sending import send_control

    if verb == "cancel":
        confirm(f"Cancel {issue_id} for everyone who has not got it yet?", yes=yes)
    changed = getattr(send_control, verb)(parts, issue_id)
    note(f"{issue_id} is {changed.state.value}.")
    if verb == "cancel":
        show_reached(issue_id, parts.ledger.reached(changed.id), parts.ledger.tally(changed.id))
        show_gap(parts, issue_id)


def _decide(parts: "SendParts", issue_id: str, choice: str, *, by: str, yes: bool) -> None:
    from newsletter.sending.send_control import UncertainChoice, decide, uncertain_now

    if choice != "hold" and (count := uncertain_now(parts, issue_id)):
        risk = "could get it twice" if choice == "resend" else "could miss it"
        people = counted(count, "person")
        confirm(f"{people} may or may not have got it, and {risk}. {choice.capitalize()}?", yes=yes)
    decide(parts, issue_id, UncertainChoice(choice), by=by)


def _ask(
    plan: "SendPlan", transport: str, starts: datetime | None, *, anyway: bool, yes: bool
) -> None:
    if plan.warnings and not anyway:
        if yes:
            raise AttentionError(
                "the send was not started: someone needs to look at the warnings above",
                hint="add --anyway if everything is right",
            )
        confirm("Send anyway?", yes=False)
    if plan.people:
        confirm(question(plan, transport, starts), yes=yes)


def _meant(workspace: Workspace, verb: str | None) -> str:
    """The issue when none is named: for --pause and the like what is being sent, else the latest
    weekly one, and when everybody has that, a bulletin that was begun."""
    from newsletter.sending.send_control import begun_besides, under_way

    if verb is not None:
        return under_way(workspace.sending, verb)
    approved = workspace.issues.approved_issues()
    begun = begun_besides(workspace.sending, *approved[-1:])
    if begun is not None:
        return begun
    if not approved:
        raise UsageError(
            "no issue is approved yet",
            hint="run newsletter check, then newsletter approve --as NAME",
        )
    return approved[-1]


def _copy(workspace: Workspace, issue: str | None, address: str) -> None:
    from newsletter.issues.checking.check import this_issue
    from newsletter.issues.drafting.load_issue import drafted_last
    from newsletter.sending.send_copy import send_copy

    if "@" not in address:
        raise UsageError(f"{address!r} is not an email address: there is no @ in it")
    parts, sources = workspace.sending, workspace.issue_sources
    issue_id = issue or drafted_last(sources, this_issue(sources, workspace.now()))
    count = send_copy(parts, issue_id, address)
    copies = counted(count, "test copy")
    note(f"Sent {copies} of {issue_id} to {address} through {parts.transport_name}.")
