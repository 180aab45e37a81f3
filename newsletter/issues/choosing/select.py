"""Fair rotation: who is in this issue, in which section, and why, in one line each."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import chain, zip_longest

from newsletter.issues.choosing.history import IssueHistory
from newsletter.model.coalition import USUAL_SECTIONS, SectionRule
from newsletter.model.item import Cluster, Item, ItemKind, beginning
from newsletter.model.organisation import Organisation

# What a section takes when its rule names neither kinds nor topics.
_TAKES: Mapping[str, frozenset[ItemKind]] = {
    "news": frozenset({ItemKind.NEWS}),
    "events": frozenset({ItemKind.EVENT}),
    "media": frozenset({ItemKind.AUDIO, ItemKind.VIDEO}),
    "stories": frozenset({ItemKind.STORY}),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRules:
    """The sections, and how the places in them are shared out: at most `organisation_cap` pieces an
    organisation; nobody who could be in is absent `rotation_issues`."""

    sections: tuple[SectionRule, ...]
    organisation_cap: int
    rotation_issues: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Filled:
    """How many pieces each section was offered already, in all and since the first drafting.

    `since` is when the issue was last added to; None before its first drafting.
    """

    by_section: Mapping[str, int] = field(default_factory=dict)
    added: Mapping[str, int] = field(default_factory=dict)
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """A cluster in a section, and why."""

    section_id: str
    cluster: Cluster
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What was chosen, in reading order, and why each other cluster was not, by origin id."""

    chosen: tuple[Choice, ...]
    left: Mapping[str, str]


NOTHING = Filled()


def select(
    clusters: Sequence[Cluster],
    rules: DraftRules,
    *,
    organisations: Mapping[str, Organisation],
    history: IssueHistory,
    placed: Mapping[str, int] | None = None,
    filled: Filled = NOTHING,
) -> Selection:
    """Fill the sections in turns: each organisation's best piece before anybody's second.

    Who was absent longest goes first. Who would be absent too long and finds its section full goes
    in brief, who waited longest first. `placed` counts what organisations have in the issue
    already. A section's `most` counts what was `filled` before; what is new since then may stand
    beside a full one, up to as many again. Same inputs, same choice.
    """
    left: dict[str, str] = {}
    waiting: dict[str, list[Cluster]] = {rule.id: [] for rule in rules.sections}
    for cluster in clusters:
        organisation = organisations.get(cluster.origin.organisation_id or "")
        rule = rule_for(cluster.origin, rules.sections, organisation)
        if rule is None:
            left[cluster.origin.id] = "no section takes it"
        else:
            waiting[rule.id].append(cluster)
    turns = _Turns(history, rules, Counter(placed or {}), filled, left)
    chosen: list[Choice] = []
    for rule in rules.sections:
        taken = turns.fill(rule, waiting[rule.id])
        if rule.kind == "events":
            taken.sort(key=lambda choice: _best_first(choice.cluster))
        chosen += taken
    brief = brief_rule(rules.sections)
    there = sum(1 for choice in chosen if choice.section_id == brief.id)
    chosen += turns.overdue(clusters, brief, there)
    return Selection(chosen=tuple(chosen), left=left)


def brief_rule(rules: Sequence[SectionRule]) -> SectionRule:
    """Return the section of who would be absent too long, the usual one where there is none."""
    usual = next(rule for rule in USUAL_SECTIONS if rule.kind == "brief")
    return next((rule for rule in rules if rule.kind == "brief"), usual)


def rule_for(
    item: Item, rules: Sequence[SectionRule], organisation: Organisation | None = None
) -> SectionRule | None:
    """Find an item's section: one that names its topic before one that names its kind.

    A recording goes with the news where no section is for recordings.
    """
    named = (*item.topics, *(organisation.topics if organisation else ()))
    topics = {topic.casefold() for topic in named}
    fitting = [rule for rule in rules if item.kind in (rule.kinds or _TAKES.get(rule.kind, ()))]
    by_topic = (rule for rule in fitting if topics & {topic.casefold() for topic in rule.topics})
    by_kind = (rule for rule in fitting if not rule.topics)
    rule = next(by_topic, None) or next(by_kind, None)
    if rule is None and item.kind in _TAKES["media"]:
        return rule_for(replace(item, kind=ItemKind.NEWS), rules, organisation)
    return rule


class _Turns:
    """Shares out places; `placed` counts what each publisher has, `left` says why not, by id."""

    def __init__(
        self,
        history: IssueHistory,
        rules: DraftRules,
        placed: Counter[str],
        filled: Filled,
        left: dict[str, str],
    ) -> None:
        self._history = history
        self._rules = rules
        self._placed = placed
        self._filled = filled
        self._left = left

    def fill(self, rule: SectionRule, clusters: Sequence[Cluster]) -> list[Choice]:
        """Fill a section, in rounds: nobody's second before everybody's first."""
        queues: dict[str, list[Cluster]] = {}
        for cluster in sorted(clusters, key=_best_first):
            queues.setdefault(_publisher(cluster), []).append(cluster)
        turn = sorted(queues, key=lambda publisher: self._turn(publisher, queues[publisher]))
        taken: list[Choice] = []
        full = self._filled.by_section.get(rule.id, 0)
        added = self._filled.added.get(rule.id, 0)
        rounds = zip_longest(*(queues[publisher] for publisher in turn))
        for cluster in filter(None, chain.from_iterable(rounds)):
            publisher = _publisher(cluster)
            is_new = self._is_new(cluster)
            refusal = self._refusal(rule, publisher, min(full, added) if is_new else full)
            if refusal:
                self._left[cluster.origin.id] = refusal
                continue
            self._placed[publisher] += 1
            full, added = full + 1, added + is_new
            reason = self._reason(publisher)
            taken.append(Choice(section_id=rule.id, cluster=cluster, reason=reason))
        return taken

    def overdue(self, clusters: Sequence[Cluster], rule: SectionRule, there: int) -> list[Choice]:
        """Choose the best piece of each organisation that must not be absent once more; `there` are
        in the section already."""
        chosen: list[Choice] = []
        room = rule.most - there - self._filled.by_section.get(rule.id, 0)
        waits = {one: self._history.waited(one) for one in map(_publisher, clusters)}
        for cluster in sorted(
            clusters, key=lambda one: (-waits[_publisher(one)], *_best_first(one))
        ):
            publisher = _publisher(cluster)
            waited = waits[publisher]
            is_due = waited >= self._rules.rotation_issues - 1
            if self._placed[publisher] or not is_due or cluster.origin.id not in self._left:
                continue
            if len(chosen) >= room:
                self._left[cluster.origin.id] += f"; so is {rule.id} ({rule.most})"
                continue
            self._placed[publisher] += 1
            del self._left[cluster.origin.id]
            reason = f"in brief: its section is full, and it waited for {waited} issues"
            chosen.append(Choice(section_id=rule.id, cluster=cluster, reason=reason))
        return chosen

    def _is_new(self, cluster: Cluster) -> bool:
        since = self._filled.since
        return since is not None and cluster.origin.first_seen_at > since

    def _turn(self, publisher: str, queue: Sequence[Cluster]) -> tuple[int, float, str]:
        absent = self._history.absent(publisher)
        longest = len(self._history.issues) + 1
        return (-(longest if absent is None else absent), _best_first(queue[0])[0], publisher)

    def _refusal(self, rule: SectionRule, publisher: str, full: int) -> str:
        has = self._placed[publisher]
        if has >= self._rules.organisation_cap:
            return f"its organisation already has {has} pieces, the most one may have"
        return f"the section {rule.id} is full ({rule.most})" if full >= rule.most else ""

    def _reason(self, publisher: str) -> str:
        number, absent = self._placed[publisher], self._history.absent(publisher)
        if number > 1:
            return f"piece {number} of its organisation, after everybody's first"
        if absent is None:
            return "its organisation was never used before"
        if absent == 0:
            return "its organisation was in the last issue, and there was room"
        return f"its organisation was absent for {absent} issue{'s' if absent > 1 else ''}"


def _publisher(cluster: Cluster) -> str:
    """The organisation; each story is a publisher of its own."""
    return cluster.origin.organisation_id or cluster.origin.id


def _best_first(cluster: Cluster) -> tuple[float, str]:
    item = cluster.origin
    if item.event is not None:
        return (beginning(item.event.starts).timestamp(), item.id)
    return (-item.order_date.timestamp(), item.id)
