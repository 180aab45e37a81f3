"""`newsletter work`: what runs by itself."""

import os
import signal
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.begin_anew import can_begin_anew, hand_on, open_patiently, taken_on
from newsletter.cli.job_name import job_named
from newsletter.cli.output import exit_1_if, flag, minute, note, repeatable
from newsletter.cli.ready_signal import say_alive, say_ready
from newsletter.cli.workspace import Workspace, open_workspace, workspace_folder
from newsletter.config.settings import LogSettings
from newsletter.errors import AttentionError, UsageError
from newsletter.model.job import TICK
from newsletter.system import ENDING, IS_POSIX, held_file, let_signals_through

if TYPE_CHECKING:
    from newsletter.jobs.handed_on import HandedOn
    from newsletter.sending.stop_signal import StopSignal

LOCK = "newsletter.db.worker"  # .gitignore has it among the database's files
_NEXT = 10
_OTHER_DATABASE = "[database] url is another one now: start newsletter work again."


@click.command(epilog="Example: newsletter work")
@flag("--once", help="Look once what is due, do it, and end: for cron.")
@flag("--drain", help="Have the workers of this workspace, on this computer, finish and end.")
@repeatable(
    "--only",
    metavar="JOB",
    help="Take on these jobs alone; what else is due is left to other computers.",
)
@click.option(
    "--log-level",
    type=click.Choice(LogSettings.LEVELS),
    help="What the log leaves out: all below that. By default [log] level, else info.",
)
def work(once: bool, drain: bool, only: tuple[str, ...], log_level: str | None) -> None:
    """Do what runs by itself, whenever it is due: pull, draft, purge, archive and more.

    By [week] in newsletter.toml; newsletter jobs shows what comes next. One computer does it, or,
    with a PostgreSQL database, as many as you like: they share the work. Ctrl-C, SIGTERM or a
    closed terminal ends it when what was begun is finished, a second Ctrl-C at once. With --once
    the exit code is 1 if something failed, or nobody can tell what is due.
    """
    from newsletter.sending.stop_signal import StopSignal
    from newsletter.web.event_log import write_log

    before, stop = taken_on(), StopSignal()
    if before is not None:
        end_when_asked(stop)
        let_signals_through()
    workspace = open_patiently(stop, before.database) if before else open_workspace()
    if workspace is None:
        note(_OTHER_DATABASE)
        return
    if drain:
        if once or only:
            raise UsageError("--drain begins no work: leave out --once and --only")
        _drain(workspace.root)
        return
    jobs = [job_named(name).name for name in only]
    workspace.secret_keys  # noqa: B018 - with another one each job would fail by itself
    write_log(log_level or workspace.config.log.level)
    is_alone = not workspace.has_server
    lock = workspace.root / (LOCK if is_alone else f"{LOCK}-{os.getpid()}")
    text = f"{_machine()} {os.getpid()} {minute(workspace.now())}"
    with held_file(lock, text, handle=before.handle if before else None) as held:
        if held.other is not None:
            raise _is_taken(held.other)
        try:
            _run(workspace, stop, jobs, once=once, lock=held.handle, before=before)
        finally:
            if not is_alone:
                lock.unlink(missing_ok=True)


def _run(
    workspace: Workspace,
    stop: "StopSignal",
    only: list[str],
    *,
    once: bool,
    lock: int | None,
    before: "HandedOn | None",
) -> None:
    from newsletter.jobs.clock import Clock, new_worker
    from newsletter.jobs.handed_on import HandedOn, digest_of
    from newsletter.jobs.intervals import Pace
    from newsletter.jobs.opened import OpenedWorkspace
    from newsletter.jobs.registry import JOBS
    from newsletter.jobs.rest import Rest, never
    from newsletter.jobs.shared_runner import SharedRunner, wake
    from newsletter.jobs.small_runner import SmallRunner

    pace, worker = Pace(), before.worker if before else new_worker(workspace.now(), only)
    taken = {name: job for name, job in JOBS.items() if not only or name in only}
    folder = workspace_folder(click.get_current_context())
    opened = OpenedWorkspace(workspace, lambda: type(workspace).open(folder, os.environ))
    is_shared = workspace.has_server and not once
    if is_shared and before is None:
        from newsletter.jobs.engine import prepare

        prepare(workspace)  # what cannot be is told now, not when something is due
    clock = Clock(
        opened,
        JOBS,
        worker,
        pace,
        is_alone=not workspace.has_server,
        wake=wake if is_shared else None,
        alive=say_alive,
        before=before.clock if before else None,
    )
    end_when_asked(stop)
    if not once and not before:
        _say_what_is_next(workspace)
        say_ready()
    if once:
        SmallRunner(opened, taken, clock, pace, stop).run(once=True)
        _exit_1_if_failed(workspace, worker.started_at)
        return
    can_rest = lock is not None and can_begin_anew()
    rest = Rest(pace.rest if can_rest else None, has_worked=before is None)
    runner = SharedRunner if is_shared else SmallRunner
    is_known = before is not None
    while runner(opened, taken, clock, pace, stop, rest).run(is_known=is_known):
        is_known = True
        assert lock is not None
        opened.read_again()
        if opened.is_as_written and rest.is_over(at_work=0):
            opened.now.engine.dispose()
            handed_on = HandedOn(
                pid=os.getpid(),
                handle=lock,
                database=digest_of(workspace.config.database_url),
                worker=worker,
                clock=clock.knows,
            )
            hand_on(handed_on, stop)
            rest = never()  # it is to end, or cannot begin anew
        rest.disturb()
    if opened.has_other_database:
        note(_OTHER_DATABASE)


def _exit_1_if_failed(workspace: Workspace, since: datetime) -> None:
    """Name what failed since then, and what is due of whom is still not known."""
    failed = workspace.jobs.failed()
    names = {run.task.key for run in failed if run.task.name == TICK}
    names |= {run.task.name for run in failed if run.ended_at and run.ended_at >= since} - {TICK}
    if names:
        note(f"Not done: {', '.join(sorted(names))}. newsletter jobs tells why.")
    exit_1_if(names)


def _say_what_is_next(workspace: Workspace) -> None:
    from newsletter.jobs.overview import upcoming

    zone = workspace.config.coalition.zone
    paused = [one.name for one in workspace.jobs.schedules().values() if one.paused_by]
    planned = upcoming(workspace, paused=paused, count=_NEXT)
    note(f"Next, by the clock of {zone.key}:")
    for run in planned:
        note(f"  {run.at.astimezone(zone):%a %d %b %H:%M}  {run.job:9}{run.does}")
    for name in paused:
        note(f"  paused: {name}")
    note("Stop with Ctrl-C: what is begun is finished first. A second Ctrl-C ends it at once.")


def end_when_asked(stop: "StopSignal") -> None:
    """Ask to end at what asks a process to end, and end at once at a second SIGINT; a closed
    terminal is nothing to one that was begun with nohup."""

    def asked(number: int, frame: object) -> None:
        if stop.is_asked and number == signal.SIGINT:
            os._exit(130)  # what it had at hand waits again
        stop.ask()

    for number in ENDING:
        if number in (signal.SIGINT, signal.SIGTERM) or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, asked)


def _machine() -> str:
    import socket

    return socket.gethostname()


def _is_taken(other: str) -> AttentionError:
    machine, pid, since = [*other.split(" ", 2), "", "", ""][:3]
    return AttentionError(
        "a worker of this workspace is at work already"
        + (f": on {machine}, process {pid}, since {since}" if since else ""),
        hint="newsletter jobs shows what it does; newsletter work --drain has it finish and end",
    )


def _drain(root: Path) -> None:
    """Ask each worker of the workspace on this machine to end, and wait until it did."""
    if not IS_POSIX:
        raise UsageError("a worker is ended in its own window here", hint="with Ctrl-C")
    asked = 0
    for path in sorted(root.glob(f"{LOCK}*")):
        is_asked = False
        while (pid := _who_holds(path)) is not None:
            if not is_asked:
                is_asked = True
                asked += 1
                note(f"Process {pid} finishes what it has begun.")
                os.kill(pid, signal.SIGTERM)
            time.sleep(0.1)
    if not asked:
        note("No worker of this workspace is at work on this computer.")


def _who_holds(path: Path) -> int | None:
    """The process that holds the file; None where nobody does. AttentionError where it is another
    machine's."""
    if not path.exists():
        return None
    with held_file(path, "") as held:
        if held.other is None:
            return None
    machine, _, rest = held.other.partition(" ")
    pid = rest.split(" ")[0]
    if machine != _machine() or not pid.isdecimal():
        raise _is_taken(held.other)
    return int(pid)
