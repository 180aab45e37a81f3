"""[I/O] The ledger as a transport's queue: the one place where everything is asked again.

Every batch asks, in this order: is the send to stop, do the stories still have consent, is the
send running and how fast, may each person still be mailed.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from newsletter.errors import AttentionError, NewsletterError, StoreError
from newsletter.model.delivery import Accepted, DeliveryState, SendState
from newsletter.model.ledger import BatchRequest, BatchResult, ClaimedDelivery, Result
from newsletter.model.subscriber import SuppressionReason
from newsletter.sending.ceilings import CeilingWatch
from newsletter.sending.domain_pace import DomainPace
from newsletter.sending.lease import Lease, LeaseLostError
from newsletter.sending.ledger_client import LedgerBatch, LedgerClient
from newsletter.sending.message.addressing import Addressing
from newsletter.sending.message.redact_addresses import without_addresses
from newsletter.sending.refusal_streak import RefusalStreak
from newsletter.sending.send_gate import SendGate
from newsletter.sending.send_plan import SendParts, SendPlan, warm_up_of
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.retry import result_of
from newsletter.sending.transports.transport import Claim, DeliveryQueue, Settled
from newsletter.sending.warm_up import share_is_spent

_UNTIL_ANSWERED = 0.5  # seconds


class LedgerQueue(DeliveryQueue):
    """The DeliveryQueue of one sender of one send, which holds `lease`.

    `on_settled` hears of outcomes once the ledger has it. When `stop` is asked for, nothing more
    is claimed, and what is in flight is settled. `stopped_by` is why the send has to stop.
    """

    def __init__(
        self,
        parts: SendParts,
        plan: SendPlan,
        lease: Lease,
        *,
        addressing: Addressing,
        on_settled: Callable[[DeliveryState, int], None],
        stop: StopSignal,
    ) -> None:
        self.stopped_by: NewsletterError | None = None
        self._parts = parts
        self._plan = plan
        self._lease = lease
        self._addressing = addressing
        self._on_settled = on_settled
        self._stop = stop
        self._editions = {edition.language: edition for edition in plan.editions}
        self._versions = {edition.language: edition.digest for edition in plan.editions}
        self._digests = frozenset(self._versions.values())
        self._client = LedgerClient(
            parts.ledger, today=parts.coalition.day_of, pauses=parts.limits.database_pauses
        )
        self._gate = SendGate(plan.editions, parts.consents, parts.coalition.day_of)
        self._pace = DomainPace(parts.limits.domain_rate)
        self._warm_up = warm_up_of(parts)
        self._answers = 0
        self._ceilings = CeilingWatch(
            parts.ledger, lease.send_id, parts.limits.ceilings, now=parts.clock()
        )
        self._held: dict[int, ClaimedDelivery] = {}
        self._streak = RefusalStreak()
        self._rest = 0.0  # seconds, as of the batch that is written
        self._dead: list[str] = []  # addresses, to be suppressed once the ledger has their rows
        self._lock = threading.Lock()

    def sleep(self, seconds: float) -> None:
        """Wait that long, or until `stop`."""
        self._stop.wait(seconds)

    def is_ending(self) -> bool:
        """Return whether `stop` is asked for."""
        return self._stop.is_asked

    def lease_is_held(self) -> bool:
        """Return whether what was claimed is still this sender's to hand over."""
        return self._lease.is_held

    def end(self) -> None:
        """Say that the send is not over when too many were refused last. Nobody who was refused
        since the last acceptance is given up: it may be us, and the next issue tries them again."""
        self._suppress()
        refused = self._streak.reason_to_pause(at_end=True)
        if refused is not None and self.stopped_by is None:
            self._pause(refused)

    def begin(self, settled: Sequence[Settled], want: int) -> LedgerBatch:
        """Begin to record these outcomes and to claim; until the batch ends, nobody else does."""
        self._lock.acquire()
        try:
            now = self._parts.clock()
            results = self._results(settled, now)
            for each in settled:
                person = self._held[each.delivery_id]
                self._dead += self._streak.note(person, each.outcome, now)
            try:
                may_go_on = want > 0 and self._may_go_on(now)
                self._rest = self._streak.seconds_to_rest(now) if may_go_on else 0.0
                if not may_go_on or self._rest:
                    want = 0
            except StoreError as error:  # what was answered is written down all the same
                self.stopped_by, want = error, 0
        except BaseException:
            self._lock.release()
            raise
        request = BatchRequest(
            send_id=self._lease.send_id,
            sender=self._lease.sender,
            results=results,
            want=want,
            now=now,
            newest_stop=self._gate.newest_stop,
            versions=self._digests,
            share=self._warm_up.share_of(now),
        )
        held, end = self._held.keys(), self._lock.release
        return LedgerBatch(self._client, request, held=held, claim=self._claim, end=end)

    def _claim(self, request: BatchRequest, result: BatchResult) -> Claim:
        self._note(request.results, result)
        self._gate.newest_stop = result.newest_stop
        if result.outdated:
            self._catch_up(result.outdated)
            return Claim(wait=None if self.stopped_by else 0.0)
        self._held.update((person.delivery_id, person) for person in result.people)
        people, too_many = self._pace.allowed(
            result.people, request.now, senders=self._lease.sharing
        )
        if too_many:
            back = replace(request, results=too_many, want=0)
            held = self._held.keys()
            written = self._client.commit_with_retries(self._client.begin(back), back, held=held)
            self._note(too_many, written)
            if not people:
                return Claim(wait=0.0)
        longest = self._parts.limits.longest_wait
        wait = result.wait
        if result.share_is_spent and request.share is not None:
            if self._held:  # until it is known of them whether they have left
                wait = _UNTIL_ANSWERED
            else:
                self.stopped_by, wait = share_is_spent(request.share), None
        if self._rest and result.state is SendState.RUNNING:
            wait = self._rest
        wait = None if wait is None else min(wait, longest)
        return Claim(
            messages=tuple(
                self._addressing.message(person, self._editions[person.language])
                for person in people
            ),
            wait=wait,
        )

    def _catch_up(self, languages: frozenset[str]) -> None:
        """Give our version to the people who wait for an older one: they were put off, or
        uncertain, while ours was approved. For a newer one, or a language that ours lacks, somebody
        has to run it again."""
        ledger, issue_id = self._parts.ledger, self._plan.issue_id
        send = ledger.find(issue_id)
        if send is None or send.digest != self._plan.digest:
            self.stopped_by = AttentionError(
                f"{issue_id} was approved again while this version was being sent",
                hint="run newsletter send again to continue with the new one",
            )
        elif lacking := languages - self._versions.keys():
            self.stopped_by = AttentionError(
                f"people wait for {issue_id} in {', '.join(sorted(lacking))}, which is no "
                "longer approved",
                hint="approve that edition too, then run newsletter send again",
            )
        else:
            ledger.replace_version(send.id, digest=send.digest, editions=self._versions)

    def _results(self, settled: Sequence[Settled], now: datetime) -> list[Result]:
        """What to write down. Deliveries accepted under one name, by far the most, are one."""
        accepted: dict[str, list[int]] = {}
        others = []
        for each in settled:
            if isinstance(each.outcome, Accepted):
                accepted.setdefault(each.outcome.provider_id, []).append(each.delivery_id)
            else:
                others.append(self._result(each, now))
        state = DeliveryState.ACCEPTED
        return [
            Result(delivery_ids=tuple(ids), state=state, provider_id=name)
            for name, ids in accepted.items()
        ] + others

    def _result(self, settled: Settled, now: datetime) -> Result:
        held = self._held[settled.delivery_id]
        result = result_of(settled.outcome, held, now=now, window=self._parts.limits.retry_window)
        if not result.reason:
            return result
        stage, colon, words = result.reason.partition(": ")
        words = without_addresses(words, held.address)
        return result._replace(reason=f"{without_addresses(stage)}{colon}{words}")

    def _suppress(self) -> None:
        dead, self._dead = self._dead, []
        for address in dead:
            self._parts.people.suppress(address, SuppressionReason.BOUNCED, self._parts.clock())

    def _may_go_on(self, now: datetime) -> bool:
        if self._stop.is_asked or self.stopped_by is not None:
            return False
        if self._lease.is_lost():
            self.stopped_by = LeaseLostError(
                "This computer slept or was offline too long. Another send has taken over.",
                hint="newsletter audit lists who is uncertain; newsletter send continues",
            )
            return False
        if refused := self._streak.reason_to_pause():
            self._pause(refused)
            return False
        # Refusals in a row are no dead addresses yet: RefusalStreak knows how many are too many.
        in_doubt = self._streak.refusals
        reason = self._gate.reason_to_stop(now) or self._ceilings.reason_to_pause(
            now, answers=self._answers, in_doubt=in_doubt
        )
        if reason is not None:
            self._pause(reason)
        return reason is None

    def _pause(self, why: NewsletterError) -> None:
        running = (SendState.RUNNING,)
        self._parts.ledger.change_state(self._lease.send_id, SendState.PAUSED, only_from=running)
        self.stopped_by = why

    def _note(self, results: Sequence[Result], written: BatchResult) -> None:
        for result in results:
            held = [self._held.pop(delivery_id) for delivery_id in result.delivery_ids]
            self._on_settled(result.state, len(held))
            self._answers += len(held)
        self._suppress()
        if written.twice:
            self.stopped_by = AttentionError(
                f"another send mailed {written.twice} of the same people: they may get it twice",
                hint="newsletter audit shows it too; run newsletter send again to continue",
            )
        if written.skipped:
            self._on_settled(DeliveryState.SKIPPED, written.skipped)
