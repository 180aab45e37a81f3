"""When a reminder leaves, and to whom: by the coalition's clock, never the machine's."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.jobs.telling.leaving import GATHERS, due_at, in_mails, wanted_mails
from newsletter.model.coalition import Editor
from newsletter.model.reminder import KeptReminder, Reminder, ReminderKind
from newsletter.model.rhythm import parse_rhythm
from tests.jobs.telling.samples import EACH, changed, feed, of_issue, reminder, trouble

ZONE = ZoneInfo("America/Los_Angeles")
REMIND = parse_rhythm("Wednesday 09:00")
ANA = Editor(name="Ana", address="ana@x.example")
WEEKLY = Editor(name="Bo", address="bo@x.example", is_weekly=True)


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZONE).astimezone(UTC)


def leaves(one: Reminder, editor: Editor, local: str) -> str:
    moment = due_at(one, editor, now=at(local), zone=ZONE, remind=REMIND)
    return moment.astimezone(ZONE).strftime("%a %H:%M")


DRAFT = of_issue(ReminderKind.DRAFT)
STUCK = Reminder(
    key=trouble("paused").key, said=trouble("paused").said, grace=timedelta(minutes=10)
)


@pytest.mark.parametrize(
    ("one", "editor", "now", "then"),
    [
        (DRAFT, ANA, "2026-12-01T07:00", "Tue 08:00"),
        (DRAFT, ANA, "2026-12-01T10:00", "Tue 10:00"),
        (DRAFT, ANA, "2026-12-01T20:30", "Wed 08:00"),
        (DRAFT, WEEKLY, "2026-12-01T10:00", "Wed 09:05"),
        (DRAFT, WEEKLY, "2026-12-02T09:00", "Wed 09:05"),
        (DRAFT, WEEKLY, "2026-12-02T09:04", "Wed 09:05"),
        (DRAFT, WEEKLY, "2026-12-02T09:06", "Wed 09:05"),  # of the next week
        (STUCK, WEEKLY, "2026-12-01T10:00", "Tue 10:10"),
        (STUCK, ANA, "2026-12-01T19:55", "Wed 08:00"),
        (feed("Harbor"), ANA, "2026-12-01T10:00", "Wed 08:00"),
        (feed("Harbor"), ANA, "2026-12-01T02:00", "Tue 08:00"),
        (feed("Harbor"), WEEKLY, "2026-12-01T10:00", "Wed 09:05"),
        (reminder(ReminderKind.STORIES), ANA, "2026-12-01T10:42", "Tue 10:00"),
    ],
)
def test_a_reminder_leaves_when_its_editor_wants_it(
    one: Reminder, editor: Editor, now: str, then: str
) -> None:
    assert leaves(one, editor, now) == then


def test_what_is_found_after_a_summary_waits_for_the_next_one() -> None:
    late = at("2026-12-02T09:06")
    moment = due_at(DRAFT, WEEKLY, now=late, zone=ZONE, remind=REMIND)
    assert moment == at("2026-12-09T09:00") + GATHERS


def test_a_mail_is_wanted_by_who_hears_it_does_not_know_it_and_did_not_do_it() -> None:
    deaf = Editor(name="Cy", address="cy@x.example", hears=frozenset({ReminderKind.JOBS}))
    away = Editor(name="Di")
    asked = Reminder(key=DRAFT.key, not_to=frozenset({"Ana"}))
    editors = (ANA, WEEKLY, deaf, away)
    how = {"now": at("2026-12-01T10:00"), "zone": ZONE, "remind": REMIND}
    names = [mail.editor for mail in wanted_mails([DRAFT], editors, set(), **how)]
    assert names == ["Ana", "Bo"]
    assert [mail.editor for mail in wanted_mails([asked], editors, set(), **how)] == ["Bo"]
    known = {(DRAFT.key, "Bo")}
    assert [mail.editor for mail in wanted_mails([DRAFT], editors, known, **how)] == ["Ana"]


def kept(told: tuple[Reminder, ...]) -> list[KeptReminder]:
    made = at("2026-12-01T10:00")
    return [
        KeptReminder(id=number, key=one.key, editor="Ana", made_at=made, tries=0)
        for number, one in enumerate(told, 1)
    ]


def test_each_thing_has_a_mail_and_pieces_of_one_issue_share_theirs() -> None:
    told = (feed("A"), DRAFT, changed("one", "was edited at its source"), feed("B"),
            changed("two", "was edited at its source"), trouble("idle"))  # fmt: skip
    current = {one.key: one for one in told}
    assert [[one.id for one in mail] for mail in in_mails(kept(told), current, ANA)] == [
        [6],
        [2],
        [3, 5],
        [1, 4],
    ]
    assert [[one.id for one in mail] for mail in in_mails(kept(told), current, WEEKLY)] == [
        [6],
        [1, 2, 3, 4, 5],
    ]


def test_only_what_concerns_people_of_a_send_cannot_wait() -> None:
    kinds = {one.key.kind for one in EACH}
    assert {kind for kind in kinds if not kind.can_wait} == {
        ReminderKind.SEND_TROUBLE,
        ReminderKind.UNCERTAIN,
    }
