"""[I/O] `send`: lends hands to an issue that is being sent, begins one that is due, and goes on
with one whose senders died.

It decides nothing about people: it joins the send as `newsletter send` does, and stops where that
would ask somebody.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from newsletter.errors import AttentionError, ServiceError
from newsletter.issues.drafting.not_here import files_not_here
from newsletter.jobs.job import JobContext
from newsletter.jobs.send_shares import issue_of, worker_of
from newsletter.jobs.sends_due import at_work, waits_for_a_person
from newsletter.model.delivery import DeliveryState, SendState
from newsletter.sending.begin_send import SendOptions
from newsletter.sending.send import run
from newsletter.sending.send_plan import SendParts, plan
from newsletter.sending.warm_up import ShareSpentError

_UNTIL_BEGUN = 50.0  # seconds that who joins waits for the first one's checks: under a tick
_LOOKS = 0.25  # seconds between two looks whether it is begun
_lending: set[tuple[str, str]] = set()  # workers of this process, and the issues they are at
_lock = threading.Lock()


def lend_hands(context: JobContext) -> None:
    """Join the send of the key's issue until it is done, or `stop` is asked; at once nothing where
    this worker is at it already.

    AttentionError where a person has to see to it, in the words that `newsletter send` would use.
    ServiceError where this machine lacks files of the issue: another one may have them.
    LeaseLostError where others have it by now: it is due again as soon as nobody is at it.
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
        except ShareSpentError:
            return  # it is due again tomorrow


def _send(context: JobContext, parts: SendParts, issue_id: str) -> None:
    send = parts.ledger.find(issue_id)
    if send is None or all(send.id != one.id for one in parts.ledger.unfinished(parts.clock())):
        return
    is_begun = bool(at_work(context.workspace, send))
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


def _is_left_alone(context: JobContext, issue_id: str) -> bool:
    """Wait until somebody is at work, or too long for that: where the first share is may be a
    machine that lacks the issue's files. Return whether nobody is to be."""
    workspace = context.workspace
    ends = time.monotonic() + _UNTIL_BEGUN
    while time.monotonic() < ends:
        send = workspace.ledger.find(issue_id)
        if send is None or send.state not in (SendState.SCHEDULED, SendState.RUNNING):
            return True
        if at_work(workspace, send):
            return False
        if waits_for_a_person(workspace, send):
            return True
        context.stop.wait(_LOOKS)
        if context.stop.is_asked:
            return True
    return False


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
