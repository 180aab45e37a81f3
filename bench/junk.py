"""How much of what is not the article is left in articles, and how much of them is lost.

    python bench/junk.py [-v] [folder of feeds]

On made members' articles (tests/pulling/items/junk; each line labeled before the rules saw it; the
first figures of those in c-*, d-* and e-* are in docs/decisions/0110, of f-*, g-* and h-* in 0115),
as a feed has them and as a page of its own has them. Of real feeds, which nobody labeled, it prints
what share of their words is left out; -v shows the passages.
"""

import os
import re
import sys
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.clusters import FOLDER, real_items
from newsletter.model.item import Item, ItemKind
from newsletter.pulling.items.article import article_in
from newsletter.pulling.items.boilerplate import article_texts
from newsletter.pulling.items.buttons import without_buttons
from newsletter.pulling.items.sanitise import Sanitiser, plain

MADE = Path(__file__).parents[1] / "tests" / "pulling" / "items" / "junk"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
WORD = re.compile(r"\w+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Labeled:
    """An item, with the words of its article and those that are none."""

    item: Item
    article: Counter[str]
    junk: Counter[str]


def words(text: str) -> Counter[str]:
    return Counter(WORD.findall(text.casefold()))


def member(path: Path, *, as_page: bool = False) -> list[Labeled]:
    """One made member's articles; as pages they come through what reads pages."""
    head, *entries = path.read_text(encoding="utf-8").split("\n=== ")
    language, home = head.split()
    labeled = []
    for number, entry in enumerate(entries):
        title, *lines = entry.strip().split("\n")
        body = "\n".join(line[2:] for line in lines)
        own = "\n".join(line[2:] for line in lines if line.startswith("+"))
        markup, article = Sanitiser().clean(without_buttons(body), home), _plain(own, home)
        if as_page:
            page = f"<body><header>{title}</header><main>{body}</main><footer>©</footer></body>"
            found = article_in(page, home, article[:80])
            assert found is not None
            markup = found.html
        item = Item(
            id=f"{path.stem}-{number}",
            kind=ItemKind.NEWS,
            title=title,
            first_seen_at=NOW,
            organisation_id=path.stem,
            link=f"{home}{number}",
            text=plain(markup),
            html=markup,
            language=language,
        )
        junk = words(_plain(body, home)) - words(article)
        labeled.append(Labeled(item=item, article=words(article), junk=junk))
    return labeled


def _plain(markup: str, home: str) -> str:
    return plain(Sanitiser().clean(markup, home))


def together(labeled: list[Labeled]) -> list[list[Labeled]]:
    """Those whose habits count; of f-*, g-* and h-* each by itself, as what occurs only once."""
    is_alone = labeled[0].item.id.startswith(("f-", "g-", "h-"))
    return [[one] for one in labeled] if is_alone else [labeled]


def measured(members: list[list[Labeled]]) -> tuple[float, float, list[str]]:
    """The share of the articles' words that is lost, of the junk's that is left, and which."""
    lost = left = article = junk = 0
    remarks = []
    for labeled in members:
        texts = article_texts([one.item for one in labeled])
        for one, text in zip(labeled, texts, strict=True):
            missing, remaining = one.article - words(text), words(text) - one.article
            lost, left = lost + missing.total(), left + remaining.total()
            article, junk = article + one.article.total(), junk + one.junk.total()
            if missing or remaining:
                remarks.append(f"{one.item.id}: lost {list(missing)}, left {list(remaining)}")
    return lost / article, left / junk, remarks


def main() -> None:
    named = [one for one in sys.argv[1:] if not one.startswith("-")]
    for kept, pattern in (
        ("tuned on", "a-*.txt"),
        ("kept aside", "b-*.txt"),
        ("later", "c-*.txt"),
        ("last", "d-*.txt"),
        ("members", "e-*.txt"),
        ("buttons", "f-*.txt"),
        ("unseen", "g-*.txt"),
        ("bare", "h-*.txt"),
    ):
        for way in ("feeds", "pages"):
            members = [
                group
                for path in sorted(MADE.glob(pattern))
                for group in together(member(path, as_page=way == "pages"))
            ]
            lost, left, remarks = measured(members)
            number = sum(map(len, members))
            print(
                f"{number:2} made articles as {way}, {kept:10}: "
                f"lost of the article {lost:.1%} (0%), junk left {left:.1%} (2%)"
            )
            if "-v" in sys.argv:
                print(*(f"   {remark}" for remark in remarks), sep="\n")
    corpora = Path(os.environ.get("NEWSLETTER_CORPORA", FOLDER))
    folder = Path(named[0]) if named else corpora / "real-feeds"
    if folder.is_dir():
        real(real_items(folder))


def real(items: list[Item]) -> None:
    """What is left out of real entries."""
    texts = article_texts(items)
    gone: Counter[str] = Counter()
    everything = left_out = 0
    for item, text in zip(items, texts, strict=True):
        there = {" ".join(part.split()) for part in text.split("\n\n")}
        everything += len(item.text.split())
        left_out += len(item.text.split()) - len(text.split())
        for part in item.text.split("\n\n"):
            if (words_ := " ".join(part.split())) not in there:
                gone[f"{item.organisation_id}: {words_[:150]}"] += 1
    print(f"{len(items)} real entries: {left_out / everything:.2%} of {everything} words left out")
    if "-v" in sys.argv:
        print(*(f"   {times:3} {passage}" for passage, times in gone.most_common()), sep="\n")


if __name__ == "__main__":
    main()
