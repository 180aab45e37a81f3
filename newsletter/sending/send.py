"""`send`: approved bytes, once to each person of a frozen audience; goes on where it stands."""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from newsletter.errors import AttentionError, StoreError, UsageError
from newsletter.model.delivery import DeliveryState, Send, SendState, Tally, Unsure
from newsletter.model.message import RenderedEdition
from newsletter.model.subscriber import SuppressionReason
from newsletter.sending.handover import Addressing, LedgerHandover
from newsletter.sending.lease import Lease
from newsletter.sending.message.compose import Splicer
from newsletter.sending.send_plan import SendParts, SendPlan, SplicerFor, judge_by
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.transport import Transport
from newsletter.sending.witness import RunWitness, refuse_older_ledger

RETRY_WINDOW = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOutcome:
    """Where the send stands after this run."""

    send: Send
    tally: Tally
    uncertain: tuple[Unsure, ...]

    @property
    def needs_attention(self) -> bool:
        """Whether a person has to look: the send is not finished, or somebody is uncertain."""
        is_over = self.send.state is SendState.FINISHED and not self.tally.open
        return bool(self.uncertain) or not is_over


def run(
    parts: SendParts,
    chosen: SendPlan,
    *,
    settled: Callable[[DeliveryState, int], None],
    draining: Callable[[Callable[[], None]], None],
    due_at: datetime | None = None,
    rate: float | None = None,
    anyway_by: str = "",
) -> SendOutcome:
    """Freeze the audience if that is not done, wait until it is due, hand over whoever waits.

    `settled` hears of each outcome; `draining` is given what to call when the process is asked
    to end. `anyway_by` goes on with a ledger older than what was sent. AttentionError when the send
    was stopped and a person has to look.
    """
    addressing = parts.addressing()  # first: without the secret key nothing is to be frozen
    refuse_older_ledger(parts, chosen.issue_id, anyway_by=anyway_by)
    send = _frozen(parts, chosen, due_at, rate)
    transport = parts.transport(_splicers(parts, send.frozen_at))
    parts.senders.end_expired(send.id, now=parts.clock(), is_gone=parts.is_gone)
    settle_by_evidence(parts, send, transport, addressing)
    stop = StopSignal()
    draining(stop.ask)
    send = _started(parts, send, stop)
    if send.state is SendState.RUNNING and not stop.is_asked:
        if parts.publish is not None:
            parts.publish()  # "view in browser" holds from the first reader on
        _hold(parts, send, transport)
        _hand_over(parts, chosen, send, transport, addressing, settled, stop)
        parts.ledger.finish(send.id, parts.clock())
    return outcome(parts, send.issue_id)


def _hold(parts: SendParts, send: Send, transport: Transport) -> None:
    batch = transport.hold(send.batch)
    if batch and batch != send.batch:
        parts.ledger.set_batch(send.id, batch)  # before anything leaves under that name


def _hand_over(
    parts: SendParts,
    chosen: SendPlan,
    send: Send,
    transport: Transport,
    addressing: Addressing,
    settled: Callable[[DeliveryState, int], None],
    stop: StopSignal,
) -> None:
    now = parts.clock()
    sender = parts.senders.join(send.id, parts.process, now=now, lease=parts.lease)
    lease = Lease(parts.senders, send.id, sender, since=now, length=parts.lease, clock=parts.clock)
    witness = RunWitness(parts, send.issue_id, send.id, sender)

    def told(state: DeliveryState, count: int) -> None:
        witness.settled(state, count)
        settled(state, count)

    handover = LedgerHandover(
        parts.senders,
        parts.ledger,
        send,
        sender,
        editions={edition.language: edition for edition in chosen.editions},
        digest=chosen.digest,
        lease=lease,
        addressing=addressing,
        consents=parts.consents,
        clock=parts.clock,
        today=parts.today,
        retry_window=RETRY_WINDOW,
        settled=told,
        stop=stop,
        domain_rate=parts.domain_rate,
        longest_wait=parts.longest_wait,
        database_pauses=parts.database_pauses,
        bounced=lambda address: parts.people.suppress(
            address, SuppressionReason.BOUNCED, parts.clock()
        ),
    )
    try:
        with _kept_alive(lease, witness, every=parts.lease.total_seconds() / 4):
            transport.deliver(handover)
    finally:
        with suppress(StoreError):  # then the next run ends this sender
            parts.senders.leave(send.id, sender, parts.clock())
        witness.end()
    if handover.stopped_by is not None:
        raise handover.stopped_by


def _started(parts: SendParts, send: Send, stop: StopSignal) -> Send:
    """The send, once it is due. A finished one starts again when evidence gave somebody back."""
    while send.state is SendState.SCHEDULED and not stop.is_asked:
        left = ((send.due_at or parts.clock()) - parts.clock()).total_seconds()
        if left <= 0:
            parts.ledger.change_state(send.id, SendState.RUNNING, only_from=(SendState.SCHEDULED,))
        else:
            stop.wait(min(left, 1.0))
        send = parts.ledger.find(send.issue_id) or send
    if send.state is SendState.FINISHED and parts.tallies.tally(send.id).open:
        parts.ledger.change_state(send.id, SendState.RUNNING, only_from=(SendState.FINISHED,))
        send = parts.ledger.find(send.issue_id) or send
    if send.state in (SendState.PAUSED, SendState.CANCELLED):
        hint = "newsletter send --resume goes on" if send.state is SendState.PAUSED else ""
        raise AttentionError(f"the send of {send.issue_id} is {send.state.value}", hint=hint)
    return send


def outcome(parts: SendParts, issue_id: str) -> SendOutcome:
    """Where the send of an issue stands."""
    send = parts.ledger.find(issue_id)
    if send is None:
        raise UsageError(f"{issue_id} was never sent")
    return SendOutcome(
        send=send,
        tally=parts.tallies.tally(send.id),
        uncertain=parts.tallies.uncertain(send.id),
    )


def settle_by_evidence(
    parts: SendParts, send: Send, transport: Transport, addressing: Addressing
) -> None:
    """Settle the uncertain whom an event tells of, or of whom the transport itself can say."""
    parts.events.settle_uncertain(send.id, parts.clock())
    known: dict[bool, list[int]] = {True: [], False: []}
    for unsure in parts.tallies.uncertain(send.id):
        answer = transport.evidence(addressing.message_id(send.issue_id, unsure.subscriber_id))
        if answer is not None:
            known[answer].append(unsure.delivery_id)
    for was_taken, ids in known.items():
        if ids:
            parts.tallies.settle_uncertain(
                ids,
                DeliveryState.ACCEPTED if was_taken else DeliveryState.WAITING,
                evidence="the message is there" if was_taken else "the message is not there",
                decided_by=parts.transport_name,
                now=parts.clock(),
            )


def _frozen(
    parts: SendParts, chosen: SendPlan, due_at: datetime | None, rate: float | None
) -> Send:
    digests = {edition.language: edition.digest for edition in chosen.editions}
    if chosen.send is None:
        _refuse_nobody(chosen)
        return parts.ledger.freeze(
            chosen.issue_id,
            digest=chosen.digest,
            editions=digests,
            judge=judge_by(chosen.rules),
            now=parts.clock(),
            due_at=due_at,
            rate=rate or parts.rate,
        )
    if due_at is not None:
        raise UsageError(
            f"the audience of {chosen.issue_id} is frozen already; it cannot be put off now",
            hint="newsletter send --pause, and --resume when it is time",
        )
    if chosen.changed:
        parts.ledger.approve_anew(chosen.send.id, digest=chosen.digest, editions=digests)
    if rate is not None:
        parts.ledger.set_rate(chosen.send.id, rate)
    return chosen.send


def _refuse_nobody(chosen: SendPlan) -> None:
    """An audience is frozen once: who joins after an empty one would never get the issue."""
    if chosen.people:
        return
    left_out = sum(chosen.exclusions.values())
    raise AttentionError(
        f"nobody would get {chosen.issue_id}",
        hint="newsletter send --dry-run says why each person is left out"
        if left_out
        else "put people on the list: newsletter subscribers import FILE.csv --proof …",
    )


def _splicers(parts: SendParts, date: datetime) -> SplicerFor:
    """A splicer for each edition, made once."""
    signer = parts.signer(date)
    made: dict[int, Splicer] = {}

    def splicer(edition: RenderedEdition) -> Splicer:
        # By identity: an edition's own hash would read all of its bytes, for every message.
        found = made.get(id(edition))
        if found is None:
            found = made[id(edition)] = Splicer(edition, parts.sender, date=date, signer=signer)
        return found

    return splicer


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
