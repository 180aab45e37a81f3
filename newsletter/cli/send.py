"""`newsletter send`."""

import gc
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from newsletter.cli.issue_id import issue_argument
from newsletter.cli.moment import MOMENT, next_moment
from newsletter.cli.output import (
    confirm,
    emit_json,
    exit_1_if,
    json_option,
    note,
    progress,
    say,
    yes_option,
)
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import AttentionError, UsageError

if TYPE_CHECKING:
    from newsletter.model.delivery import DeliveryState
    from newsletter.sending.send import SendOutcome
    from newsletter.sending.send_plan import SendParts, SendPlan

ENDING = (signal.SIGTERM, signal.SIGINT)


@click.command(epilog="Example: newsletter send --to you@example.org")
@issue_argument
@click.option("--dry-run", is_flag=True, help="Say who would get it; send nothing.")
@click.option("--to", metavar="ADDRESS", help="Send a marked test copy there, and nothing else.")
@click.option("--pause", "verb", flag_value="pause", help="Stop handing over.")
@click.option("--resume", "verb", flag_value="resume", help="Go on with a paused send.")
@click.option("--cancel", "verb", flag_value="cancel", help="End it: who waits never gets it.")
@click.option("--rate", type=click.FloatRange(min=0.001), help="Messages a second, in all.")
@click.option(
    "--at",
    "due_at",
    type=MOMENT,
    metavar="TIME",
    help="Begin then, in the coalition's time zone: 18:00, or 2026-11-21 18:00.",
)
@click.option(
    "--uncertain",
    type=click.Choice(["hold", "resend", "skip"]),
    help="What to do with people of whom nobody knows whether they got it.",
)
@click.option(
    "--by", metavar="NAME", default="", help="Your name: who decides, with --uncertain or --anyway."
)
@click.option("--no-recheck", is_flag=True, help="Do not ask the pieces' sources again.")
@click.option("--anyway", is_flag=True, help="Send in spite of an old approval or odd numbers.")
@yes_option
@json_option
@pass_workspace
def send(
    workspace: Workspace,
    issue: str | None,
    dry_run: bool,
    to: str | None,
    verb: str | None,
    rate: float | None,
    due_at: datetime | None,
    uncertain: str | None,
    by: str,
    no_recheck: bool,
    anyway: bool,
    yes: bool,
    as_json: bool,
) -> None:
    """Send the approved ISSUE (the latest one when left out), once to each person.

    Interrupted or killed, run it again: it goes on where the ledger stands.
    """
    from newsletter.sending.send_plan import plan

    parts = workspace.sending
    issue_id = issue or _latest(workspace.issues.approved_issues())
    if to is not None:
        _copy(parts, issue_id, to)
        return
    if verb is not None:
        _control(parts, issue_id, verb, yes=yes)
        if verb != "resume":
            return
    if uncertain is not None:
        _decide(parts, issue_id, uncertain, by=by, yes=yes)
    zone = ZoneInfo(parts.coalition.timezone)
    starts = None if due_at is None else next_moment(due_at, zone, parts.clock())
    chosen = plan(parts, issue_id)
    if chosen.people and not dry_run and not no_recheck:
        chosen = _rechecked(workspace, chosen)
    _tell(chosen)
    if dry_run:
        from newsletter.sending.send_copy import rehearse

        note(f"Nothing is sent: {rehearse(parts, chosen.editions)}.")
        if as_json:
            emit_json(_plan_data(chosen))
        return
    _ask(chosen, parts.transport_name, starts, anyway=anyway, yes=yes)
    _run(parts, chosen, starts, rate, anyway_by=by if anyway else "", as_json=as_json)


def _rechecked(workspace: Workspace, chosen: "SendPlan") -> "SendPlan":
    """With a warning for each piece that its source took back or edited since the approval."""
    from newsletter.issues.checking.sources_again import held_back

    held = held_back(
        chosen.editions,
        workspace.items,
        approved_at=max(yes.approved_at for yes in workspace.issues.approvals(chosen.issue_id)),
        parts=workspace.rechecking(),
    )
    return replace(chosen, warnings=(*chosen.warnings, *held))


def _run(
    parts: "SendParts",
    chosen: "SendPlan",
    starts: datetime | None,
    rate: float | None,
    *,
    anyway_by: str,
    as_json: bool,
) -> None:
    from newsletter.sending.send import run

    # A send makes millions of small things that live for one request and hold no cycles: looking
    # for cycles among them as often as usual costs a fifth of its time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    with _signals_given_back(), progress("Sending", chosen.people) as advance:

        def settled(state: "DeliveryState", count: int) -> None:
            if state.value != "waiting":  # who is tried again later is not done
                advance(count)

        outcome = run(
            parts,
            chosen,
            settled=settled,
            draining=_on_signals,
            due_at=starts,
            rate=rate,
            anyway_by=anyway_by,
        )
    _result(outcome, as_json=as_json)
    exit_1_if(outcome.needs_attention)


def _control(parts: "SendParts", issue_id: str, verb: str, *, yes: bool) -> None:
    from newsletter.sending import send_control

    if verb == "cancel":
        confirm(f"Cancel {issue_id} for everyone who does not have it yet?", yes=yes)
    changed = getattr(send_control, verb)(parts, issue_id)
    note(f"{issue_id} is {changed.state.value}.")


def _decide(parts: "SendParts", issue_id: str, choice: str, *, by: str, yes: bool) -> None:
    from newsletter.sending.send_control import UncertainChoice, decide, uncertain_now

    if choice != "hold" and (count := uncertain_now(parts, issue_id)):
        risk = "may get it twice" if choice == "resend" else "may never get it"
        confirm(f"{count} people are uncertain and {risk}. {choice.capitalize()}?", yes=yes)
    decide(parts, issue_id, UncertainChoice(choice), by=by)


def _ask(
    chosen: "SendPlan", transport: str, starts: datetime | None, *, anyway: bool, yes: bool
) -> None:
    if chosen.warnings and not anyway:
        if yes:
            raise AttentionError(
                "the send was not begun: a person has to look at the above",
                hint="add --anyway when it is right",
            )
        confirm("In spite of that?", yes=False)
    if chosen.people:
        confirm(_question(chosen, transport, starts), yes=yes)


def _latest(approved: tuple[str, ...]) -> str:
    if not approved:
        raise UsageError(
            "no issue is approved yet", hint="newsletter check, then newsletter approve --as NAME"
        )
    return approved[-1]


def _copy(parts: "SendParts", issue_id: str, address: str) -> None:
    from newsletter.sending.send_copy import send_copy

    count = send_copy(parts, issue_id, address)
    note(f"{count} test copies of {issue_id} left through {parts.transport_name}.")


def _plan_data(chosen: "SendPlan") -> dict[str, object]:
    return {
        "issue": chosen.issue_id,
        "digest": chosen.digest,
        "people": chosen.people,
        "editions": chosen.counts,
        "exclusions": {why.value: n for why, n in chosen.exclusions.items()},
        "warnings": chosen.warnings,
        "state": chosen.send.state if chosen.send else None,
    }


def _tell(chosen: "SendPlan") -> None:
    """What is about to happen, for the person at the terminal."""
    if chosen.send is not None:
        frozen = chosen.send
        note(
            f"{chosen.issue_id} is {frozen.state.value}: audience {frozen.audience}, "
            f"{chosen.people} still to get it."
        )
        if chosen.changed:
            note("It was approved anew: whoever still waits gets the new version.")
    else:
        for language, count in sorted(chosen.counts.items()):
            note(f"  {language}: {count} people")
        for reason, count in sorted(chosen.exclusions.items()):
            note(f"  left out, {reason.value}: {count}")
    for warning in chosen.warnings:
        note(f"Attention: {warning}")


def _question(chosen: "SendPlan", transport: str, starts: datetime | None) -> str:
    verb = "Go on sending" if chosen.send is not None else "Send"
    people = "1 person" if chosen.people == 1 else f"{chosen.people} people"
    when = "" if starts is None else f" on {starts:%A, %Y-%m-%d at %H:%M %Z}"
    return f"{verb} {chosen.issue_id} to {people} through {transport}{when}?"


@contextmanager
def _signals_given_back() -> Iterator[None]:
    """What SIGTERM and Ctrl-C do is afterwards what it was before."""
    before = {number: signal.getsignal(number) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _on_signals(stop: Callable[[], None]) -> None:
    """Drain on the first SIGTERM or Ctrl-C; a second Ctrl-C ends at once."""

    def drain(number: int, frame: object) -> None:
        stop()
        signal.signal(number, signal.SIG_DFL)
        with suppress(OSError, RuntimeError):  # the terminal is gone, or being written to just now
            note("Ending: what is in hand is finished first. Run newsletter send again to go on.")

    for number in ENDING:
        signal.signal(number, drain)


def _result(outcome: "SendOutcome", *, as_json: bool) -> None:
    if as_json:
        emit_json(
            {
                "issue": outcome.send.issue_id,
                "state": outcome.send.state,
                "audience": outcome.send.audience,
                "states": outcome.tally.states,
                "uncertain": len(outcome.uncertain),
            }
        )
        return
    states = ", ".join(f"{n} {state.value}" for state, n in sorted(outcome.tally.states.items()))
    say(f"{outcome.send.issue_id} {outcome.send.state.value}: {states or 'nobody to send to'}")
    if outcome.uncertain:
        note(
            f"{len(outcome.uncertain)} people are uncertain: newsletter audit lists them, and "
            "newsletter send --uncertain decides about them."
        )
    elif not outcome.needs_attention:
        note(f"Next: newsletter audit {outcome.send.issue_id}")
