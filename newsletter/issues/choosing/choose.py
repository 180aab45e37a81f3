"""What an issue would take, and why: asked by `draft` and `items list --why`."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, tzinfo

from newsletter.issues.choosing import clusters
from newsletter.issues.choosing.history import IssueHistory
from newsletter.issues.choosing.pool import Window, eligible
from newsletter.issues.choosing.select import (
    NOTHING,
    Choice,
    DraftRules,
    Filled,
    brief_rule,
    rule_for,
    select,
)
from newsletter.model.issue import Offer
from newsletter.model.item import Cluster, Item
from newsletter.model.organisation import Organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceFacts:
    """Everything that an issue's pieces are chosen by, as it was at one moment.

    `items` are recent news and events known for long, in the order of ids; `withdrawn` says why
    others may not appear, by id. `offers` is what the issue's own drafts showed, `offered_items`
    the items of that, by id; `offered_before` are ids that earlier issues offered.
    """

    organisations: Mapping[str, Organisation]
    zone: tzinfo
    history: IssueHistory
    items: Sequence[Item]
    withdrawn: Mapping[str, str]
    offers: Sequence[Offer]
    offered_items: Mapping[str, Item]
    offered_before: Set[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What an issue would take, and one line why for each item that was looked at, by its id.

    `items` are all of those; `eligible` the organisations that had something to take, and `open`
    what that was.
    """

    choices: tuple[Choice, ...]
    why: Mapping[str, str]
    items: Sequence[Item]
    eligible: frozenset[str]
    open: tuple[Cluster, ...]


def choose(facts: ChoiceFacts, rules: DraftRules, *, sends_on: date) -> Chosen:
    """Decide what the issue takes of what was pulled and not offered in it yet."""
    window = Window(
        since=lambda organisation: facts.history.since(organisation, at_most=rules.rotation_issues),
        sends_on=sends_on,
        zone=facts.zone,
        offered=facts.offered_before,
    )
    _, refused = eligible(facts.items, window)
    open_, closed = _open_clusters(
        clusters.cluster(facts.items, facts.organisations),
        refused,
        facts.offered_before | {offer.item_id for offer in facts.offers},
    )
    first_offers = {offer.item_id: offer.organisation_id for offer in facts.offers}
    selection = select(
        open_,
        rules,
        organisations=facts.organisations,
        history=facts.history,
        placed=Counter(filter(None, first_offers.values())),
        filled=_filled(facts, rules),
    )
    left = {item_id: f"not chosen: {reason}" for item_id, reason in selection.left.items()}
    taken = {
        choice.cluster.origin.id: f"chosen for {choice.section_id}: {choice.reason}"
        for choice in selection.chosen
    }
    publishers = {cluster.origin.organisation_id for cluster in open_}
    return Chosen(
        choices=selection.chosen,
        why={**facts.withdrawn, **refused, **closed, **left, **taken},
        items=facts.items,
        eligible=frozenset(filter(None, publishers)),
        open=tuple(open_),
    )


def _open_clusters(
    grouped: Sequence[Cluster], refused: Mapping[str, str], offered: Set[str]
) -> tuple[list[Cluster], dict[str, str]]:
    """Clusters with something eligible and nothing that was offered already, and why not others."""
    open_: list[Cluster] = []
    closed: dict[str, str] = {}
    for cluster in grouped:
        fresh = [item for item in cluster.items if item.id not in refused]
        again = next((item for item in cluster.items if item.id in offered), None)
        if again is not None:
            words = "already offered" if again in fresh else "the same as something offered before"
            closed |= {item.id: words for item in fresh}
        elif fresh:
            words = f"the same thing as {cluster.origin.id}"
            closed |= {item.id: words for item in fresh if item is not cluster.origin}
            open_.append(cluster)
    return open_, closed


def _filled(facts: ChoiceFacts, rules: DraftRules) -> Filled:
    """Count what the issue's drafts offered so far, whether or not an editor kept it."""
    if not facts.offers:
        return NOTHING
    offered: dict[str, Offer] = {}
    for offer in sorted(facts.offers, key=lambda one: one.offered_at):
        offered.setdefault(offer.item_id, offer)
    first = min(offer.offered_at for offer in offered.values())
    drafted: Counter[str] = Counter()
    added: Counter[str] = Counter()
    for item in facts.offered_items.values():
        member = facts.organisations.get(item.organisation_id or "")
        rule = rule_for(item, rules.sections, member) or brief_rule(rules.sections)
        (added if offered[item.id].offered_at > first else drafted)[rule.id] += 1
    brief = brief_rule(rules.sections).id
    for counted in (drafted, added):
        for rule in rules.sections:
            if rule.id != brief and (over := counted[rule.id] - rule.most) > 0:
                counted[rule.id] -= over  # these found their section full, and stand in brief
                counted[brief] += over
    return Filled(
        by_section=drafted + added,
        added=added,
        since=max(offer.offered_at for offer in facts.offers),
    )
