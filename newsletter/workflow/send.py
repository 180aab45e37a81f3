"""`send`: approved bytes, once to each person of a frozen audience; goes on where it stands."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from newsletter.delivery.audience import AudienceRules, judge
from newsletter.delivery.compose import Splicer
from newsletter.delivery.transport import Transport
from newsletter.errors import AttentionError, UsageError
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.delivery import (
    DeliveryState,
    ExclusionReason,
    Process,
    Send,
    SendState,
    Tally,
    Unsure,
)
from newsletter.model.issue import is_bulletin
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.subscriber import Subscriber
from newsletter.workflow.handover import Addressing, LedgerHandover
from newsletter.workflow.ledger_ports import (
    ApprovedIssues,
    Consents,
    Judge,
    Senders,
    SendLedger,
    Tallies,
)

LEASE = timedelta(minutes=2)
RETRY_WINDOW = timedelta(hours=24)
SplicerFor = Callable[[RenderedEdition], Splicer]


@dataclass(frozen=True, kw_only=True, slots=True)
class SendParts:
    """What sending needs of a workspace."""

    coalition: Coalition
    sender: Sender
    ledger: SendLedger
    senders: Senders
    tallies: Tallies
    issues: ApprovedIssues
    rendered: Callable[[str], tuple[RenderedEdition, ...]]
    consents: Consents
    addressing: Callable[[], Addressing]
    transport: Callable[[SplicerFor], Transport]
    transport_name: str
    process: Process
    is_gone: Callable[[Process], bool | None]
    clock: Callable[[], datetime]
    today: Callable[[datetime], date]
    approvals_required: Callable[[str], int]


@dataclass(frozen=True, kw_only=True, slots=True)
class SendPlan:
    """What sending an issue would do now. `counts` is people by edition, before the freeze."""

    issue_id: str
    editions: tuple[RenderedEdition, ...]
    digest: str
    rules: AudienceRules
    counts: dict[str, int]
    exclusions: dict[ExclusionReason, int]
    people: int
    send: Send | None = None
    changed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class SendOutcome:
    """Where the send stands after this run."""

    send: Send
    tally: Tally
    uncertain: tuple[Unsure, ...]
    reaped: int = 0

    @property
    def needs_attention(self) -> bool:
        """Whether a person has to look: the send is not finished, or somebody is uncertain."""
        return bool(self.uncertain) or self.send.state is not SendState.FINISHED


def plan(parts: SendParts, issue_id: str) -> SendPlan:
    """Load what is approved and count the people. AttentionError when it may not be sent."""
    editions = approved(parts, issue_id)
    digest = issue_digest(editions)
    now = parts.clock()
    rules = AudienceRules(
        editions=tuple(edition.language for edition in editions),
        publishes=parts.coalition.languages,
        today=parts.today(now),
        is_bulletin=is_bulletin(issue_id),
    )
    send = parts.ledger.find(issue_id)
    if send is not None:
        open_rows = parts.tallies.tally(send.id).open
        return SendPlan(
            issue_id=issue_id,
            editions=editions,
            digest=digest,
            rules=rules,
            counts={},
            exclusions={},
            people=open_rows,
            send=send,
            changed=send.digest != digest,
        )
    verdicts = parts.ledger.survey(_judge(rules))
    exclusions = {why: n for why, n in verdicts.items() if isinstance(why, ExclusionReason)}
    counts = {edition: n for edition, n in verdicts.items() if edition not in exclusions}
    return SendPlan(
        issue_id=issue_id,
        editions=editions,
        digest=digest,
        rules=rules,
        counts=counts,
        exclusions=exclusions,
        people=sum(counts.values()),
    )


def approved(parts: SendParts, issue_id: str) -> tuple[RenderedEdition, ...]:
    """The bytes that enough different editors said yes to, if the draft still renders to them."""
    editions = parts.issues.approved_editions(issue_id)
    if not editions:
        raise AttentionError(f"{issue_id} is not approved", hint="run newsletter approve")
    digest = issue_digest(editions)
    editors = {yes.editor for yes in parts.issues.approvals(issue_id) if yes.digest == digest}
    required = parts.approvals_required(issue_id)
    if len(editors) < required:
        raise AttentionError(
            f"{issue_id} has {len(editors)} of {required} approvals", hint="run newsletter approve"
        )
    if issue_digest(parts.rendered(issue_id)) != digest:
        raise AttentionError(
            f"{issue_id} was changed after it was approved",
            hint="run newsletter check, preview and approve",
        )
    return editions


def run(
    parts: SendParts,
    chosen: SendPlan,
    *,
    settled: Callable[[DeliveryState, int], None],
    draining: Callable[[Callable[[], None]], None],
    rate: float | None = None,
) -> SendOutcome:
    """Freeze the audience if that is not done, and hand over whoever waits.

    `settled` hears of each outcome; `draining` is given what to call when the process is asked
    to end.
    """
    send = _frozen(parts, chosen, rate)
    splicers = _splicers(parts.sender, send.frozen_at)
    transport = parts.transport(splicers)
    addressing = parts.addressing()
    reaped = parts.senders.reap(send.id, now=parts.clock(), is_gone=parts.is_gone)
    settle_by_evidence(parts, send, transport, addressing)
    if send.state is not SendState.RUNNING:
        raise UsageError(
            f"the send of {send.issue_id} is {send.state.value}",
            hint="newsletter send --resume goes on with a paused one",
        )
    sender = parts.senders.join(send.id, parts.process, now=parts.clock(), lease=LEASE)
    handover = LedgerHandover(
        parts.senders,
        parts.ledger,
        send,
        sender,
        editions={edition.language: edition for edition in chosen.editions},
        addressing=addressing,
        consents=parts.consents,
        clock=parts.clock,
        today=parts.today,
        retry_window=RETRY_WINDOW,
        settled=settled,
    )
    draining(handover.stop)
    try:
        with _kept_alive(parts, sender):
            transport.deliver(handover)
    finally:
        parts.senders.leave(send.id, sender, parts.clock())
    if handover.stopped_by is not None:
        raise handover.stopped_by
    parts.ledger.finish(send.id, parts.clock())
    return outcome(parts, send.issue_id, reaped=reaped)


def outcome(parts: SendParts, issue_id: str, *, reaped: int = 0) -> SendOutcome:
    """Where the send of an issue stands."""
    send = parts.ledger.find(issue_id)
    if send is None:
        raise UsageError(f"{issue_id} was never sent")
    return SendOutcome(
        send=send,
        tally=parts.tallies.tally(send.id),
        uncertain=parts.tallies.uncertain(send.id),
        reaped=reaped,
    )


def settle_by_evidence(
    parts: SendParts, send: Send, transport: Transport, addressing: Addressing
) -> None:
    """Ask the transport about the uncertain; where it knows, they are uncertain no more."""
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


def _frozen(parts: SendParts, chosen: SendPlan, rate: float | None) -> Send:
    digests = {edition.language: edition.digest for edition in chosen.editions}
    send = chosen.send
    if send is None:
        return parts.ledger.freeze(
            chosen.issue_id,
            digest=chosen.digest,
            editions=digests,
            judge=_judge(chosen.rules),
            now=parts.clock(),
            rate=rate,
        )
    if chosen.changed:
        parts.ledger.approve_anew(send.id, digest=chosen.digest, editions=digests)
    if rate is not None:
        parts.ledger.set_rate(send.id, rate)
    return send


def _judge(rules: AudienceRules) -> Judge:
    def verdict(subscriber: Subscriber, is_suppressed: bool) -> str | ExclusionReason:
        return judge(subscriber, rules, is_suppressed=is_suppressed)

    return verdict


def _splicers(sender: Sender, date: datetime) -> SplicerFor:
    """A splicer for each edition, made once."""
    made: dict[int, Splicer] = {}

    def splicer(edition: RenderedEdition) -> Splicer:
        # By identity: an edition's own hash would read all of its bytes, for every message.
        found = made.get(id(edition))
        if found is None:
            found = made[id(edition)] = Splicer(edition, sender, date=date)
        return found

    return splicer


@contextmanager
def _kept_alive(parts: SendParts, sender: int) -> Iterator[None]:
    """Renew the lease while messages leave, however slow the other side is."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(LEASE.total_seconds() / 4):
            parts.senders.renew(sender, now=parts.clock(), lease=LEASE)

    thread = threading.Thread(target=renew, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
