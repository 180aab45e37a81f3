"""That a mailed edition carried a story."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryUse:
    """One edition of an issue that began to leave at that moment."""

    issue_id: str
    language: str
    sent_at: datetime
