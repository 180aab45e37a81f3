"""`send` [I/O]: approved bytes, once to each person of a frozen audience; goes on where it was."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from newsletter.errors import AttentionError, StoreError
from newsletter.model.delivery import DeliveryState, Send, SendState, Tally
from newsletter.model.ledger import UncertainDelivery
from newsletter.sending.begin_send import AS_PLANNED, SendOptions, begin, known
from newsletter.sending.lease import Lease
from newsletter.sending.ledger_queue import LedgerQueue
from newsletter.sending.message.addressing import Addressing
from newsletter.sending.send_plan import SendParts, SendPlan, splicers
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.transport import Transport
from newsletter.sending.witness import RunWitness

Settled = Callable[[DeliveryState, int], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOutcome:
    """Where the send stands after this run. `others` are the senders still at work; `ended_it`:
    this run was the last one of it."""

    send: Send
    tally: Tally
    uncertain: tuple[UncertainDelivery, ...]
    remarks: tuple[str, ...] = ()
    others: int = 0
    ended_it: bool = False

    @property
    def needs_attention(self) -> bool:
        """Return whether a person has to look: it is not finished and nobody is at it, or somebody
        is uncertain."""
        is_over = self.send.state is SendState.FINISHED and not self.tally.open
        is_shared = self.send.state is SendState.RUNNING and self.others > 0
        return bool(self.uncertain) or not (is_over or is_shared)


def run(
    parts: SendParts,
    plan: SendPlan,
    *,
    on_settled: Settled,
    options: SendOptions = AS_PLANNED,
    stop: StopSignal | None = None,
) -> SendOutcome:
    """Freeze the audience if that is not done, wait until it is due, hand over to all who wait.

    `on_settled` hears how many people came to each outcome; `stop` is asked when the process is to
    end. AttentionError when the send was stopped and a person has to look.
    """
    begun = begin(parts, plan, options)
    plan, send, addressing = begun.plan, begun.send, parts.addressing()
    transport = parts.transport(splicers(parts))
    parts.ledger.end_expired(send.id, now=parts.clock(), is_gone=parts.is_gone)
    settle_by_evidence(parts, send, transport, addressing)
    stop = stop or StopSignal()
    send = _started(parts, send, stop, by_itself=options.by_itself)
    ended_it = False
    try:
        if send.state is SendState.RUNNING and not stop.is_asked:
            if parts.publish is not None:
                parts.publish()  # "view in browser" holds from the first reader on
            _hold(parts, send, transport)
            with _running_sender(parts, send, on_settled, stop) as (lease, settled):
                queue = LedgerQueue(
                    parts, plan, lease, addressing=addressing, on_settled=settled, stop=stop
                )
                try:
                    transport.deliver(queue)
                finally:
                    queue.end()
                if queue.stopped_by is not None:
                    raise queue.stopped_by
                # Before it leaves: where nobody is at work, nobody is about to end it.
                ended_it = parts.ledger.finish(send.id, parts.clock())
    finally:
        if stop.is_for_all:
            with suppress(StoreError):  # said once, while it drained, or nobody is at work
                _stop_all(parts, send)
    return replace(outcome(parts, send.issue_id), remarks=transport.remarks(), ended_it=ended_it)


def _hold(parts: SendParts, send: Send, transport: Transport) -> None:
    """Have the provider hold the mail under one name, whoever else begins now: only what leaves
    under that name can be recalled."""
    hold_id = transport.hold(send.hold_id)
    if hold_id and hold_id != send.hold_id:
        kept = parts.ledger.set_hold_id(send.id, hold_id)  # before anything leaves under that name
        if kept != hold_id:
            transport.hold(kept)


def _stop_all(parts: SendParts, send: Send) -> None:
    """Have nobody go on by itself with what somebody stopped, as a worker would. Other people who
    are at it decide for themselves."""
    others = parts.ledger.left_behind(send.id, now=parts.clock(), is_gone=parts.is_gone).living
    if parts.has_worker() or not others:
        _stop_at_once(parts, send)


def _stop_at_once(parts: SendParts, send: Send) -> None:
    parts.ledger.change_state(send.id, SendState.STOPPED, only_from=(SendState.RUNNING,))


@contextmanager
def _running_sender(
    parts: SendParts, send: Send, on_settled: Settled, stop: StopSignal
) -> Iterator[tuple[Lease, Settled]]:
    """Be a sender of that send, with a lease that is renewed and a witness that is told as well."""
    now, length = parts.clock(), parts.limits.lease
    sender = parts.ledger.join(send.id, parts.process, now=now, lease=length)
    lease = Lease(parts.ledger, send.id, sender, since=now, length=length, clock=parts.clock)
    witness = RunWitness(parts, send, sender)

    def settled(state: DeliveryState, count: int) -> None:
        witness.settled(state, count)
        on_settled(state, count)

    def each_second() -> None:
        witness.refresh()
        if stop.is_for_all and parts.has_worker():  # which is at it, too
            _stop_at_once(parts, send)

    try:
        with _kept_alive(lease, each_second, every=length.total_seconds() / 4):
            yield lease, settled
    finally:
        with suppress(StoreError):  # then the next run ends this sender
            parts.ledger.leave(send.id, sender, parts.clock())
        witness.end()


def _started(parts: SendParts, send: Send, stop: StopSignal, *, by_itself: bool) -> Send:
    """The send, once it is due. A finished one starts again when evidence gave somebody back, and
    one that somebody stopped, unless it would be `by_itself`."""
    while send.state is SendState.SCHEDULED and not stop.is_asked:
        left = ((send.due_at or parts.clock()) - parts.clock()).total_seconds()
        if left <= 0:
            parts.ledger.change_state(send.id, SendState.RUNNING, only_from=(SendState.SCHEDULED,))
        else:
            stop.wait(min(left, 1.0))
        send = parts.ledger.find(send.issue_id) or send
    is_stopped = send.state is SendState.STOPPED and not by_itself
    if is_stopped or (send.state is SendState.FINISHED and parts.ledger.tally(send.id).open):
        parts.ledger.change_state(send.id, SendState.RUNNING, only_from=(send.state,))
        send = parts.ledger.find(send.issue_id) or send
    if send.state in (SendState.PAUSED, SendState.STOPPED, SendState.CANCELLED):
        hint = "newsletter send --resume continues" if send.state is SendState.PAUSED else ""
        raise AttentionError(f"the send of {send.issue_id} is {send.state.value}", hint=hint)
    return send


def outcome(parts: SendParts, issue_id: str) -> SendOutcome:
    """Return where the send of an issue stands. UsageError when it was never sent."""
    send = known(parts, issue_id)
    left = parts.ledger.left_behind(send.id, now=parts.clock(), is_gone=parts.is_gone)
    return SendOutcome(
        send=known(parts, issue_id),  # again: who was the last to leave has ended it
        tally=parts.ledger.tally(send.id),
        uncertain=parts.ledger.uncertain(send.id),
        others=left.living,
    )


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


@contextmanager
def _kept_alive(lease: Lease, each_second: Callable[[], None], *, every: float) -> Iterator[None]:
    """Renew the lease `every` so many seconds, and do what is to be done each second, while
    messages leave: however slow the other side is."""
    ended = threading.Event()

    def renew() -> None:
        for second in itertools.count(1):
            if ended.wait(1.0):
                return
            with suppress(StoreError):
                each_second()
                if second % max(int(every), 1) == 0:
                    lease.renew()

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
