"""What editors get, when, and that they get it once: a real mail server takes it."""

import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.errors import ServiceError
from newsletter.jobs.job import JobContext
from newsletter.jobs.registry import JOBS
from newsletter.jobs.telling.tell import look_and_write_down
from newsletter.jobs.telling.tell import tell as run
from newsletter.model.delivery import DeliveryEvent, EventKind, SendState
from newsletter.model.item import Item, ItemKind
from newsletter.model.ledger import Process
from newsletter.model.pulling import FeedResult, FeedState
from newsletter.sending.stop_signal import StopSignal
from newsletter.store.deliveries import deliveries
from newsletter.wiring import Workspace
from tests.jobs.telling.conftest import ANA, BO, Mail
from tests.jobs.telling.mailed import ISSUE, WEDNESDAY, Mailed, text_of
from tests.sending.mail_server import recording_mail_server
from tests.stories.making import give_keys, publish, take

WEEK, SEMANA = "Week of November 30, 2026", "Semana del 30 de noviembre de 2026"
SENT = f"Sent, and everyone is accounted for · {WEEK}"


def subjects(mails: list) -> list[tuple[str, str]]:
    return [(str(one["To"]).partition("@")[0], str(one["Subject"])) for one in mails]


def test_a_draft_is_told_once_to_each_in_their_language(mail: Mail) -> None:
    at = mail()
    assert at.run() == []
    at.draft()
    mails = at.run()
    assert subjects(mails) == [
        ("ana", f"The draft is ready · {WEEK}"),
        ("bo", f"El borrador está listo · {SEMANA}"),
    ]
    assert "    newsletter check 2026-W49\n" in text_of(mails[0])
    assert mails[1]["Content-Language"] == "es"
    assert mails[0]["From"] == "Test Coalition <news@coalition.example>"
    assert mails[0]["Auto-Submitted"] == "auto-generated"
    assert at.run() == []
    at.pass_time(hours=3)
    assert at.run() == []


def test_no_editor_with_an_address_is_no_mail_and_no_row(mail: Mail) -> None:
    at = mail('[[editors]]\nname = "Ana"\n')
    at.draft()
    at.fail("archive")
    assert at.run() == []
    assert at.workspace.reminders.known() == frozenset()


def test_who_hears_nothing_of_a_kind_gets_nothing_of_it(mail: Mail) -> None:
    at = mail(ANA + 'hears = ["jobs"]\n' + BO + "hears = []\n")
    at.draft()
    at.fail("archive")
    assert subjects(at.run()) == [("ana", "Something that runs by itself has failed")]


def test_an_approval_is_asked_of_those_who_did_not_give_theirs(mail: Mail) -> None:
    at = mail()
    bulletin = f"{ISSUE}-a"  # needs two
    at.approve("Ana", bulletin)
    (asked,) = at.minute()
    assert subjects([asked]) == [
        ("bo", f"Se espera su aprobación · Edición extra 1, {SEMANA[0].lower()}{SEMANA[1:]}")
    ]
    assert "newsletter approve 2026-W49-a --as Bo\n" in text_of(asked)
    at.approve("Bo", bulletin)
    assert at.minute() == []


def test_other_words_are_another_question(mail: Mail) -> None:
    at = mail()
    at.approve("Ana", f"{ISSUE}-a")
    assert len(at.minute()) == 1
    at.pass_time(minutes=9)
    at.approve("Bo", f"{ISSUE}-a", "Other words")
    assert subjects(at.minute()) == [
        ("ana", f"Your approval is wanted · Extra issue 1, {WEEK[0].lower()}{WEEK[1:]}")
    ]


def test_an_issue_that_nobody_approved_is_asked_for_when_it_is_time(mail: Mail) -> None:
    at = mail(ANA)
    at.draft()
    assert subjects(at.run()) == [("ana", f"The draft is ready · {WEEK}")]
    at.now = WEDNESDAY.replace(hour=16, minute=59)
    assert at.minute() == []
    at.now = WEDNESDAY.replace(hour=17)  # 9:00 in Los Angeles
    assert subjects(at.minute()) == [("ana", f"Your approval is wanted · {WEEK}")]
    at.pass_time(days=1)
    assert at.run() == []


def test_an_approved_issue_is_asked_for_no_more_though_the_row_is_there(mail: Mail) -> None:
    at = mail(ANA + 'quiet = "08:00-10:00"\n')
    at.draft()
    at.run()
    at.now = WEDNESDAY.replace(hour=17)
    assert at.minute() == []  # quiet
    assert len(at.workspace.reminders.known()) == 2
    at.approve("Ana")
    at.now = WEDNESDAY.replace(hour=18)
    assert at.minute() == []
    assert len(at.workspace.reminders.known()) == 1


def test_nothing_leaves_in_quiet_hours_and_all_of_it_after_them(mail: Mail) -> None:
    at = mail(ANA)
    at.now = at.now.replace(hour=6)  # 22:00 in Los Angeles
    at.fail("archive")
    at.fail("bounces")
    assert at.run() == []
    at.now = at.now.replace(hour=15, minute=59)
    assert at.run() == []
    at.now = at.now.replace(hour=16, minute=0)
    (both,) = at.run()
    assert "- archive: the disk is full\n- bounces: the disk is full\n" in text_of(both)


def test_a_worker_that_was_away_until_the_night_waits_for_the_morning(mail: Mail) -> None:
    at = mail(ANA)
    at.draft()
    at.now = datetime(2026, 12, 2, 3, 55, tzinfo=UTC)  # 19:55: still day when it is written down
    look_and_write_down(at.workspace, now=at.now)
    at.pass_time(minutes=30)
    assert at.minute() == []
    at.now = datetime(2026, 12, 2, 16, tzinfo=UTC)
    assert len(at.minute()) == 1


def test_who_wants_to_hear_nothing_any_more_gets_nothing_that_waited(mail: Mail) -> None:
    at = mail(ANA)
    at.now = at.now.replace(hour=6)
    at.fail("archive")
    assert at.run() == []
    later = mail(ANA + 'hears = ["draft"]\n')
    later.now = at.now.replace(hour=16)
    assert later.run() == []
    assert later.workspace.reminders.known() == frozenset()


def test_an_issue_that_is_being_sent_is_no_draft_any_more(mail: Mail) -> None:
    at = mail(ANA)
    at.draft()
    at.workspace.ledger.finish(at.freeze(people=0), at.now)
    assert subjects(at.run()) == [("ana", SENT)]


def test_a_send_that_somebody_is_at_work_for_is_no_trouble(mail: Mail) -> None:
    at = mail(ANA)
    send, ledger = at.freeze(), at.workspace.ledger
    with at.workspace.engine.begin() as connection:
        connection.execute(deliveries.update().values(state="uncertain"))
    hour = timedelta(hours=1)
    sender = ledger.join(send, Process(host="another", pid=1), now=at.now, lease=hour)
    assert at.run() == []
    assert at.workspace.reminders.known() == frozenset()
    ledger.leave(send, sender, at.now)
    at.run()
    assert at.workspace.reminders.known() != frozenset()


def test_a_send_that_waits_for_its_time_is_no_trouble(mail: Mail) -> None:
    at = mail(ANA)
    at.freeze(due_at=at.now + timedelta(hours=1))
    assert at.run() == []
    assert at.workspace.reminders.known() == frozenset()


def test_a_send_that_adds_up_is_told_with_its_numbers(mail: Mail) -> None:
    at = mail(ANA)
    send = at.freeze(people=3)
    ledger = at.workspace.ledger
    with at.workspace.engine.begin() as connection:
        connection.execute(deliveries.update().values(state="accepted"))
    assert ledger.finish(send, at.now)
    (done,) = at.minute()
    assert subjects([done]) == [("ana", SENT)]
    assert "Mail servers took 3 of 3 copies." in text_of(done)
    assert "person" not in text_of(done).replace("personal", "")
    at.pass_time(days=2)
    assert at.run() == []


@pytest.mark.parametrize(("state", "days"), [("accepted", 8), ("uncertain", 29)])
def test_a_send_of_long_ago_is_no_news(mail: Mail, state: str, days: int) -> None:
    at = mail(ANA)
    send = at.freeze(people=1)
    with at.workspace.engine.begin() as connection:
        connection.execute(deliveries.update().values(state=state))
    at.workspace.ledger.finish(send, at.now)
    at.pass_time(days=days)
    assert at.run() == []
    assert at.workspace.reminders.known() == frozenset()


def test_a_send_that_stopped_is_told_if_it_does_not_go_on_in_ten_minutes(mail: Mail) -> None:
    at = mail(ANA + 'summary = "weekly"\n')  # which does not hold this back
    send, ledger = at.freeze(), at.workspace.ledger
    assert at.minute() == []
    at.pass_time(minutes=9)
    assert at.minute() == []
    at.pass_time(minutes=1)
    assert subjects(at.minute()) == [("ana", f"The send needs you · {WEEK}")]
    assert at.minute() == []
    ledger.change_state(send, SendState.PAUSED, only_from=(SendState.RUNNING,))
    assert at.minute() == []
    at.pass_time(minutes=10)
    (paused,) = at.minute()
    assert "The send is paused, and 3 people wait." in text_of(paused)


@pytest.mark.parametrize("state", [SendState.PAUSED, SendState.STOPPED, SendState.RUNNING])
def test_a_send_in_which_people_have_waited_for_a_day_is_told_of_once_more(
    mail: Mail, state: SendState
) -> None:
    at = mail(ANA)
    at.workspace.ledger.change_state(at.freeze(), state, only_from=(SendState.RUNNING,))
    at.run()
    at.pass_time(minutes=10)
    assert subjects(at.minute()) == [("ana", f"The send needs you · {WEEK}")]
    at.pass_time(hours=23, minutes=49)
    at.run()
    assert at.run() == []
    at.pass_time(minutes=11)
    at.minute()
    at.pass_time(minutes=10)
    (again,) = at.run()
    assert "The send has stood still for a day, and 3 people wait." in text_of(again)
    at.pass_time(days=3)
    assert at.run() == []


def test_a_worker_that_was_away_for_days_tells_of_a_send_that_stands_in_one_mail(
    mail: Mail,
) -> None:
    at = mail(ANA)
    at.freeze()
    at.pass_time(days=2)
    assert at.run() == []
    at.pass_time(minutes=10)
    (both,) = at.run()
    assert "The send has stood still for a day, and 3 people wait." in text_of(both)
    at.pass_time(days=1)
    assert at.run() == []


def test_a_send_that_went_on_meanwhile_is_not_told(mail: Mail) -> None:
    at = mail(ANA)
    send = at.freeze(people=0)
    assert at.minute() == []
    assert at.workspace.ledger.finish(send, at.now)
    at.pass_time(minutes=10)
    assert subjects(at.minute()) == [("ana", SENT)]
    assert len(at.workspace.reminders.known()) == 1


def test_uncertain_people_are_told_of_once_and_not_who_they_are(mail: Mail) -> None:
    at = mail(ANA + 'summary = "weekly"\n')
    send = at.freeze()
    with at.workspace.engine.begin() as connection:
        connection.execute(deliveries.update().values(state="uncertain"))
    assert at.workspace.ledger.finish(send, at.now)
    assert at.minute() == []
    at.pass_time(minutes=10)
    (uncertain,) = at.minute()
    assert "3 people may or may not have got it" in text_of(uncertain)
    assert "@" not in text_of(uncertain)
    at.pass_time(hours=1)
    assert at.run() == []


DRAFT = """---
language: en
subject: This week
---

## News {#news}

### The clinic {k3f9}

### The school {q7x2}
"""


def test_what_changes_at_its_source_is_told_with_all_that_did_and_once_each(mail: Mail) -> None:
    at = mail(ANA)
    pieces = [
        Item(id=id_, kind=ItemKind.NEWS, title=f"Piece {id_}", first_seen_at=at.now, link="")
        for id_ in ("k3f9", "q7x2")
    ]
    at.workspace.items.save(pieces)
    digest = at.approve("Ana", draft=DRAFT)
    at.workspace.ledger.finish(at.freeze(people=0, digest=digest), at.now)
    assert len(at.run()) == 1  # that it was sent
    at.pass_time(hours=1)
    at.workspace.items.save(replace(one, withdrawn_at=at.now) for one in pieces)
    (told,) = at.run()
    assert told["Subject"] == f"A source changed after it was mailed · {WEEK}"
    assert text_of(told).count("” was removed at its source.\n") == 2
    assert "    newsletter correct 2026-W49\n" in text_of(told)
    at.pass_time(hours=1)
    assert at.run() == []


def test_a_weekly_summary_is_one_mail_with_all_that_waits(mail: Mail) -> None:
    at = mail(ANA + 'summary = "weekly"\n' + BO + 'hears = ["draft"]\n')
    at.draft()
    at.fail("archive")
    assert subjects(at.run()) == [("bo", f"El borrador está listo · {SEMANA}")]
    at.now = WEDNESDAY.replace(hour=17)
    assert at.minute() == []
    at.pass_time(minutes=5)
    (summary,) = at.minute()
    assert summary["Subject"] == "What there is to do: 3 things"
    text = text_of(summary)
    assert text.index("Your approval is wanted") < text.index("The draft is ready")
    assert text.index("The draft is ready") < text.index("has failed")
    at.pass_time(days=1)
    assert at.run() == []


FEEDS = """\
organisations:
  - id: harbor
    name: Harbor Legal Aid
    url: https://harbor.example
    languages: [en]
    feeds:
      - https://harbor.example/feed
      - https://harbor.example/events
"""


def failing(at: Mailed, url: str, since: datetime, **changes: object) -> None:
    state = FeedState(url=url, organisation_id="harbor", failing_since=since, **changes)
    at.workspace.feeds.save([state])


def test_trouble_with_feeds_is_told_on_the_second_day_in_one_mail(mail: Mail) -> None:
    at = mail(ANA)
    (at.workspace.root / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
    urls = [feed.url for one in at.workspace.organisations for feed in one.feeds]
    assert len(urls) == 2
    began = at.now
    for url in urls:
        failing(at, url, began, result=FeedResult.NOT_A_FEED, last_pulled_at=began)
    at.pass_time(hours=22)
    assert at.run() == []  # not asked again since
    for url in urls:
        failing(at, url, began, result=FeedResult.NOT_A_FEED, last_pulled_at=at.now)
    assert at.run() == []
    at.now = datetime(2026, 12, 3, 16, tzinfo=UTC)  # the next eight o'clock
    (told,) = at.run()
    assert told["Subject"] == "2 members' feeds have trouble"
    assert text_of(told).count("- Harbor Legal Aid, since December 1, 2026") == 1
    at.pass_time(days=1)
    assert at.run() == []


def test_a_broken_file_keeps_no_other_word_back_and_what_it_is_about_waits(mail: Mail) -> None:
    at = mail(ANA)
    feeds = at.workspace.root / "feeds.yaml"
    feeds.write_text(FEEDS, encoding="utf-8")
    began = at.now - timedelta(days=2)
    url = "https://harbor.example/feed"
    failing(at, url, began, result=FeedResult.TIMEOUT, last_pulled_at=at.now)
    at.run()
    feeds.write_text("- id: [", encoding="utf-8")
    at.now = WEDNESDAY.replace(hour=16)
    at.draft()
    assert subjects(at.run()) == [("ana", f"The draft is ready · {WEEK}")]
    (stuck,) = at.workspace.reminders.stuck(now=at.now)
    assert (stuck.waiting, stuck.reason) == (1, "cannot be looked at: ConfigError")
    feeds.write_text(FEEDS, encoding="utf-8")
    at.pass_time(minutes=10)
    assert subjects(at.run()) == [("ana", "A member's feed has trouble")]


def test_a_story_that_arrived_is_told_in_neutral_words_and_once_a_day(mail: Mail) -> None:
    at = mail(ANA)
    services = at.workspace.story_services
    give_keys(services)
    today = at.workspace.config.coalition.day_of(at.now)
    take(services, today=today)
    take(services, {"title": "Another story"}, today=today)
    take(services, today=today - timedelta(days=8))  # when no worker was there
    (arrived,) = at.run()
    assert [key.period for key, _ in at.workspace.reminders.known()] == [today.isoformat()]
    assert arrived["Subject"] == "Something new waits for the editors"
    said = text_of(arrived).partition("==\n\n")[2]
    assert said.startswith(
        "Something new waits for the editors.\n\nTo see what it is, run:\n\n"
        "    newsletter stories inbox\n"
    )
    at.pass_time(hours=5)
    take(services, today=today)
    assert at.run() == []
    at.pass_time(days=1)
    take(services, today=today + timedelta(days=1))
    assert len(at.run()) == 1


def test_a_consent_that_ends_soon_is_told_without_its_story(mail: Mail) -> None:
    at = mail(ANA)
    services = at.workspace.story_services
    (pair, *_) = give_keys(services)
    _, story = publish(services, pair)
    end = story.consent.last_day
    at.now = datetime(end.year, end.month, end.day, 18, tzinfo=UTC) - timedelta(days=31)
    assert at.run() == []
    at.pass_time(days=1)
    (ends,) = at.run()
    assert "The consent to use one story ends within 30 days." in text_of(ends)
    assert story.id not in str(ends)
    assert all(story.id not in key.about for key, _ in at.workspace.reminders.known())
    at.pass_time(days=1)
    assert at.run() == []


def test_on_a_machine_without_the_story_its_consent_waits_for_another(mail: Mail) -> None:
    at = mail(ANA)
    services = at.workspace.story_services
    (pair, *_) = give_keys(services)
    _, story = publish(services, pair)
    end = story.consent.last_day
    at.now = datetime(end.year, end.month, end.day, 6, tzinfo=UTC) - timedelta(days=9)  # quiet
    assert at.run() == []
    file = at.workspace.root / "stories" / f"{story.id}.md"
    here = file.read_bytes()
    file.unlink()
    at.pass_time(hours=12)
    elsewhere = Mailed(
        workspace=Workspace(config=at.workspace.config), receiver=at.receiver, now=at.now
    )
    assert elsewhere.run() == []
    assert len(elsewhere.workspace.reminders.known()) == 1
    file.write_bytes(here)
    elsewhere.pass_time(minutes=10)
    assert len(elsewhere.run()) == 1
    elsewhere.workspace.engine.dispose()


def test_a_server_that_is_away_is_tried_four_more_times(
    mail: Mail, caplog: pytest.LogCaptureFixture
) -> None:
    at = mail(ANA + 'quiet = "never"\n')
    at.receiver.answer = lambda stage, _recipient: b"451 later\r\n" if stage == "RCPT" else None
    at.draft()
    with caplog.at_level(logging.WARNING, "newsletter.jobs"):
        for minutes in (0, 1, 5, 30):
            at.pass_time(minutes=minutes)
            at.minute()
            at.pass_time(seconds=30)
            at.minute()  # not yet
        at.pass_time(hours=2)
        at.minute()
    assert [line.partition(":")[0] for line in caplog.messages] == [
        *(f"mail 1 to an editor waits after try {number}" for number in (1, 2, 3, 4)),
        "gave up on mail 1 to an editor",
    ]
    assert "ana" not in caplog.text.casefold()
    (stuck,) = at.workspace.reminders.stuck(now=at.now)
    assert (stuck.editor, stuck.given_up) == ("Ana", 1)
    assert "ana@" not in stuck.reason
    at.receiver.answer = lambda *_: None
    at.pass_time(hours=4)
    assert at.minute() == []


def test_a_refusal_is_for_good_and_keeps_no_other_editor_back(mail: Mail) -> None:
    at = mail()
    refuse = b"550 5.1.1 <ana@x.example> unknown\r\n"
    at.receiver.answer = lambda stage, to: refuse if to.startswith("ana") else None
    at.draft()
    assert subjects(at.minute()) == [("bo", f"El borrador está listo · {SEMANA}")]
    (stuck,) = at.workspace.reminders.stuck(now=at.now)
    assert (stuck.editor, stuck.given_up) == ("Ana", 1)
    assert "ana@" not in stuck.reason


def test_an_editor_who_left_gets_nothing_that_waited(mail: Mail) -> None:
    at = mail(ANA + BO)
    at.now = at.now.replace(hour=6)
    at.fail("archive")
    assert at.run() == []
    later = mail(BO)
    later.now = at.now.replace(hour=16)
    assert [to for to, _ in subjects(later.run())] == ["bo"]


def test_without_the_database_the_run_is_tried_again(mail: Mail) -> None:
    at = mail(ANA)
    at.draft()
    at.workspace.engine.dispose()
    database = at.workspace.root / "newsletter.db"
    for path in at.workspace.root.glob("newsletter.db*"):
        path.unlink()
    database.mkdir()
    with pytest.raises(ServiceError):
        at.minute()


def test_two_runs_at_once_mail_once(mail: Mail) -> None:
    at = mail(ANA)
    at.draft()
    taken = at.workspace.reminders.take

    def late(*args: object, **how: object) -> frozenset[int]:
        type(at.workspace.reminders).take(at.workspace.reminders, *args, **how)  # the other one
        return taken(*args, **how)

    object.__setattr__(at.workspace.reminders, "take", late)
    run(at.workspace, now=at.now, stop=StopSignal())
    assert at.receiver.recorder.contents == []


def test_a_mail_that_comes_back_is_known_to_be_of_that_editor(mail: Mail) -> None:
    config = mail(ANA).workspace.config
    with recording_mail_server() as (port, envelopes):
        workspace = Workspace(
            config=replace(config, transport=replace(config.transport, port=port))
        )
        at = Mailed(workspace=workspace, receiver=mail().receiver)
        at.draft()
        at.minute()
    (envelope,) = envelopes
    name, _, domain = str(envelope.mail_from).partition("@")
    assert domain == "bounces.coalition.example"
    event = DeliveryEvent(
        kind=EventKind.BOUNCED,
        token=name.removeprefix("bounce+"),
        happened_at=at.now,
        reason="5.1.1 no such user",
    )
    assert workspace.event_recorder.record([event, event], at.now).new == 1
    (stuck,) = workspace.reminders.stuck(now=at.now)
    assert (stuck.editor, stuck.given_up, stuck.reason) == ("Ana", 1, "5.1.1 no such user")
    workspace.engine.dispose()


def test_the_jobs_do_so_for_the_worker(mail: Mail) -> None:
    at = mail(ANA + 'quiet = "never"\n')
    tell, look = JOBS["tell"], JOBS["look"]
    assert tell.due is not None
    assert look.rhythm is not None
    assert list(tell.due(at.workspace, at.workspace.now())) == []
    at.now = at.workspace.now()
    at.fail("archive")
    assert list(tell.due(at.workspace, at.workspace.now())) == [""]
    context = JobContext(workspace=at.workspace, key="", worker="w", stop=StopSignal())
    look.run(context)
    assert at.receiver.recorder.contents == []
    tell.run(context)
    assert len(at.receiver.recorder.contents) == 1
    assert list(tell.due(at.workspace, at.workspace.now())) == []


def test_a_worker_that_is_to_end_begins_no_mail_and_leaves_it_to_the_next(mail: Mail) -> None:
    at = mail(ANA)
    at.fail("archive")
    stop = StopSignal()
    stop.ask()
    run(at.workspace, now=at.now, stop=stop)
    assert at.receiver.recorder.contents == []
    assert len(at.minute()) == 1
