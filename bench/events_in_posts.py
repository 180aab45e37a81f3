"""How sure the events are that posts announce in plain words: a hundred posts labelled first, and
those that were written after the code.

`python -m bench.events_in_posts [-v] [REAL_FEEDS]`: with a folder of feeds it lists what those
announce, to be judged by eye.
"""

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

from newsletter.pulling.items.announced.plain_words import Announced, announced_in

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "pulling" / "items" / "data"
POSTS = DATA / "posts.txt"
MORE, ASIDE = DATA / "posts_more.txt", DATA / "posts_aside.txt"
ZONE = ZoneInfo("America/Los_Angeles")


@dataclass(frozen=True, kw_only=True)
class Post:
    """A post and what is right of it: a beginning and a place, or nothing and `why`."""

    published: date | None
    title: str
    text: str
    starts: datetime | None = None
    place: str = ""
    why: str = ""

    def is_right(self, announced: Announced) -> bool:
        """Whether an offer has the beginning and the place, and few words more."""
        place = announced.event.place
        return (
            announced.event.starts == self.starts
            and self.place in place
            and len(place) <= len(self.place) + 60
        )

    def read(self) -> Announced | None:
        """What is offered for the post."""
        return announced_in(self.title, self.text, published=self.published, zone=ZONE)


def posts(path: Path = POSTS) -> Iterator[Post]:
    """The labelled posts, as the head of their file says."""
    for block in path.read_text(encoding="utf-8").split("\n=== ")[1:]:
        head, title, text = block.split("\n", 2)
        _, day, kind, right = head.split(" ", 3)
        moment, _, place = right.partition(" @ ")
        is_event = kind == "event"
        yield Post(
            published=None if day == "-" else date.fromisoformat(day),
            title=title,
            text=text.strip(),
            starts=datetime.fromisoformat(moment).replace(tzinfo=ZONE) if is_event else None,
            place=place if is_event else "",
            why="" if is_event else right,
        )


def main() -> None:
    """Print precision and recall of each set, and with -v what is wrong or missed."""
    for file in (POSTS, MORE, ASIDE):
        measure(file)
    named = [Path(one) for one in sys.argv[1:] if not one.startswith("-")]
    corpora = Path(os.environ.get("NEWSLETTER_CORPORA", ROOT.parent / "shared" / "corpora"))
    folder = named[0] if named else corpora / "real-feeds"
    if folder.is_dir():
        _real(folder)


def measure(file: Path) -> None:
    """Print how many of a file's events are offered, and how many offers are right."""
    labelled = list(posts(file))
    began = time.perf_counter()
    offered = [(post, post.read()) for post in labelled]
    seconds = time.perf_counter() - began
    right = sum(post.is_right(one) for post, one in offered if one)
    made = sum(one is not None for _, one in offered)
    events = sum(post.starts is not None for post in labelled)
    if "-v" in sys.argv:
        for post, one in offered:
            if one is not None and not post.is_right(one):
                print(f"wrong: {post.title!r} ({post.why or post.place}): {one}")
            elif one is None and post.starts is not None:
                print(f"missed: {post.title!r}")
    print(
        f"{file.name}: {len(labelled)} posts, {events} events; {right} of {made} offers are right: "
        f"precision {right / made:.1%}, recall {right / events:.1%}; "
        f"{seconds / len(labelled) * 1000:.2f} ms a post"
    )


def _real(folder: Path) -> None:
    items = import_module("bench.clusters").real_items(folder)
    found = [
        (item, one)
        for item in items
        if item.event is None
        and (
            one := announced_in(item.title, item.text, published=item.order_date.date(), zone=ZONE)
        )
    ]
    print(f"{len(items)} real entries: {len(found)} are offered as events")
    for item, one in found:
        event = one.event
        print(f"  {item.order_date:%Y-%m-%d} {event.starts} | {event.place} | {one.words}")


if __name__ == "__main__":
    main()
