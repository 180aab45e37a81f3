"""[I/O] What is due of `send`: asked each minute, so that nothing is loaded here that only sending
itself needs."""

from collections.abc import Iterator
from datetime import datetime

from newsletter.model.delivery import Send, SendState
from newsletter.model.silence import WORKER_SEEN
from newsletter.sending.warm_up import read_warm_up
from newsletter.wiring import Workspace

_NAME = "send"


def due(workspace: Workspace, now: datetime) -> Iterator[str]:
    """Yield `ISSUE:SHARE` for all hands that are wanted: one of each worker.

    While nobody is at work one is enough, to look at what it may go on with; once it is begun, the
    others join. What a person has to see to is left alone until somebody was mailed again.
    """
    sends = workspace.ledger.unfinished(now)
    if not sends:
        return
    workers = max(1, len(workspace.jobs.workers(since=now - WORKER_SEEN)))
    for send in sends:
        is_begun = bool(at_work(workspace, send))
        if is_begun and not workspace.ledger.anybody_waits(send.id):
            continue  # the last ones are in their hands
        is_new = send.state is SendState.SCHEDULED
        rests = not is_new and _rests(workspace, now)
        if not is_begun and (rests or waits_for_a_person(workspace, send)):
            continue
        is_shared = is_begun or is_new
        for share in range(1, (workers if is_shared else 1) + 1):
            yield f"{send.issue_id}:{share}"


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


def _rests(workspace: Workspace, now: datetime) -> bool:
    """Return whether the day's share of a new sender has left."""
    config, ledger = workspace.config, workspace.ledger
    warm_up = read_warm_up(ledger, config.transport.warm_up, zone=config.coalition.zone)
    share = warm_up.share_of(now)
    return share is not None and ledger.is_share_spent(share)
