"""Which feeds had what was mailed lately, and whether they list it still. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set

from newsletter.model.item import Item
from newsletter.model.pulling import FeedState


class MailedPieces:
    """The items that were mailed, by feed; those of calendars aside, which say themselves what they
    took back."""

    def __init__(self, items: Iterable[Item] = (), states: Mapping[str, FeedState] = {}) -> None:
        self._of: defaultdict[str, set[str]] = defaultdict(set)
        self._unsure = set()
        for item in items:
            state = states.get(item.feed_url or "")
            if state is None or state.format == "ical":
                continue
            self._of[state.url].add(item.id)
            if item.mailed_page is None:
                self._unsure.add(state.url)
        self.ids = frozenset[str]().union(*self._of.values())

    def wants_reading(self, feed_url: str) -> bool:
        """Return whether nobody knows of one of its pieces if the feed still lists it: it is asked
        for the whole feed then, once."""
        return feed_url in self._unsure

    def among(self, feed_url: str, present: Set[str]) -> frozenset[str]:
        """Return those that the feed had or has now: another feed may have what one brought."""
        return self.ids & (self._of.get(feed_url, frozenset()) | present)
