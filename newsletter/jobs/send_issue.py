"""[I/O] `send`: lends hands to an issue that is being sent, begins one that is due, and goes on
with one whose senders died.

It decides nothing about people: it joins the send as `newsletter send` does, and stops where that
would ask somebody.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from newsletter.errors import AttentionError, ServiceError
from newsletter.issues.drafting.not_here import files_not_here
from newsletter.jobs.job import JobContext
from newsletter.jobs.send_shares import first_share, issue_of, share_for, worker_of
from newsletter.model.delivery import DeliveryState, Send, SendState
from newsletter.model.job import WorkerSeen
from newsletter.model.silence import WORKER_SEEN
from newsletter.sending.begin_send import SendOptions
from newsletter.sending.lease import LeaseLostError
from newsletter.sending.send import run
from newsletter.sending.send_plan import SendParts, plan, warm_up_of
from newsletter.sending.warm_up import ShareSpentError
from newsletter.wiring import Workspace

_NAME = "send"
_UNTIL_BEGUN = 50.0  # seconds that who joins waits for the first one's checks: under a tick
_NOT_AGAIN = timedelta(minutes=10)  # a worker that could not join, as a file of its own is another
_LOOKS = 0.25  # seconds between two looks whether it is begun
_lending: set[tuple[str, str]] = set()  # workers of this process, and the issues they are at
_lock = threading.Lock()


def due(workspace: Workspace, now: datetime) -> Iterator[str]:
    """Yield the keys of all hands that are wanted, as in `send_shares`: one of each worker.

    While nobody is at work one is enough, to look at what it may go on with; once it is begun, or
    where its time has come, the others join. What a person has to see to is left alone until
    somebody was mailed again.
    """
    sends = workspace.ledger.unfinished(now)
    seen = workspace.jobs.workers(since=now - WORKER_SEEN)
    workers = [worker for worker in seen if worker.takes(_NAME)]
    _forget_who_is_gone(
        workspace, {share_for(send.issue_id, one) for send in sends for one in workers}
    )
    if not sends:
        return
    parts = workspace.sending
    for send in sends:
        is_begun = bool(_at_work(parts, send))
        if is_begun and not parts.ledger.anybody_waits(send.id):
            continue  # the last ones are in their hands
        is_new = send.state is SendState.SCHEDULED
        rests = not is_new and _rests(parts, now)
        if not is_begun and (rests or _waits_for_a_person(workspace, parts, send)):
            continue
        if not is_begun:
            yield first_share(send.issue_id)
        if is_begun or is_new:
            yield from _joining(workspace, send, workers, now)


def lend_hands(context: JobContext) -> None:
    """Join the send of the key's issue until it is done, or `stop` is asked; at once nothing where
    this worker is at it already.

    AttentionError where a person has to see to it, in the words that `newsletter send` would use.
    ServiceError where this machine lacks files of the issue: another one may have them.
    """
    issue_id, joins = issue_of(context.key), bool(worker_of(context.key))
    parts = context.workspace.sending
    if joins and _is_left_alone(context, issue_id):  # before: else the first finds no hands free
        return
    with _hands(context.worker, issue_id) as are_free:
        if not are_free:
            return
        try:
            _send(context, parts, issue_id)
        except (ShareSpentError, LeaseLostError):
            return  # it is due again: tomorrow, or as soon as nobody is at it


def _send(context: JobContext, parts: SendParts, issue_id: str) -> None:
    send = parts.ledger.find(issue_id)
    if send is None or all(send.id != one.id for one in parts.ledger.unfinished(parts.clock())):
        return
    is_begun = bool(_at_work(parts, send))
    try:
        planned = plan(parts, issue_id, is_resumed=is_begun)
    except AttentionError as error:
        if files_not_here(context.workspace.issue_sources, issue_id):  # another worker has them
            raise ServiceError(error.message, hint=error.hint) from error
        raise
    if planned.changed:
        raise AttentionError(
            f"{issue_id} was approved again while it was being sent",
            hint=f"newsletter send {issue_id} continues with the new version",
        )
    if planned.people and not is_begun:  # who is at work has asked the sources, and somebody
        _refuse(issue_id, context.workspace.rechecked(planned).warnings)
    outcome = run(
        parts,
        planned,
        on_settled=_nobody_watches,
        listen_for_stop=_nobody_signals,
        options=SendOptions(by_itself=True),
        stop=context.stop,
    )
    if outcome.ended_it and outcome.uncertain:
        count = len(outcome.uncertain)
        people = "1 person" if count == 1 else f"{count} people"
        raise AttentionError(
            f"{issue_id} was sent, but {people} may or may not have got it",
            hint=f"newsletter audit {issue_id} lists them, and newsletter send {issue_id} "
            "--uncertain decides about them",
        )


def _refuse(issue_id: str, warnings: tuple[str, ...]) -> None:
    """Stop where `newsletter send` would ask whether to send anyway."""
    if warnings:
        raise AttentionError(
            f"{issue_id} is not sent by itself: {'; '.join(warnings)}",
            hint=f"newsletter send {issue_id} asks, and continues; --cancel ends it",
        )


def _joining(
    workspace: Workspace, send: Send, workers: list[WorkerSeen], now: datetime
) -> Iterator[str]:
    """The shares of those who are not at it, and did not fail at that a moment ago."""
    at_it = workspace.send_runs.workers_at(_NAME, send.issue_id)
    failed = {run.task.key for run in workspace.jobs.failed(since=now - _NOT_AGAIN)}
    for worker in workers:
        share = share_for(send.issue_id, worker)
        if worker.id not in at_it and share not in failed:
            yield share


def _forget_who_is_gone(workspace: Workspace, joining: set[str]) -> None:
    """Forget what waits for a worker that is gone, or to join what is over."""
    waiting = workspace.send_runs.waiting(_NAME)
    left = [run for run, key in waiting.items() if worker_of(key) and key not in joining]
    if left:
        workspace.send_runs.forget(_NAME, left)


def _at_work(parts: SendParts, send: Send) -> int:
    """Count the senders that share the work at this moment."""
    left = parts.ledger.left_behind(send.id, now=parts.clock(), is_gone=parts.is_gone)
    return left.living


def _is_left_alone(context: JobContext, issue_id: str) -> bool:
    """Wait until somebody is at work, or too long for that: where the first share is may be a
    machine that lacks the issue's files. Return whether nobody is to be."""
    parts = context.workspace.sending
    ends = time.monotonic() + _UNTIL_BEGUN
    while time.monotonic() < ends:
        send = parts.ledger.find(issue_id)
        if send is None or send.state not in (SendState.SCHEDULED, SendState.RUNNING):
            return True
        if _at_work(parts, send):
            return False
        if _waits_for_a_person(context.workspace, parts, send):
            return True
        context.stop.wait(_LOOKS)
        if context.stop.is_asked:
            return True
    return False


def _rests(parts: SendParts, now: datetime) -> bool:
    """Return whether the day's share of a new sender has left."""
    share = warm_up_of(parts).share_of(now)
    return share is not None and parts.ledger.is_share_spent(share)


def _waits_for_a_person(workspace: Workspace, parts: SendParts, send: Send) -> bool:
    """Return whether a run ended with what a person has to see to, and nobody was mailed since."""
    given_up_at = workspace.send_runs.given_up_at(_NAME, send.issue_id)
    if given_up_at is None:
        return False
    return given_up_at >= (parts.ledger.last_moved(send.id) or send.frozen_at)


@contextmanager
def _hands(worker: str, issue_id: str) -> Iterator[bool]:
    """Say whether this worker is not at that issue yet, and that it is now."""
    with _lock:
        are_free = (worker, issue_id) not in _lending
        _lending.add((worker, issue_id))
    try:
        yield are_free
    finally:
        if are_free:
            with _lock:
                _lending.discard((worker, issue_id))


def _nobody_watches(state: DeliveryState, count: int) -> None:
    """For a send without anybody at a terminal."""


def _nobody_signals(stop: object) -> None:
    """The worker hears signals, and asks `stop`."""
