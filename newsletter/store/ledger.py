"""The ledger: who is to get an issue, frozen once, and how it went for each of them."""

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, literal, select, update

from newsletter.errors import AttentionError
from newsletter.model.delivery import (
    DeliveryState,
    ExclusionReason,
    Send,
    SendState,
)
from newsletter.model.subscriber import SubscriberState
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.audiences import Judge, verdicts, write_excluded, write_waiting
from newsletter.store.database import with_fsync
from newsletter.store.deliveries import deliveries, exclusions, send_editions, sends
from newsletter.store.subscribers import subscribers
from newsletter.store.suppressions import Suppressions

_SEND_COLUMNS = [
    sends.c[name]
    for name in (
        "id", "issue_id", "state", "digest", "frozen_at",
        "candidates", "audience", "excluded", "due_at", "rate", "finished_at", "batch",
    )
]  # fmt: skip


class SqlLedger:
    """Sends and deliveries on SQLite or PostgreSQL. Every verb is one transaction."""

    def __init__(self, engine: Engine, keys: SuppressionKeys | None) -> None:
        self._engine = with_fsync(engine)
        self._suppressions = Suppressions(keys)

    def find(self, issue_id: str) -> Send | None:
        """The send of that issue, once its audience is frozen."""
        with self._engine.begin() as connection:
            row = connection.execute(
                select(*_SEND_COLUMNS).where(sends.c.issue_id == issue_id)
            ).one_or_none()
        return None if row is None else _send(row)

    def issues(self) -> tuple[str, ...]:
        """Every issue whose audience was ever frozen."""
        with self._engine.begin() as connection:
            found = connection.execute(select(sends.c.issue_id).order_by(sends.c.issue_id))
            return tuple(found.scalars())

    def latest(self) -> Send | None:
        """The send that was frozen last."""
        query = select(*_SEND_COLUMNS).order_by(sends.c.frozen_at.desc(), sends.c.id.desc())
        with self._engine.begin() as connection:
            row = connection.execute(query.limit(1)).one_or_none()
        return None if row is None else _send(row)

    def audience_before(self, issue_id: str) -> dict[str, int]:
        """How many people each edition of the last weekly issue went to; empty when none did."""
        weekly = select(sends.c.id).where(
            sends.c.issue_id != issue_id, ~sends.c.issue_id.like("%-_")
        )
        with self._engine.begin() as connection:
            last = connection.execute(weekly.order_by(sends.c.frozen_at.desc()).limit(1)).scalar()
            counts = connection.execute(
                select(send_editions.c.language, func.count())
                .join(deliveries, deliveries.c.edition_id == send_editions.c.id)
                .where(deliveries.c.send_id == last)
                .group_by(send_editions.c.language)
            )
            return {row[0]: row[1] for row in counts}

    def weekly_since(self, moment: datetime, *, apart_from: str) -> bool:
        """Whether another weekly issue was frozen since then. One that was cancelled does not
        count: who reads once a month would get none."""
        query = select(sends.c.id).where(
            sends.c.frozen_at >= moment,
            sends.c.state != SendState.CANCELLED.value,
            sends.c.issue_id != apart_from,
            ~sends.c.issue_id.like("%-_"),
        )
        with self._engine.begin() as connection:
            return connection.execute(query.limit(1)).first() is not None

    def survey(self, judge: Judge) -> dict[str, int]:
        """How many people `judge` would put where: by edition, or by reason of exclusion."""
        counts: dict[str, int] = {}
        with self._engine.begin() as connection:
            for found in verdicts(connection, judge, self._suppressions):
                for verdict, ids in found.items():
                    counts[verdict] = counts.get(verdict, 0) + len(ids)
        return counts

    def freeze(
        self,
        issue_id: str,
        *,
        digest: str,
        editions: dict[str, str],
        judge: Judge,
        now: datetime,
        due_at: datetime | None = None,
        rate: float | None = None,
    ) -> Send:
        """Write down, in one transaction, who gets which edition, and why each other person none.

        `editions` maps languages to digests. AttentionError when the issue is frozen already.
        """
        state = SendState.RUNNING if due_at is None else SendState.SCHEDULED
        with self._snapshot() as connection:
            if connection.execute(select(sends.c.id).where(sends.c.issue_id == issue_id)).first():
                raise AttentionError(
                    f"the audience of {issue_id} is frozen already",
                    hint="another newsletter send just began it: run this again to share the work",
                )
            send_id = connection.execute(
                insert(sends)
                .values(
                    issue_id=issue_id,
                    state=state.value,
                    digest=digest,
                    frozen_at=now,
                    due_at=due_at,
                    rate=rate,
                    candidates=0,
                    audience=0,
                    excluded=0,
                    last_subscriber_id=0,
                )
                .returning(sends.c.id)
            ).scalar_one()
            ids = _new_editions(connection, send_id, editions)
            audience = excluded = last_id = 0
            for found in verdicts(connection, judge, self._suppressions):
                for verdict, people in found.items():
                    last_id = max(last_id, people[-1])
                    if isinstance(verdict, ExclusionReason):
                        excluded += len(people)
                        write_excluded(connection, send_id, verdict, people)
                    else:
                        audience += len(people)
                        write_waiting(connection, send_id, ids[verdict], people)
            connection.execute(
                update(sends)
                .where(sends.c.id == send_id)
                .values(
                    candidates=audience + excluded,
                    audience=audience,
                    excluded=excluded,
                    last_subscriber_id=last_id,
                )
            )
            row = connection.execute(select(*_SEND_COLUMNS).where(sends.c.id == send_id)).one()
        return _send(row)

    def _snapshot(self) -> AbstractContextManager[Connection]:
        """A transaction that sees everybody as they were when it began."""
        if self._engine.dialect.name == "sqlite":
            return self._engine.begin()
        return self._engine.execution_options(isolation_level="REPEATABLE READ").begin()

    def approve_anew(self, send_id: int, *, digest: str, editions: dict[str, str]) -> int:
        """Whoever still waits gets the newly approved editions; how many that are."""
        changed = 0
        with self._engine.begin() as connection:
            ids = _new_editions(connection, send_id, editions)
            for language, edition_id in ids.items():
                older = select(send_editions.c.id).where(
                    send_editions.c.send_id == send_id,
                    send_editions.c.language == language,
                    send_editions.c.id != edition_id,
                )
                changed += connection.execute(
                    update(deliveries)
                    .where(
                        deliveries.c.send_id == send_id,
                        deliveries.c.state == DeliveryState.WAITING.value,
                        deliveries.c.edition_id.in_(older),
                    )
                    .values(edition_id=edition_id)
                ).rowcount
            connection.execute(update(sends).where(sends.c.id == send_id).values(digest=digest))
        return changed

    def change_state(
        self, send_id: int, state: SendState, *, only_from: tuple[SendState, ...]
    ) -> bool:
        """Pause, resume, start or cancel; False when it stands in none of those states."""
        allowed = [before.value for before in only_from]
        with self._engine.begin() as connection:
            changed = connection.execute(
                update(sends)
                .where(sends.c.id == send_id, sends.c.state.in_(allowed))
                .values(state=state.value)
            ).rowcount
        return changed == 1

    def set_batch(self, send_id: int, batch: str) -> None:
        """Remember under which name the provider holds this send's mail."""
        with self._engine.begin() as connection:
            connection.execute(update(sends).where(sends.c.id == send_id).values(batch=batch))

    def set_rate(self, send_id: int, rate: float | None) -> None:
        """How many messages a second may leave, over all senders; None is no limit."""
        with self._engine.begin() as connection:
            connection.execute(
                update(sends).where(sends.c.id == send_id).values(rate=rate, next_at=None)
            )

    def finish(self, send_id: int, now: datetime) -> bool:
        """Mark the send finished when nobody waits and nobody is being handed over.

        Who joined after the freeze becomes an exclusion of its own, so that the question "why did
        I not get it" has an answer for everyone.
        """
        with self._engine.begin() as connection:
            row = connection.execute(
                select(sends).where(sends.c.id == send_id).with_for_update()
            ).one()
            open_rows = connection.execute(
                select(deliveries.c.id)
                .where(
                    deliveries.c.send_id == send_id,
                    deliveries.c.state.in_(
                        (DeliveryState.WAITING.value, DeliveryState.CLAIMED.value)
                    ),
                )
                .limit(1)
            ).first()
            if open_rows is not None or row.state != SendState.RUNNING.value:
                return False
            newcomers = select(
                literal(send_id), subscribers.c.id, literal(ExclusionReason.JOINED_LATER.value)
            ).where(
                subscribers.c.id > row.last_subscriber_id,
                subscribers.c.state == SubscriberState.CONFIRMED.value,
            )
            new = insert(exclusions).from_select(["send_id", "subscriber_id", "reason"], newcomers)
            joined = len(connection.execute(new.returning(exclusions.c.subscriber_id)).all())
            highest = connection.execute(select(func.max(subscribers.c.id))).scalar()
            connection.execute(
                update(sends)
                .where(sends.c.id == send_id)
                .values(
                    state=SendState.FINISHED.value,
                    finished_at=now,
                    candidates=row.candidates + joined,
                    excluded=row.excluded + joined,
                    last_subscriber_id=max(row.last_subscriber_id, highest or 0),
                )
            )
        return True


def _new_editions(connection: Connection, send_id: int, editions: dict[str, str]) -> dict[str, int]:
    """The number of each edition's row, by language; a new row where the digest is new."""
    ids: dict[str, int] = {}
    for language, digest in editions.items():
        values = {"send_id": send_id, "language": language, "digest": digest}
        known = connection.execute(select(send_editions.c.id).filter_by(**values)).scalar()
        if known is None:
            new = insert(send_editions).values(values).returning(send_editions.c.id)
            known = connection.execute(new).scalar_one()
        ids[language] = known
    return ids


def _send(row: Row[Any]) -> Send:
    fields = dict(zip((column.name for column in _SEND_COLUMNS), row, strict=True))
    return Send(**{**fields, "state": SendState(fields["state"])})
