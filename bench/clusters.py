"""How well the same thing is recognised: precision and recall on pairs made from real feeds.

    python bench/clusters.py [folder of feeds] [-v]

Each real entry of enough words is copied as other sites copy: under another headline, cut to an
excerpt, with a banner before it, lightly edited, or, under its own headline, cut to its first
sentence, to so many characters, or to nothing; and quoted in something else, in another language
(each word replaced, as far as shared words go), another text under its headline, or another one
under its headline and first sentence, half a year earlier. Each copy belongs to another
organisation, has a link of its own, and stands among all the real entries. Those named "not" are
not the same thing.
"""

import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsletter.issues.choosing.clusters import cluster
from newsletter.issues.choosing.similar import containment, shingled, similar
from newsletter.model.answer import Fetched
from newsletter.model.item import Cluster, Item
from newsletter.model.organisation import Organisation
from newsletter.pulling.reading import ReadFeed, ReadJob, read

FOLDER = Path(__file__).parents[2] / "shared" / "corpora"
NOW = datetime(2026, 11, 20, tzinfo=UTC)
COPIER = Organisation(id="copier", name="Copier", url="https://copier.example", languages=("en",))
BANNER = (
    "This article is part of our spring campaign for members everywhere. If you value what we do, "
    "become a supporter today, share it with a friend, and follow us wherever you read your news."
)


@dataclass(frozen=True, kw_only=True)
class Score:
    """Found and not found, by way of copying."""

    found: Counter[str]
    made: Counter[str]
    false_pairs: int
    natural: list[tuple[Item, Item, str]]
    seconds: float
    items: int


def real_items(folder: Path) -> list[Item]:
    """Every entry of the feeds, one organisation a feed."""
    items: dict[str, Item] = {}
    for path in sorted(folder.iterdir()):
        organisation = Organisation(
            id=path.name, name=path.name, url=f"https://{path.name}.example", languages=("en",)
        )
        job = ReadJob(
            answer=Fetched(url=f"https://{path.name}.example/feed", body=path.read_bytes()),
            feed_url=f"https://{path.name}.example/feed",
            organisation=organisation,
            now=NOW,
        )
        feed = read(job)
        if isinstance(feed, ReadFeed):
            for item, keys in feed.items:
                name = f"{path.name}-{keys[0]}"
                items.setdefault(name, replace(item, id=name))
    return list(items.values())


def excerpt(words: list[str], rng: random.Random) -> list[str]:
    return [*words[: rng.choice((40, 60, 100))], "[…]", "Read", "the", "rest"]


def edited(words: list[str], rng: random.Random) -> list[str]:
    return [rng.choice(words) if rng.random() < 0.05 else word for word in words]


def translated(words: list[str], rng: random.Random) -> list[str]:
    return [
        word if word[:1].isupper() or word[:1].isdigit() else word[::-1] + "o" for word in words
    ]


def first_sentence(text: str) -> str:
    """As a feed's summary has it: a few words more, where the first are an exclamation."""
    words = text.split()
    ends = (at for at, word in enumerate(words, 1) if at >= 6 and word[-1:] in ".!?")
    return " ".join(words[: min(next(ends, 60), 60)])


def copies(item: Item, other: Item, rng: random.Random) -> dict[str, dict[str, object]]:
    """What the copy says by way of copying; `other` is what a quotation stands in."""
    words = item.text.split()
    # Two real pieces may have the same words; what stands around two copies has not.
    ours = [f"{word}{item.id[-4:]}" for word in translated(other.text.split(), rng)]
    quotation = words[: max(20, min(len(words) // 4, len(ours) // 4))]
    date = item.published_at
    under_its_own = {"title": item.title, "published_at": date and date + timedelta(days=1)}
    cut = item.text[: rng.choice((80, 120, 155))]
    return {
        "another headline": {"text": item.text},
        "excerpt": {"text": " ".join(excerpt(words, rng))},
        "banner": {"text": f"{BANNER} {item.text}"},
        "edited": {"text": " ".join(edited(words, rng))},
        "first sentence": {"text": first_sentence(item.text), **under_its_own},
        "cut short": {"text": f"{cut}… Read more", **under_its_own},
        "not: quoted": {"text": " ".join([*ours[:30], *quotation, *ours[30:]])},
        "not: translated": {"text": " ".join(translated(words, rng))},
        "not: own words": {"text": " ".join(ours[:25]), **under_its_own},
        "not: next time": {
            "text": " ".join([*first_sentence(item.text).split()[:15], *ours[:160]]),
            "title": item.title,
            "published_at": date and date - timedelta(days=180),
        },
    }


def measure(
    items: list[Item], *, sample: int, clusters: Callable[..., list[Cluster]] = cluster
) -> Score:
    """Cluster the real items with the copies among them, one way of copying at a time."""
    rng = random.Random(47)
    originals = [item for item in items if len(item.text.split()) >= 60]
    chosen = rng.sample(originals, min(sample, len(originals)))
    others = [*chosen[1:], chosen[0]]
    copied = [copies(item, other, rng) for item, other in zip(chosen, others, strict=True)]
    ways = list(copied[0])
    found: Counter[str] = Counter()
    made: Counter[str] = Counter()
    false_pairs = 0
    began = time.perf_counter()
    natural = _pairs(clusters(items, {}))
    seconds = time.perf_counter() - began
    known = {frozenset((one.id, other.id)) for one, other, _ in natural} | _twins(items)
    for way in ways:
        fakes = {}
        for number, item in enumerate(chosen):
            named = replace(
                item,
                id=f"copy{number}",
                title=f"Another headline {number}",
                organisation_id="copier",
                link=f"https://copier.example/{way.replace(' ', '-')}/{number}",
                canonical_link=None,
            )
            fakes[f"copy{number}"] = (item, replace(named, **copied[number][way]))  # type: ignore[arg-type]
        made[way] = len(fakes)
        mixed = [*items, *(copy for _, copy in fakes.values())]
        for one, other, _ in _pairs(clusters(mixed, {COPIER.id: COPIER})):
            pair = {one.id, other.id}
            if frozenset(pair) in known:
                continue
            copy = next((name for name in pair if name in fakes), None)
            if copy is not None and fakes[copy][0].id in pair:
                found[way] += 1
            elif copy is None or not _shares_cluster(pair, fakes, known):
                false_pairs += 1
                if "-v" in sys.argv:
                    print(way, pair, fakes[copy][0].title if copy else "")
    return Score(
        found=found,
        made=made,
        false_pairs=false_pairs,
        natural=natural,
        seconds=seconds,
        items=len(items),
    )


def _twins(items: list[Item]) -> set[frozenset[str]]:
    """Pairs of one feed that are alike in the real data: whoever copies one, copies the other."""
    texts = [shingled(item.text) for item in items]
    return {
        frozenset((items[one].id, items[other].id))
        for one, other in similar(texts)
        if items[one].organisation_id == items[other].organisation_id
        and containment(texts[one], texts[other]) >= 0.3
    }


def _shares_cluster(
    pair: set[str], fakes: dict[str, tuple[Item, Item]], known: set[frozenset[str]]
) -> bool:
    """Whether a pair follows from a real one: the copy of something that had a twin already."""
    originals = [fakes[name][0].id if name in fakes else name for name in pair]
    return len(set(originals)) == 1 or frozenset(originals) in known


def _pairs(found: list[Cluster]) -> list[tuple[Item, Item, str]]:
    pairs = []
    for one in found:
        why = dict(one.evidence)
        for at, item in enumerate(one.items):
            for other in one.items[at + 1 :]:
                pairs.append((item, other, why[other.id]))
    return pairs


def main() -> None:
    named = [one for one in sys.argv[1:] if not one.startswith("-")]
    corpora = Path(os.environ.get("NEWSLETTER_CORPORA", FOLDER))
    folder = Path(named[0]) if named else corpora / "real-feeds"
    if not folder.is_dir():
        print(f"no feeds at {folder}")
        return
    items = real_items(folder)
    score = measure(items, sample=300)
    print(f"{score.items} real entries clustered in {score.seconds:.2f} s")
    print(f"{len(score.natural)} pairs among them were found to be the same")
    if "-v" in sys.argv:
        for one, other, why in score.natural:
            print(f"  {one.title[:50]!r} / {other.title[:50]!r}: {why}")
    print(f"\n{'way of copying':20} {'pairs':>6} {'joined':>7}")
    for way, number in score.made.items():
        print(f"{way:20} {number:6} {score.found[way]:7}  {score.found[way] / number:.1%}")
    same = [way for way in score.made if not way.startswith("not")]
    hits = sum(score.found[way] for way in same)
    wrong = score.false_pairs + sum(score.found[way] for way in score.made if way not in same)
    print(
        f"recall {hits / sum(score.made[way] for way in same):.1%}, "
        f"precision {hits / (hits + wrong):.1%} ({wrong} wrong pairs)"
    )


if __name__ == "__main__":
    main()
