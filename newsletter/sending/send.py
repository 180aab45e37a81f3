"""`send` [I/O]: approved bytes, once to each person of a frozen audience; goes on where it was."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from newsletter.errors import AttentionError, StoreError, UsageError
from newsletter.model.delivery import DeliveryState, Send, SendState, Tally
from newsletter.model.ledger import NewSend, UncertainDelivery
from newsletter.sending.audience import judge
from newsletter.sending.lease import Lease
from newsletter.sending.ledger_queue import LedgerQueue
from newsletter.sending.message.addressing import Addressing
from newsletter.sending.send_plan import SendParts, SendPlan, month_of, splicers
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.transport import Transport
from newsletter.sending.witness import RunWitness, refuse_older_ledger

Settled = Callable[[DeliveryState, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOptions:
    """How to begin. `rate` is in messages a second; `due_at` puts the start off; `anyway_by` names
    the person who goes on with a ledger that is older than what was sent."""

    due_at: datetime | None = None
    rate: float | None = None
    anyway_by: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOutcome:
    """Where the send stands after this run."""

    send: Send
    tally: Tally
    uncertain: tuple[UncertainDelivery, ...]
    remarks: tuple[str, ...] = ()

    @property
    def needs_attention(self) -> bool:
        """Return whether a person has to look: it is not finished, or somebody is uncertain."""
        is_over = self.send.state is SendState.FINISHED and not self.tally.open
        return bool(self.uncertain) or not is_over


def run(
    parts: SendParts,
    plan: SendPlan,
    *,
    on_settled: Settled,
    listen_for_stop: Callable[[Callable[[], None]], None],
    options: SendOptions = SendOptions(),
) -> SendOutcome:
    """Freeze the audience if that is not done, wait until it is due, hand over to all who wait.

    `on_settled` hears how many people came to each outcome; `listen_for_stop` is given what to
    call when the process is asked to end. AttentionError when the send was stopped and a person
    has to look.
    """
    addressing = parts.addressing()  # first: without the secret key nothing is to be frozen
    refuse_older_ledger(parts, plan.issue_id, anyway_by=options.anyway_by)
    send = _frozen(parts, plan, options)
    transport = parts.transport(splicers(parts))
    parts.ledger.end_expired(send.id, now=parts.clock(), is_gone=parts.is_gone)
    settle_by_evidence(parts, send, transport, addressing)
    stop = StopSignal()
    listen_for_stop(stop.ask)
    send = _started(parts, send, stop)
    if send.state is SendState.RUNNING and not stop.is_asked:
        if parts.publish is not None:
            parts.publish()  # "view in browser" holds from the first reader on
        hold_id = transport.hold(send.hold_id)
        if hold_id and hold_id != send.hold_id:
            parts.ledger.set_hold_id(send.id, hold_id)  # before anything leaves under that name
        with _running_sender(parts, send, on_settled) as (lease, settled):
            queue = LedgerQueue(
                parts, plan, lease, addressing=addressing, on_settled=settled, stop=stop
            )
            try:
                transport.deliver(queue)
            finally:
                queue.end()
        if queue.stopped_by is not None:
            raise queue.stopped_by
        parts.ledger.finish(send.id, parts.clock())
    return replace(outcome(parts, send.issue_id), remarks=transport.remarks())


@contextmanager
def _running_sender(
    parts: SendParts, send: Send, on_settled: Settled
) -> Iterator[tuple[Lease, Settled]]:
    """Be a sender of that send, with a lease that is renewed and a witness that is told as well."""
    now, length = parts.clock(), parts.limits.lease
    sender = parts.ledger.join(send.id, parts.process, now=now, lease=length)
    lease = Lease(parts.ledger, send.id, sender, since=now, length=length, clock=parts.clock)
    witness = RunWitness(parts, send, sender)

    def settled(state: DeliveryState, count: int) -> None:
        witness.settled(state, count)
        on_settled(state, count)

    try:
        with _kept_alive(lease, witness, every=length.total_seconds() / 4):
            yield lease, settled
    finally:
        with suppress(StoreError):  # then the next run ends this sender
            parts.ledger.leave(send.id, sender, parts.clock())
        witness.end()


def _started(parts: SendParts, send: Send, stop: StopSignal) -> Send:
    """The send, once it is due. A finished one starts again when evidence gave somebody back."""
    while send.state is SendState.SCHEDULED and not stop.is_asked:
        left = ((send.due_at or parts.clock()) - parts.clock()).total_seconds()
        if left <= 0:
            parts.ledger.change_state(send.id, SendState.RUNNING, only_from=(SendState.SCHEDULED,))
        else:
            stop.wait(min(left, 1.0))
        send = parts.ledger.find(send.issue_id) or send
    if send.state is SendState.FINISHED and parts.ledger.tally(send.id).open:
        parts.ledger.change_state(send.id, SendState.RUNNING, only_from=(SendState.FINISHED,))
        send = parts.ledger.find(send.issue_id) or send
    if send.state in (SendState.PAUSED, SendState.CANCELLED):
        hint = "newsletter send --resume continues" if send.state is SendState.PAUSED else ""
        raise AttentionError(f"the send of {send.issue_id} is {send.state.value}", hint=hint)
    return send


def outcome(parts: SendParts, issue_id: str) -> SendOutcome:
    """Return where the send of an issue stands. UsageError when it was never sent."""
    send = known(parts, issue_id)
    return SendOutcome(
        send=send,
        tally=parts.ledger.tally(send.id),
        uncertain=parts.ledger.uncertain(send.id),
    )


def known(parts: SendParts, issue_id: str) -> Send:
    """Return the send of that issue. UsageError when it was never sent."""
    send = parts.ledger.find(issue_id)
    if send is None:
        raise UsageError(f"{issue_id} was never sent")
    return send


def settle_by_evidence(
    parts: SendParts, send: Send, transport: Transport, addressing: Addressing
) -> None:
    """Settle the uncertain deliveries that an event, or the transport itself, can tell of."""
    parts.ledger.settle_by_events(send.id, parts.clock())
    evidence: dict[bool, list[int]] = {True: [], False: []}
    for delivery in parts.ledger.uncertain(send.id):
        message_id = addressing.message_id(send.issue_id, delivery.subscriber_id)
        was_taken = transport.evidence(message_id)
        if was_taken is not None:
            evidence[was_taken].append(delivery.delivery_id)
    for was_taken, ids in evidence.items():
        if ids:
            parts.ledger.settle_uncertain(
                ids,
                DeliveryState.ACCEPTED if was_taken else DeliveryState.WAITING,
                evidence="the message is there" if was_taken else "the message is not there",
                decided_by=parts.transport_name,
                now=parts.clock(),
            )


def _frozen(parts: SendParts, plan: SendPlan, options: SendOptions) -> Send:
    digests = {edition.language: edition.digest for edition in plan.editions}
    if plan.send is None:
        _refuse_nobody(plan)
        new = NewSend(
            issue_id=plan.issue_id,
            digest=plan.digest,
            editions=digests,
            due_at=options.due_at,
            rate=options.rate or parts.limits.rate,
            corrects=plan.corrects,
            wrong=plan.wrong,
        )
        return parts.ledger.freeze(
            new, partial(judge, rules=plan.rules), now=parts.clock(), month=month_of(parts)
        )
    if options.due_at is not None:
        raise UsageError(
            f"The list of readers for {plan.issue_id} is already fixed, so it cannot be postponed.",
            hint="run newsletter send --pause now, and --resume when it is time",
        )
    if plan.changed:
        parts.ledger.replace_version(plan.send.id, digest=plan.digest, editions=digests)
    if options.rate is not None:
        parts.ledger.set_rate(plan.send.id, options.rate)
    return plan.send


def _refuse_nobody(plan: SendPlan) -> None:
    """An audience is frozen once: people who join after an empty one would never get the issue."""
    if plan.people:
        return
    left_out = sum(plan.exclusions.values())
    raise AttentionError(
        f"nobody would get {plan.issue_id}",
        hint="newsletter send --dry-run shows why each person is left out"
        if left_out
        else "add people to the list: newsletter subscribers import FILE.csv --proof …",
    )


@contextmanager
def _kept_alive(lease: Lease, witness: RunWitness, *, every: float) -> Iterator[None]:
    """Renew the lease `every` so many seconds, and tell the witness each second, while messages
    leave: however slow the other side is."""
    ended = threading.Event()

    def renew() -> None:
        for second in itertools.count(1):
            if ended.wait(1.0):
                return
            witness.refresh()
            if second % max(int(every), 1) == 0:
                with suppress(StoreError):
                    lease.renew()

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
