"""[I/O] What an issue would take, and why: asked by `draft` and `items list --why`."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from newsletter.issues.choosing import clusters
from newsletter.issues.choosing.history import IssueHistory, PastIssue
from newsletter.issues.choosing.pool import Window, eligible
from newsletter.issues.choosing.select import Choice, Limits, Selection, rule_for, select
from newsletter.issues.ports import OfferStore, UseStore
from newsletter.issues.sources import IssueSources
from newsletter.model.coalition import SectionRule
from newsletter.model.issue import Offer
from newsletter.model.item import Cluster, Item

EVENTS_KNOWN_SINCE = timedelta(days=180)  # an event may be announced long before its week
NEWS_KNOWN_SINCE = timedelta(days=70)  # what was shared once is recognised for so long
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class DraftStore(OfferStore, UseStore, Protocol):
    """What drafting asks of the store."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRules:
    """The sections, and how the places in them are shared out."""

    sections: tuple[SectionRule, ...]
    organisation_cap: int
    rotation_issues: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What an issue would take, and one line why for each item that was looked at, by its id.

    `items` are all of those; `eligible` the organisations that had something to take.
    """

    choices: tuple[Choice, ...]
    why: Mapping[str, str]
    items: Sequence[Item]
    eligible: frozenset[str]


def choose(
    sources: IssueSources,
    store: DraftStore,
    rules: DraftRules,
    *,
    issue_id: str,
    sends_on: date,
    now: datetime,
) -> Chosen:
    """Decide what the issue takes of what was pulled and not offered in it yet."""
    past = history(store, issue_id)
    items, withdrawn = _looked_at(sources, past, now)
    offers = store.offers(issue_id)
    window = Window(
        since=lambda organisation: past.since(organisation, at_most=rules.rotation_issues),
        sends_on=sends_on,
        zone=ZoneInfo(sources.coalition.timezone),
        offered=store.offered_before(issue_id),
    )
    _, refused = eligible(items, window)
    open_, closed = _open_clusters(
        clusters.cluster(items, sources.by_id),
        refused,
        window.offered | {offer.item_id for offer in offers},
    )
    first_offers = {offer.item_id: offer.organisation_id for offer in offers}
    open_, missed = _still_room(sources, rules, open_, offers)
    closed |= missed
    selection = select(
        open_,
        rules.sections,
        organisations=sources.by_id,
        history=past,
        limits=Limits(cap=rules.organisation_cap, rotation=rules.rotation_issues),
        placed=Counter(filter(None, first_offers.values())),
    )
    publishers = {cluster.origin.organisation_id for cluster in open_}
    return Chosen(
        choices=selection.chosen,
        why={**withdrawn, **refused, **closed, **_reasons(selection)},
        items=items,
        eligible=frozenset(one for one in publishers if one is not None),
    )


def history(store: DraftStore, issue_id: str) -> IssueHistory:
    """What the earlier approved issues were, the newest first."""
    drafted = store.drafted(issue_id)
    could = store.eligible([one for one, _ in drafted])
    used: dict[str, set[str]] = {}
    for use in store.used_in_last(len(drafted), before=issue_id):
        if use.organisation_id is not None:
            used.setdefault(use.issue_id, set()).add(use.organisation_id)
    return IssueHistory(
        issues=tuple(
            PastIssue(
                issue_id=one,
                drafted_at=moment,
                used=frozenset(used.get(one, ())),
                eligible=could.get(one, frozenset()),
            )
            for one, moment in drafted
        )
    )


def _looked_at(
    sources: IssueSources, past: IssueHistory, now: datetime
) -> tuple[list[Item], dict[str, str]]:
    """News of the last weeks and events known for long, by id; and what carries withdrawn words."""
    recent = now - NEWS_KNOWN_SINCE
    found = [
        item
        for item in sources.items.since(now - EVENTS_KNOWN_SINCE if past.issues else _EVER)
        if item.event is not None or item.first_seen_at >= recent or not past.issues
    ]
    withdrawn = sources.stories.withdrawn_items(found)
    items = sorted((item for item in found if item.id not in withdrawn), key=lambda item: item.id)
    return items, {item_id: denial.reason for item_id, denial in withdrawn.items()}


def _reasons(selection: Selection) -> dict[str, str]:
    chosen = {
        choice.cluster.origin.id: f"chosen for {choice.section_id}: {choice.reason}"
        for choice in selection.chosen
    }
    left = {item_id: f"not chosen: {reason}" for item_id, reason in selection.left.items()}
    return left | chosen


def _open_clusters(
    found: Sequence[Cluster], refused: Mapping[str, str], offered: Set[str]
) -> tuple[list[Cluster], dict[str, str]]:
    """Clusters with something eligible and nothing that was offered already, and why not others."""
    open_: list[Cluster] = []
    closed: dict[str, str] = {}
    for cluster in found:
        fresh = [item for item in cluster.items if item.id not in refused]
        again = next((item for item in cluster.items if item.id in offered), None)
        if not fresh:
            continue
        if again is not None:
            words = "already offered" if again in fresh else "the same as something offered before"
            closed |= {item.id: words for item in fresh}
            continue
        closed |= {
            item.id: f"the same thing as {cluster.origin.id}"
            for item in fresh
            if item is not cluster.origin
        }
        open_.append(cluster)
    return open_, closed


def _still_room(
    sources: IssueSources, rules: DraftRules, open_: Sequence[Cluster], offers: Sequence[Offer]
) -> tuple[list[Cluster], dict[str, str]]:
    """Leaves out what was there when the draft was written and found its section full.

    What arrived since is always shown: the editors judge whether it is worth another's place.
    """
    if not offers:
        return list(open_), {}
    written = max(offer.offered_at for offer in offers)
    filled: Counter[str] = Counter()
    for item in sources.items.get({offer.item_id for offer in offers}).values():
        rule = rule_for(item, rules.sections, sources.by_id.get(item.organisation_id or ""))
        filled[rule.id if rule else ""] += 1
    room: list[Cluster] = []
    missed: dict[str, str] = {}
    for cluster in open_:
        origin = cluster.origin
        rule = rule_for(origin, rules.sections, sources.by_id.get(origin.organisation_id or ""))
        if rule and filled[rule.id] >= rule.most and origin.first_seen_at <= written:
            missed[origin.id] = f"not chosen: the section {rule.id} is full ({rule.most})"
        else:
            room.append(cluster)
    return room, missed
