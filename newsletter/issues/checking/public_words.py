"""[I/O] What everybody could read before a story came in: its words are nobody's secret."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from itertools import chain

from newsletter.errors import StoreError
from newsletter.issues.ports import IssueStore
from newsletter.model.coalition import Coalition
from newsletter.model.item import Item, ItemWords
from newsletter.stories.recognition.not_evidence import PublicText
from newsletter.stories.recognition.recognizer import item_words


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicWords:
    """Members' posts by the day they were first seen, approved issues, and standing blocks, which
    have no day that can be trusted, by what stood in the chain of events.

    `blocks_before` gives those that hung there before a consent record came in.
    """

    items: Callable[[], Iterable[Item]]
    as_of: Callable[[str, datetime], ItemWords | None]
    issues: Callable[[], IssueStore]
    blocks_before: Callable[[str], Iterable[str]]
    coalition: Coalition

    def until(self, record_id: str, day: date) -> Iterator[PublicText]:
        """Return what was public on that day. Nothing of a database that is away: when in doubt,
        words are a story's."""
        try:
            for text in self.blocks_before(record_id):
                yield PublicText(text, day - timedelta(1))
            for public in chain(self._issues(), self._posts(day)):
                if public.since <= day:
                    yield public
        except StoreError:
            return

    def _issues(self) -> Iterator[PublicText]:
        issues = self.issues()
        for issue_id, digest in issues.approved_digests():
            approvals = [one for one in issues.approvals(issue_id) if one.digest == digest]
            if not approvals:  # taken back when an editor left: never public
                continue
            first = min(one.approved_at for one in approvals)
            for edition in issues.approved_editions(issue_id, digest):
                yield PublicText(edition.text, self.coalition.day_of(first))

    def _posts(self, day: date) -> Iterator[PublicText]:
        began = datetime.combine(day, time(), tzinfo=self.coalition.zone)
        for item in self.items():
            yield PublicText(
                item_words(item),
                self.coalition.day_of(item.first_seen_at),
                then=partial(self._words_at, item, began),
            )

    def _words_at(self, item: Item, moment: datetime) -> str:
        """What a post said then: an old one may have been given the story's words since."""
        before = self.as_of(item.id, moment)
        return item_words(item) if before is None else f"{before.title}\n\n{before.text}"
