"""What stands in a story and is not the storyteller's: public before, or decided by an editor."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class PublicText:
    """Words that everybody could read: a member's post, a standing block, a published issue."""

    text: str = field(repr=False)
    since: date
    then: Callable[[], str] | None = None  # what it said when it was public, if that may differ


@dataclass(frozen=True, kw_only=True, slots=True)
class NotEvidence:
    """What is not the storyteller's, though it stands in the story.

    By consent record: `given` is the day a story came in, where the database knows; `elsewhere`
    gives the texts that were public when it did, or on that day; `overruled` the digests of the
    runs that an editor decided on. They are asked when something was found, and say nothing when
    in doubt.
    """

    given: Callable[[str], date | None] = lambda record_id: None
    elsewhere: Callable[[str, date], Iterable[PublicText]] = lambda record_id, day: ()
    overruled: Callable[[str], frozenset[str]] = lambda record_id: frozenset()

    def public_before(self, came_in: Mapping[str, date | None]) -> Iterator[str]:
        """Return the issues and standing blocks that were public before any of these stories came
        in: their records, with the day as far as their files know it."""
        known = {self.given(record) or day: record for record, day in came_in.items()}
        if known and None not in known:
            first = min(filter(None, known))
            for public in self.elsewhere(known[first], first):
                if public.then is None and public.since < first:
                    yield public.text
