"""[I/O] What everybody could read before a story came in: its words are nobody's secret."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from newsletter.errors import StoreError
from newsletter.issues.ports import IssueStore
from newsletter.model.coalition import Coalition
from newsletter.model.item import Item
from newsletter.stories.record.recognition import PublicText, item_words


@dataclass(frozen=True, kw_only=True, slots=True)
class PublicWords:
    """Members' posts by the day they were first seen, approved issues, standing blocks."""

    items: Callable[[], Iterable[Item]]
    issues: Callable[[], IssueStore]
    blocks: Path
    coalition: Coalition

    def until(self, day: date) -> Iterator[PublicText]:
        """Return what was public on that day. Nothing of a database that is away: when in doubt,
        words are a story's."""
        texts = (text for kind in (self._blocks, self._issues, self._posts) for text in kind())
        try:
            yield from (text for text in texts if text.since <= day)
        except StoreError:
            return

    def _blocks(self) -> Iterator[PublicText]:
        for path in sorted(self.blocks.glob("*.md")):
            changed = datetime.fromtimestamp(path.stat().st_mtime, tz=UTC)
            text = path.read_text(encoding="utf-8", errors="replace")
            yield PublicText(text, self.coalition.day_of(changed))

    def _issues(self) -> Iterator[PublicText]:
        issues = self.issues()
        for issue_id, digest in issues.approved_digests():
            approvals = issues.approvals(issue_id)
            first = min(one.approved_at for one in approvals if one.digest == digest)
            for edition in issues.approved_editions(issue_id, digest):
                yield PublicText(edition.text, self.coalition.day_of(first))

    def _posts(self) -> Iterator[PublicText]:
        for item in self.items():
            yield PublicText(item_words(item), self.coalition.day_of(item.first_seen_at))
