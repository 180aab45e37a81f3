"""What issues offered, could have taken and used. Drafts themselves are files."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Column, String, Table, delete, func, insert, select

from newsletter.model.issue import Offer, Use, is_bulletin
from newsletter.store.approval_rows import issue_approvals
from newsletter.store.approvals import SqlApprovals
from newsletter.store.database import UtcDateTime, advisory_lock, metadata
from newsletter.store.inserts import insert_new

issue_offers = Table(
    "issue_offers",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("item_id", String(80), primary_key=True),
    Column("organisation_id", String(80)),
    Column("offered_at", UtcDateTime, nullable=False),
)

issue_uses = Table(
    "issue_uses",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("item_id", String(80), primary_key=True),
    Column("organisation_id", String(80)),
)

issue_eligible = Table(
    "issue_eligible",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("organisation_id", String(80), primary_key=True),
)


class IssueStore(SqlApprovals):
    """Everything that is remembered of issues; approvals and approved bytes are inherited."""

    # --- offers ----------------------------------------------------------------------------------

    def offers(self, issue_id: str) -> tuple[Offer, ...]:
        """List what the issue's drafts offered, in the order in which they did."""
        order = (issue_offers.c.offered_at, issue_offers.c.language, issue_offers.c.item_id)
        query = select(issue_offers).where(issue_offers.c.issue_id == issue_id).order_by(*order)
        with self._engine.connect() as connection:
            return tuple(Offer(**row._asdict()) for row in connection.execute(query))

    def offered_before(self, issue_id: str) -> frozenset[str]:
        """Return the ids of the items that earlier approved weekly issues offered."""
        query = select(issue_offers.c.item_id).where(
            issue_offers.c.issue_id.in_(self.approved_issues(issue_id))
        )
        with self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def drafted(self, issue_id: str) -> tuple[tuple[str, datetime], ...]:
        """List the approved weekly issues before this one and when each was first drafted, newest
        first. One that offered nothing is left out."""
        query = (
            select(issue_offers.c.issue_id, func.min(issue_offers.c.offered_at).label("moment"))
            .where(issue_offers.c.issue_id.in_(self.approved_issues(issue_id)))
            .group_by(issue_offers.c.issue_id)
            .order_by(issue_offers.c.issue_id.desc())
        )
        with self._engine.connect() as connection:
            return tuple((row.issue_id, row.moment) for row in connection.execute(query))

    def record_eligible(self, issue_id: str, organisation_ids: Iterable[str]) -> None:
        """Add to the organisations that had something which the issue could have taken."""
        rows = [{"issue_id": issue_id, "organisation_id": id_} for id_ in organisation_ids]
        with self._engine.begin() as connection:
            advisory_lock(connection, issue_id)
            if rows:
                connection.execute(insert_new(connection, issue_eligible), rows)

    def eligible(self, issue_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """Return the organisations that could have been in each of those issues."""
        query = select(issue_eligible).where(issue_eligible.c.issue_id.in_(list(issue_ids)))
        organisations: dict[str, set[str]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                organisations.setdefault(row.issue_id, set()).add(row.organisation_id)
        return {issue_id: frozenset(members) for issue_id, members in organisations.items()}

    def offer(self, offers: Sequence[Offer]) -> None:
        """Remember what a draft shows. An item that was offered before keeps its first offer."""
        if not offers:
            return
        (issue_id,) = {offer.issue_id for offer in offers}
        with self._engine.begin() as connection:
            advisory_lock(connection, issue_id)
            rows = [asdict(offer) for offer in offers]
            connection.execute(insert_new(connection, issue_offers), rows)

    def forget_offers(self, issue_id: str, language: str) -> int:
        """Forget the offers of a draft file that was removed, and return how many those were."""
        with self._engine.begin() as connection:
            return connection.execute(
                delete(issue_offers).where(
                    issue_offers.c.issue_id == issue_id, issue_offers.c.language == language
                )
            ).rowcount

    # --- uses ------------------------------------------------------------------------------------

    def record_used(self, issue_id: str, uses: Iterable[Use]) -> None:
        """Keep what the approved issue carries, instead of what an earlier approval said."""
        rows = [{**asdict(use), "issue_id": issue_id} for use in uses]
        with self._engine.begin() as connection:
            advisory_lock(connection, issue_id)
            connection.execute(delete(issue_uses).where(issue_uses.c.issue_id == issue_id))
            if rows:
                connection.execute(insert(issue_uses), rows)

    def used_in_last(self, count: int, *, before: str | None = None) -> tuple[Use, ...]:
        """List what the last `count` approved weekly issues carry, the newest issue first."""
        issues = self.approved_issues(before)[-count:][::-1] if count > 0 else ()
        order = {issue_id: at for at, issue_id in enumerate(issues)}
        query = select(issue_uses).where(issue_uses.c.issue_id.in_(issues))
        with self._engine.connect() as connection:
            uses = [Use(**row._asdict()) for row in connection.execute(query)]
        return tuple(sorted(uses, key=lambda use: (order[use.issue_id], use.item_id)))

    def approved_issues(self, before: str | None = None) -> tuple[str, ...]:
        """List the weekly issues that somebody approved, the oldest first."""
        query = select(issue_approvals.c.issue_id).distinct()
        with self._engine.connect() as connection:
            approved = connection.execute(query).scalars().all()
        weekly = sorted(each for each in approved if not is_bulletin(each))
        return tuple(each for each in weekly if before is None or each < before)
