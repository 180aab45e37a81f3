"""What was offered, approved and used: the tables of issues. Drafts themselves are files."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
)

from newsletter.model.issue import Approval, Offer, Use, is_bulletin
from newsletter.model.message import InlinePicture, RenderedEdition, issue_digest
from newsletter.store.database import UtcDateTime, metadata

issue_offers = Table(
    "issue_offers",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("item_id", String(80), primary_key=True),
    Column("organisation_id", String(80)),
    Column("offered_at", UtcDateTime, nullable=False),
)

issue_approvals = Table(
    "issue_approvals",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("editor", String(200), primary_key=True),
    Column("approved_at", UtcDateTime, nullable=False),
)

issue_editions = Table(
    "issue_editions",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("issue_digest", String(64), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("subject", Text, nullable=False),
    Column("preheader", Text, nullable=False),
    Column("html", LargeBinary, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("story_ids", Text, nullable=False),
    Column("item_ids", Text, nullable=False),
    Column("regions", Text, nullable=False),
    Column("topics", Text, nullable=False),
    Column("lapses_at", UtcDateTime),
)

issue_pictures = Table(
    "issue_pictures",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("issue_digest", String(64), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("facts", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["issue_id", "issue_digest", "language"],
        ["issue_editions.issue_id", "issue_editions.issue_digest", "issue_editions.language"],
    ),
)

issue_drafts = Table(
    "issue_drafts",
    metadata,
    Column("issue_id", String(16), primary_key=True),
    Column("issue_digest", String(64), primary_key=True),
    Column("language", String(35), primary_key=True),
    Column("text", Text, nullable=False),
    ForeignKeyConstraint(
        ["issue_id", "issue_digest", "language"],
        ["issue_editions.issue_id", "issue_editions.issue_digest", "issue_editions.language"],
    ),
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


class IssueStore:
    """Offers, approvals with the approved bytes, and uses."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- offers ----------------------------------------------------------------------------------

    def offers(self, issue_id: str) -> tuple[Offer, ...]:
        """What the issue's drafts offered, in the order in which they did."""
        order = (issue_offers.c.offered_at, issue_offers.c.language, issue_offers.c.item_id)
        query = select(issue_offers).where(issue_offers.c.issue_id == issue_id).order_by(*order)
        with self._engine.connect() as connection:
            return tuple(_offer(row) for row in connection.execute(query))

    def offered_before(self, issue_id: str) -> frozenset[str]:
        """The items that earlier approved weekly issues offered."""
        query = select(issue_offers.c.item_id).where(
            issue_offers.c.issue_id.in_(self._approved_before(issue_id))
        )
        with self._engine.connect() as connection:
            return frozenset(connection.execute(query).scalars())

    def drafted(self, issue_id: str) -> tuple[tuple[str, datetime], ...]:
        """The approved weekly issues before this one and when each was first drafted, the newest
        first. One that offered nothing is left out."""
        query = (
            select(issue_offers.c.issue_id, func.min(issue_offers.c.offered_at).label("moment"))
            .where(issue_offers.c.issue_id.in_(self._approved_before(issue_id)))
            .group_by(issue_offers.c.issue_id)
            .order_by(issue_offers.c.issue_id.desc())
        )
        with self._engine.connect() as connection:
            return tuple((row.issue_id, row.moment) for row in connection.execute(query))

    def record_eligible(self, issue_id: str, organisation_ids: Iterable[str]) -> None:
        """Who had something that the issue could have taken; adds to what is known."""
        with self._engine.begin() as connection:
            known = set(
                connection.execute(
                    select(issue_eligible.c.organisation_id).where(
                        issue_eligible.c.issue_id == issue_id
                    )
                ).scalars()
            )
            rows = [
                {"issue_id": issue_id, "organisation_id": one}
                for one in sorted(set(organisation_ids) - known)
            ]
            if rows:
                connection.execute(insert(issue_eligible), rows)

    def eligible(self, issue_ids: Iterable[str]) -> dict[str, frozenset[str]]:
        """Who could have been in each of those issues."""
        query = select(issue_eligible).where(issue_eligible.c.issue_id.in_(list(issue_ids)))
        found: dict[str, set[str]] = {}
        with self._engine.connect() as connection:
            for row in connection.execute(query):
                found.setdefault(row.issue_id, set()).add(row.organisation_id)
        return {issue_id: frozenset(members) for issue_id, members in found.items()}

    def offer(self, offers: Sequence[Offer]) -> None:
        """Remember what a draft shows. An item that was offered before keeps its first offer."""
        if not offers:
            return
        (issue_id,) = {offer.issue_id for offer in offers}
        with self._engine.begin() as connection:
            known = {
                (row.language, row.item_id)
                for row in connection.execute(
                    select(issue_offers.c.language, issue_offers.c.item_id).where(
                        issue_offers.c.issue_id == issue_id
                    )
                )
            }
            rows = [
                _offer_row(offer)
                for offer in offers
                if (offer.language, offer.item_id) not in known
            ]
            if rows:
                connection.execute(insert(issue_offers), rows)

    def forget_offers(self, issue_id: str, language: str) -> int:
        """A draft file was taken away: its edition starts anew. How many offers were forgotten."""
        with self._engine.begin() as connection:
            return connection.execute(
                delete(issue_offers).where(
                    issue_offers.c.issue_id == issue_id, issue_offers.c.language == language
                )
            ).rowcount

    # --- approvals -------------------------------------------------------------------------------

    def approve(
        self,
        approval: Approval,
        editions: tuple[RenderedEdition, ...],
        drafts: Mapping[str, str],
    ) -> None:
        """Keep an editor's yes, the bytes it is to, and what was written in each edition,
        by language. The same yes twice is one."""
        if issue_digest(editions) != approval.digest:
            raise ValueError("an approval of other bytes than these")
        key = (approval.issue_id, approval.digest)
        with self._engine.begin() as connection:
            if not _has_editions(connection, *key):
                for edition in editions:
                    _insert_edition(connection, edition, approval.digest)
                for language, text in drafts.items():
                    connection.execute(
                        insert(issue_drafts).values(
                            issue_id=approval.issue_id,
                            issue_digest=approval.digest,
                            language=language,
                            text=text,
                        )
                    )
            given = select(issue_approvals.c.editor).where(
                issue_approvals.c.issue_id == approval.issue_id,
                issue_approvals.c.digest == approval.digest,
                issue_approvals.c.editor == approval.editor,
            )
            if connection.execute(given).first() is None:
                connection.execute(
                    insert(issue_approvals).values(
                        issue_id=approval.issue_id,
                        digest=approval.digest,
                        editor=approval.editor,
                        approved_at=approval.approved_at,
                    )
                )

    def approvals(self, issue_id: str) -> tuple[Approval, ...]:
        """Every yes the issue ever got, the oldest first, whatever bytes it was to."""
        query = (
            select(issue_approvals)
            .where(issue_approvals.c.issue_id == issue_id)
            .order_by(issue_approvals.c.approved_at, issue_approvals.c.editor)
        )
        with self._engine.connect() as connection:
            return tuple(
                Approval(
                    issue_id=row.issue_id,
                    editor=row.editor,
                    digest=row.digest,
                    approved_at=row.approved_at,
                )
                for row in connection.execute(query)
            )

    def approved_editions(
        self, issue_id: str, digest: str | None = None
    ) -> tuple[RenderedEdition, ...]:
        """The bytes that the latest yes is to (or those of a digest), by language."""
        if digest is None:
            given = self.approvals(issue_id)
            if not given:
                return ()
            digest = given[-1].digest
        query = (
            select(issue_editions)
            .where(issue_editions.c.issue_id == issue_id, issue_editions.c.issue_digest == digest)
            .order_by(issue_editions.c.language)
        )
        with self._engine.connect() as connection:
            return tuple(_edition(connection, row) for row in connection.execute(query).all())

    def approved_drafts(self, issue_id: str, digest: str | None = None) -> dict[str, str]:
        """What was written in each edition that the latest yes (or that to a digest) is to."""
        if digest is None:
            given = self.approvals(issue_id)
            if not given:
                return {}
            digest = given[-1].digest
        query = select(issue_drafts).where(
            issue_drafts.c.issue_id == issue_id, issue_drafts.c.issue_digest == digest
        )
        with self._engine.connect() as connection:
            return {row.language: row.text for row in connection.execute(query)}

    # --- uses ------------------------------------------------------------------------------------

    def record_used(self, issue_id: str, uses: Iterable[Use]) -> None:
        """What the approved issue carries; replaces what an earlier approval said."""
        rows = [
            {
                "issue_id": issue_id,
                "item_id": use.item_id,
                "organisation_id": use.organisation_id,
            }
            for use in uses
        ]
        with self._engine.begin() as connection:
            connection.execute(delete(issue_uses).where(issue_uses.c.issue_id == issue_id))
            if rows:
                connection.execute(insert(issue_uses), rows)

    def used_in_last(self, count: int, *, before: str | None = None) -> tuple[Use, ...]:
        """What the last so many approved weekly issues carry, the newest issue first."""
        issues = self._approved_before(before)[-count:][::-1] if count > 0 else []
        order = {issue_id: at for at, issue_id in enumerate(issues)}
        query = select(issue_uses).where(issue_uses.c.issue_id.in_(issues))
        with self._engine.connect() as connection:
            uses = [
                Use(issue_id=row.issue_id, item_id=row.item_id, organisation_id=row.organisation_id)
                for row in connection.execute(query)
            ]
        return tuple(sorted(uses, key=lambda use: (order[use.issue_id], use.item_id)))

    def approved_issues(self, before: str | None = None) -> tuple[str, ...]:
        """The weekly issues that somebody approved, the oldest first."""
        return tuple(self._approved_before(before))

    def _approved_before(self, issue_id: str | None) -> list[str]:
        query = select(issue_approvals.c.issue_id).distinct()
        with self._engine.connect() as connection:
            found = connection.execute(query).scalars().all()
        return sorted(
            one for one in found if not is_bulletin(one) and (issue_id is None or one < issue_id)
        )


def _offer_row(offer: Offer) -> dict[str, Any]:
    return {
        "issue_id": offer.issue_id,
        "language": offer.language,
        "item_id": offer.item_id,
        "organisation_id": offer.organisation_id,
        "offered_at": offer.offered_at,
    }


def _offer(row: Row[Any]) -> Offer:
    return Offer(
        issue_id=row.issue_id,
        language=row.language,
        item_id=row.item_id,
        organisation_id=row.organisation_id,
        offered_at=row.offered_at,
    )


def _has_editions(connection: Connection, issue_id: str, digest: str) -> bool:
    query = select(issue_editions.c.language).where(
        issue_editions.c.issue_id == issue_id, issue_editions.c.issue_digest == digest
    )
    return connection.execute(query.limit(1)).first() is not None


def _insert_edition(connection: Connection, edition: RenderedEdition, digest: str) -> None:
    key = {
        "issue_id": edition.issue_id,
        "issue_digest": digest,
        "language": edition.language,
    }
    connection.execute(
        insert(issue_editions).values(
            **key,
            digest=edition.digest,
            subject=edition.subject,
            preheader=edition.preheader,
            html=edition.html.encode(),
            text=edition.text.encode(),
            story_ids=json.dumps(edition.story_ids),
            item_ids=json.dumps(edition.item_ids),
            regions=json.dumps(edition.regions),
            topics=json.dumps(edition.topics),
            lapses_at=edition.lapses_at,
        )
    )
    for position, picture in enumerate(edition.pictures):
        facts = {
            "cid": picture.cid,
            "media_type": picture.media_type,
            "width": picture.width,
            "height": picture.height,
            "alt": picture.alt,
            "credit": picture.credit,
        }
        connection.execute(
            insert(issue_pictures).values(
                **key, position=position, facts=json.dumps(facts), data=picture.data
            )
        )


def _edition(connection: Connection, row: Row[Any]) -> RenderedEdition:
    pictures = connection.execute(
        select(issue_pictures)
        .where(
            issue_pictures.c.issue_id == row.issue_id,
            issue_pictures.c.issue_digest == row.issue_digest,
            issue_pictures.c.language == row.language,
        )
        .order_by(issue_pictures.c.position)
    )
    edition = RenderedEdition(
        issue_id=row.issue_id,
        language=row.language,
        subject=row.subject,
        preheader=row.preheader,
        html=row.html.decode(),
        text=row.text.decode(),
        pictures=tuple(
            InlinePicture(data=picture.data, **json.loads(picture.facts)) for picture in pictures
        ),
        story_ids=tuple(json.loads(row.story_ids)),
        item_ids=tuple(json.loads(row.item_ids)),
        regions=tuple(json.loads(row.regions)),
        topics=tuple(json.loads(row.topics)),
        lapses_at=row.lapses_at,
    )
    if edition.digest != row.digest:
        raise ValueError(f"the stored edition {row.language} of {row.issue_id} was altered")
    return edition
