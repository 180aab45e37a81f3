"""Whom an issue is for: judged, written down once, and given newer versions while they wait."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, insert, select, text, update

from newsletter.errors import AlreadyFrozenError
from newsletter.model.audience import Judge, Verdict
from newsletter.model.delivery import DeliveryState, ExclusionReason, Send, SendState
from newsletter.model.ledger import NewSend
from newsletter.store.audiences import verdicts, write_excluded, write_waiting
from newsletter.store.deliveries import deliveries, send_editions, sends
from newsletter.store.suppressions import Suppressions

SEND_COLUMNS = [sends.c[field.name] for field in fields(Send)]


class SqlFreezing:
    """Audiences on SQLite or PostgreSQL. Each method is one transaction."""

    _engine: Engine
    _suppressions: Suppressions

    def audience_before(self, issue_id: str) -> dict[str, int]:
        """Count the people of each edition of the last weekly issue; empty when there was none."""
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

    def survey(
        self,
        judge: Judge,
        *,
        month: datetime | None = None,
        wrong: frozenset[str] | None = None,
    ) -> dict[Verdict, int]:
        """Count people by their verdict: the language of an edition, or why they get none.

        `month` is when this one began: a weekly issue since then is a monthly reader's. With
        `wrong`, the digests of editions, only those who have one of them, or may have."""
        counts: dict[Verdict, int] = {}
        with self._engine.begin() as connection:
            for chunk in verdicts(connection, judge, self._suppressions, month=month, wrong=wrong):
                for verdict, ids in chunk.items():
                    counts[verdict] = counts.get(verdict, 0) + len(ids)
        return counts

    def freeze(
        self, new: NewSend, judge: Judge, *, now: datetime, month: datetime | None = None
    ) -> Send:
        """Write down, in one transaction, who gets which edition, and why each other person none.

        AlreadyFrozenError when that is done: of two at once, the second waits for the first.
        """
        state = SendState.RUNNING if new.due_at is None else SendState.SCHEDULED
        with self._snapshot() as connection:
            known = select(sends.c.id).where(sends.c.issue_id == new.issue_id)
            if connection.execute(known).first():
                raise AlreadyFrozenError(
                    f"The list of readers for {new.issue_id} is already fixed."
                )
            send_id = connection.execute(
                insert(sends)
                .values(
                    issue_id=new.issue_id,
                    state=state.value,
                    digest=new.digest,
                    frozen_at=now,
                    due_at=new.due_at,
                    rate=new.rate,
                    corrects=new.corrects,
                    candidates=0,
                    audience=0,
                    excluded=0,
                    last_subscriber_id=0,
                )
                .returning(sends.c.id)
            ).scalar_one()
            ids = _new_editions(connection, send_id, new.editions)
            audience = excluded = last_id = 0
            wrong = new.wrong if new.corrects else None
            for chunk in verdicts(connection, judge, self._suppressions, month=month, wrong=wrong):
                for verdict, people in chunk.items():
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
            row = connection.execute(select(*SEND_COLUMNS).where(sends.c.id == send_id)).one()
        return send_of(row)

    @contextmanager
    def _snapshot(self) -> Iterator[Connection]:
        """Begin a transaction that sees everybody as they were at that moment, with all that was
        frozen before it: one freezes at a time."""
        if self._engine.dialect.name == "sqlite":  # has one writer anyway
            with self._engine.begin() as connection:
                yield connection
            return
        engine = self._engine.execution_options(isolation_level="REPEATABLE READ")
        with engine.begin() as connection:
            # The only way to wait that leaves the snapshot to the next statement: any SELECT, also
            # one of an advisory lock, takes it before it waits. It stops nobody who sends.
            connection.execute(text("LOCK TABLE sends IN SHARE UPDATE EXCLUSIVE MODE"))
            yield connection

    def replace_version(self, send_id: int, *, digest: str, editions: Mapping[str, str]) -> int:
        """Give the newly approved editions (digests by language) to the people who still wait, and
        return how many that are."""
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


def send_of(row: Row[Any]) -> Send:
    """Return a row of SEND_COLUMNS as a send."""
    fields = dict(zip((column.key for column in SEND_COLUMNS), row, strict=True))
    return Send(**{**fields, "state": SendState(fields["state"])})


def _new_editions(
    connection: Connection, send_id: int, editions: Mapping[str, str]
) -> dict[str, int]:
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
