"""What is counted for Prometheus, and whether the pages are alive: numbers, and nobody."""

import re
import shutil
from datetime import timedelta
from threading import Event

import pytest

from newsletter.model.delivery import Refused
from newsletter.model.notice import NoticeKind
from newsletter.model.pulling import FeedState
from newsletter.web.mail_editors import mail_editors
from newsletter.web.metrics import metrics_app, metrics_text
from newsletter.web.site import Site
from tests.processes import PATIENCE
from tests.web.conftest import Pages, database_away

# The text format of Prometheus, 0.0.4, as far as it is used.
LINE = re.compile(
    r"# (HELP|TYPE) newsletter_[a-z_]+ [^\n]+|"
    r'newsletter_[a-z_]+(\{[a-z]+="[a-z -]+"\})? [0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?'
)


@pytest.fixture
def here(pages: Pages) -> Site:
    site = pages.app.extensions["newsletter"]
    assert isinstance(site, Site)
    return site


def counted(here: Site) -> dict[str, float]:
    """Each number by its name and label."""
    lines = [line for line in metrics_text(here).splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_pulls_queues_disks_and_what_was_given_up_are_counted(pages: Pages, here: Site) -> None:
    ana = pages.person("ana.reyes@x.example")
    queue = pages.workspace.notice_queue
    queue.put(ana.id, NoticeKind.LINKS, now=pages.now - timedelta(minutes=5))
    broken = FeedState(
        url="https://harbor.example/feed/",
        organisation_id="harbor-legal-aid",
        last_pulled_at=pages.now,
        failures=2,
    )
    forgotten = FeedState(url="https://gone.example/", organisation_id="gone", failures=9)
    pages.workspace.feeds.save([broken, forgotten])
    here.given_up.add(3)
    found = counted(here)
    assert found["newsletter_database_up"] == 1
    assert found['newsletter_feeds{state="failing"}'] == 1
    assert found['newsletter_feeds{state="not asked yet"}'] == 1
    assert found["newsletter_last_pull_timestamp_seconds"] == pages.now.timestamp()
    assert found["newsletter_notices_waiting"] == 1
    assert found["newsletter_notices_oldest_seconds"] == 300
    assert found["newsletter_mails_given_up_total"] == 3
    assert found["newsletter_sends_unfinished"] == 0
    assert found['newsletter_disk_free_bytes{folder="state"}'] > 0
    text = metrics_text(here)
    assert all(LINE.fullmatch(line) for line in text.splitlines()), text
    assert text.endswith("\n")
    assert not re.search("ana|reyes|example|harbor", text)


def test_without_the_database_the_rest_is_counted(pages: Pages, here: Site) -> None:
    with database_away(pages):
        found = counted(here)
        answer = pages.client().get("/healthz")
    assert found["newsletter_database_up"] == 0
    assert 'newsletter_disk_free_bytes{folder="workspace"}' in found
    assert (answer.status_code, answer.text) == (503, "the database does not answer\n")
    assert counted(here)["newsletter_database_up"] == 1


def test_a_database_that_was_deleted_does_not_answer(pages: Pages, here: Site) -> None:
    """What is open goes on being read and written, and is gone when `serve` stops."""
    assert pages.client().get("/healthz").text == "ok\n"
    (pages.workspace.root / "newsletter.db").unlink()
    assert pages.client().get("/healthz").text == "the database does not answer\n"
    assert counted(here)["newsletter_database_up"] == 0


def test_feeds_that_an_editor_breaks_cost_only_their_own_numbers(pages: Pages, here: Site) -> None:
    (pages.workspace.root / "feeds.yaml").write_text("organisations: [")
    found = counted(here)
    assert found["newsletter_database_up"] == 1
    assert 'newsletter_feeds{state="fine"}' not in found


def test_a_request_that_is_being_tried_waits_too(here: Site) -> None:
    """As each does while the database is away: it stands at the head of the queue for minutes."""
    begun, end = Event(), Event()

    def job() -> None:
        begun.set()
        end.wait(PATIENCE)

    here.later.do(job)
    assert begun.wait(PATIENCE)
    waiting = counted(here)["newsletter_requests_waiting"]
    end.set()
    here.later.wait()
    assert waiting == 1
    assert counted(here)["newsletter_requests_waiting"] == 0


def test_only_metrics_are_answered(here: Site) -> None:
    statuses = []
    for method, path in (("GET", "/metrics"), ("GET", "/"), ("POST", "/metrics")):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path}
        list(metrics_app(here)(environ, lambda status, _headers: statuses.append(status[:3])))
    assert statuses == ["200", "404", "404"]


def test_the_pages_have_no_metrics(pages: Pages) -> None:
    assert pages.client().get("/metrics").status_code == 404


def test_a_full_disk_and_a_missing_folder_are_no_good_health(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert pages.client().get("/healthz").text == "ok\n"
    monkeypatch.setattr("newsletter.web.health.LEAST_FREE", 1 << 60)
    full = pages.client().get("/healthz")
    assert full.status_code == 503
    assert "the disk of the workspace folder is full" in full.text.splitlines()
    monkeypatch.undo()
    shutil.rmtree(pages.workspace.state_folder.path)
    missing = pages.client().get("/healthz")
    assert (missing.status_code, missing.text) == (503, "the state folder is missing\n")


def test_what_could_not_be_done_is_named_in_the_log_and_counted(
    pages: Pages, here: Site, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing:
        def send(self, _notice: object) -> Refused:
            return Refused(reason="550 no")

    pages.workspace.__dict__["post"] = Refusing()
    mail_editors(here)

    def broken() -> None:
        raise ValueError("ana.reyes@x.example")

    here.later.do(broken)
    here.later.wait()
    first, second = caplog.messages
    assert first == "gave up on the mail to the editors: 550 no"
    assert second.startswith("gave up on a request: ValueError at ")
    assert "newsletter/web/after_response.py:" in second
    assert "reyes" not in second
    found = counted(here)
    assert found["newsletter_mails_given_up_total"] == 1
    assert found["newsletter_requests_given_up_total"] == 1
