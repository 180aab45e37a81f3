"""Who mails the editors that something arrived: a worker where one is at work, else the pages."""

from datetime import datetime, timedelta

from sqlalchemy import insert

from newsletter.jobs.telling.worker_tells import worker_tells
from newsletter.model.reminder import ReminderKind
from newsletter.store.job_runs import workers
from newsletter.web.after_response import AfterResponse
from newsletter.web.mail_editors import mail_editors
from newsletter.web.site import Site
from newsletter.wiring import Workspace
from tests.jobs.telling.conftest import ANA, Mail
from tests.jobs.telling.mailed import TUESDAY, Mailed, parsed


def work(at: Mailed, seen_at: datetime) -> None:
    row = {
        "id": f"{seen_at}",
        "machine": "m",
        "started_at": TUESDAY,
        "seen_at": seen_at,
        "only": "",
    }
    with at.workspace.engine.begin() as connection:
        connection.execute(insert(workers).values(row))


def tells(workspace: Workspace) -> bool:
    return worker_tells(workspace, ReminderKind.STORIES, now=TUESDAY)


def test_a_worker_tells_while_it_is_at_work_and_somebody_hears(mail: Mail) -> None:
    at = mail(ANA)
    assert not tells(at.workspace)
    work(at, TUESDAY - timedelta(minutes=11))
    assert not tells(at.workspace)
    work(at, TUESDAY - timedelta(minutes=9))
    assert tells(at.workspace)
    assert not tells(mail('[[editors]]\nname = "Ana"\n').workspace)
    assert not tells(mail(ANA + 'hears = ["draft"]\n').workspace)


def mailed_to(at: Mailed) -> list[str]:
    """Whom the story pages mail when something arrived."""
    later = AfterResponse(later=(0, 0))
    mail_editors(Site(workspace=at.workspace, clock=lambda: at.now, later=later))
    later.wait()
    later.stop()
    return [str(parsed(one)["To"]) for one in at.receiver.recorder.contents]


def test_without_a_worker_the_pages_mail_the_editors_mailbox_as_ever(mail: Mail) -> None:
    assert mailed_to(mail(ANA)) == ["editors@coalition.example"]


def test_with_a_worker_the_pages_mail_nobody(mail: Mail) -> None:
    at = mail(ANA)
    work(at, TUESDAY)
    assert mailed_to(at) == []
