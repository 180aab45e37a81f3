"""What each job does, in a real workspace; and that it leaves alone what it must."""

import email
import mailbox
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path

import pytest

from newsletter.config import Config
from newsletter.errors import AttentionError, ConfigError
from newsletter.jobs.job import JobContext
from newsletter.jobs.registry import JOBS
from newsletter.model.job import Due
from newsletter.model.notice import NoticeKind
from newsletter.model.subscriber import NOT_STORED, Subscriber, SubscriberState, SuppressionReason
from newsletter.sending.stop_signal import StopSignal
from newsletter.sending.transports.notices import OutboxPost
from newsletter.store.reminders import SqlReminders
from newsletter.wiring import Workspace
from tests.cli.calling import FEEDS, two_pieces
from tests.conftest import NEWSLETTER_TOML
from tests.jobs.telling.killed import die_at
from tests.pulling.feed_text import RSS
from tests.web_server import WebServer


def run(workspace: Workspace, name: str, key: str = "") -> None:
    JOBS[name].run(JobContext(workspace=workspace, key=key, worker="w", stop=StopSignal()))


def keys(workspace: Workspace, name: str) -> list[str]:
    due = JOBS[name].due
    assert due is not None
    return list(due(workspace.opened_again(), workspace.now()))


def mails(workspace: Workspace) -> list[email.message.EmailMessage]:
    paths = (workspace.root / "outbox").rglob("*")
    files = [path.read_bytes() for path in paths if path.is_file()]
    return [email.message_from_bytes(data, policy=default) for data in files]  # type: ignore[misc]


def test_pull_asks_the_feeds_of_one_host(workspace: Workspace, server: WebServer) -> None:
    feeds = FEEDS.replace("https://harbor.example/feed/", server.page("/feed", RSS))
    feeds += f"""
  - id: other
    name: Other
    url: https://other.example
    languages: [en]
    feeds:
      - {{url: "{server.page("/paused", RSS)}", kind: news, paused: true}}
      - {{url: "http://localhost.example:{server.port}/far", kind: news}}
"""
    (workspace.root / "feeds.yaml").write_text(feeds)
    assert keys(workspace, "pull") == ["127.0.0.1", "localhost.example"]
    run(workspace, "pull", "127.0.0.1")
    assert [asked.path for asked in server.asked] == ["/feed"]
    assert keys(workspace, "pull") == ["localhost.example"], "the other's time is yet to come"
    assert JOBS["pull"].lock("a.example") == "host:a.example"


def test_draft_writes_the_week_once_and_leaves_what_is_there(workspace: Workspace) -> None:
    two_pieces(workspace)
    run(workspace, "draft")
    (draft,) = (workspace.root / "issues").rglob("en.md")
    draft.write_text("Mine.\n")
    run(workspace.opened_again(), "draft")
    assert draft.read_text() == "Mine.\n"


def test_archive_is_written_where_it_has_an_address(
    workspace: Workspace, make_config: Callable[..., Config]
) -> None:
    assert JOBS["archive"].is_used(workspace.config)
    (workspace.root / "feeds.yaml").write_text(FEEDS)
    run(workspace, "archive")
    assert (workspace.root / "site" / "index.html").is_file()
    bare = make_config(NEWSLETTER_TOML.replace("https://news.coalition.example", ""))
    assert not JOBS["archive"].is_used(bare)


def test_bounces_reads_the_mailboxes_of_the_settings(
    make_config: Callable[..., Config], tmp_path: Path
) -> None:
    box = tmp_path / "returned"
    mailbox.Maildir(box, create=True).add(b"Subject: Lunch?\n\nAt noon\n")
    config = make_config(f'{NEWSLETTER_TOML}\n[bounces]\nmailboxes = ["{box}"]\n')
    workspace = Workspace(config=config)
    assert JOBS["bounces"].is_used(config)
    assert keys(workspace, "bounces") == ["1"], "no address stands in a table"
    run(workspace, "bounces", "1")
    with pytest.raises(ConfigError):
        run(workspace, "bounces", "2")
    workspace.engine.dispose()


def broken_feed(workspace: Workspace, server: WebServer) -> str:
    """Harbor has a contact and a feed that is a page; its address."""
    url = server.page("/feed", "<html>Just a moment...</html>")
    feeds = FEEDS.replace("https://harbor.example/feed/", url)
    feeds = feeds.replace(
        "url: https://harbor.example\n",
        "url: https://harbor.example\n    contact: web@harbor.example\n",
    )
    (workspace.root / "feeds.yaml").write_text(feeds)
    return url


def test_health_writes_to_a_member_whose_feed_is_broken(
    workspace: Workspace, server: WebServer
) -> None:
    url = broken_feed(workspace, server)
    assert keys(workspace, "health") == []
    run(workspace, "pull", "127.0.0.1")
    state = workspace.feeds.states()[url]
    early = workspace.now() - timedelta(days=9)
    workspace.feeds.save([replace(state, failures=9, failing_since=early)])
    assert keys(workspace, "health") == ["harbor"]
    run(workspace.opened_again(), "health", "harbor")
    (letter,) = mails(workspace)
    assert letter["To"] == "web@harbor.example"


def health_due(workspace: Workspace, *, day: int) -> None:
    due_at = datetime(2026, 11, day, 8, tzinfo=UTC)
    known = workspace.jobs.schedules().get("health")
    due = Due(name="health", keys=("harbor",), due_at=due_at, is_rhythm=True)
    due = replace(due, moved_from=known and known.last_due_at)
    workspace.job_work.put([due], now=workspace.now(), held=timedelta())


@pytest.mark.usefixtures("processes")
@pytest.mark.skipif(sys.platform == "win32", reason="no fork there")
def test_a_member_is_written_to_once_each_time_however_often_who_does_it_is_killed(
    workspace: Workspace, server: WebServer
) -> None:
    broken_feed(workspace, server)
    health_due(workspace, day=1)
    run_killed(workspace, SqlReminders, "begin_to_member", "before")
    assert not mails(workspace)
    run_killed(workspace, SqlReminders, "begin_to_member", "after")
    assert not mails(workspace)
    run_killed(workspace, OutboxPost, "send", "after")
    (first,) = mails(workspace)
    run_killed(workspace, SqlReminders, "mark_sent", "after")
    (letter,) = mails(workspace)
    assert letter["Message-ID"] == first["Message-ID"], "programs show it once"
    for path in (workspace.root / "outbox").rglob("*.eml"):
        path.unlink()
    run(workspace.opened_again(), "health", "harbor")
    assert not mails(workspace), "it left"
    health_due(workspace, day=15)
    run(workspace.opened_again(), "health", "harbor")
    (second,) = mails(workspace)
    assert second["Message-ID"] != letter["Message-ID"]


def run_killed(workspace: Workspace, owner: type, name: str, when: str) -> None:
    """A process of its own writes to Harbor, and is killed by `kill -9` there."""
    workspace.engine.dispose()
    if (child := os.fork()) == 0:
        die_at(owner, name, when)
        run(Workspace(config=workspace.config), "health", "harbor")
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def test_notices_sends_what_could_not_leave(workspace: Workspace) -> None:
    assert keys(workspace, "notices") == []
    now = workspace.now()
    confirmed = SubscriberState.CONFIRMED
    ana = Subscriber(id=NOT_STORED, address="ana@r.example", language="en", state=confirmed)
    workspace.subscribers.add([ana])
    person = workspace.subscribers.by_address("ana@r.example")
    assert person
    workspace.notice_queue.put(person.id, NoticeKind.LINKS, now=now)
    assert keys(workspace, "notices") == [""]
    run(workspace, "notices")
    assert len(mails(workspace)) == 1
    assert keys(workspace, "notices") == []


def test_tidy_has_nobody_who_was_erased_while_others_read_left_in_the_files(
    workspace: Workspace,
) -> None:
    confirmed = SubscriberState.CONFIRMED
    ana = Subscriber(id=NOT_STORED, address="ana@r.example", language="en", state=confirmed)
    workspace.subscribers.add([ana])

    def is_in_a_file() -> bool:
        files = workspace.root.glob("newsletter.db*")
        return any(b"ana@r.example" in file.read_bytes() for file in files)

    with workspace.engine.connect().execution_options(snapshot=True) as reading:
        reading.exec_driver_sql("SELECT count(*) FROM subscribers").all()
        workspace.subscribers.suppress("ana@r.example", SuppressionReason.ERASED, workspace.now())
        assert is_in_a_file(), "in the log"
    run(workspace, "tidy")
    assert not is_in_a_file()


def test_purge_says_where_withdrawn_words_still_stand(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(workspace, "purge")
    from newsletter.jobs import purge

    done, _ = purge.purge_stories(workspace)
    still = (done, ("issues/2026-W40/en.md",))
    monkeypatch.setattr(purge, "purge_stories", lambda workspace: still)
    with pytest.raises(AttentionError, match=r"issues/2026-W40/en\.md"):
        run(workspace, "purge")
