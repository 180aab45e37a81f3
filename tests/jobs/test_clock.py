"""A worker's clock, stepped by hand through days: one database, and settings on a disk."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.config import Config
from newsletter.jobs.clock import Clock, new_worker
from newsletter.jobs.intervals import Pace
from newsletter.jobs.job import Job, JobContext
from newsletter.jobs.opened import OpenedWorkspace
from newsletter.jobs.run import run_one
from newsletter.model.job import Queue
from newsletter.sending.stop_signal import StopSignal
from newsletter.wiring import Workspace
from tests.conftest import NEWSLETTER_TOML

LA = ZoneInfo("America/Los_Angeles")
ENVIRONMENT: dict[str, str] = {}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LA).astimezone(UTC)


class Days:
    """A worker whose days go by as the test says; `ran` are the local times of its one job."""

    def __init__(self, workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moment = at("2026-10-31 12:00")
        monkeypatch.setattr(Workspace, "now", staticmethod(lambda: self.moment))
        self.ran: list[str] = []
        job = Job(
            name="draft",
            queue=Queue.PAGES,
            does="",
            run=lambda context: self._note(context),
            rhythm=lambda week: week.draft,
        )
        self.jobs = {job.name: job}
        self.root = workspace.root
        self.opened = OpenedWorkspace(
            workspace, lambda: Workspace.open(workspace.root, ENVIRONMENT)
        )
        self.worker = new_worker(self.moment)
        self.clock = Clock(self.opened, self.jobs, self.worker, Pace(), is_alone=True)
        self.clock.begin()

    def _note(self, context: JobContext) -> None:
        self.ran.append(f"{self.moment.astimezone(LA):%m-%d %H:%M}")

    def step(self, moment: datetime) -> None:
        self.moment = moment
        self.clock.step()
        workspace = self.opened.now
        for run in workspace.job_work.waiting(moment):
            run_one(run.id, workspace, self.jobs, self.worker, StopSignal())

    def begins_anew(self) -> None:
        self.clock = Clock(
            self.opened, self.jobs, self.worker, Pace(), is_alone=True, before=self.clock.knows
        )

    def minutes(self, begin: str, end: str) -> None:
        moment = at(begin)
        while moment <= at(end):
            self.step(moment)
            moment += timedelta(minutes=1)

    def says(self, draft: str) -> None:
        week = f'\n[week]\ndraft = "{draft}"\n' if draft else "\n[week\n"
        (self.root / "newsletter.toml").write_text(NEWSLETTER_TOML + week)


@pytest.fixture
def days(make_config: Callable[..., Config], monkeypatch: pytest.MonkeyPatch) -> Iterator[Days]:
    config = make_config(f'{NEWSLETTER_TOML}\n[week]\ndraft = "daily 01:30"\n')
    monkeypatch.setitem(ENVIRONMENT, "NEWSLETTER_STATE", str(config.state))
    workspace = Workspace(config=Workspace.open(config.root, ENVIRONMENT).config)
    yield Days(workspace, monkeypatch)
    workspace.engine.dispose()


def test_clocks_that_change_make_it_run_once(days: Days) -> None:
    days.step(at("2026-10-31 12:00"))
    begin = at("2026-11-01 00:45")
    for minute in range(160):  # past 01:30 twice
        days.step(begin + timedelta(minutes=minute))
    assert days.ran == ["11-01 01:30"]
    days.says("daily 02:30")
    days.step(at("2027-03-13 12:00"))
    days.ran.clear()
    days.minutes("2027-03-14 01:50", "2027-03-14 03:40")
    assert days.ran == ["03-14 03:30"], "02:30 is left out"


def test_a_laptop_asleep_over_three_times_runs_it_once(days: Days) -> None:
    days.step(at("2026-11-10 12:00"))
    days.minutes("2026-11-13 18:20", "2026-11-13 18:24")
    assert days.ran == ["11-13 18:20"]
    days.minutes("2026-11-14 01:29", "2026-11-14 01:31")
    assert days.ran == ["11-13 18:20", "11-14 01:30"]


def test_a_clock_that_is_set_back_runs_nothing_twice_and_stops_nothing(days: Days) -> None:
    days.step(at("2026-11-10 12:00"))
    days.minutes("2026-11-11 01:28", "2026-11-11 01:32")
    days.minutes("2026-11-10 23:30", "2026-11-10 23:32")
    days.minutes("2026-11-11 01:28", "2026-11-11 01:32")
    assert days.ran == ["11-11 01:30"]
    days.minutes("2026-11-12 01:28", "2026-11-12 01:32")
    assert days.ran == ["11-11 01:30", "11-12 01:30"]


def test_a_rhythm_that_is_changed_while_it_runs_counts_from_the_next_minute_on(
    days: Days,
) -> None:
    days.minutes("2026-11-10 12:00", "2026-11-10 12:02")
    days.says("daily 11:00")
    days.minutes("2026-11-10 12:03", "2026-11-10 12:10")
    assert days.ran == [], "it is no time that was missed"
    days.says("daily 12:30")
    days.minutes("2026-11-10 12:11", "2026-11-10 12:35")
    assert days.ran == ["11-10 12:30"]


def test_another_timezone_makes_nothing_up_for_the_time_before(days: Days) -> None:
    days.minutes("2026-11-10 12:00", "2026-11-10 12:02")
    settings = days.root / "newsletter.toml"
    settings.write_text(settings.read_text().replace(LA.key, "Pacific/Honolulu"))
    days.minutes("2026-11-10 12:03", "2026-11-10 12:10")
    assert days.opened.now.config.coalition.timezone == "Pacific/Honolulu"
    assert days.ran == [], "01:30 there was 03:30 here"
    days.minutes("2026-11-11 03:29", "2026-11-11 03:31")
    assert days.ran == ["11-11 03:30"]


def test_a_rhythm_that_is_changed_just_as_a_worker_begins_anew_counts_likewise(days: Days) -> None:
    days.minutes("2026-11-10 12:00", "2026-11-10 12:02")
    days.says("daily 11:00")
    days.begins_anew()
    days.minutes("2026-11-10 12:02", "2026-11-10 12:10")
    assert days.ran == [], "it is no time that was missed"


def test_settings_that_cannot_be_read_leave_the_last_ones_in_force(
    days: Days, caplog: pytest.LogCaptureFixture
) -> None:
    days.step(at("2026-11-10 12:00"))
    days.says("")
    days.minutes("2026-11-11 01:25", "2026-11-11 01:35")
    assert days.ran == ["11-11 01:30"]
    assert len([line for line in caplog.messages if "count on: newsletter.toml" in line]) == 1


def test_another_database_is_noticed_and_not_begun_with(days: Days) -> None:
    (days.root / "newsletter.toml").write_text(
        f'{NEWSLETTER_TOML}\n[database]\nurl = "sqlite:///other.db"\n'
    )
    days.step(at("2026-11-10 12:00"))
    assert days.opened.has_other_database
    assert not (days.root / "other.db").exists()


def test_a_database_that_is_away_is_said_and_borne(
    days: Days, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    days.step(at("2026-11-10 12:00"))
    engine = days.opened.now.engine
    engine.dispose()
    database = days.root / "newsletter.db"
    away = database.rename(days.root / "away")
    database.mkdir()  # what is no file cannot be opened, whoever asks
    caplog.set_level(logging.WARNING)
    days.clock.step()
    days.moment = at("2026-11-11 01:31")
    days.clock.step()
    assert any("could not look what is due" in line for line in caplog.messages)
    database.rmdir()
    away.rename(database)
    days.step(at("2026-11-11 01:32"))
    assert days.ran == ["11-11 01:32"]
