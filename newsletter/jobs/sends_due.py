"""[I/O] What is due of `send`: asked each minute, so that nothing is loaded here that only sending
itself needs."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from newsletter.jobs.send_shares import first_share, share_for, worker_of
from newsletter.model.delivery import Send, SendState
from newsletter.model.job import WorkerSeen
from newsletter.model.silence import WORKER_SEEN
from newsletter.sending.warm_up import read_warm_up
from newsletter.wiring import Workspace

_NAME = "send"
_NOT_AGAIN = timedelta(minutes=10)  # a worker that could not join, as a file of its own is another


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
    for send in sends:
        is_begun = bool(at_work(workspace, send))
        if is_begun and not workspace.ledger.anybody_waits(send.id):
            continue  # the last ones are in their hands
        is_new = send.state is SendState.SCHEDULED
        rests = not is_new and _rests(workspace, now)
        if not is_begun and (rests or waits_for_a_person(workspace, send)):
            continue
        if not is_begun:
            yield first_share(send.issue_id)
        if is_begun or is_new:
            yield from _joining(workspace, send, workers, now)


def at_work(workspace: Workspace, send: Send) -> int:
    """Count the senders that share the work at this moment."""
    left = workspace.ledger.left_behind(send.id, now=workspace.now(), is_gone=workspace.is_gone)
    return left.living


def waits_for_a_person(workspace: Workspace, send: Send) -> bool:
    """Return whether a run ended with what a person has to see to, and nobody was mailed since."""
    given_up_at = workspace.send_runs.given_up_at(_NAME, send.issue_id)
    if given_up_at is None:
        return False
    return given_up_at >= (workspace.ledger.last_moved(send.id) or send.frozen_at)


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


def _rests(workspace: Workspace, now: datetime) -> bool:
    """Return whether the day's share of a new sender has left."""
    config, ledger = workspace.config, workspace.ledger
    warm_up = read_warm_up(ledger, config.transport.warm_up, zone=config.coalition.zone)
    share = warm_up.share_of(now)
    return share is not None and ledger.is_share_spent(share)
