"""Who published something first, and how we know."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from newsletter.issues.choosing.credit import SiteOwners, source_of
from newsletter.model.item import Item
from newsletter.model.organisation import Organisation

ONE_PULL = timedelta(hours=1)  # what we first saw so close together, one pull brought


def origin_of(
    group: Sequence[Item], organisations: Mapping[str, Organisation], homes: SiteOwners
) -> tuple[Item, str]:
    """Return the item that gets the credit, and why, in words for editors.

    In this order: named as the source by another, the page that another's canonical link leads
    to, a partner that the others declare, the first one seen, and of those seen together one on
    its publisher's own site, then the earliest known date: what a later pull brings is a copy,
    whatever its date and its site.
    """

    def named_as_source(item: Item) -> str | None:
        return homes.named(source_of(item))

    def canonical(item: Item) -> str | None:
        return homes.owner(item.canonical_link) or homes.owner(item.link)

    credited = (
        _pointed_at(group, named_as_source, "named as the source by {}")
        or _pointed_at(group, canonical, "{}'s own entry leads to its page")
        or _partner(group, organisations)
    )
    if credited is not None:
        return credited
    together = _seen_first(group)
    at_home = [
        item
        for item in together
        if item.organisation_id is not None and homes.owner(item.link) == item.organisation_id
    ]
    if 0 < len(at_home) < len(together):
        if len({item.organisation_id for item in at_home}) == 1:
            return min(at_home, key=known_date), "is on its publisher's own site"
        together = at_home
    first = min(together, key=known_date)
    is_dated = len(together) > 1 and first.credit_date is not None
    return first, "has the earliest known date" if is_dated else "was seen first"


def latest_print(origin: Item, group: Sequence[Item]) -> Item:
    """Return the print of the origin that its feed brought last: the same words at a new address.

    A member who corrects a slug or a domain leaves the old address dead; where the feed gives its
    entries no identity of their own, that is another item.
    """
    prints = (
        item
        for item in group
        if (item.organisation_id, item.feed_url, item.kind, item.text)
        == (origin.organisation_id, origin.feed_url, origin.kind, origin.text)
        and not item.hidden
        and item.withdrawn_at is None
    )
    is_article = origin.feed_url and origin.text and origin.event is None
    newest = max(prints, key=lambda item: (item.first_seen_at, item.id), default=origin)
    return newest if is_article and newest.first_seen_at > origin.first_seen_at else origin


def known_date(item: Item) -> tuple[bool, datetime, str]:
    """Return a sort key: what the source dated comes before what we only saw."""
    date = item.credit_date
    moment = min(date, item.first_seen_at) if date else item.first_seen_at
    return (date is None, moment.astimezone(UTC), item.id)


def _seen_first(group: Sequence[Item]) -> list[Item]:
    """Those that the pull brought that brought any of them first; what came later copied it."""
    seen = min(item.first_seen_at for item in group)
    return [item for item in group if item.first_seen_at - seen <= ONE_PULL]


_Found = tuple[Item, str] | None


def _of(group: Sequence[Item], owner: str | None) -> Item | None:
    own = (item for item in group if owner is not None and item.organisation_id == owner)
    return min(own, key=known_date, default=None)


def _pointed_at(
    group: Sequence[Item], owner_of: Callable[[Item], str | None], reason: str
) -> _Found:
    """The piece of an organisation that another's piece points to."""
    for item in sorted(group, key=known_date):
        owner = owner_of(item)
        origin = _of(group, owner)
        if origin is not None and owner != item.organisation_id:
            return origin, reason.format(item.organisation_id)
    return None


def _partner(group: Sequence[Item], organisations: Mapping[str, Organisation]) -> _Found:
    """An organisation that all others of the group declare as a partner they reprint."""
    members = {item.organisation_id for item in group if item.organisation_id}
    for candidate in sorted(members):
        others = [organisations[id_] for id_ in members - {candidate} if id_ in organisations]
        if others and all(candidate in other.partners for other in others):
            origin = _of(group, candidate)
            if origin is not None:
                return origin, "a partner that the others reprint"
    return None
