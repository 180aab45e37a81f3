"""A workspace's sending parts made by hand: a real ledger, and small fakes for what others keep."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, insert, select

from newsletter.errors import AttentionError
from newsletter.files import WorkspaceFiles
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.consent import Denied
from newsletter.model.delivery import DeliveryState
from newsletter.model.issue import Approval
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.subscriber import Subscriber, SubscriberState
from newsletter.model.suppression import SuppressionKeys
from newsletter.people.links import Links
from newsletter.sending.begin_send import SendOptions
from newsletter.sending.message.addressing import Addressing
from newsletter.sending.message.tokens import DeliveryTokens
from newsletter.sending.send import SendOutcome, run
from newsletter.sending.send_plan import IssueReader, SendParts, SplicerFor, plan
from newsletter.sending.sent_files import SentFiles
from newsletter.sending.transports.transport import Transport
from newsletter.store.deliveries import deliveries, send_editions
from newsletter.store.ledger import SqlLedger
from newsletter.store.processes import is_gone, this_process
from newsletter.store.subscribers import SqlSubscribers, subscribers
from newsletter.stories.record.consents import Consents

ISSUE = "2026-W47"
KEY = "a key for tests only, 32 bytes long"
COALITION = Coalition(
    name="Test Coalition",
    url="https://coalition.example",
    timezone="America/Los_Angeles",
    languages=("en", "es"),
    postal_address="1 Test Street",
)
SENDER = Sender(
    name="Test Coalition", address="news@coalition.example", list_id="digest.coalition.example"
)


def edition(language: str = "en", **changes: Any) -> RenderedEdition:
    """A small edition with both personal fields in both parts."""
    made = RenderedEdition(
        issue_id=ISSUE,
        language=language,
        subject={"en": "This week", "es": "Esta semana"}.get(language, language),
        preheader="What happened",
        html=f'<html lang="{language}"><body><p>.Hello</p><a href="@@preferences_url@@">Prefs</a>'
        '<a href="@@leave_url@@">Leave</a></body></html>',
        text=f"Hello {language}\n\nLeave: @@leave_url@@\nPreferences: @@preferences_url@@\n",
    )
    return replace(made, **changes)


@dataclass
class FakeIssues:
    """Approved issues in memory; `reader` is how sending sees them."""

    editions: tuple[RenderedEdition, ...]
    editors: tuple[str, ...] = ("Ana",)

    def approvals(self, issue_id: str) -> tuple[Approval, ...]:
        at = datetime(2026, 11, 20, tzinfo=UTC)
        digest = issue_digest(self.editions)
        return tuple(
            Approval(issue_id=issue_id, editor=name, digest=digest, approved_at=at)
            for name in self.editors
        )

    @property
    def reader(self) -> IssueReader:
        return IssueReader(
            drafts=lambda issue_id: (),
            rendered=lambda issue_id: self.editions,
            approvals=self.approvals,
            approvals_required=lambda issue_id: 1,
            approved_editions=lambda issue_id: self.editions,
            approved_words=lambda issue_id: (),
            corrections=lambda: (),
            changed=lambda issue_id: AttentionError(
                f"{issue_id} was changed after it was approved"
            ),
        )


@dataclass
class FakeConsents(Consents):
    """Says no to the stories named in `denied`; `asked` counts the questions."""

    denied: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def stamp(self, story_ids: Sequence[str]) -> object:
        """Never the same, so that each claim asks."""
        return object()

    def denials(self, edition: RenderedEdition, *, on: date) -> dict[str, Denied]:
        self.asked += 1
        return {
            story: Denied(reason=self.denied[story])
            for story in edition.story_ids
            if story in self.denied
        }


def outside_of(root: Path) -> Path:
    """Where a test's witness is kept outside its workspace."""
    return root.with_name(f"{root.name}-outside")


def make_parts(
    engine: Engine,
    transport: Callable[[SplicerFor], Transport],
    *,
    editions: tuple[RenderedEdition, ...] | None = None,
    consents: FakeConsents | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    root: Path | None = None,
) -> SendParts:
    """Everything `send` needs, around one database and one transport; `root` is the workspace,
    by default where the database file is."""
    issues = FakeIssues(editions or (edition("en"), edition("es")))
    root = root or Path(engine.url.database or "").parent
    keys = SuppressionKeys([KEY])
    return SendParts(
        coalition=COALITION,
        sender=SENDER,
        ledger=SqlLedger(engine, keys),
        witness=SentFiles(WorkspaceFiles(root), lambda: WorkspaceFiles(outside_of(root))),
        people=SqlSubscribers(engine, keys),
        issues=issues.reader,
        consents=consents or FakeConsents(),
        addressing=lambda: Addressing(
            links=Links([KEY], "https://news.coalition.example"),
            tokens=DeliveryTokens([KEY]),
            message_domain="coalition.example",
        ),
        transport=transport,
        transport_name="test",
        process=this_process(),
        is_gone=is_gone,
        clock=clock,
    )


def add_people(engine: Engine, count: int, *, language: str = "en", start: int = 1) -> None:
    """Confirmed people, person1@example.org and so on."""
    add_subscribers(
        engine,
        [
            Subscriber(
                id=number,
                address=f"person{number}@example.org",
                language=language,
                state=SubscriberState.CONFIRMED,
            )
            for number in range(start, start + count)
        ],
    )


def add_subscribers(engine: Engine, people: Sequence[Subscriber]) -> None:
    """Rows with the numbers that they name."""
    rows = [
        {
            "id": person.id,
            "address": person.address,
            "folded": person.address.casefold(),
            "language": person.language,
            "state": person.state.value,
            "frequency": person.frequency.value,
            "topics": " ".join(sorted(person.topics)),
            "regions": " ".join(sorted(person.regions)),
            "discreet": person.discreet,
            "paused_until": person.paused_until,
            "proof": "",
        }
        for person in people
    ]
    with engine.begin() as connection:
        connection.execute(insert(subscribers), rows)


def limited(parts: SendParts, **limits: Any) -> SendParts:
    """The parts with other limits."""
    return replace(parts, limits=replace(parts.limits, **limits))


def digests(engine: Engine, send_id: int) -> dict[str, int]:
    """How many people have a row for each approved digest."""
    query = (
        select(send_editions.c.digest, func.count())
        .join(deliveries, deliveries.c.edition_id == send_editions.c.id)
        .where(deliveries.c.send_id == send_id)
        .group_by(send_editions.c.digest)
    )
    with engine.begin() as connection:
        return {row[0]: row[1] for row in connection.execute(query)}


def send_all(parts: SendParts, *, rate: float | None = None, anyway_by: str = "") -> SendOutcome:
    """Plan and run, as the command does, without asking."""
    return run(
        parts,
        plan(parts, ISSUE),
        on_settled=ignore,
        options=SendOptions(rate=rate, anyway_by=anyway_by),
    )


def ignore(state: DeliveryState, count: int) -> None:
    """For a send whose progress nobody watches."""
