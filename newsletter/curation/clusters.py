"""Items that tell the same thing become one cluster, whose origin gets the credit."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from newsletter.curation.links import host_of, same_page
from newsletter.model.item import Cluster, Item
from newsletter.model.organisation import Organisation


def cluster(items: Sequence[Item], organisations: Mapping[str, Organisation]) -> list[Cluster]:
    """The items grouped, in the order of their first one. Evidence says why, per item id."""
    groups = _Groups(items)
    for key, reason in _links(items):
        groups.join_all(key, reason)
    for key, reason in _words(items):
        groups.join_all(key, reason)
    return [_with_origin(group, groups.reasons, organisations) for group in groups.lists()]


class _Groups:
    """A union of items by index that remembers why each joined."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.reasons: dict[str, str] = {}
        self._parent = list(range(len(items)))

    def root(self, at: int) -> int:
        while self._parent[at] != at:
            self._parent[at] = self._parent[self._parent[at]]
            at = self._parent[at]
        return at

    def join(self, one: int, other: int, reason: str) -> None:
        first, second = sorted((self.root(one), self.root(other)))
        if first != second:
            self._parent[second] = first
            self.reasons.setdefault(self.items[max(one, other)].id, reason)

    def join_all(self, members: Sequence[int], reason: str) -> None:
        for member in members[1:]:
            self.join(members[0], member, reason)

    def lists(self) -> list[list[Item]]:
        found: dict[int, list[Item]] = {}
        for at, item in enumerate(self.items):
            found.setdefault(self.root(at), []).append(item)
        return list(found.values())


def _links(items: Sequence[Item]) -> Iterable[tuple[list[int], str]]:
    by_page: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        if item.event is not None:
            continue  # a calendar's entries often share one page
        for page in dict.fromkeys((same_page(item.link), same_page(item.canonical_link))):
            if page:
                by_page.setdefault(page, []).append(at)
    return [(members, "leads to the same page") for members in by_page.values()]


def _words(items: Sequence[Item]) -> Iterable[tuple[list[int], str]]:
    by_words: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        starts = item.event.starts.isoformat() if item.event else ""
        words = " ".join(f"{item.title} {item.text}".casefold().split())
        digest = hashlib.sha256(f"{starts}\n{words}".encode()).hexdigest()
        by_words.setdefault(digest, []).append(at)
    return [(members, "has the same words") for members in by_words.values()]


def _with_origin(
    group: Sequence[Item], reasons: Mapping[str, str], organisations: Mapping[str, Organisation]
) -> Cluster:
    origin, why = _origin(group, organisations)
    others = tuple(
        sorted((item for item in group if item is not origin), key=lambda item: _known_date(item))
    )
    if not others:
        return Cluster(origin=origin)
    evidence = [(origin.id, why)]
    evidence += [(item.id, reasons.get(item.id, "leads to the same page")) for item in others]
    return Cluster(origin=origin, others=others, evidence=tuple(evidence))


def _origin(group: Sequence[Item], organisations: Mapping[str, Organisation]) -> tuple[Item, str]:
    """Who published it: named as the source, then on its own site, then the earliest known date."""
    own = {host_of(organisation.url): id_ for id_, organisation in organisations.items()}
    for item in group:
        named = own.get(host_of(item.source_url)) if item.source_url else None
        match = next((one for one in group if one.organisation_id == named), None)
        if named and match and match is not item:
            return match, "named as the source"
    at_home = [
        item for item in group if own.get(host_of(item.link)) == item.organisation_id is not None
    ]
    candidates = at_home or list(group)
    earliest = min(candidates, key=_known_date)
    if len(at_home) == 1:
        return earliest, "stands on its publisher's own site"
    return earliest, "has the earliest known date" if earliest.published_at else "was seen first"


def _known_date(item: Item) -> tuple[bool, datetime, str]:
    """Dates that the source said come before dates that we only observed."""
    known = item.published_at is not None
    moment = item.order_date if known else item.first_seen_at
    return (not known, moment.astimezone(UTC), item.id)
