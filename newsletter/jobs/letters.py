"""[I/O] The job `health`: letters to members whose feeds need attention."""

from collections.abc import Iterable
from datetime import datetime

from newsletter.errors import AttentionError
from newsletter.jobs.job import JobContext
from newsletter.members.health_letter import notice_to
from newsletter.model.delivery import Refused
from newsletter.wiring import Workspace


def members_to_write(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return the members that gave a contact and whose feeds need attention."""
    return [
        health.organisation_id
        for health in workspace.feed_health()
        if health.contact and health.needs_attention
    ]


def write_to_member(context: JobContext) -> None:
    """Write to the member how its feeds are doing, once each time that it is due. AttentionError
    where that was refused."""
    workspace = context.workspace
    schedule = workspace.jobs.schedules().get("health")
    period = str(schedule and schedule.last_due_at)
    for health in workspace.feed_health():
        if health.organisation_id != context.key:
            continue
        notice = notice_to(
            health,
            workspace.notice_renderer,
            translations=workspace.member_words,
            period=period,
        )
        mail = workspace.reminders.begin_to_member(context.key, period, now=workspace.now())
        if notice is None or mail is None:
            continue
        if isinstance(workspace.post.send(notice), Refused):
            raise AttentionError(
                f"the mail to {context.key} was refused", hint="look at its contact in feeds.yaml"
            )
        workspace.reminders.mark_sent([mail], now=workspace.now())
