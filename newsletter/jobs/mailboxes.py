"""[I/O] The job `bounces`: what came back, read from the mailboxes of the settings."""

import os
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime

from newsletter.errors import AttentionError, ConfigError
from newsletter.jobs.job import JobContext
from newsletter.sending.results.mailbox import open_mailbox
from newsletter.sending.results.read_bounces import BouncesRead, read_bounces
from newsletter.sending.transports.access_token import access_token
from newsletter.wiring import Workspace


def read_mailbox(workspace: Workspace, source: str) -> BouncesRead:
    """Read the unread messages of a Maildir folder, or of `imaps://user@host/FOLDER` with the
    password or token of the environment."""
    password = os.environ.get("NEWSLETTER_IMAP_PASSWORD", "")
    token = access_token(
        "NEWSLETTER_IMAP_TOKEN",
        token=os.environ.get("NEWSLETTER_IMAP_TOKEN", "").strip(),
        command=os.environ.get("NEWSLETTER_IMAP_TOKEN_COMMAND", "").strip(),
    )
    with closing(open_mailbox(source, password, token=token)) as mailbox:
        return read_bounces(mailbox, workspace.event_recorder, workspace.now())


def mailboxes(workspace: Workspace, now: datetime) -> Iterable[str]:
    """Return the places of the mailboxes in the settings, from 1 on: their names are addresses."""
    return [str(place) for place, _ in enumerate(workspace.config.mailboxes, start=1)]


def read_mailbox_of(context: JobContext) -> None:
    """Read that mailbox. AttentionError where a message could not be understood."""
    sources = context.workspace.config.mailboxes
    place = int(context.key) - 1
    if place >= len(sources):
        raise ConfigError("it is in newsletter.toml no more", file="newsletter.toml")
    if unreadable := read_mailbox(context.workspace, sources[place]).unreadable:
        raise AttentionError(
            f"{len(unreadable)} messages were not understood",
            hint="they are flagged in the mailbox: look at them there",
        )
