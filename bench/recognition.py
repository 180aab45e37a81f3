"""How much of what is quoted from a story is found, how often it is an accident, and what it takes.

The posts of the corpora stand for stories and for what leaves; `before` counts accidents that are
left when a third of the posts were public already. Run: python bench/recognition.py [CORPORA]
"""

import html
import os
import random
import re
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import feedparser  # noqa: E402

from newsletter.stories.recognition.bare_words import words_of  # noqa: E402
from newsletter.stories.recognition.fingerprints import runs_of  # noqa: E402
from newsletter.stories.recognition.not_evidence import NotEvidence, PublicText  # noqa: E402
from newsletter.stories.recognition.quotes import Passage, Shelf, quotes  # noqa: E402
from newsletter.stories.recognition.recognizer import (  # noqa: E402
    Known,
    KnownTexts,
    Recognizer,
)
from newsletter.stories.record import document  # noqa: E402

CORPORA = Path(os.environ.get("NEWSLETTER_CORPORA", ROOT.parent / "shared" / "corpora"))
KEY = bytes(32)
DAY = date(2026, 11, 20)
Texts = list[tuple[str, str]]


def posts(folder: Path) -> Texts:
    """Each post's feed and words."""
    found = []
    for file in sorted(folder.iterdir()):
        for entry in feedparser.parse(file.read_bytes()).entries:
            body = (entry.get("content") or [{}])[0].get("value") or entry.get("summary", "")
            found.append((file.name, re.sub("<[^>]+>", " ", html.unescape(body))))
    return found


def recall(stories: Sequence[list[str]], filler: list[str], length: int, change: str) -> float:
    """Of 500 quotes of that length the part that is found, in sixty other words."""
    found = 0
    for _ in range(500):
        told = random.choice([story for story in stories if len(story) > length])
        at = random.randrange(len(told) - length + 1)
        quote = told[at : at + length]
        if change != "exact":
            first = random.randrange(7) if change == "any seventh" else 6
            quote[first::7] = random.choices(filler, k=len(quote[first::7]))
        text = [*random.choices(filler, k=30), *quote, *random.choices(filler, k=30)]
        found += bool(quotes(Passage.of(text, runs_of(text, KEY)), runs_of(told, KEY)))
    return found / 500


def main(corpora: Path) -> None:
    random.seed(4)
    texts = posts(corpora / "real-feeds")
    words = [words_of(text) for _, text in texts]
    filler = [word for post in words[::50] for word in post if len(word) > 4]
    ours = [
        words_of(text.body)
        for file in sorted((ROOT / "stories").glob("*.md"))
        for text in document.read(file.read_text(encoding="utf-8"), file=file.name).texts
    ]
    of_feed: dict[str, list[int]] = defaultdict(list)
    for number, (feed, _) in enumerate(texts):
        if 150 <= len(words[number]) <= 600:
            of_feed[feed].append(number)
    stories = [at for ones in of_feed.values() for at in random.sample(ones, min(3, len(ones)))]
    for name, told in (("stories", ours), ("posts", [words[at] for at in stories])):
        for length in (8, 12, 20, 40):
            shares = ", ".join(
                f"{change} {recall(told, filler, length, change):.1%}"
                for change in ("exact", "every seventh", "any seventh")
            )
            print(f"{name}: quotes of {length} words: {shares}")

    public = [PublicText(text, date(2026, 1, 1)) for _, text in texts[::3]]
    plain = Recognizer(KEY)
    excusing = Recognizer(KEY, NotEvidence(elsewhere=lambda record, day: public))
    shelf = [
        Known(record_id=texts[at][0], runs=runs_of(words[at], KEY), given=DAY) for at in stories
    ]
    known = KnownTexts(shelf)
    pairs = accidents = left = 0
    started = time.process_time()
    for feed, text in texts[1::3]:
        pairs += sum(one.record_id != feed for one in shelf)
        hits = [one for one, _ in plain.quoted(plain.searched(text), known)]
        if any(one.record_id != feed for one in hits):
            accidents += sum(one.record_id != feed for one in hits)
            again = excusing.quoted(excusing.searched(text), known)
            left += sum(one.record_id != feed for one, _ in again)
    took = time.process_time() - started
    print(f"accidents: {accidents} of {pairs:,} pairs of post and story, {left} with posts before")
    edition = " ".join(" ".join(post) for post in words[1:40])
    searched = plain.searched(edition)
    started = time.process_time()
    plain.quoted(searched, known)
    once = time.process_time() - started
    count = len(edition.split())
    print(f"an edition of {count:,} words against {len(shelf)} stories: {once * 1000:.0f} ms")
    started = time.process_time()
    Shelf([one.runs for one in shelf])
    print(f"{len(shelf)} stories put on the shelf: {(time.process_time() - started) * 1000:.0f} ms")
    print(f"{len(texts[1::3]):,} posts looked through in {took:.1f} s, accidents included")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CORPORA)
