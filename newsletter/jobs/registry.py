"""All that runs by itself. What a job works with is imported when it is first due or run."""

import importlib
from collections.abc import Callable
from typing import Any

from newsletter.config.settings import Config
from newsletter.jobs.job import Job
from newsletter.jobs.send_shares import retried_as, worker_of
from newsletter.model.job import Queue
from newsletter.model.rhythm import Every, parse_rhythm


def _later(module: str, name: str) -> Callable[..., Any]:
    """That function of a module beside this one, imported when it is called."""

    def call(*arguments: Any) -> Any:
        return getattr(importlib.import_module(f"newsletter.jobs.{module}"), name)(*arguments)

    return call


def _has_editors(config: Config) -> bool:
    return any(editor.address for editor in config.editors)


_ALL = (
    Job(
        name="purge",
        queue=Queue.SAFETY,
        does="deletes what storytellers were told would be deleted by now",
        run=_later("purge", "purge_daily"),
        lock=lambda key: "story-desk",
        rhythm=lambda week: week.purge,
    ),
    Job(
        name="send",
        queue=Queue.SEND,
        does="sends what is scheduled, and goes on with what is not finished",
        run=_later("send_issue", "lend_hands"),
        lock=lambda key: f"send:{key}",
        due=_later("sends_due", "due"),
        knows_failures=True,
        for_worker=worker_of,
        retried_as=retried_as,
    ),
    Job(
        name="bounces",
        queue=Queue.INBOX,
        does="reads the mailboxes that returned mail comes to",
        run=_later("mailboxes", "read_mailbox_of"),
        lock=lambda key: f"mailbox:{key}",
        due=_later("mailboxes", "mailboxes"),
        rhythm=lambda week: week.bounces,
        is_used=lambda config: bool(config.mailboxes),
    ),
    Job(
        name="pull",
        queue=Queue.PULL,
        does="asks the members' feeds that are due, host by host",
        run=_later("pull_host", "pull_host"),
        lock=lambda key: f"host:{key}",
        due=_later("pull_host", "hosts_due"),
        rhythm=lambda week: None if week.pull.every is Every.HOUR else week.pull,
    ),
    Job(
        name="draft",
        queue=Queue.PAGES,
        does="writes the drafts of the week, unless there are some",
        run=_later("draft_week", "draft_week"),
        lock=lambda key: "issue",
        rhythm=lambda week: week.draft,
    ),
    Job(
        name="tell",
        queue=Queue.TELL,
        does="mails editors what there is to do",
        run=_later("telling.telling_jobs", "tell_editors"),
        lock=lambda key: "editors",
        due=_later("telling.telling_jobs", "anything_due"),
        is_used=_has_editors,
    ),
    Job(
        name="look",
        queue=Queue.TELL,
        does="looks for what editors are to hear: feeds, sources, consents, stories",
        run=_later("telling.telling_jobs", "look"),
        rhythm=lambda week: parse_rhythm("hourly"),
        is_used=_has_editors,
    ),
    Job(
        name="notices",
        queue=Queue.TELL,
        does="sends the mails that people asked for and that could not leave",
        run=_later("waiting_notices", "send_due_notices"),
        due=_later("waiting_notices", "notices_due"),
    ),
    Job(
        name="health",
        queue=Queue.TELL,
        does="writes to members whose feeds need attention",
        run=_later("letters", "write_to_member"),
        lock=lambda key: f"member:{key}",
        due=_later("letters", "members_to_write"),
        rhythm=lambda week: week.health,
    ),
    Job(
        name="archive",
        queue=Queue.SITE,
        does="publishes the archive without what may be shown no more",
        run=_later("publish", "publish_archive"),
        lock=lambda key: "archive",
        rhythm=lambda week: week.archive,
        is_used=lambda config: bool(config.coalition.public_url),
    ),
    Job(
        name="tidy",
        queue=Queue.SITE,
        does="deletes what is known of runs that ended long ago",
        run=_later("publish", "tidy"),
        rhythm=lambda week: parse_rhythm("daily 03:40"),
    ),
)
JOBS = {job.name: job for job in _ALL}
