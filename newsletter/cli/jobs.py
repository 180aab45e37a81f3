"""`newsletter jobs`: what an operator sees and mends of what runs by itself."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.completing import editors
from newsletter.cli.groups import Listed
from newsletter.cli.job_name import job_named
from newsletter.cli.output import (
    as_mapping,
    exit_1_if,
    json_option,
    note,
    print_json,
    say,
    table,
)
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import AttentionError, UsageError
from newsletter.model.job import TICK

if TYPE_CHECKING:
    from newsletter.model.job import JobRun

_LATE = timedelta(hours=1)  # a pull of many hosts takes its time
_NEXT = 10


class _RunNumber(click.IntRange):
    """Of the numbers that a database can look for."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value} is no run's number; newsletter jobs shows them", param, ctx)


_NUMBER = _RunNumber(1, 2**63 - 1)


@click.group(cls=Listed, invoke_without_command=True)
@json_option
@click.pass_context
def jobs(ctx: click.Context) -> None:
    """Show what runs by itself: what failed, what is late, what runs where, what comes next.

    The exit code is 1 if a person is needed. newsletter work is what does it.
    """
    if ctx.invoked_subcommand is None:
        ctx.invoke(_overview)


@pass_workspace
def _overview(workspace: Workspace) -> None:
    from newsletter.jobs.overview import overview

    seen = overview(workspace, late=_LATE, count=_NEXT)
    if print_json(seen):
        exit_1_if(seen.needs_a_person)
        return
    zone = workspace.config.coalition.zone

    def local(moment: datetime | None) -> str:
        return f"{moment.astimezone(zone):%a %d %b %H:%M}" if moment else ""

    if seen.failed:
        rows = [(run.id, str(run.task), local(run.ended_at), run.error) for run in seen.failed]
        table(("run", "job", "failed", "why"), rows)
        note("newsletter jobs retry RUN tries one again, jobs cancel RUN lets it be.")
    if seen.late:
        rows = [(run.id, str(run.task), local(run.due_at), run.error) for run in seen.late]
        table(("run", "job", "late since", "last try"), rows)
    if seen.at_work:
        running = [
            (run.id, str(run.task), run.machine, local(run.started_at), run.attempt)
            for run in seen.at_work
        ]
        table(("run", "job", "runs on", "since", "try"), running)
    if seen.waiting:
        rows = [
            (run.id, str(run.task), local(run.next_try_at or run.due_at), run.error)
            for run in seen.waiting
        ]
        table(("run", "job", "waits until", "last try"), rows)
    if seen.planned:
        table(
            ("next", "job", "it"),
            [(local(run.at), run.job, run.does) for run in seen.planned],
            title=f"By the clock of {zone.key}",
        )
    for schedule in seen.paused:
        name = schedule.name
        note(f"{name} is paused, by {schedule.paused_by}: newsletter jobs resume {name}")
    if seen.workers:
        say("At work: " + ", ".join(sorted({worker.machine for worker in seen.workers})))
    else:
        note("No worker is at work: newsletter work starts one.")
    exit_1_if(seen.needs_a_person)


@jobs.command(epilog="Example: newsletter jobs show 12")
@click.argument("run", metavar="RUN", type=_NUMBER)
@json_option
@pass_workspace
def show(workspace: Workspace, run: int) -> None:
    """Show all that is known of a run, by its number."""
    found = _find(workspace, run)
    if print_json(found):
        return
    zone = workspace.config.coalition.zone
    for name, value in as_mapping(found).items():
        if name == "task":
            say(f"job: {found.task}")
        elif isinstance(value, datetime):
            say(f"{name}: {value.astimezone(zone):%a %d %b %Y %H:%M:%S %Z}")
        elif value not in (None, ""):
            say(f"{name}: {value}")


@jobs.command(epilog="Example: newsletter jobs retry 12")
@click.argument("run", metavar="RUN", type=_NUMBER)
@json_option
@pass_workspace
def retry(workspace: Workspace, run: int) -> None:
    """Try a run again at once: one that failed, was cancelled, or waits for its next try."""
    found = _find(workspace, run)
    if found.outcome == "done":
        raise AttentionError(f"run {run} is done", hint="what is due again comes by itself")
    if found.task.name == TICK:  # no worker takes it: looking comes again each minute
        raise AttentionError(
            f"what is due of {found.task.key} is looked for again each minute",
            hint="mend what is told, and this is gone by itself",
        )
    from newsletter.jobs.registry import JOBS

    job, key = JOBS.get(found.task.name), found.task.key
    as_key = job.retried_as(key) if job else key
    number = workspace.jobs.retry(found, now=workspace.now(), key=as_key)
    if number is None:
        task = replace(found.task, key=as_key)
        raise _at_work(next((one.id for one in workspace.jobs.open() if one.task == task), run))
    if not print_json({"run": number}):
        say(f"Run {number} is begun by the next worker that has a hand free.")


@jobs.command(epilog="Example: newsletter jobs cancel 12")
@click.argument("run", metavar="RUN", type=_NUMBER)
@json_option
@pass_workspace
def cancel(workspace: Workspace, run: int) -> None:
    """Give up a run that waits, or let one be that failed; what is due again comes again."""
    found = _find(workspace, run)
    if not workspace.jobs.cancel(found, now=workspace.now()):
        again = _find(workspace, run)
        if again.outcome is not None:
            raise AttentionError(f"run {run} ended already: {again.outcome}")
        raise _at_work(run)
    if not print_json({"run": run}):
        say(f"Run {run} is cancelled.")


@jobs.command(epilog="Example: newsletter jobs pause pull --by Ana")
@click.argument("name")
@click.option("--by", required=True, shell_complete=editors, help="Your name; it is shown.")
@json_option
@pass_workspace
def pause(workspace: Workspace, name: str, by: str) -> None:
    """Leave a job out until it is resumed; a run that is at work goes on to its end."""
    who = " ".join(by.split())
    if not who:
        raise UsageError("--by needs a name")
    workspace.jobs.pause(job_named(name).name, who[:200])
    if not print_json({"job": name, "paused_by": who}):
        say(f"{name} is left out from now on, until: newsletter jobs resume {name}")


@jobs.command(epilog="Example: newsletter jobs resume pull")
@click.argument("name")
@json_option
@pass_workspace
def resume(workspace: Workspace, name: str) -> None:
    """Go on with a job that was paused; what was due meanwhile is done once."""
    schedule = workspace.jobs.schedules().get(job_named(name).name)
    was_paused = schedule is not None and schedule.paused_by
    workspace.jobs.pause(name, "")
    if not print_json({"job": name, "paused_by": ""}):
        say(f"{name} goes on." if was_paused else f"{name} was not paused.")


def _find(workspace: Workspace, run: int) -> "JobRun":
    found = workspace.jobs.find(run)
    if found is None:
        hint = "newsletter jobs lists them; what is done is forgotten after a week"
        raise UsageError(f"there is no run {run}", hint=hint)
    return found


def _at_work(run: int) -> AttentionError:
    return AttentionError(
        f"run {run} is at work at this moment",
        hint=f"newsletter jobs show {run} tells where; it ends by itself",
    )
