"""Which mailed issues carried a story, as storytellers are told."""

from sqlalchemy import Engine, exists, or_, select

from newsletter.model.delivery import DeliveryState
from newsletter.model.story_use import StoryUse
from newsletter.store.approval_rows import issue_editions
from newsletter.store.database import read_only
from newsletter.store.deliveries import deliveries, send_editions, sends

_NOT_MAILED = (DeliveryState.WAITING, DeliveryState.REFUSED, DeliveryState.SKIPPED)


class SqlStoryUses:
    """Asked of what was approved and what the ledger says was handed over, surely or perhaps."""

    _engine: Engine

    def uses_of(self, story_id: str) -> tuple[StoryUse, ...]:
        """Return the editions that were mailed to anybody with that story in them, by issue."""
        same_bytes = (
            issue_editions.c.issue_id == sends.c.issue_id,
            issue_editions.c.language == send_editions.c.language,
            issue_editions.c.digest == send_editions.c.digest,
        )
        perhaps = (deliveries.c.state == DeliveryState.SKIPPED) & (deliveries.c.attempts > 0)
        mailed = exists().where(
            deliveries.c.edition_id == send_editions.c.id,
            or_(deliveries.c.state.not_in(_NOT_MAILED), perhaps),
        )
        query = (
            select(sends.c.issue_id, send_editions.c.language, sends.c.frozen_at)
            .join_from(sends, send_editions)
            .join(issue_editions, onclause=same_bytes[0] & same_bytes[1] & same_bytes[2])
            .where(issue_editions.c.story_ids.contains(f'"{story_id}"', autoescape=True), mailed)
            .distinct()
            .order_by(sends.c.issue_id, send_editions.c.language)
        )
        with read_only(self._engine) as connection:
            return tuple(
                StoryUse(issue_id=row.issue_id, language=row.language, sent_at=row.frozen_at)
                for row in connection.execute(query)
            )
