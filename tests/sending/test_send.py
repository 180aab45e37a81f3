"""Sending as a whole, over a real ledger: through a transport of our own that records."""

import itertools
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, update

from newsletter.errors import AttentionError, ConfigError, ServiceError, StoreError, UsageError
from newsletter.model.consent import Denied
from newsletter.model.delivery import (
    Accepted,
    Deferred,
    DeliveryEvent,
    DeliveryState,
    EventKind,
    ExclusionReason,
    Outcome,
    Refused,
    Send,
    SendState,
    Uncertain,
)
from newsletter.model.issue import Edition
from newsletter.model.ledger import BatchRequest, NewSend
from newsletter.model.message import Message, RenderedEdition
from newsletter.model.subscriber import NOT_STORED, Subscriber, SubscriberState, SuppressionReason
from newsletter.model.suppression import SuppressionKeys
from newsletter.sending import send_control
from newsletter.sending.begin_send import SendOptions
from newsletter.sending.results.audit import audit
from newsletter.sending.send import outcome, run
from newsletter.sending.send_control import UncertainChoice
from newsletter.sending.send_copy import send_copy
from newsletter.sending.send_plan import SendLimits, SendParts, plan
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.outbox import Outbox
from newsletter.sending.transports.transport import Claim, DeliveryQueue, Settled, Transport
from newsletter.store.database import open_engine
from newsletter.store.deliveries import deliveries
from newsletter.store.schema import migrate
from newsletter.store.subscribers import SqlSubscribers
from tests.processes import PATIENCE
from tests.sending.parts import (
    ISSUE,
    KEY,
    FakeConsents,
    FakeIssues,
    add_people,
    add_subscribers,
    digests,
    edition,
    ignore,
    limited,
    make_parts,
    send_all,
)

PATIENT = SendLimits(longest_wait=3600.0)


@dataclass
class Recording(Transport):
    """A transport that keeps what it is given. `answer` decides; `before` runs at each message."""

    answer: Callable[[Message], Outcome] = lambda message: Accepted(provider_id="ok")
    before: Callable[[Message], None] = lambda message: None
    known: dict[str, bool] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    clock: "Clock | None" = None

    def deliver(self, queue: DeliveryQueue) -> None:
        settled: list[Settled] = []
        while True:
            claim: Claim = queue.settle_and_claim(settled, 1)
            settled = []
            if not claim.messages:
                if claim.wait is None:
                    return
                self.waited.append(claim.wait)
                if self.clock is not None:
                    self.clock.now += timedelta(seconds=max(claim.wait, 0.001))
                continue
            (message,) = claim.messages
            self.before(message)
            self.messages.append(message)
            settled = [Settled(delivery_id=message.delivery_id, outcome=self.answer(message))]

    def rehearse(self, messages: Sequence[Message]) -> str:
        return "it would be taken"

    def evidence(self, message_id: str) -> bool | None:
        return self.known.get(message_id)


class Idle(Recording):
    """Asks for nobody."""

    def deliver(self, queue: DeliveryQueue) -> None:
        pass


@dataclass
class Holding(Recording):
    """Keeps mail back under a name, as SendGrid does."""

    held: list[str | None] = field(default_factory=list)
    recalled: list[str] = field(default_factory=list)
    unreachable: bool = False

    def hold(self, hold_id: str | None) -> str:
        self.held.append(hold_id)
        return hold_id or "hold-1"

    def recall(self, hold_id: str) -> None:
        if self.unreachable:
            raise ServiceError("SendGrid cannot be reached")
        self.recalled.append(hold_id)


@dataclass
class Clock:
    """Time that the test moves."""

    now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(made)
    return made


def around(engine: Engine, transport: Recording, **more: object) -> SendParts:
    clock = Clock()
    transport.clock = clock
    made = make_parts(engine, lambda splicer: transport, clock=clock)
    return replace(made, **{"limits": PATIENT, **more})


def freeze(parts: SendParts) -> Send:
    """Fix the audience, by language alone, as a run does that is killed right after."""
    editions = {made.language: made.digest for made in plan(parts, ISSUE).editions}
    new = NewSend(issue_id=ISSUE, digest=plan(parts, ISSUE).digest, editions=editions)
    return parts.ledger.freeze(new, lambda person: person.language, now=parts.clock())


def states(parts: SendParts) -> dict[DeliveryState, int]:
    return outcome(parts, ISSUE).tally.states


def test_the_archive_is_written_before_the_first_hand_over_of_each_run(engine: Engine) -> None:
    add_people(engine, 2)
    written: list[int] = []
    transport = Recording()
    parts = replace(
        make_parts(engine, lambda splicer: transport),
        publish=lambda: written.append(len(transport.messages)),
    )
    send_all(parts)
    assert written == [0]
    assert len(transport.messages) == 2
    send_all(parts)
    assert written == [0], "nobody was left to send to"


def test_nobody_gets_an_issue_whose_archive_cannot_be_written(engine: Engine) -> None:
    add_people(engine, 2)
    transport = Recording()

    def broken() -> None:
        raise ServiceError("cannot write the archive: Read-only file system")

    parts = make_parts(engine, lambda splicer: transport)
    with pytest.raises(ServiceError, match="archive"):
        send_all(replace(parts, publish=broken))
    assert transport.messages == []
    send_all(parts)
    assert len(transport.messages) == 2


def test_each_person_gets_their_own_edition_once(engine: Engine) -> None:
    add_people(engine, 3)
    add_people(engine, 2, language="es", start=4)
    transport = Recording()
    parts = around(engine, transport)

    sent = send_all(parts)
    again = send_all(parts)

    assert sent.send.state is SendState.FINISHED
    assert not sent.needs_attention
    assert again.tally == sent.tally
    assert [(m.address, m.edition.language) for m in transport.messages] == [
        ("person1@example.org", "en"),
        ("person2@example.org", "en"),
        ("person3@example.org", "en"),
        ("person4@example.org", "es"),
        ("person5@example.org", "es"),
    ]
    assert audit(parts, ISSUE).is_complete


def test_what_leaves_is_what_was_approved(engine: Engine) -> None:
    add_people(engine, 1)
    transport = Recording()
    parts = around(engine, transport)
    send_all(parts)
    assert transport.messages[0].edition.digest == parts.issues.approved_editions(ISSUE)[0].digest


def test_a_draft_that_changed_after_the_approval_is_not_sent(engine: Engine) -> None:
    parts = around(engine, Recording())
    rendered = replace(parts.issues, rendered=lambda issue_id: (edition("en", subject="Oops"),))
    parts = replace(parts, issues=rendered)
    with pytest.raises(AttentionError, match="changed after it was approved"):
        plan(parts, ISSUE)


def test_an_issue_without_enough_different_editors_is_not_sent(engine: Engine) -> None:
    twice_ana = FakeIssues((edition("en"),), editors=("Ana", "Ana"))
    parts = around(
        engine,
        Recording(),
        issues=replace(twice_ana.reader, approvals_required=lambda issue_id: 2),
    )
    with pytest.raises(AttentionError, match="1 of 2 approvals"):
        plan(parts, ISSUE)


def test_without_the_secret_key_nothing_is_frozen(engine: Engine) -> None:
    def no_key() -> None:
        raise ConfigError("NEWSLETTER_SECRET_KEY is not set")

    add_people(engine, 1)
    parts = around(engine, Recording(), addressing=no_key)
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        send_all(parts)
    assert parts.ledger.find(ISSUE) is None


def test_a_story_withdrawn_meanwhile_is_in_no_later_message(engine: Engine) -> None:
    add_people(engine, 5)
    made = edition("en", story_ids=("s1",))
    consents = FakeConsents()
    transport = Recording()
    issues = FakeIssues((made,))
    parts = around(
        engine,
        transport,
        issues=issues.reader,
        consents=consents,
    )

    def withdraw_after_two(message: Message) -> None:
        if len(transport.messages) == 1:
            consents.denied["s1"] = "withdrawn on 2026-11-20"

    transport.before = withdraw_after_two
    with pytest.raises(AttentionError, match="s1 may not be sent any more"):
        send_all(parts)
    assert len(transport.messages) == 2
    assert states(parts) == {DeliveryState.ACCEPTED: 2, DeliveryState.WAITING: 3}

    with pytest.raises(AttentionError, match="is paused"):
        send_all(parts)

    # The editors take the story out and approve anew: who still waits gets the new version.
    without = edition("en", text="Without the story. @@leave_url@@ @@preferences_url@@")
    issues.editions = (without,)
    send_control.ready_to_resume(parts, ISSUE)
    send_control.resume(parts, ISSUE)
    send_all(parts)
    assert [message.edition for message in transport.messages] == [made] * 2 + [without] * 3
    assert digests(engine, 1) == {made.digest: 2, without.digest: 3}


def test_answers_are_written_down_though_consent_cannot_be_asked_any_more(engine: Engine) -> None:
    add_people(engine, 3)

    class Away(FakeConsents):
        def denials(self, edition: RenderedEdition, *, on: date) -> dict[str, Denied]:
            if transport.messages:
                raise StoreError("the database does not work")
            return {}

    transport = Recording()
    parts = around(engine, transport, consents=Away())
    with pytest.raises(StoreError, match="does not work"):
        send_all(parts)
    assert states(parts) == {DeliveryState.ACCEPTED: 1, DeliveryState.WAITING: 2}


def test_a_bulletin_that_lapses_while_it_is_sent_reaches_nobody_after_that(engine: Engine) -> None:
    add_people(engine, 5)
    transport = Recording()
    parts = around(engine, transport)
    assert isinstance(parts.clock, Clock)
    lapses_at = parts.clock.now + timedelta(minutes=10)
    issues = FakeIssues((edition("en", lapses_at=lapses_at),))
    parts = replace(parts, issues=issues.reader)

    def ten_minutes_pass_after_two(message: Message) -> None:
        if len(transport.messages) == 1:
            parts.clock.now = lapses_at

    transport.before = ten_minutes_pass_after_two
    with pytest.raises(AttentionError, match="en edition has lapsed"):
        send_all(parts)
    assert len(transport.messages) == 2
    assert states(parts) == {DeliveryState.ACCEPTED: 2, DeliveryState.WAITING: 3}
    with pytest.raises(AttentionError, match="has lapsed"):
        send_all(parts)
    assert send_control.cancel(parts, ISSUE).state is SendState.CANCELLED


def test_nobody_who_left_meanwhile_is_mailed(engine: Engine) -> None:
    from newsletter.model.subscriber import SuppressionReason
    from newsletter.model.suppression import SuppressionKeys
    from newsletter.store.subscribers import SqlSubscribers
    from tests.sending.parts import KEY

    add_people(engine, 3)
    transport = Recording()
    parts = around(engine, transport)
    people = SqlSubscribers(engine, SuppressionKeys([KEY]))

    def third_leaves(message: Message) -> None:
        people.suppress("person3@example.org", SuppressionReason.LEFT, parts.clock())

    transport.before = third_leaves
    send_all(parts)
    assert [message.address for message in transport.messages] == [
        "person1@example.org",
        "person2@example.org",
    ]
    assert states(parts) == {DeliveryState.ACCEPTED: 2, DeliveryState.SKIPPED: 1}


def test_temporary_refusals_are_tried_again_and_end_within_the_window(engine: Engine) -> None:
    add_people(engine, 2)

    def greylist(message: Message) -> Outcome:
        return Deferred(reason="RCPT: 451 4.7.1 greylisted")

    transport = Recording(answer=greylist)
    parts = around(engine, transport)
    begun = parts.clock()

    send_all(parts)

    assert states(parts) == {DeliveryState.REFUSED: 2}
    assert timedelta(hours=23) < parts.clock() - begun < timedelta(hours=25)
    assert 40 < len(transport.messages) / 2 < 60


def test_greylisting_ends_with_an_acceptance(engine: Engine) -> None:
    add_people(engine, 1)
    answers: list[Outcome] = [Deferred(reason="451"), Deferred(reason="451"), Accepted()]
    transport = Recording(answer=lambda message: answers.pop(0))
    parts = around(engine, transport)
    send_all(parts)
    assert states(parts) == {DeliveryState.ACCEPTED: 1}
    assert len({message.message_id for message in transport.messages}) == 1


def test_permanent_refusals_are_never_tried_again(engine: Engine) -> None:
    add_people(engine, 3)
    transport = Recording(answer=lambda message: Refused(reason="no such user", code="5.1.1"))
    parts = around(engine, transport)
    send_all(parts)
    send_all(parts)
    assert states(parts) == {DeliveryState.REFUSED: 3}
    assert len(transport.messages) == 3


def test_a_server_that_refuses_everybody_pauses_the_send(engine: Engine) -> None:
    add_people(engine, 80)
    transport = Recording(answer=lambda message: Refused(reason="spam", code="5.7.1"))
    parts = around(engine, transport)
    with pytest.raises(AttentionError, match="The mail server refused the last"):
        send_all(parts)
    assert states(parts) == {DeliveryState.REFUSED: 50, DeliveryState.WAITING: 30}
    assert outcome(parts, ISSUE).send.state is SendState.PAUSED


def test_the_uncertain_are_held_until_somebody_decides(engine: Engine) -> None:
    add_people(engine, 2)
    answers: list[Outcome] = [Uncertain(reason="content sent, then silence"), Accepted()]
    transport = Recording(answer=lambda message: answers.pop(0))
    parts = around(engine, transport)

    assert send_all(parts).needs_attention
    assert send_all(parts).needs_attention
    assert len(transport.messages) == 2

    with pytest.raises(UsageError, match="who decides"):
        send_control.decide(parts, ISSUE, UncertainChoice.RESEND, by="")
    assert send_control.decide(parts, ISSUE, UncertainChoice.RESEND, by="Ana") == 1
    transport.answer = lambda message: Accepted()
    assert not send_all(parts).needs_attention

    first, *_, again = transport.messages
    assert again.message_id == first.message_id
    (settled,) = audit(parts, ISSUE).settlements
    assert (settled.decided_by, settled.evidence) == ("Ana", "none; chosen: resend")


def test_who_has_it_by_what_an_event_said_is_not_sent_again_by_choice(engine: Engine) -> None:
    """SendGrid told of it while we still waited for its answer, which never came."""
    add_people(engine, 2)
    transport = Recording(answer=lambda message: Uncertain(reason="no answer in time"))
    parts = around(engine, transport)

    def told(message: Message) -> None:
        if message.address == "person1@example.org":
            at = parts.clock()
            event = DeliveryEvent(kind=EventKind.PROCESSED, token="t", happened_at=at)
            parts.ledger.record_event(event, issue_id=ISSUE, subscriber_id=1, now=at)

    transport.before = told
    send_all(parts)
    assert send_control.decide(parts, ISSUE, UncertainChoice.RESEND, by="Ana") == 1

    transport.answer = lambda message: Accepted(provider_id="ok")
    send_all(parts)
    assert [message.address for message in transport.messages] == [
        "person1@example.org",
        "person2@example.org",
        "person2@example.org",
    ]


def test_deciding_right_after_a_kill_is_about_those_whom_the_kill_left(engine: Engine) -> None:
    add_people(engine, 1)
    transport = Recording()
    parts = around(engine, transport)
    send = freeze(parts)
    gone = parts.ledger.join(send.id, parts.process, now=parts.clock(), lease=parts.limits.lease)
    request = BatchRequest(
        send_id=send.id,
        sender=gone,
        results=(),
        want=1,
        now=parts.clock(),
        newest_stop=0,
        versions=[made.digest for made in plan(parts, ISSUE).editions],
    )
    parts.ledger.begin_batch(request, lambda state, paused_until, is_suppressed: None).commit()
    parts = replace(parts, is_gone=lambda process: True)
    assert send_control.decide(parts, ISSUE, UncertainChoice.SKIP, by="Ana") == 1


def test_who_is_erased_and_joins_again_in_mid_send_is_not_mailed_twice(engine: Engine) -> None:
    add_people(engine, 3)
    transport = Recording()
    parts = around(engine, transport)
    store = SqlSubscribers(engine, SuppressionKeys([KEY]))

    def come_back(message: Message) -> None:
        if len(transport.messages) == 1:
            for number in (1, 3):  # one has it already, one does not
                person = store.get(number)
                assert person is not None
                store.suppress(person.address, SuppressionReason.ERASED, parts.clock())
                again = replace(person, id=NOT_STORED, state=SubscriberState.PENDING)
                store.add([again])
                stored = store.by_address(person.address)
                assert stored is not None
                store.readmit(replace(stored, state=SubscriberState.CONFIRMED))

    transport.before = come_back
    ended = send_all(parts)
    assert [message.address for message in transport.messages] == [
        "person1@example.org",
        "person2@example.org",
    ]
    assert ended.tally.states == {DeliveryState.ACCEPTED: 2, DeliveryState.SKIPPED: 1}
    assert ended.tally.exclusions == {ExclusionReason.JOINED_LATER: 2}
    assert audit(parts, ISSUE).is_complete


def test_an_audit_tells_of_a_sender_that_died_before_anybody_goes_on(engine: Engine) -> None:
    """40 of 57 audits after a kill said that everyone was accounted for."""
    add_people(engine, 3)
    transport = Recording(before=lambda message: send_control.pause(parts, ISSUE) and None)
    parts = around(engine, transport)
    send_all(parts)
    send_control.ready_to_resume(parts, ISSUE)
    send_control.resume(parts, ISSUE)
    send = parts.ledger.find(ISSUE)
    assert send is not None
    sender = parts.ledger.join(
        send.id, parts.process, now=parts.clock(), lease=timedelta(minutes=2)
    )
    request = BatchRequest(
        send_id=send.id,
        sender=sender,
        want=1,
        results=(),
        now=parts.clock(),
        newest_stop=0,
        versions=digests(engine, send.id),
    )
    parts.ledger.begin_batch(request, lambda state, until, suppressed: None).commit()
    at_work = audit(parts, ISSUE)
    assert at_work.holds
    assert not at_work.is_complete
    died = audit(replace(parts, is_gone=lambda process: True), ISSUE)
    (problem,) = died.problems
    assert "nobody is sending: 2 people wait, 1 of them in the hands of a sender" in problem
    assert [person.address for person in died.uncertain] == ["person2@example.org"]
    assert audit(parts, ISSUE).holds  # it wrote nothing
    send_control.pause(parts, ISSUE)
    (paused,) = audit(replace(parts, is_gone=lambda process: True), ISSUE).problems
    assert "--resume goes on" in paused


def test_a_list_with_many_dead_addresses_pauses_its_send_and_who_resumes_has_seen_it(
    engine: Engine,
) -> None:
    add_people(engine, 60)

    def answer(message: Message) -> Outcome:
        assert transport.clock is not None
        transport.clock.now += timedelta(seconds=2)
        dead = message.delivery_id % 2 == 0
        return Refused(reason="550 no such user", code="5.1.1") if dead else Accepted()

    transport = Recording(answer=answer)
    parts = around(engine, transport)
    with pytest.raises(AttentionError, match="addresses are dead"):
        send_all(parts)
    send = parts.ledger.find(ISSUE)
    assert send is not None
    assert send.state is SendState.PAUSED
    assert 20 <= states(parts)[DeliveryState.REFUSED] < 30
    send_control.ready_to_resume(parts, ISSUE)
    send_control.resume(parts, ISSUE)
    send_all(parts)
    assert states(parts) == {DeliveryState.ACCEPTED: 30, DeliveryState.REFUSED: 30}


def test_a_new_sender_warms_up_with_twice_as_many_people_each_day(engine: Engine) -> None:
    add_people(engine, 30)
    transport = Recording()
    parts = around(engine, transport)
    parts = replace(parts, limits=replace(parts.limits, warm_up=4))
    left = []
    for _ in range(4):
        with suppress(AttentionError):
            send_all(parts)
        left.append(len(transport.messages))
        with suppress(AttentionError):
            send_all(parts)  # again on the same day: nobody more
        assert len(transport.messages) == left[-1]
        assert transport.clock is not None
        transport.clock.now += timedelta(days=1)
    assert left == [4, 12, 28, 30]
    addresses = [message.address for message in transport.messages]
    assert addresses[:2] == ["person1@example.org", "person2@example.org"]
    assert len(set(addresses)) == 30


def test_an_idle_send_asks_once_the_warm_up_is_over(engine: Engine) -> None:
    add_people(engine, 3)
    clock = Clock()
    parts = limited(around(engine, Recording(clock=clock)), warm_up=1)
    with pytest.raises(AttentionError, match="share of 1"):
        send_all(parts)
    idle_for = {days: replace(parts, clock=Clock(clock.now + timedelta(days))) for days in (1, 31)}
    assert [len(plan(idle_for[days], ISSUE).warnings) for days in (1, 31)] == [0, 2]


def test_who_was_put_off_takes_nothing_of_the_days_share(engine: Engine) -> None:
    add_people(engine, 30)
    tried: set[str] = set()

    def greylisted(message: Message) -> Outcome:
        if message.address in tried:
            return Accepted(provider_id="ok")
        tried.add(message.address)
        return Deferred(reason="451 greylisted")

    transport = Recording(answer=greylisted)
    parts = limited(around(engine, transport), warm_up=8, domain_rate=2.0)
    with pytest.raises(AttentionError, match="share of 8 mails has left"):
        send_all(parts)
    assert states(parts)[DeliveryState.ACCEPTED] == 8


def test_skipping_the_uncertain_is_a_choice_too(engine: Engine) -> None:
    add_people(engine, 1)
    transport = Recording(answer=lambda message: Uncertain(reason="silence"))
    parts = around(engine, transport)
    send_all(parts)
    send_control.decide(parts, ISSUE, UncertainChoice.SKIP, by="Bo")
    assert states(parts) == {DeliveryState.SKIPPED: 1}
    assert not send_all(parts).needs_attention


@pytest.mark.parametrize("was_taken", [True, False])
def test_evidence_settles_the_uncertain_by_itself(engine: Engine, was_taken: bool) -> None:
    add_people(engine, 1)
    transport = Recording(answer=lambda message: Uncertain(reason="silence"))
    parts = around(engine, transport)
    send_all(parts)
    (message,) = transport.messages

    transport.known[message.message_id] = was_taken
    transport.answer = lambda message: Accepted()
    send_all(parts)

    assert states(parts) == {DeliveryState.ACCEPTED: 1}
    assert len(transport.messages) == (1 if was_taken else 2)


def test_a_sender_asked_to_end_drains_and_the_next_goes_on(engine: Engine) -> None:
    add_people(engine, 5)
    transport = Recording()
    parts = around(engine, transport)
    stop = StopSignal()
    transport.before = lambda message: stop.ask() if len(transport.messages) == 1 else None

    stopped = run(
        parts,
        plan(parts, ISSUE),
        on_settled=ignore,
        stop=stop,
    )
    assert stopped.send.state is SendState.RUNNING
    assert stopped.tally.states == {DeliveryState.ACCEPTED: 2, DeliveryState.WAITING: 3}
    assert not stopped.uncertain

    assert send_all(parts).tally.states == {DeliveryState.ACCEPTED: 5}


def test_being_asked_to_end_while_the_archive_is_published_is_heard(engine: Engine) -> None:
    add_people(engine, 5)
    transport = Recording()
    stop = StopSignal()
    parts = replace(around(engine, transport), publish=stop.ask)
    stopped = run(
        parts,
        plan(parts, ISSUE),
        on_settled=ignore,
        stop=stop,
    )
    assert transport.messages == []
    assert stopped.tally.states == {DeliveryState.WAITING: 5}


def anew(parts: SendParts, issues: FakeIssues, **changes: str) -> RenderedEdition:
    """The English edition, approved in other words; the sender that runs does not know of it."""
    fresh = edition("en", text="Corrected. @@leave_url@@ @@preferences_url@@", **changes)
    issues.editions = (fresh,)
    newer = plan(parts, ISSUE)
    parts.ledger.replace_version(1, digest=newer.digest, editions={"en": fresh.digest})
    return fresh


def test_a_sender_of_the_older_version_stops_when_the_issue_is_approved_anew(
    engine: Engine,
) -> None:
    """It would hand over what the ledger does not say."""
    add_people(engine, 4)
    old = edition("en")
    issues = FakeIssues((old,))
    transport = Recording()
    parts = around(engine, transport, issues=issues.reader)
    fresh: list[RenderedEdition] = []
    transport.before = lambda message: (
        fresh.append(anew(parts, issues)) if len(transport.messages) == 1 else None
    )

    with pytest.raises(AttentionError, match="approved again while"):
        send_all(parts)
    send_all(parts)

    assert [message.edition for message in transport.messages] == [old] * 2 + fresh * 2
    assert digests(engine, 1) == {old.digest: 2, fresh[0].digest: 2}


def test_who_was_uncertain_or_put_off_over_a_new_approval_gets_the_new_version(
    engine: Engine,
) -> None:
    add_people(engine, 2)
    old = edition("en")
    issues = FakeIssues((old,))
    transport = Recording(answer=lambda message: Uncertain(reason="no answer"))
    parts = around(engine, transport, issues=issues.reader)
    send_all(parts)
    fresh = anew(parts, issues)
    send_control.decide(parts, ISSUE, UncertainChoice.RESEND, by="Ana")

    transport.answer = lambda message: Accepted(provider_id="ok")
    send_all(parts)

    assert [message.edition for message in transport.messages] == [old] * 2 + [fresh] * 2
    assert digests(engine, 1) == {fresh.digest: 2}


def test_a_language_that_is_no_longer_approved_is_named_and_nobody_in_it_is_mailed(
    engine: Engine,
) -> None:
    add_people(engine, 1)
    add_people(engine, 1, language="es", start=2)
    issues = FakeIssues((edition("en"), edition("es")))
    transport = Recording(answer=lambda message: Uncertain(reason="no answer"))
    parts = around(engine, transport, issues=issues.reader)
    send_all(parts)
    anew(parts, issues)
    send_control.decide(parts, ISSUE, UncertainChoice.RESEND, by="Ana")
    with pytest.raises(AttentionError, match="in es, which is no longer approved"):
        send_all(parts)
    assert [message.edition.language for message in transport.messages] == ["en", "es", "en"]


def test_a_finished_send_in_which_somebody_waits_again_asks_for_attention(engine: Engine) -> None:
    """A slow sender put someone off after another one had finished the rest."""
    add_people(engine, 2)
    parts = around(engine, Recording())
    assert not send_all(parts).needs_attention
    with engine.begin() as connection:
        again = update(deliveries).where(deliveries.c.subscriber_id == 1)
        connection.execute(again.values(state=DeliveryState.WAITING.value, sender_id=None))
    assert outcome(parts, ISSUE).needs_attention


def test_pausing_stops_a_running_send_and_resuming_lets_it_go_on(engine: Engine) -> None:
    add_people(engine, 4)
    transport = Recording()
    parts = around(engine, transport)

    def pause(message: Message) -> None:
        if len(transport.messages) == 1:
            send_control.pause(parts, ISSUE)

    transport.before = pause
    paused = send_all(parts)
    assert paused.send.state is SendState.PAUSED
    assert paused.tally.states == {DeliveryState.ACCEPTED: 2, DeliveryState.WAITING: 2}

    send_control.ready_to_resume(parts, ISSUE)
    send_control.resume(parts, ISSUE)
    transport.before = lambda message: None
    assert send_all(parts).tally.states == {DeliveryState.ACCEPTED: 4}


def test_a_cancelled_send_never_goes_on(engine: Engine) -> None:
    add_people(engine, 2)
    transport = Recording(before=lambda message: send_control.cancel(parts, ISSUE) and None)
    parts = around(engine, transport)
    send_all(parts)
    with pytest.raises(AttentionError, match="cancelled"):
        send_all(parts)
    with pytest.raises(AttentionError, match="cancelled"):
        send_control.ready_to_resume(parts, ISSUE)
    with pytest.raises(AttentionError, match="cancelled"):
        send_control.resume(parts, ISSUE)
    assert states(parts) == {DeliveryState.ACCEPTED: 1, DeliveryState.WAITING: 1}
    assert audit(parts, ISSUE).holds


def test_a_scheduled_send_waits_for_its_time(engine: Engine) -> None:
    add_people(engine, 1)
    transport = Recording()
    clock = Clock()
    stop = StopSignal()

    def look() -> datetime:
        stop.ask()
        return clock.now

    parts = replace(around(engine, transport), clock=look)
    begin = clock.now + timedelta(hours=3)
    asked_to_end = run(
        parts,
        plan(parts, ISSUE),
        on_settled=ignore,
        stop=stop,
        options=SendOptions(due_at=begin),
    )
    assert asked_to_end.send.state is SendState.SCHEDULED
    assert transport.messages == []

    clock.now = begin
    assert send_all(parts).tally.states == {DeliveryState.ACCEPTED: 1}


def test_two_senders_share_the_people_and_never_one_person(engine: Engine, tmp_path: Path) -> None:
    add_people(engine, 200)
    one, other = Recording(), Recording()
    plans = [around(engine, transport) for transport in (one, other)]
    send_id = freeze(plans[0]).id
    both = threading.Barrier(2, timeout=PATIENCE)

    def send(parts: SendParts) -> None:
        both.wait()
        send_all(parts)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(send, plans))
    addresses = [message.address for message in one.messages + other.messages]
    assert len(addresses) == len(set(addresses)) == 200
    assert plans[0].ledger.tally(send_id).states == {DeliveryState.ACCEPTED: 200}


def test_who_had_nobody_left_to_mail_never_finds_a_send_that_nobody_ends(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One looks how it ended just when the other, who had the last person, has left."""
    add_people(engine, 1)
    has_tried, has_left, has_looked = threading.Event(), threading.Event(), threading.Event()
    has_begun = threading.Event()

    def holds(message: Message) -> None:
        has_begun.set()
        wait(has_tried)

    busy, other = around(engine, Recording(before=holds)), around(engine, Idle())
    freeze(busy)
    leave, finish = busy.ledger.leave, other.ledger.finish

    def wait(event: threading.Event) -> None:
        assert event.wait(PATIENCE)

    def leaves(*words: Any) -> None:
        leave(*words)
        has_left.set()
        wait(has_looked)

    def tries(*words: Any) -> bool:
        is_finished = finish(*words)
        has_tried.set()
        wait(has_left)
        return is_finished

    monkeypatch.setattr(busy.ledger, "leave", leaves)
    monkeypatch.setattr(other.ledger, "finish", tries)
    with ThreadPoolExecutor(1) as threads:
        sent = threads.submit(send_all, busy)
        wait(has_begun)
        found = send_all(other)
        has_looked.set()
        assert sent.result().ended_it
    assert found.send.state is SendState.FINISHED
    assert not found.needs_attention


def test_bulletins_go_only_to_the_regions_that_their_drafts_name(engine: Engine) -> None:
    drafts = (
        Edition(issue_id=ISSUE, language="en", subject="", settings={"regions": "fresno, "}),
        Edition(issue_id=ISSUE, language="es", subject="", settings={"regions": "fresno"}),
    )
    parts = around(engine, Recording())
    parts = replace(parts, issues=replace(parts.issues, drafts=lambda issue_id: drafts))
    assert plan(parts, ISSUE).rules.regions == {"fresno"}

    torn = (drafts[0], replace(drafts[1], settings={}))
    parts = replace(parts, issues=replace(parts.issues, drafts=lambda issue_id: torn))
    with pytest.raises(AttentionError, match="disagree on regions"):
        plan(parts, ISSUE)


def test_an_audience_unlike_the_last_one_is_pointed_out(engine: Engine) -> None:
    add_people(engine, 10)
    parts = around(engine, Recording())
    send_all(parts)
    add_people(engine, 100, start=11)
    later = replace(edition("en"), issue_id="2026-W48")
    issues = FakeIssues((later,))
    parts = replace(parts, issues=issues.reader)
    (warning,) = plan(parts, "2026-W48").warnings
    assert "would reach 110 people; last time 10" in warning


def test_an_old_approval_is_pointed_out(engine: Engine) -> None:
    parts = around(engine, Recording())
    clock = Clock(parts.clock() + timedelta(days=30))
    (warning,) = plan(replace(parts, clock=clock), ISSUE).warnings
    assert "days ago" in warning


def test_the_outbox_is_a_maildir_with_one_file_a_person(engine: Engine, tmp_path: Path) -> None:
    add_people(engine, 3)
    folder = tmp_path / "outbox"
    send_all(make_parts(engine, lambda splicer: Outbox(folder, splicer)))
    assert len(list((folder / "new").iterdir())) == 3
    assert list((folder / "tmp").iterdir()) == []


def test_the_outbox_can_be_read_by_its_owner_only(engine: Engine, tmp_path: Path) -> None:
    add_people(engine, 1)
    folder = tmp_path / "outbox"
    send_all(make_parts(engine, lambda splicer: Outbox(folder, splicer)))
    assert folder.stat().st_mode & 0o077 == 0


def test_a_message_is_on_the_disk_before_it_is_in_the_outbox_and_both_before_the_ledger(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_people(engine, 1)
    folder = tmp_path / "outbox"
    synced: list[tuple[str, int]] = []
    sync = os.fsync

    def noted(handle: int) -> None:
        place = Path(f"/proc/self/fd/{handle}").readlink()
        if place.is_relative_to(folder):
            synced.append((place.parent.name, len(list((folder / "new").iterdir()))))
        sync(handle)

    monkeypatch.setattr("os.fsync", noted)
    parts = make_parts(engine, lambda splicer: Outbox(folder, splicer))
    told: list[int] = []
    run(
        parts,
        plan(parts, ISSUE),
        on_settled=lambda state, count: told.append(len(synced)),
    )
    # The file while it is in tmp, then the folder once the file is in new; only then the ledger.
    assert synced == [("tmp", 0), ("outbox", 1)]
    assert told == [2]


def test_what_is_in_the_outbox_is_not_written_again_after_a_restore(
    engine: Engine, tmp_path: Path
) -> None:
    add_people(engine, 3)
    folder = tmp_path / "outbox"
    parts = make_parts(engine, lambda splicer: Outbox(folder, splicer))
    send_all(parts)
    before = sorted(path.name for path in (folder / "new").iterdir())
    (folder / "new" / before[0]).rename(folder / "cur" / f"{before[0]}:2,S")
    with engine.begin() as connection:  # yesterday's database: nobody has anything
        connection.execute(
            update(deliveries).values(state=DeliveryState.WAITING.value, attempts=0, sender_id=None)
        )
    with pytest.raises(AttentionError, match="older than what was sent"):
        send_all(parts)
    assert send_all(parts, anyway_by="Ana").tally.states == {DeliveryState.ACCEPTED: 3}
    assert sorted(path.name for path in (folder / "new").iterdir()) == before[1:]


def test_a_full_disk_stops_the_outbox_with_a_right_ledger(engine: Engine, tmp_path: Path) -> None:
    add_people(engine, 3)
    folder = tmp_path / "outbox"
    parts = make_parts(engine, lambda splicer: Outbox(folder, splicer))
    chosen = plan(parts, ISSUE)
    for part in ("new", "cur"):
        (folder / part).mkdir(parents=True)
    (folder / "tmp").symlink_to("/dev/full/nowhere")
    with pytest.raises(ServiceError, match="outbox"):
        run(parts, chosen, on_settled=ignore)
    (folder / "tmp").unlink()
    assert send_all(parts).tally.states == {DeliveryState.ACCEPTED: 3}


def test_a_test_copy_is_marked_and_leaves_no_trace(engine: Engine, tmp_path: Path) -> None:
    add_people(engine, 1)
    folder = tmp_path / "outbox"
    parts = make_parts(engine, lambda splicer: Outbox(folder, splicer))
    assert send_copy(parts, ISSUE, "ana@example.org") == 2
    files = [path.read_bytes() for path in (folder / "new").iterdir()]
    assert sorted(b"Subject: [TEST] Esta semana" in data for data in files) == [False, True]
    assert all(b"To: ana@example.org" in data for data in files)
    assert parts.ledger.find(ISSUE) is None


def test_a_test_copy_that_is_refused_says_so(engine: Engine) -> None:
    transport = Recording(answer=lambda message: Refused(reason="no such user"))
    with pytest.raises(ServiceError, match="no such user"):
        send_copy(around(engine, transport), ISSUE, "ana@example.org")


def test_no_domain_gets_more_than_its_share_and_the_others_go_first(engine: Engine) -> None:
    add_people(engine, 6)
    add_subscribers(
        engine,
        [
            Subscriber(
                id=number,
                address=f"other{number}@small.example",
                language="en",
                state=SubscriberState.CONFIRMED,
            )
            for number in (7, 8)
        ],
    )
    transport = Recording()
    parts = around(engine, transport, limits=replace(PATIENT, domain_rate=1.0))
    begun = parts.clock()
    times: dict[str, datetime] = {}
    transport.before = lambda message: times.setdefault(message.address, parts.clock()) and None

    send_all(parts)

    assert states(parts) == {DeliveryState.ACCEPTED: 8}
    big = sorted(at - begun for address, at in times.items() if "example.org" in address)
    assert big[-1] >= timedelta(minutes=5) - timedelta(seconds=5)
    assert all(later - one >= timedelta(seconds=59) for one, later in itertools.pairwise(big))
    assert len({message.address for message in transport.messages}) == 8


def test_senders_share_out_what_a_domain_is_given(engine: Engine) -> None:
    add_people(engine, 4)
    transport = Recording()
    parts = around(engine, transport, limits=replace(PATIENT, domain_rate=1.0))
    clock, times = transport.clock, list[datetime]()
    assert clock is not None

    def another_joins(message: Message) -> None:
        times.append(clock.now)
        if len(times) == 1:
            parts.ledger.join(1, parts.process, now=clock.now, lease=timedelta(days=1))
            clock.now += parts.limits.lease  # time to renew, and to see that there are two

    transport.before = another_joins
    send_all(parts)
    assert times[3] - times[2] >= timedelta(minutes=2) - timedelta(seconds=1)


def test_mail_that_the_provider_holds_is_recalled_by_a_cancel(engine: Engine) -> None:
    add_people(engine, 1)
    transport = Holding()
    parts = around(engine, transport)
    send_all(parts)
    assert transport.held == [None]
    assert send_control.cancel(parts, ISSUE).state is SendState.CANCELLED
    assert transport.recalled == ["hold-1"]


def test_a_recall_that_did_not_reach_the_provider_can_be_said_again(engine: Engine) -> None:
    """Else what it holds would leave in spite of the cancel."""
    add_people(engine, 1)
    transport = Holding(unreachable=True)
    parts = around(engine, transport)
    send_all(parts)
    with pytest.raises(ServiceError):
        send_control.cancel(parts, ISSUE)
    transport.unreachable = False
    assert send_control.cancel(parts, ISSUE).state is SendState.CANCELLED
    assert transport.recalled == ["hold-1"]


def test_a_send_that_goes_on_keeps_the_name_under_which_it_is_held(engine: Engine) -> None:
    add_people(engine, 1)
    transport = Holding(answer=lambda message: Uncertain(reason="silence"))
    parts = around(engine, transport)
    send_all(parts)
    send_control.decide(parts, ISSUE, UncertainChoice.RESEND, by="Ana")
    send_all(parts)
    assert transport.held == [None, "hold-1"]


def test_a_finished_send_that_nobody_holds_cannot_be_cancelled(engine: Engine) -> None:
    add_people(engine, 1)
    parts = around(engine, Recording())
    send_all(parts)
    with pytest.raises(AttentionError, match="is finished"):
        send_control.cancel(parts, ISSUE)
