"""Items that tell the same thing become one cluster, whose origin gets the credit."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from newsletter.issues.choosing.credit import SiteOwners
from newsletter.issues.choosing.origin import known_date, latest_print, origin_of
from newsletter.issues.choosing.same_event import event_title, is_same_event, is_same_moment
from newsletter.issues.choosing.similar import (
    ACROSS,
    COMMON,
    LEAST,
    Shingled,
    begins_alike,
    containment,
    folded,
    resemblance,
    shingled,
    similar,
)
from newsletter.model.address import same_page
from newsletter.model.item import Cluster, Item
from newsletter.model.organisation import Organisation
from newsletter.pulling.items.boilerplate import article_texts

# An organisation repeats itself (a weekly call in the same words, a roundup of its own pieces), so
# two of its pieces have to be alike as wholes.
WITHIN_ONE = 0.7
CLOSE = timedelta(days=7)  # a title that comes back later is another piece
REPEATED = 3  # a passage that more of its pieces carry is a banner or a signature, not news


def cluster(items: Sequence[Item], organisations: Mapping[str, Organisation]) -> list[Cluster]:
    """Group the items, in the order of their first one. Evidence says why, per item id.

    Links first, then words. Events are the same only when they begin at the same moment.
    """
    texts = article_texts(items)
    group_of = {at: [at] for at in range(len(items))}
    reasons: dict[tuple[str, str], str] = {}
    for one, other, reason in (
        *_by_link(items),
        *_by_occasion(items),
        *_by_words(items, texts),
        *_by_summary(items, texts),
    ):
        reasons.setdefault((items[one].id, items[other].id), reason)
        reasons.setdefault((items[other].id, items[one].id), reason)
        small, large = sorted((group_of[one], group_of[other]), key=len)
        if small is not large:
            large += small
            group_of.update(dict.fromkeys(small, large))
    homes = SiteOwners(organisations)
    groups = {id(group): group for group in group_of.values()}.values()
    return [
        _credited([items[at] for at in sorted(group)], reasons, organisations, homes)
        for group in groups
    ]


_Same = tuple[int, int, str]


def _by_link(items: Sequence[Item]) -> Iterator[_Same]:
    """Items of different organisations that lead to one page.

    A page that one organisation has several items on is a hub (a shop, a show's front page): it
    makes nothing the same.
    """
    by_page: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        for page in {same_page(item.link), same_page(item.canonical_link)} - {""}:
            by_page.setdefault(page, []).append(at)
    for members in by_page.values():
        organisations = {items[at].organisation_id for at in members}
        if len(members) > len(organisations):
            continue
        for other in members[1:]:
            if is_same_moment(items[members[0]].event, items[other].event):
                yield members[0], other, "leads to the same page"


def _by_words(items: Sequence[Item], articles: Sequence[str]) -> Iterator[_Same]:
    texts = _telling(items, list(map(shingled, articles)))
    for one, other in similar(texts):
        if not is_same_moment(items[one].event, items[other].event):
            continue
        within = items[one].organisation_id == items[other].organisation_id is not None
        if within and items[one].event is not None:
            continue  # a series in one calendar says the same words each time
        share = (resemblance if within else containment)(texts[one], texts[other])
        if share >= (WITHIN_ONE if within else ACROSS):
            yield one, other, f"has {round(share * 100)}% of the same words"
    yield from _short_and_equal(items, texts)


def _by_summary(items: Sequence[Item], articles: Sequence[str]) -> Iterator[_Same]:
    """Pieces of which one feed has only a line or two: the same title, beginning and week."""
    titled: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        if item.event is None and (title := folded(item.title)):
            titled.setdefault(title, []).append(at)
    for title, places in titled.items():
        told: list[int] = []  # each is compared with one of those that are alike: hundreds may be
        for at in places:
            like = (
                one
                for one in told
                if _is_elsewhere_and_close(items[one], items[at])
                and begins_alike(articles[one], articles[at], title)
            )
            first = next(like, None)
            if first is not None:
                yield first, at, "has the same title and beginning"
            elif len(told) < COMMON:
                told.append(at)


def _is_elsewhere_and_close(one: Item, other: Item) -> bool:
    if one.organisation_id == other.organisation_id:
        return False
    return abs(one.order_date - other.order_date) <= CLOSE


def _telling(items: Sequence[Item], texts: Sequence[Shingled]) -> list[Shingled]:
    """The texts without what some organisation says under everything it publishes."""
    by_organisation: dict[str | None, list[Shingled]] = {}
    for item, text in zip(items, texts, strict=True):
        by_organisation.setdefault(item.organisation_id, []).append(text)
    repeated: set[int] = set()
    for published in by_organisation.values():
        counts: Counter[int] = Counter()
        for text in published:
            counts.update(text.all)
        repeated |= {shingle for shingle, number in counts.items() if number > REPEATED}
    return [text.without(repeated) for text in texts]


def _short_and_equal(items: Sequence[Item], texts: Sequence[Shingled]) -> Iterator[_Same]:
    """Texts too short to compare by parts: the same title and the same words."""
    seen: dict[tuple[str, frozenset[int], str], int] = {}
    for at, item in enumerate(items):
        title = " ".join(item.title.casefold().split())
        length = len(texts[at].ordered)
        if length >= LEAST or len(title.split()) + length < 5:
            continue
        starts = item.event.starts.isoformat() if item.event else ""
        first = seen.setdefault((title, texts[at].all, starts), at)
        if first != at:
            yield first, at, "has the same title and words"


def _by_occasion(items: Sequence[Item]) -> Iterator[_Same]:
    """Events in several calendars, whatever their words."""
    alike: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        if item.event is None:
            continue
        for key in {item.identity, event_title(item)} - {""}:
            for other in alike.setdefault(key, []):
                if is_same_event(items[other], item):
                    yield other, at, "is the same event in another calendar"
            alike[key].append(at)


def _credited(
    group: Sequence[Item],
    reasons: Mapping[tuple[str, str], str],
    organisations: Mapping[str, Organisation],
    homes: SiteOwners,
) -> Cluster:
    if len(group) == 1:
        return Cluster(origin=group[0])
    origin, why = origin_of(group, organisations, homes)
    origin = latest_print(origin, group)
    others = sorted((item for item in group if item is not origin), key=known_date)
    evidence = [(origin.id, why)]
    evidence += [(item.id, _why(item, origin, group, reasons)) for item in others]
    return Cluster(origin=origin, others=tuple(others), evidence=tuple(evidence))


def _why(
    item: Item, origin: Item, group: Sequence[Item], reasons: Mapping[tuple[str, str], str]
) -> str:
    direct = reasons.get((origin.id, item.id))
    if direct is not None:
        return direct
    return next(
        f"{reasons[other.id, item.id]} as {other.id}"
        for other in group
        if (other.id, item.id) in reasons
    )
