"""A correction reaches exactly those who have the wrong words; a second try exactly the others."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, event, update

from newsletter.errors import AttentionError, StoreError, UsageError
from newsletter.model.approved import ApprovedCorrection, ApprovedDigest, ApprovedWords
from newsletter.model.delivery import (
    Accepted,
    DeliveryState,
    Outcome,
    Refused,
    SendState,
    Uncertain,
)
from newsletter.model.message import Message, RenderedEdition, issue_digest
from newsletter.model.subscriber import SubscriberState
from newsletter.sending import send_control
from newsletter.sending.begin_send import AS_PLANNED, begin
from newsletter.sending.resend import NEVER_GOT_IT, try_again, who_missed
from newsletter.sending.results.audit import audit
from newsletter.sending.send import run
from newsletter.sending.send_plan import IssueReader, SendParts, plan
from newsletter.sending.witness import gap
from newsletter.store.database import open_engine
from newsletter.store.deliveries import sends
from newsletter.store.schema import migrate
from newsletter.store.subscribers import subscribers
from tests.sending.parts import ISSUE, FakeIssues, add_people, edition, ignore
from tests.sending.test_send import Recording, around

TEXT = "---\nlanguage: {language}\nsubject: This week\n---\n\nSee you on {day}.\n"
SENT = (edition("en"), edition("es"))


class Published:
    """What was approved: the issue as it was sent, and corrections of it with their right words."""

    def __init__(self) -> None:
        self.words = [self._words("as sent", one, "Sunday") for one in SENT]
        self.own: dict[str, list[ApprovedWords]] = {ISSUE: self.words}
        self.made: list[ApprovedCorrection] = []

    def correction(self, issue_id: str, day: str, *languages: str) -> tuple[RenderedEdition, ...]:
        """A correction in these languages; in the others the issue stays as it is told."""
        right = ApprovedDigest(ISSUE, f"right in {issue_id}")
        told = {one.language: one.text for one in self.words}
        for language in ("en", "es"):
            text = TEXT.format(language=language, day=day) if language in languages else ""
            words = ApprovedWords(right.digest, language, f"{issue_id} {language}", "")
            self.words.append(words._replace(text=text or told[language]))
        editions = tuple(edition(one, issue_id=issue_id, corrects=right) for one in languages)
        digest = issue_digest(editions)
        self.made.append(ApprovedCorrection(issue_id, digest, right))
        self.own[issue_id] = [
            ApprovedWords(digest, one.language, one.digest, "its own") for one in editions
        ]
        return editions

    def reader(self, editions: tuple[RenderedEdition, ...]) -> IssueReader:
        return replace(
            FakeIssues(editions).reader,
            approved_words=lambda issue_id: tuple(self.own[issue_id]),
            corrections=lambda: tuple(self.made),
        )

    @staticmethod
    def _words(digest: str, one: RenderedEdition, day: str) -> ApprovedWords:
        text = TEXT.format(language=one.language, day=day)
        return ApprovedWords(digest, one.language, one.digest, text)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine("sqlite:///ledger.db", root=tmp_path)
    migrate(made)
    add_people(made, 6)
    add_people(made, 2, language="es", start=7)
    yield made
    made.dispose()


def answers(message: Message) -> Outcome:
    """The second is refused, of the third nobody hears."""
    if message.address.startswith("person2@"):
        return Refused(reason="relaying denied", code="5.7.1")
    return Uncertain(reason="cut") if message.address.startswith("person3@") else Accepted()


def send(parts: SendParts, issue_id: str, transport: Recording) -> list[str]:
    """Send it, and return who was mailed."""
    transport.messages.clear()
    run(parts, plan(parts, issue_id), on_settled=ignore)
    return sorted(message.address.partition("@")[0] for message in transport.messages)


@pytest.fixture
def transport() -> Recording:
    return Recording(answer=answers)


@pytest.fixture
def parts(engine: Engine, transport: Recording) -> SendParts:
    """The issue went out with Sunday in it."""
    made = around(engine, transport)
    assert len(send(made, ISSUE, transport)) == 8
    return made


def correcting(
    parts: SendParts, published: Published, issue_id: str, day: str, *languages: str
) -> SendParts:
    return replace(parts, issues=published.reader(published.correction(issue_id, day, *languages)))


def test_a_correction_reaches_those_who_have_the_wrong_words(
    engine: Engine, parts: SendParts, transport: Recording
) -> None:
    with engine.begin() as connection:
        person = update(subscribers)
        connection.execute(
            person.where(subscribers.c.id == 4).values(paused_until=date(2027, 1, 1))
        )
        connection.execute(person.where(subscribers.c.id == 6).values(language="es"))
        connection.execute(delete(subscribers).where(subscribers.c.id == 5))
    add_people(engine, 1, start=9)
    made = correcting(parts, Published(), "2026-W47-a", "Saturday", "en")
    (warning,) = plan(made, "2026-W47-a").warnings
    assert warning.startswith("1 person may or may not have got 2026-W47")
    assert send(made, "2026-W47-a", transport) == ["person1", "person6"]
    assert {message.edition.language for message in transport.messages} == {"en"}
    assert send(made, "2026-W47-a", transport) == [], "run twice"

    outcome = audit(made, "2026-W47-a")
    assert outcome.holds
    assert outcome.send.state is SendState.FINISHED
    assert outcome.send.corrects == ISSUE
    assert {why.value: n for why, n in outcome.tally.exclusions.items()} == {
        "left": 1,
        "paused": 1,
        "uncertain": 1,
    }, "and nobody joined it later"


def test_a_second_correction_reaches_whoever_was_told_otherwise(
    parts: SendParts, transport: Recording
) -> None:
    published = Published()
    first = correcting(parts, published, "2026-W47-a", "Friday", "en")
    assert send(first, "2026-W47-a", transport) == ["person1", "person4", "person5", "person6"]
    # Back to what the issue said: its own edition is right again, the correction is not.
    second = correcting(parts, published, "2026-W47-b", "Sunday", "en")
    assert send(second, "2026-W47-b", transport) == ["person1", "person4", "person5", "person6"]


def test_who_is_not_told_in_their_language_is_counted_before_the_others_are(
    parts: SendParts, transport: Recording
) -> None:
    """A draft that waits for its translator, or was deleted: the words are put right in both."""
    published = Published()
    both = published.correction("2026-W47-a", "Friday", "en", "es")
    parts = replace(parts, issues=published.reader(both[:1]))
    assert plan(parts, "2026-W47-a").warnings[0].startswith("es: 2 people got 2026-W47 with other")
    parts = replace(parts, issues=published.reader(both))
    send(parts, "2026-W47-a", transport)
    later = published.correction("2026-W47-b", "Monday", "en", "es")  # now both are told otherwise
    parts = replace(parts, issues=published.reader(later[:1]))
    assert "es: 2 people" in plan(parts, "2026-W47-b").warnings[0]
    alone = published.correction("2026-W47-c", "Monday", "en")
    published.words[-1] = published.words[-1]._replace(  # Spanish readers know of Friday already
        text=TEXT.format(language="es", day="Friday")
    )
    parts = replace(parts, issues=published.reader(alone))
    assert not [one for one in plan(parts, "2026-W47-c").warnings if one.startswith("es")]


def test_who_got_the_right_version_of_a_cancelled_send_is_left_alone(
    engine: Engine, transport: Recording
) -> None:
    """It was paused, put right, and cancelled after a while."""
    made = around(engine, transport)
    transport.before = lambda message: (
        None if len(transport.messages) != 1 else pause_now(made)  # the second is the last
    )
    assert len(send(made, ISSUE, transport)) == 2
    published = Published()
    second = (edition("en", text="Saturday"), edition("es", text="sábado"))
    published.own[ISSUE] += [Published._words("v2", one, "Saturday") for one in second]
    newer = replace(made, issues=published.reader(second))
    send_control.resume(newer, ISSUE)
    transport.before = lambda message: (
        send_control.cancel(newer, ISSUE) and None if len(transport.messages) == 3 else None
    )
    run(newer, plan(newer, ISSUE), on_settled=ignore)
    assert newer.ledger.find(ISSUE).state is SendState.CANCELLED  # type: ignore[union-attr]
    correction = correcting(newer, published, "2026-W47-a", "Saturday", "en")
    transport.before = lambda message: None
    assert send(correction, "2026-W47-a", transport) == ["person1"]


def pause_now(parts: SendParts) -> None:
    send_control.pause(parts, ISSUE)


def test_nothing_is_corrected_while_it_is_under_way(
    engine: Engine, parts: SendParts, transport: Recording
) -> None:
    with engine.begin() as connection:
        connection.execute(update(sends).values(state=SendState.PAUSED.value))
    made = correcting(parts, Published(), "2026-W47-a", "Saturday", "en")
    with pytest.raises(AttentionError, match="2026-W47 is paused"):
        plan(made, "2026-W47-a")


def test_a_second_try_reaches_those_who_never_got_it_and_the_ledger_is_no_older(
    engine: Engine, parts: SendParts, transport: Recording
) -> None:
    choice = who_missed(parts, ISSUE, NEVER_GOT_IT)
    assert choice.counts == {(DeliveryState.REFUSED, "5.7.1"): 1}
    with pytest.raises(UsageError, match="who decides"):
        try_again(parts, choice, by="")
    assert try_again(parts, choice, by="Ana") == 1
    assert try_again(parts, choice, by="Ana") == 0, "each once"
    assert gap(parts, ISSUE) is None
    transport.answer = lambda message: Accepted()
    assert send(parts, ISSUE, transport) == ["person2"]
    outcome = audit(parts, ISSUE)
    assert outcome.holds
    assert outcome.tally.states == {DeliveryState.ACCEPTED: 7, DeliveryState.UNCERTAIN: 1}
    (decided,) = outcome.settlements
    assert (decided.evidence, decided.decided_by) == ("sent again after: refused", "Ana")
    uncertain = who_missed(parts, ISSUE, (*NEVER_GOT_IT, DeliveryState.UNCERTAIN))
    assert list(uncertain.people.values()) == [DeliveryState.UNCERTAIN]


def test_a_dry_run_of_a_second_try_needs_no_database_that_can_be_written(
    engine: Engine, parts: SendParts
) -> None:
    def only_read(_dialect: Any, _record: Any, asked: list[Any], options: Any) -> None:
        asked[0], options["uri"] = f"file:{asked[0]}?mode=ro", True

    engine.dispose()
    event.listen(engine, "do_connect", only_read)
    with pytest.raises(StoreError, match="can only be read here"):
        who_missed(parts, ISSUE, NEVER_GOT_IT)
    choice = who_missed(parts, ISSUE, NEVER_GOT_IT, dry_run=True)
    assert choice.counts == {(DeliveryState.REFUSED, "5.7.1"): 1}


def test_words_changed_after_the_end_are_put_back_or_corrected(
    engine: Engine, parts: SendParts
) -> None:
    edited = replace(parts.issues, rendered=lambda issue_id: (edition("en"),))
    changed = replace(parts, issues=edited)
    for state in (SendState.FINISHED, SendState.CANCELLED):
        with engine.begin() as connection:
            connection.execute(update(sends).values(state=state.value))
        with pytest.raises(AttentionError, match="changed after it was approved") as refused:
            plan(changed, ISSUE)
        assert "put the old words back" in refused.value.hint
        assert f"newsletter correct {ISSUE}" in refused.value.hint


def test_an_address_that_bounced_counts_when_it_was_mended(
    engine: Engine, parts: SendParts
) -> None:
    def standing(state: SubscriberState) -> None:
        with engine.begin() as connection:
            values = update(subscribers).where(subscribers.c.id == 2).values(state=state.value)
            connection.execute(values)

    standing(SubscriberState.BOUNCED)
    choice = who_missed(parts, ISSUE, NEVER_GOT_IT)
    assert (choice.people, choice.barred) == ({}, {"bounced": 1})
    standing(SubscriberState.CONFIRMED)
    assert len(who_missed(parts, ISSUE, NEVER_GOT_IT).people) == 1


def test_a_verb_without_an_issue_means_what_is_being_sent(engine: Engine, parts: SendParts) -> None:
    with pytest.raises(UsageError, match="nothing to pause"):
        send_control.under_way(parts, "pause")

    def stand(state: SendState) -> None:
        with engine.begin() as connection:
            connection.execute(update(sends).values(state=state.value))

    stand(SendState.RUNNING)
    assert send_control.under_way(parts, "pause") == ISSUE
    stand(SendState.PAUSED)
    assert send_control.under_way(parts, "resume") == ISSUE
    with engine.begin() as connection:
        row = dict(connection.execute(sends.select()).mappings().one())
        row |= {"id": 2, "issue_id": "2026-W47-a", "hold_id": row.pop("batch")}
        connection.execute(sends.insert().values(row))
    with pytest.raises(UsageError, match=r"2026-W47 \(paused\), 2026-W47-a \(paused\)"):
        send_control.under_way(parts, "cancel")


def test_a_correction_that_was_begun_just_now_is_planned_by_another_one_all_the_same(
    parts: SendParts, transport: Recording, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two `newsletter send` at once: its own words are not what it corrects."""
    made = correcting(parts, Published(), "2026-W47-c1", "Saturday", "en")
    find = made.ledger.find
    asked = iter([None])  # then the first one has frozen it

    def just_before(issue_id: str) -> Any:
        if issue_id == "2026-W47-c1":
            return next(asked, find(issue_id))
        return find(issue_id)

    chosen = plan(made, "2026-W47-c1")
    begin(made, chosen, AS_PLANNED)
    monkeypatch.setattr(made.ledger, "find", just_before)
    joined = begin(made, plan(made, "2026-W47-c1"), AS_PLANNED)
    assert joined.joined
    assert joined.send.corrects == ISSUE
