"""[I/O] What sending an issue would do: the approved bytes, the people, the warnings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from newsletter.errors import AttentionError
from newsletter.model.approved import ApprovedCorrection, ApprovedWords
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.delivery import ExclusionReason, Send, SendState
from newsletter.model.issue import Approval, Edition, is_bulletin
from newsletter.model.ledger import Process
from newsletter.model.message import RenderedEdition, issue_digest
from newsletter.model.silence import SENDER_LEASE
from newsletter.people.ports import SubscriberStore
from newsletter.sending.audience import AudienceRules, judge
from newsletter.sending.ceilings import Ceilings
from newsletter.sending.guards import blast_radius, idle, overdue, stale, undecided
from newsletter.sending.message.addressing import Addressing
from newsletter.sending.message.compose import Splicer
from newsletter.sending.message.dkim import DkimSigner
from newsletter.sending.ports import SendLedger
from newsletter.sending.sent_files import SentFiles
from newsletter.sending.told_words import ToldWords
from newsletter.sending.transports.transport import Transport
from newsletter.sending.warm_up import WarmUp, read_warm_up
from newsletter.stories.record.consents import Consents

SplicerFor = Callable[[RenderedEdition], Splicer]


@dataclass(frozen=True, kw_only=True, slots=True)
class SendLimits:
    """How fast, how long and how surprising a send may be."""

    stale_days: int = 7  # an older approval is warned about
    blast_radius: float = 1.5  # so is an edition that reaches this many times as many people
    rate: float | None = None  # messages a second, over all senders
    domain_rate: float | None = None  # messages a minute to any one domain
    ceilings: Ceilings = field(default_factory=Ceilings)
    warm_up: int = 0  # mails on the first day of all, twice as many each day after; 0: no limit
    lease: timedelta = SENDER_LEASE
    retry_window: timedelta = timedelta(hours=24)  # after it, put off counts as refused
    longest_wait: float = 1.0  # seconds: a pause, a cancel or a signal is noticed within it
    database_pauses: tuple[float, ...] = (0.5, 2.0, 5.0, 10.0, 20.0, 30.0)  # seconds between tries


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueReader:
    """What sending reads of an issue, by its id: its drafts, the bytes they render to now, each
    approval, the bytes that the latest one is to, and what all approved ones say. `corrections` are
    those of any issue."""

    drafts: Callable[[str], tuple[Edition, ...]]
    rendered: Callable[[str], tuple[RenderedEdition, ...]]
    approvals: Callable[[str], tuple[Approval, ...]]
    approvals_required: Callable[[str], int]
    approved_editions: Callable[[str], tuple[RenderedEdition, ...]]
    approved_words: Callable[[str], tuple[ApprovedWords, ...]]
    corrections: Callable[[], tuple[ApprovedCorrection, ...]]
    changed: Callable[[str], AttentionError]  # the error that says why its bytes are others now


@dataclass(frozen=True, kw_only=True, slots=True)
class SendParts:
    """What sending needs of a workspace.

    `publish` writes the archive; None where the archive has no address. `keep_out_left` keeps out
    who left, where the database was put back to a day before. `has_worker` says whether a worker
    runs, which begins what is due and goes on with what is not finished.
    """

    coalition: Coalition
    sender: Sender
    ledger: SendLedger
    witness: SentFiles
    people: SubscriberStore
    issues: IssueReader
    consents: Consents
    addressing: Callable[[], Addressing]
    transport: Callable[[SplicerFor], Transport]
    transport_name: str
    process: Process
    is_gone: Callable[[Process], bool | None]
    clock: Callable[[], datetime]
    limits: SendLimits = field(default_factory=SendLimits)
    signer: Callable[[], DkimSigner | None] = lambda: None
    publish: Callable[[], object] | None = None
    keep_out_left: Callable[[], object] = lambda: None
    has_worker: Callable[[], bool] = lambda: False


@dataclass(frozen=True, kw_only=True, slots=True)
class SendPlan:
    """What sending an issue would do now.

    `counts` (people by edition) and `exclusions` are of a survey, before the freeze; with a `send`
    the audience is frozen and `people` are those who still wait. What it `corrects`, and the
    editions of that which are `wrong`, by digest, are as in NewSend.
    """

    issue_id: str
    editions: tuple[RenderedEdition, ...]
    digest: str
    rules: AudienceRules
    people: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    exclusions: dict[ExclusionReason, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    send: Send | None = None
    corrects: str | None = None
    wrong: frozenset[str] = frozenset()

    @property
    def changed(self) -> bool:
        """Return whether other bytes are approved now than when the audience was frozen, and
        somebody is to get them: else the records would name words that nobody got."""
        return self.send is not None and self.people > 0 and self.send.digest != self.digest


def plan(parts: SendParts, issue_id: str, *, is_resumed: bool = False) -> SendPlan:
    """Load what is approved and count the people. AttentionError when it may not be sent.

    `is_resumed`: an editor has just said that a paused send goes on.
    """
    editions = approved(parts, issue_id)
    parts.keep_out_left()
    digest = issue_digest(editions)
    rules = _rules(parts, issue_id, editions)
    empty = SendPlan(issue_id=issue_id, editions=editions, digest=digest, rules=rules)
    send = parts.ledger.find(issue_id)
    if send is not None:
        still = [] if is_resumed else _idle(parts, send)
        # Whoever fixed its time chose it.
        old = [] if send.state is SendState.SCHEDULED else age(parts, issue_id)
        warnings = () if send.is_over else (*old, *still)
        people = parts.ledger.tally(send.id).open
        return replace(empty, people=people, warnings=warnings, send=send)
    corrects = editions[0].corrects
    left: dict[str, int] = {}
    if corrects is not None:
        languages, told = {edition.language for edition in editions}, told_words(parts)
        wrong = told.wrong(corrects, languages, by=issue_id)
        left = told.left_wrong(corrects, languages, by=issue_id)
        empty = replace(empty, corrects=corrects.issue_id, wrong=wrong)
    verdicts = parts.ledger.survey(
        partial(judge, rules=rules),
        month=month_of(parts),
        wrong=empty.wrong if corrects else None,
    )
    exclusions = {why: n for why, n in verdicts.items() if isinstance(why, ExclusionReason)}
    counts = {edition: n for edition, n in verdicts.items() if edition not in exclusions}
    last = {} if rules.is_bulletin else parts.ledger.audience_before(issue_id)
    surprises = blast_radius(counts, last, limit=parts.limits.blast_radius)
    return replace(
        empty,
        people=sum(counts.values()),
        counts=counts,
        exclusions=exclusions,
        warnings=(*age(parts, issue_id), *surprises, *undecided(corrects, exclusions, left)),
    )


def told_words(parts: SendParts) -> ToldWords:
    """Return what looks up what people were told."""
    return ToldWords(
        ledger=parts.ledger,
        approved_words=parts.issues.approved_words,
        corrections=parts.issues.corrections,
    )


def approved(parts: SendParts, issue_id: str) -> tuple[RenderedEdition, ...]:
    """Return the bytes that enough different editors approved. AttentionError when the draft does
    not render to them any more, when approvals are missing, or when it is too late."""
    editions = parts.issues.approved_editions(issue_id)
    if not editions:
        raise AttentionError(f"{issue_id} is not approved", hint=_approve(issue_id))
    digest = issue_digest(editions)
    approvals = parts.issues.approvals(issue_id)
    editors = {approval.editor for approval in approvals if approval.digest == digest}
    required = parts.issues.approvals_required(issue_id)
    if len(editors) < required:
        raise AttentionError(
            f"{issue_id} has {len(editors)} of {required} approvals",
            hint=f"another editor has to approve it: {_approve(issue_id)}",
        )
    if issue_digest(parts.issues.rendered(issue_id)) != digest:
        raise _changed(parts, issue_id)
    refuse_lapsed(editions, parts.clock())
    return editions


def _changed(parts: SendParts, issue_id: str) -> AttentionError:
    """Why the drafts say something else than what was approved, and what helps."""
    changed = parts.issues.changed(issue_id)
    send = parts.ledger.find(issue_id)
    if send is None or not send.is_over:
        return changed
    wrong = send.corrects or issue_id  # a correction is not corrected, but what it corrects
    return AttentionError(
        changed.message,
        hint=f"its sending is over: put the old words back into issues/{issue_id}/, or put it right"
        f" in issues/{wrong}/, then newsletter correct {wrong} tells those who have the old ones",
    )


def _approve(issue_id: str) -> str:
    return f"newsletter approve {issue_id} --as NAME"


def _rules(parts: SendParts, issue_id: str, editions: tuple[RenderedEdition, ...]) -> AudienceRules:
    now = parts.clock()
    today = parts.coalition.day_of(now)
    drafts = parts.issues.drafts(issue_id)
    return AudienceRules(
        editions=tuple(edition.language for edition in editions),
        publishes=parts.coalition.languages,
        today=today,
        topics=_target(drafts, "topics"),
        regions=_target(drafts, "regions"),
        is_bulletin=is_bulletin(issue_id),
        is_correction=editions[0].corrects is not None,
    )


def month_of(parts: SendParts) -> datetime:
    """Return the moment at which this month began where the coalition is."""
    today = parts.coalition.day_of(parts.clock())
    return datetime(today.year, today.month, 1, tzinfo=parts.coalition.zone)


def _target(drafts: tuple[Edition, ...], setting: str) -> frozenset[str]:
    """Whom the issue is for, as its drafts say it. AttentionError when they disagree."""
    targets = {
        frozenset(word.strip() for word in draft.settings.get(setting, "").split(",")) - {""}
        for draft in drafts
    }
    if len(targets) > 1:
        raise AttentionError(
            f"the drafts disagree on {setting}: one would reach people whom the other leaves out",
            hint=f"write the same {setting} at the top of each draft",
            file=drafts[0].path,
        )
    return next(iter(targets), frozenset())


def age(parts: SendParts, issue_id: str) -> list[str]:
    """List a warning when the newest approval is old."""
    newest = max(approval.approved_at for approval in parts.issues.approvals(issue_id))
    warning = stale(newest, parts.clock(), days=parts.limits.stale_days)
    return [warning] if warning else []


def _idle(parts: SendParts, send: Send) -> list[str]:
    now = parts.clock()
    if send.state is SendState.SCHEDULED and send.due_at is not None:
        late = overdue(send.due_at, now)
        return [late] if late else []
    may_be_old = send.state in (SendState.RUNNING, SendState.STOPPED)
    if not may_be_old or warm_up_of(parts).share_of(now) is not None:
        return []  # a first send rests from day to day
    warning = idle(parts.ledger.last_moved(send.id) or send.frozen_at, now)
    return [warning] if warning else []


def warm_up_of(parts: SendParts) -> WarmUp:
    """Return how many mails may leave on each day."""
    return read_warm_up(parts.ledger, parts.limits.warm_up, zone=parts.coalition.zone)


def splicers(parts: SendParts, *, test_copy: bool = False) -> SplicerFor:
    """Return what gives the splicer of an edition, made once."""
    signer = parts.signer()
    made: dict[int, Splicer] = {}

    def splicer(edition: RenderedEdition) -> Splicer:
        # By identity: an edition's own hash would read all of its bytes, for every message.
        if id(edition) not in made:
            made[id(edition)] = Splicer(
                edition, parts.sender, clock=parts.clock, test_copy=test_copy, signer=signer
            )
        return made[id(edition)]

    return splicer


def refuse_lapsed(editions: Sequence[RenderedEdition], now: datetime) -> None:
    """Raise AttentionError when it is too late to send one of the editions."""
    for edition in editions:
        if edition.has_lapsed(now):
            raise AttentionError(
                f"{edition.issue_id} ({edition.language}) has lapsed: {edition.lapses_at}",
                hint="verify it again, move lapses: in the draft, check and approve",
            )
