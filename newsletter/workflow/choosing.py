"""What an issue would take of what was pulled, and why: asked by `draft` and `items list --why`."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from newsletter.curation import clusters
from newsletter.curation.pool import Window, eligible
from newsletter.curation.select import Choice, Limits, Memory, Selection, select
from newsletter.issue.assemble import Piece
from newsletter.model.coalition import SectionRule
from newsletter.model.issue import Offer
from newsletter.model.item import Cluster
from newsletter.workflow.ports import OfferStore, UseStore
from newsletter.workflow.rendering import IssueSources

EVENTS_KNOWN_SINCE = timedelta(days=180)  # an event may be announced long before its week
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class DraftStore(OfferStore, UseStore, Protocol):
    """What drafting asks of the store."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftRules:
    """The sections, and how the places in them are shared out."""

    sections: tuple[SectionRule, ...]
    organisation_cap: int
    rotation_issues: int


def choose(
    sources: IssueSources,
    store: DraftStore,
    rules: DraftRules,
    *,
    issue_id: str,
    sends_on: date,
    now: datetime,
) -> tuple[tuple[Choice, ...], dict[str, str]]:
    """What the issue would take of what was pulled, and one line why for each item."""
    since = store.last_drafted(issue_id)
    items = sources.items.since(min(since or now, now - EVENTS_KNOWN_SINCE) if since else _EVER)
    withdrawn = sources.stories.withdrawn_items(items)
    items = sorted((item for item in items if item.id not in withdrawn), key=lambda item: item.id)
    offers = store.offers(issue_id)
    here = {offer.item_id for offer in offers}
    window = Window(
        since=since,
        sends_on=sends_on,
        zone=ZoneInfo(sources.coalition.timezone),
        offered=store.offered_before(issue_id),
    )
    _, refused = eligible(items, window)
    why = {**{item_id: answer.reason for item_id, answer in withdrawn.items()}, **refused}
    open_, closed = _open_clusters(
        clusters.cluster(items, sources.by_id), refused, window.offered | here
    )
    selection = select(
        open_,
        rules.sections,
        organisations=sources.by_id,
        memory=_memory(store, issue_id, offers, rules.rotation_issues),
        limits=Limits(cap=rules.organisation_cap, rotation=rules.rotation_issues),
    )
    return selection.chosen, why | closed | _reasons(selection)


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


def _memory(store: DraftStore, issue_id: str, offers: Sequence[Offer], rotation: int) -> Memory:
    issues = store.approved_issues(issue_id)[::-1]
    absent: dict[str, int] = {}
    for use in store.used_in_last(max(rotation * 4, 12), before=issue_id):
        if use.organisation_id is not None:
            absent.setdefault(use.organisation_id, issues.index(use.issue_id))
    first_offers = {offer.item_id: offer for offer in offers}.values()
    placed = Counter(offer.organisation_id for offer in first_offers if offer.organisation_id)
    return Memory(absent=absent, placed=placed)


def piece_of(choice: Choice) -> Piece:
    cluster = choice.cluster
    organisations = dict.fromkeys(item.organisation_id for item in cluster.others)
    also = tuple(one for one in organisations if one and one != cluster.origin.organisation_id)
    why = dict(cluster.evidence)
    evidence = [
        f"First published by {cluster.origin.organisation_id}: {why.get(cluster.origin.id, '')}"
    ]
    evidence += [
        f"also shared by {item.organisation_id} ({item.id}): {why.get(item.id, '')}"
        for item in cluster.others
    ]
    return Piece(
        section_id=choice.section_id,
        item=cluster.origin,
        also=also,
        evidence="; ".join(evidence) if cluster.others else "",
    )
