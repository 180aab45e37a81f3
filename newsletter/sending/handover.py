"""[I/O] The ledger as a transport sees it: the one place where everything is asked again.

Every exchange asks, in this order: is the send to stop, do the stories still have consent, is the
send running and how fast, may each person still be mailed.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from newsletter.errors import AttentionError, NewsletterError, StoreError
from newsletter.model.delivery import (
    Accepted,
    Claimed,
    DeliveryState,
    Result,
    Send,
    SendState,
    Taken,
)
from newsletter.model.message import Message, RenderedEdition
from newsletter.sending.domain_pace import DomainPace
from newsletter.sending.lease import Lease
from newsletter.sending.ledger_client import Asked, LedgerClient, RunningExchange
from newsletter.sending.message.redact_addresses import without_addresses
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.ports import Consents, PersonalLinks, Senders, SendLedger
from newsletter.sending.results.bounces import is_hard
from newsletter.sending.send_gate import SendGate
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.retry import result_of
from newsletter.sending.transports.transport import Claim, Settled

_REFUSALS_IN_A_ROW = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Addressing:
    """What makes a person's copy theirs. `return_domain` is empty where bounces are not read."""

    links: PersonalLinks
    tokens: DeliveryTokens
    message_domain: str
    return_domain: str = ""

    def message_id(self, issue_id: str, subscriber_id: int) -> str:
        """The Message-ID of that person's copy, at every attempt."""
        return f"<{self.tokens.token(issue_id, subscriber_id)}@{self.message_domain}>"

    def message(self, claimed: Claimed, edition: RenderedEdition) -> Message:
        """That person's copy."""
        token = self.tokens.token(edition.issue_id, claimed.subscriber_id)
        return Message(
            delivery_id=claimed.delivery_id,
            edition=edition,
            address=claimed.address,
            message_id=f"<{token}@{self.message_domain}>",
            personal=self.links.personal(claimed.subscriber_id),
            return_path=f"bounce+{token}@{self.return_domain}" if self.return_domain else "",
            discreet=claimed.discreet,
        )


class LedgerHandover:
    """Fulfils delivery's Handover for one sender of one send."""

    def __init__(
        self,
        senders: Senders,
        ledger: SendLedger,
        send: Send,
        sender: int,
        *,
        editions: Mapping[str, RenderedEdition],
        digest: str,
        lease: Lease,
        addressing: Addressing,
        consents: Consents,
        clock: Callable[[], datetime],
        today: Callable[[datetime], date],
        retry_window: timedelta,
        settled: Callable[[DeliveryState, int], None],
        stop: StopSignal,
        bounced: Callable[[str], object],
        domain_rate: float | None,
        longest_wait: float,
        database_pauses: tuple[float, ...],
    ) -> None:
        self.stopped_by: NewsletterError | None = None
        self._versions = {each.language: each.digest for each in editions.values()}
        self._ledger_client = LedgerClient(
            senders,
            send.id,
            sender,
            versions=frozenset(self._versions.values()),
            today=today,
            pauses=database_pauses,
        )
        self._ledger = ledger
        self._send = send
        self._editions = editions
        self._digest = digest
        self._lease = lease
        self._addressing = addressing
        self._question = SendGate(tuple(editions.values()), consents, today)
        self._clock = clock
        self._window = retry_window
        self._report = settled
        self._bounced = bounced
        self._pace = DomainPace(domain_rate)
        self._longest_wait = longest_wait
        self._held: dict[int, Claimed] = {}
        self._refusals = 0
        self._lock = threading.Lock()
        self._stop = stop  # asked: claim nothing more, settle what is in flight

    def sleep(self, seconds: float) -> None:
        """Wait that long, or until `stop`."""
        self._stop.wait(seconds)

    def lease_is_held(self) -> bool:
        """Whether what was claimed is still this sender's to hand over."""
        return self._lease.is_held

    def exchange(self, settled: Sequence[Settled], want: int) -> Claim:
        """Record these outcomes and claim up to `want` more, in one committed transaction."""
        begun = self.begin(settled, want)
        begun.commit()
        return begun.claim()

    def begin(self, settled: Sequence[Settled], want: int) -> RunningExchange:
        """The same in steps. Until it ends, nobody else begins one."""
        self._lock.acquire()
        try:
            now = self._clock()
            results = self._results(settled, now)
            self._count(results)
            try:
                if want and not self._may_go_on(now):
                    want = 0
            except StoreError as error:  # what was answered is written down all the same
                self.stopped_by, want = error, 0
        except BaseException:
            self._lock.release()
            raise
        return RunningExchange(
            self._ledger_client,
            Asked(results=results, want=want, now=now, newest_stop=self._question.newest_stop),
            held=self._held.keys(),
            claim=self._claim,
            end=self._lock.release,
        )

    def _claim(self, asked: Asked, taken: Taken) -> Claim:
        self._note(asked.results, taken)
        self._question.newest_stop = taken.newest_stop
        if taken.outdated:
            self._catch_up(taken.outdated)
            return Claim(wait=None if self.stopped_by else 0.0)
        self._held.update((person.delivery_id, person) for person in taken.people)
        people, too_many = self._pace.allowed(taken.people, asked.now, senders=self._lease.sharing)
        if too_many:
            back = replace(asked, results=too_many, want=0)
            self._note(too_many, self._ledger_client.write(back, held=self._held.keys()))
            if not people:
                return Claim(wait=0.0)
        wait = None if taken.wait is None else min(taken.wait, self._longest_wait)
        return Claim(
            messages=tuple(
                self._addressing.message(person, self._editions[person.language])
                for person in people
            ),
            wait=wait,
        )

    def _catch_up(self, languages: frozenset[str]) -> None:
        """Whoever waits for an older version than ours gets ours: they were put off, or uncertain,
        while it was approved. For a newer one, or a language that ours lacks, somebody has to run
        it again."""
        send = self._ledger.find(self._send.issue_id)
        if send is None or send.digest != self._digest:
            self.stopped_by = AttentionError(
                f"{self._send.issue_id} was approved anew while this version was being sent",
                hint="newsletter send goes on with the new one",
            )
        elif lacking := languages - self._versions.keys():
            self.stopped_by = AttentionError(
                f"people wait for {send.issue_id} in {', '.join(sorted(lacking))}, which is no "
                "longer approved",
                hint="approve that edition too; newsletter send goes on",
            )
        else:
            self._ledger.approve_anew(send.id, digest=send.digest, editions=self._versions)

    def _results(self, settled: Sequence[Settled], now: datetime) -> list[Result]:
        """What to write down; those who were taken under one name in one piece, being the most."""
        taken: dict[str, list[int]] = {}
        others = []
        for each in settled:
            if isinstance(each.outcome, Accepted):
                taken.setdefault(each.outcome.provider_id, []).append(each.delivery_id)
            else:
                others.append(self._result(each, now))
        accepted = DeliveryState.ACCEPTED
        return [
            *(
                Result(delivery_ids=tuple(ids), state=accepted, provider_id=name)
                for name, ids in taken.items()
            ),
            *others,
        ]

    def _result(self, settled: Settled, now: datetime) -> Result:
        held = self._held[settled.delivery_id]
        result = result_of(
            settled.delivery_id,
            settled.outcome,
            attempts=held.attempts,
            first_tried_at=held.first_tried_at,
            now=now,
            window=self._window,
        )
        if not result.reason:
            return result
        stage, colon, words = result.reason.partition(": ")
        words = without_addresses(words, held.address)
        return replace(result, reason=f"{without_addresses(stage)}{colon}{words}")

    def _may_go_on(self, now: datetime) -> bool:
        if self._stop.is_asked or self.stopped_by is not None:
            return False
        if self._lease.is_lost():
            self.stopped_by = AttentionError(
                "this send was suspended or cut off for so long that another one took its place",
                hint="newsletter send goes on; newsletter audit says who is uncertain",
            )
            return False
        if self._refusals >= _REFUSALS_IN_A_ROW:
            self._pause(
                AttentionError(
                    f"the last {self._refusals} people were all refused; the send is paused",
                    hint="newsletter report says why; newsletter send --resume goes on",
                )
            )
            return False
        objection = self._question.reason_to_stop(now)
        if objection is not None:
            self._pause(objection)
        return objection is None

    def _pause(self, why: NewsletterError) -> None:
        self._ledger.change_state(self._send.id, SendState.PAUSED, only_from=(SendState.RUNNING,))
        self.stopped_by = why

    def _count(self, results: list[Result]) -> None:
        for result in results:
            if result.state is DeliveryState.REFUSED:
                self._refusals += 1
            elif result.state is DeliveryState.ACCEPTED:
                self._refusals = 0

    def _note(self, results: list[Result], taken: Taken) -> None:
        for result in results:
            held = [self._held.pop(delivery_id) for delivery_id in result.delivery_ids]
            if result.state is DeliveryState.REFUSED and is_hard(result.code, result.reason):
                for person in held:
                    self._bounced(person.address)
            self._report(result.state, len(held))
        if taken.twice:
            self.stopped_by = AttentionError(
                f"{taken.twice} people were handed over by another sender too: they may get it "
                "twice",
                hint="newsletter audit says so too; newsletter send goes on",
            )
        if taken.skipped:
            self._report(DeliveryState.SKIPPED, taken.skipped)
