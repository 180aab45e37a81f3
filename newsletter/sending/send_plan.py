"""[I/O] What sending an issue would do: the approved bytes, the people, the warnings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter.errors import AttentionError
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.delivery import ExclusionReason, Process, Send, SendState
from newsletter.model.issue import Edition, is_bulletin
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.subscriber import Subscriber
from newsletter.sending.audience import AudienceRules, judge
from newsletter.sending.guards import blast_radius, stale
from newsletter.sending.handover import Addressing
from newsletter.sending.message.compose import Splicer
from newsletter.sending.message.dkim import DkimSigner
from newsletter.sending.ports import (
    ApprovedIssues,
    Consents,
    DeliveryEvents,
    Judge,
    Senders,
    SendLedger,
    SendWitness,
    Suppressor,
    Tallies,
)
from newsletter.sending.transports.transport import Transport

SplicerFor = Callable[[RenderedEdition], Splicer]


@dataclass(frozen=True, kw_only=True, slots=True)
class SendParts:
    """What sending needs of a workspace.

    `publish` writes the archive; None where the archive has no address.
    """

    coalition: Coalition
    sender: Sender
    ledger: SendLedger
    senders: Senders
    tallies: Tallies
    witness: SendWitness
    events: DeliveryEvents
    people: Suppressor
    issues: ApprovedIssues
    drafts: Callable[[str], tuple[Edition, ...]]
    rendered: Callable[[str], tuple[RenderedEdition, ...]]
    consents: Consents
    addressing: Callable[[], Addressing]
    transport: Callable[[SplicerFor], Transport]
    transport_name: str
    process: Process
    is_gone: Callable[[Process], bool | None]
    clock: Callable[[], datetime]
    approvals_required: Callable[[str], int]
    signer: Callable[[datetime], DkimSigner | None] = lambda moment: None
    publish: Callable[[], None] | None = None
    stale_days: int = 7
    blast_radius: float = 1.5
    rate: float | None = None
    domain_rate: float | None = None  # messages a minute to any one domain
    lease: timedelta = timedelta(minutes=2)  # a sender elsewhere is dead when it was silent for it
    longest_wait: float = 1.0  # seconds: a pause, a cancel or a signal is noticed within it
    database_pauses: tuple[float, ...] = (0.5, 2.0, 5.0, 10.0, 20.0, 30.0)

    def today(self, now: datetime) -> date:
        """The day it is where the coalition is."""
        return now.astimezone(ZoneInfo(self.coalition.timezone)).date()


@dataclass(frozen=True, kw_only=True, slots=True)
class SendPlan:
    """What sending an issue would do now.

    `counts` (people by edition) and `exclusions` are of a survey, before the freeze; with a `send`
    the audience is frozen and `people` are those who still wait. `changed`: approved anew since.
    """

    issue_id: str
    editions: tuple[RenderedEdition, ...]
    digest: str
    rules: AudienceRules
    people: int
    counts: dict[str, int]
    exclusions: dict[ExclusionReason, int]
    warnings: tuple[str, ...] = ()
    send: Send | None = None

    @property
    def changed(self) -> bool:
        """Whether other bytes are approved now than when the audience was frozen."""
        return self.send is not None and self.send.digest != self.digest


def plan(parts: SendParts, issue_id: str) -> SendPlan:
    """Load what is approved and count the people. AttentionError when it may not be sent."""
    editions = approved(parts, issue_id)
    digest = issue_digest(editions)
    rules = _rules(parts, issue_id, editions)
    send = parts.ledger.find(issue_id)
    if send is not None:
        done = send.state in (SendState.FINISHED, SendState.CANCELLED)
        return SendPlan(
            issue_id=issue_id,
            editions=editions,
            digest=digest,
            rules=rules,
            people=parts.tallies.tally(send.id).open,
            counts={},
            exclusions={},
            warnings=() if done else tuple(_age(parts, issue_id)),
            send=send,
        )
    verdicts = parts.ledger.survey(judge_by(rules))
    exclusions = {why: n for why, n in verdicts.items() if isinstance(why, ExclusionReason)}
    counts = {edition: n for edition, n in verdicts.items() if edition not in exclusions}
    last = {} if rules.is_bulletin else parts.ledger.audience_before(issue_id)
    surprises = blast_radius(counts, last, limit=parts.blast_radius)
    return SendPlan(
        issue_id=issue_id,
        editions=editions,
        digest=digest,
        rules=rules,
        people=sum(counts.values()),
        counts=counts,
        exclusions=exclusions,
        warnings=(*_age(parts, issue_id), *surprises),
    )


def approved(parts: SendParts, issue_id: str) -> tuple[RenderedEdition, ...]:
    """The bytes that enough different editors said yes to, if the draft still renders to them."""
    editions = parts.issues.approved_editions(issue_id)
    if not editions:
        raise AttentionError(f"{issue_id} is not approved", hint=_approve(issue_id))
    digest = issue_digest(editions)
    editors = {yes.editor for yes in parts.issues.approvals(issue_id) if yes.digest == digest}
    required = parts.approvals_required(issue_id)
    if len(editors) < required:
        raise AttentionError(
            f"{issue_id} has {len(editors)} of {required} approvals",
            hint=f"another editor says yes: {_approve(issue_id)}",
        )
    if issue_digest(parts.rendered(issue_id)) != digest:
        raise AttentionError(
            f"{issue_id} was changed after it was approved",
            hint=f"newsletter check {issue_id}, preview it, then {_approve(issue_id)}",
        )
    refuse_lapsed(editions, parts.clock())
    return editions


def _approve(issue_id: str) -> str:
    return f"newsletter approve {issue_id} --as NAME"


def judge_by(rules: AudienceRules) -> Judge:
    """The audience's rules as the ledger calls them."""

    def verdict(subscriber: Subscriber, is_suppressed: bool) -> str | ExclusionReason:
        return judge(subscriber, rules, is_suppressed=is_suppressed)

    return verdict


def _rules(parts: SendParts, issue_id: str, editions: tuple[RenderedEdition, ...]) -> AudienceRules:
    now = parts.clock()
    today = parts.today(now)
    zone = ZoneInfo(parts.coalition.timezone)
    month = datetime(today.year, today.month, 1, tzinfo=zone)
    drafts = parts.drafts(issue_id)
    return AudienceRules(
        editions=tuple(edition.language for edition in editions),
        publishes=parts.coalition.languages,
        today=today,
        topics=_target(drafts, "topics"),
        regions=_target(drafts, "regions"),
        is_bulletin=is_bulletin(issue_id),
        is_monthly_due=not parts.ledger.weekly_since(month, apart_from=issue_id),
    )


def _target(drafts: tuple[Edition, ...], setting: str) -> frozenset[str]:
    """Whom the issue is for, as its drafts say it. AttentionError when they disagree."""
    found = {
        frozenset(word.strip() for word in draft.settings.get(setting, "").split(",")) - {""}
        for draft in drafts
    }
    if len(found) > 1:
        raise AttentionError(
            f"the drafts disagree on {setting}: one would reach people the other leaves out",
            hint=f"write the same {setting} at the top of each draft",
            file=drafts[0].path,
        )
    return next(iter(found), frozenset())


def _age(parts: SendParts, issue_id: str) -> list[str]:
    newest = max(yes.approved_at for yes in parts.issues.approvals(issue_id))
    warning = stale(newest, parts.clock(), days=parts.stale_days)
    return [warning] if warning else []


def refuse_lapsed(editions: Sequence[RenderedEdition], now: datetime) -> None:
    """AttentionError when it is too late to send one of the editions."""
    for edition in editions:
        if edition.has_lapsed(now):
            raise AttentionError(
                f"{edition.issue_id} ({edition.language}) has lapsed: {edition.lapses_at}",
                hint="verify it again, move lapses: in the draft, check and approve",
            )
