"""[I/O] May this issue still be mailed, at this very moment? Asked before each claim."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from newsletter.errors import AttentionError, ConfigError
from newsletter.model.message import RenderedEdition
from newsletter.stories.record.consents import Consents


class SendGate:
    """Asks whether the editions have lapsed, and about their stories whenever anything changed.

    `newest_stop` is the number of the newest withdrawal that the database is known to hold; a
    claim is refused by the ledger when there is a newer one, and is then asked about first.
    """

    def __init__(
        self,
        editions: Sequence[RenderedEdition],
        consents: Consents,
        today: Callable[[datetime], date],
    ) -> None:
        self.newest_stop = 0
        self._editions = editions
        stories = (story_id for edition in editions for story_id in edition.story_ids)
        self._stories = tuple(dict.fromkeys(stories))
        self._consents = consents
        self._today = today
        self._asked: object = None

    def reason_to_stop(self, now: datetime) -> AttentionError | None:
        """Return why it may not be mailed any more; None when it may."""
        for edition in self._editions:
            if edition.has_lapsed(now):
                return AttentionError(
                    f"the {edition.language} edition has lapsed. The send is paused",
                    hint="people who have not got it yet will not get it: newsletter send --cancel",
                )
        today = self._today(now)
        # Before the answers: what changes while they are looked for is seen the next time.
        asked = (self._consents.stamp(self._stories), self.newest_stop, today)
        if asked == self._asked:
            return None
        for edition in self._editions:
            try:
                denials = self._consents.denials(edition, on=today)
            except (AttentionError, ConfigError) as error:  # nobody can tell what was taken back
                return AttentionError(f"{error}. The send is paused", hint=error.hint)
            for story_id, denied in denials.items():
                return AttentionError(
                    f"story {story_id} may not be sent any more (edition {edition.language}): "
                    f"{denied.reason}. The send is paused",
                    hint="take it out of the draft, check, approve, then send again: "
                    "people who have not got it yet get the new version",
                )
        self._asked = asked
        return None
