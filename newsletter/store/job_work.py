"""What workers change: what is due, who runs what, how it ended, and who was seen."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, func, insert, or_, select, text, update

from newsletter.model.job import TICK, Due, JobRun, RunOutcome, Wake, WorkerSeen
from newsletter.store.database import advisory_lock, read_only
from newsletter.store.inserts import insert_for, insert_new
from newsletter.store.job_engine import carried, drop_ended, enter
from newsletter.store.job_runs import (
    IS_OPEN,
    NEW,
    WAITS,
    failed_last,
    job_runs,
    run_of,
    schedules,
    workers,
)

_LIMITS = text(
    "SELECT set_config('lock_timeout', '15s', true),"
    " set_config('idle_in_transaction_session_timeout', '10s', true)"
)
_AHEAD = timedelta(hours=3)  # no pause is longer: a clock was set back since
_PAUSED = select(schedules.c.name).where(schedules.c.paused_by != "")
_DONE_KEPT, _KEPT = timedelta(days=7), timedelta(days=30)


class SqlJobWork:
    """The same on SQLite and PostgreSQL; each method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _short(self) -> Iterator[Connection]:
        """A transaction of a moment: who is frozen in the middle of one, and holds its rows, holds
        up nobody for long. StoreError, also when others were waited for in vain."""
        with self._engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(_LIMITS)
            yield connection

    def take_tick(self, at: datetime, *, every: timedelta) -> bool:
        """Return whether to look what is due at that moment: one worker of all does so. A last
        time that is far ahead was noted by a clock that was set back."""
        with self._short() as connection:
            if _is_first(connection, TICK, at):
                return True
            last = schedules.c.last_due_at
            is_time = or_(last.is_(None), last < at, last > at + 2 * every)
            moved = update(schedules).where(schedules.c.name == TICK, is_time)
            return connection.execute(moved.values(last_due_at=at)).rowcount == 1

    def put(
        self,
        dues: Sequence[Due],
        *,
        now: datetime,
        held: timedelta,
        wake: Wake | None = None,
    ) -> None:
        """Write down what was found due at `now`; what waits already is not doubled. What failed
        within `held` or ended since is left, but for a rhythm's. Then `wake` gets what waits and no
        engine carries yet, in the same transaction."""
        with self._short() as connection:
            advisory_lock(connection, "jobs")
            left: set[tuple[str, str]] = set()
            if not all(due.is_rhythm for due in dues):
                failed = failed_last(connection, now - held)
                known = {due.name for due in dues if due.knows_failures}
                left = {(run.task.name, run.task.key) for run in failed}
                left = {task for task in left if task[0] not in known}
                # What ended since was found due before: nobody knows whether it still is.
                ended = select(job_runs.c.name, job_runs.c.key).where(job_runs.c.ended_at >= now)
                left |= {(name, key) for name, key in connection.execute(ended)}
            for due in dues:
                if due.is_rhythm and not _moved(connection, due):
                    continue
                keys = (key for key in due.keys if due.is_rhythm or (due.name, key) not in left)
                rows = [{**NEW, "name": due.name, "key": key, "due_at": due.due_at} for key in keys]
                if rows:
                    connection.execute(insert_new(connection, job_runs), rows)
            if wake is not None:
                enter(connection)
                drop_ended(connection)
                on_the_way = carried(connection)
                runs = [run for run in _waiting(connection, now) if run.id not in on_the_way]
                wake(connection.connection.driver_connection, runs)

    def waiting(self, now: datetime) -> tuple[JobRun, ...]:
        """Return what can be begun, the oldest first; nothing of a paused job."""
        with read_only(self._engine) as connection:
            return _waiting(connection, now)

    def nobodys(self, run_ids: Collection[int]) -> frozenset[int]:
        """Return which of these runs are in no worker's hands: they wait, ended or are gone."""
        held = select(job_runs.c.id).where(IS_OPEN, job_runs.c.worker != "")
        with read_only(self._engine) as connection:
            return frozenset(run_ids) - {row.id for row in connection.execute(held)}

    def take(self, run_id: int, worker: WorkerSeen, *, now: datetime) -> JobRun | None:
        """Begin a run, as that worker's; None when there is nothing to begin of it any more."""
        taken = (
            update(job_runs)
            .where(job_runs.c.id == run_id, *_can_begin(now))
            .values(
                worker=worker.id,
                machine=worker.machine,
                started_at=now,
                attempt=job_runs.c.attempt + 1,
                next_try_at=None,
            )
            .returning(job_runs)
        )
        with self._short() as connection:
            row = connection.execute(taken).one_or_none()
        return None if row is None else run_of(row)

    def end(self, run: JobRun, outcome: RunOutcome, *, error: str, now: datetime) -> bool:
        """Note how it ended; False when another worker has it by now, or it was cancelled."""
        values = {"ended_at": now, "outcome": outcome.value, "error": error}
        with self._short() as connection:
            is_ours = _settle(connection, run, values)
            if is_ours and outcome is RunOutcome.DONE:
                _note_ok(connection, run.task.name, now)
        return is_ours

    def again(self, run: JobRun, *, error: str, at: datetime) -> bool:
        """Have it tried again from then on; False as with `end`."""
        with self._short() as connection:
            return _settle(connection, run, {**WAITS, "error": error, "next_try_at": at})

    def fail(self, due: Due, *, error: str, held: timedelta) -> None:
        """Note that what is due could not be found out; once in so long."""
        key = due.keys[0]
        with self._short() as connection:
            known = failed_last(connection, due.due_at - held)
            if any((run.task.name, run.task.key) == (due.name, key) for run in known):
                return
            ended = {"ended_at": due.due_at, "outcome": RunOutcome.FAILED.value, "error": error}
            row = {**NEW, "name": due.name, "key": key, "due_at": due.due_at, **ended}
            connection.execute(insert(job_runs).values(row))

    def mend(self, name: str, keys: Sequence[str]) -> None:
        """Note that what failed works again."""
        is_failed = job_runs.c.outcome == RunOutcome.FAILED.value
        broken = update(job_runs).where(job_runs.c.name == name, is_failed)
        with self._short() as connection:
            connection.execute(
                broken.where(job_runs.c.key.in_(keys)).values(outcome=RunOutcome.DONE.value)
            )

    def see(self, worker: WorkerSeen) -> None:
        """Note that a worker is at work; on PostgreSQL by the one clock that all share."""
        with self._short() as connection:
            seen_at = _clock(connection, worker.seen_at)
            insert = insert_for(connection.dialect.name, workers)
            new = insert.values(
                id=worker.id,
                machine=worker.machine,
                started_at=worker.started_at,
                seen_at=seen_at,
                only=worker.only,
            )
            connection.execute(
                new.on_conflict_do_update(index_elements=["id"], set_={"seen_at": seen_at})
            )

    def leave(self, worker: WorkerSeen) -> None:
        """Forget a worker that ended, as it should, with nothing at hand."""
        with self._short() as connection:
            connection.execute(delete(workers).where(workers.c.id == worker.id))

    def rescue(self, *, now: datetime, stalled: timedelta | None, most: int) -> int:
        """Have wait again what is in the hands of workers that were not seen for so long, or, for
        None, of any; return how much. What so many tries did not end fails: it may be what ends
        the workers."""
        with self._short() as connection:
            lost = [IS_OPEN, job_runs.c.worker != ""]
            if stalled is not None:
                since = _clock(connection, now) - stalled
                seen = select(workers.c.id).where(workers.c.seen_at >= since)
                lost.append(job_runs.c.worker.not_in(seen))
            failed = {"ended_at": now, "outcome": RunOutcome.FAILED.value}
            failed["error"] = f"its worker ended in the middle of it, at try {most}"
            connection.execute(
                update(job_runs).where(*lost, job_runs.c.attempt >= most).values(failed)
            )
            return connection.execute(update(job_runs).where(*lost).values(WAITS)).rowcount

    def delete_old(self, *, now: datetime) -> int:
        """Delete what ended long ago, and workers not seen for as long; return how many runs."""
        is_done = job_runs.c.outcome == RunOutcome.DONE.value
        old = or_(
            job_runs.c.ended_at < now - _KEPT,
            and_(job_runs.c.ended_at < now - _DONE_KEPT, is_done, job_runs.c.error == ""),
        )
        with self._short() as connection:
            connection.execute(delete(workers).where(workers.c.seen_at < now - _KEPT))
            return connection.execute(delete(job_runs).where(old)).rowcount


def _moved(connection: Connection, due: Due) -> bool:
    """Move a schedule, unless somebody else did."""
    if due.moved_from is None and _is_first(connection, due.name, due.due_at):
        return True
    is_same = schedules.c.last_due_at.is_not_distinct_from(due.moved_from)
    moved = update(schedules).where(schedules.c.name == due.name, is_same)
    return connection.execute(moved.values(last_due_at=due.due_at)).rowcount == 1


def _is_first(connection: Connection, name: str, at: datetime) -> bool:
    """Note when a job was due, if nothing is known of it yet; return whether that was so."""
    new = insert_new(connection, schedules).values(name=name, last_due_at=at, paused_by="")
    return connection.execute(new.returning(schedules.c.name)).first() is not None


def _can_begin(now: datetime) -> tuple[Any, ...]:
    at = job_runs.c.next_try_at
    is_time = or_(at.is_(None), at <= now, at > now + _AHEAD)
    return IS_OPEN, job_runs.c.worker == "", is_time, job_runs.c.name.not_in(_PAUSED)


def _waiting(connection: Connection, now: datetime) -> tuple[JobRun, ...]:
    query = select(job_runs).where(*_can_begin(now)).order_by(job_runs.c.due_at, job_runs.c.id)
    return tuple(map(run_of, connection.execute(query)))


def _settle(connection: Connection, run: JobRun, values: dict[str, Any]) -> bool:
    is_ours = and_(job_runs.c.id == run.id, job_runs.c.worker == run.worker, IS_OPEN)
    is_ours = and_(is_ours, job_runs.c.attempt == run.attempt)
    return connection.execute(update(job_runs).where(is_ours).values(values)).rowcount == 1


def _note_ok(connection: Connection, name: str, now: datetime) -> None:
    """Note that a job went well, unless somebody is at that: no run waits for another's end."""
    known = select(schedules.c.name).where(schedules.c.name == name)
    free = connection.execute(known.with_for_update(skip_locked=True)).first()
    if free is not None:
        is_it = schedules.c.name == name
        connection.execute(update(schedules).where(is_it).values(last_ok_at=now))
    elif connection.execute(known).first() is None:
        new = insert_new(connection, schedules).values(name=name, last_ok_at=now, paused_by="")
        connection.execute(new)


def _clock(connection: Connection, now: datetime) -> datetime:
    """The time by the clock that all workers share: the server's, or this machine's."""
    if connection.dialect.name != "postgresql":
        return now
    moment: datetime = connection.execute(select(func.clock_timestamp())).scalar_one()
    return moment
