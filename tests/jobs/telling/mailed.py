"""A workspace at a moment, what happens in it, and the mails that editors get of it."""

import email
import email.policy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

from sqlalchemy import insert

from newsletter.jobs.telling.tell import is_anything_due, look_and_write_down, tell
from newsletter.model.approved import ApprovedDraft
from newsletter.model.issue import Approval, Offer
from newsletter.model.job import RunOutcome
from newsletter.model.ledger import NewSend
from newsletter.model.message import issue_digest
from newsletter.sending.stop_signal import StopSignal
from newsletter.store.job_runs import job_runs
from newsletter.wiring import Workspace
from tests.sending.parts import add_people, edition
from tests.sending.recorder import Running

ISSUE = "2026-W49"
TUESDAY = datetime(2026, 12, 1, 18, tzinfo=UTC)  # 10:00 in Los Angeles
WEDNESDAY = TUESDAY + timedelta(days=1)


@dataclass
class Mailed:
    """`now` is the moment that the worker's clock shows."""

    workspace: Workspace
    receiver: Running
    now: datetime = TUESDAY

    def pass_time(self, **amount: int) -> None:
        self.now += timedelta(**amount)

    def run(self) -> list[EmailMessage]:
        """What the tick does, each hour and each minute; the mails that left."""
        before = len(self.receiver.recorder.contents)
        look_and_write_down(self.workspace.opened_again(), now=self.now)
        return self.minute(before)

    def minute(self, before: int | None = None) -> list[EmailMessage]:
        """What it does each minute; the mails that left."""
        taken = self.receiver.recorder.contents
        before = len(taken) if before is None else before
        if is_anything_due(self.workspace.opened_again(), now=self.now):
            tell(self.workspace.opened_again(), now=self.now, stop=StopSignal())
        return [parsed(content) for content in taken[before:]]

    def draft(self, issue_id: str = ISSUE) -> None:
        offer = Offer(issue_id=issue_id, language="en", item_id="k3f9", offered_at=self.now)
        self.workspace.issues.offer([offer])

    def approve(
        self, editor: str, issue_id: str = ISSUE, subject: str = "This week", draft: str = ""
    ) -> str:
        """An editor approves the issue; its digest."""
        editions = (edition(issue_id=issue_id, subject=subject),)
        approval = Approval(
            issue_id=issue_id,
            editor=editor,
            digest=issue_digest(editions),
            approved_at=self.now,
        )
        drafts = {"en": ApprovedDraft(text=draft)} if draft else {}
        self.workspace.issues.approve(approval, editions, drafts)
        return approval.digest

    def freeze(self, people: int = 3, due_at: datetime | None = None, digest: str = "d") -> int:
        """Begin to send the issue to so many people, or have it sent then."""
        if people:
            add_people(self.workspace.engine, people)
        new = NewSend(issue_id=ISSUE, digest=digest, editions={"en": "e"}, due_at=due_at)
        return self.workspace.ledger.freeze(new, lambda _traits: "en", now=self.now).id

    def fail(self, name: str) -> None:
        """A job that runs by itself fails for good."""
        fail(self.workspace, name, now=self.now)


def fail(workspace: Workspace, name: str, *, now: datetime) -> None:
    """A job fails for good at that moment."""
    row = {"name": name, "key": "", "due_at": now, "attempt": 5, "worker": "w", "machine": "m"}
    row |= {"ended_at": now, "error": "the disk is full", "outcome": RunOutcome.FAILED.value}
    with workspace.engine.begin() as connection:
        connection.execute(insert(job_runs).values(row))


def parsed(content: bytes) -> EmailMessage:
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")
