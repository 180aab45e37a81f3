"""[I/O] The job `health`: letters to members whose feeds need attention."""

from collections.abc import Iterable
from datetime import datetime

from newsletter.errors import AttentionError
from newsletter.jobs.job import JobContext
from newsletter.members.health_letter import write_to_contacts
from newsletter.wiring import Workspace


def members_to_write(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return the members that gave a contact and whose feeds need attention."""
    return [
        health.organisation_id
        for health in workspace.feed_health()
        if health.contact and health.needs_attention
    ]


def write_to_member(context: JobContext) -> None:
    """Write to the member how its feeds are doing. AttentionError where that was refused."""
    workspace = context.workspace
    about = [one for one in workspace.feed_health() if one.organisation_id == context.key]
    refused = write_to_contacts(
        about,
        workspace.post,
        workspace.notice_renderer,
        translations=workspace.member_words,
    )
    if refused:
        raise AttentionError(
            f"the mail to {context.key} was refused", hint="look at its contact in feeds.yaml"
        )
