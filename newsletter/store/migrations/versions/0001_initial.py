"""Every table of the first version."""

import sqlalchemy as sa
from alembic import op

import newsletter.store.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "feed_hosts",
        sa.Column("host", sa.String(length=300), nullable=False),
        sa.Column(
            "not_before", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_feed_hosts")),
    )
    op.create_table(
        "feed_states",
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column(
            "last_pulled_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "last_success_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "last_new_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "newest_entry_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "next_due_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column(
            "failing_since", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("gone_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("moved_to", sa.Text(), nullable=False),
        sa.Column(
            "moved_since", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("moved_seen", sa.Integer(), nullable=False),
        sa.Column("move_refused", sa.Boolean(), nullable=False),
        sa.Column(
            "first_pulled_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("url", name=op.f("pk_feed_states")),
    )
    with op.batch_alter_table("feed_states", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_feed_states_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "issue_approvals",
        sa.Column("issue_id", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("editor", sa.String(length=200), nullable=False),
        sa.Column(
            "approved_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("issue_id", "digest", "editor", name=op.f("pk_issue_approvals")),
    )
    op.create_table(
        "issue_editions",
        sa.Column("issue_id", sa.String(length=16), nullable=False),
        sa.Column("issue_digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("preheader", sa.Text(), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("story_ids", sa.Text(), nullable=False),
        sa.Column("item_ids", sa.Text(), nullable=False),
        sa.Column("regions", sa.Text(), nullable=False),
        sa.Column("topics", sa.Text(), nullable=False),
        sa.Column("lapses_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint(
            "issue_id", "issue_digest", "language", name=op.f("pk_issue_editions")
        ),
    )
    op.create_table(
        "issue_eligible",
        sa.Column("issue_id", sa.String(length=16), nullable=False),
        sa.Column("organisation_id", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("issue_id", "organisation_id", name=op.f("pk_issue_eligible")),
    )
    op.create_table(
        "issue_offers",
        sa.Column("issue_id", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.String(length=80), nullable=True),
        sa.Column(
            "offered_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.PrimaryKeyConstraint("issue_id", "language", "item_id", name=op.f("pk_issue_offers")),
    )
    op.create_table(
        "issue_uses",
        sa.Column("issue_id", sa.String(length=16), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("issue_id", "item_id", name=op.f("pk_issue_uses")),
    )
    op.create_table(
        "items",
        sa.Column("id", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=200), nullable=True),
        sa.Column("feed_url", sa.Text(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("canonical_link", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=40), nullable=False),
        sa.Column(
            "first_seen_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "published_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "updated_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("content_sha256", sa.String(length=64), nullable=False),
        sa.Column("is_backlog", sa.Boolean(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column(
            "withdrawn_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index(
            "ix_items_events",
            ["feed_url"],
            unique=False,
            sqlite_where=sa.text("kind = 'event'"),
            postgresql_where=sa.text("kind = 'event'"),
        )
        batch_op.create_index(batch_op.f("ix_items_first_seen_at"), ["first_seen_at"], unique=False)

    op.create_table(
        "sends",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "frozen_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("due_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "finished_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("rate", sa.Float(), nullable=True),
        sa.Column("next_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column("candidates", sa.Integer(), nullable=False),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("excluded", sa.Integer(), nullable=False),
        sa.Column(
            "last_subscriber_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sends")),
        sa.UniqueConstraint("issue_id", name=op.f("uq_sends_issue_id")),
    )
    op.create_table(
        "story_events",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_story_events")),
        sa.UniqueConstraint("previous", name=op.f("uq_story_events_previous")),
    )
    with op.batch_alter_table("story_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_events_record_id"), ["record_id"], unique=False)

    op.create_table(
        "story_stops",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("taken_back", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_story_stops")),
    )
    with op.batch_alter_table("story_stops", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_stops_record_id"), ["record_id"], unique=False)

    op.create_table(
        "story_submissions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("record_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("story_id", sa.String(), nullable=False),
        sa.Column("receipt_hash", sa.String(), nullable=False),
        sa.Column("text_hash", sa.String(), nullable=False),
        sa.Column("consent", sa.JSON(), nullable=False),
        sa.Column("sealed_text", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_picture", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_notes", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_submissions")),
        sa.UniqueConstraint("record_id", name=op.f("uq_story_submissions_record_id")),
    )
    with op.batch_alter_table("story_submissions", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_story_submissions_receipt_hash"), ["receipt_hash"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_story_submissions_story_id"), ["story_id"], unique=False
        )

    op.create_table(
        "subscribers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("topics", sa.String(), nullable=False),
        sa.Column("regions", sa.String(), nullable=False),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("joined_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmed_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("folded", name=op.f("uq_subscribers_folded")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.create_index(
            "ix_subscribers_pending",
            ["joined_at"],
            unique=False,
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.create_table(
        "suppressions",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_suppressions")),
    )
    op.create_table(
        "exclusions",
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column(
            "subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["send_id"], ["sends.id"], name=op.f("fk_exclusions_send_id")),
        sa.PrimaryKeyConstraint("send_id", "subscriber_id", name=op.f("pk_exclusions")),
    )
    op.create_table(
        "issue_pictures",
        sa.Column("issue_id", sa.String(length=16), nullable=False),
        sa.Column("issue_digest", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id", "issue_digest", "language"],
            ["issue_editions.issue_id", "issue_editions.issue_digest", "issue_editions.language"],
            name=op.f("fk_issue_pictures_issue_id_issue_digest_language"),
        ),
        sa.PrimaryKeyConstraint(
            "issue_id", "issue_digest", "language", "position", name=op.f("pk_issue_pictures")
        ),
    )
    op.create_table(
        "item_edits",
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.Column(
            "edited_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_edits_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", "edited_at", name=op.f("pk_item_edits")),
    )
    op.create_table(
        "item_keys",
        sa.Column("organisation_id", sa.String(length=200), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("item_id", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_item_keys_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("organisation_id", "key", name=op.f("pk_item_keys")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "send_editions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["send_id"], ["sends.id"], name=op.f("fk_send_editions_send_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_send_editions")),
        sa.UniqueConstraint(
            "send_id", "language", "digest", name=op.f("uq_send_editions_send_id_language_digest")
        ),
    )
    op.create_table(
        "senders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started", sa.String(), nullable=False),
        sa.Column(
            "lease_until", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("ended_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["send_id"], ["sends.id"], name=op.f("fk_senders_send_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_senders")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("senders", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_senders_send_id"), ["send_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("send_id", sa.Integer(), nullable=False),
        sa.Column(
            "subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("edition_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column(
            "available_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("sender_id", sa.Integer(), nullable=True),
        sa.Column(
            "changed_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column(
            "first_tried_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=True
        ),
        sa.Column("provider_id", sa.String(), nullable=True),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["edition_id"], ["send_editions.id"], name=op.f("fk_deliveries_edition_id")
        ),
        sa.ForeignKeyConstraint(["send_id"], ["sends.id"], name=op.f("fk_deliveries_send_id")),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["senders.id"], name=op.f("fk_deliveries_sender_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "send_id", "subscriber_id", name=op.f("uq_deliveries_send_id_subscriber_id")
        ),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_deliveries_claimed",
            ["send_id", "sender_id"],
            unique=False,
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.create_index(
            "ix_deliveries_waiting",
            ["send_id", "available_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "delivery_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.String(), nullable=True),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column(
            "happened_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column(
            "received_at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False
        ),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_delivery_events_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_events")),
        sa.UniqueConstraint("event_id", name=op.f("uq_delivery_events_event_id")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_delivery_events_fingerprint")),
    )
    with op.batch_alter_table("delivery_events", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_delivery_events_delivery_id"), ["delivery_id"], unique=False
        )

    op.create_table(
        "settlements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "delivery_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("became", sa.String(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("at", newsletter.store.database.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_settlements_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settlements")),
    )
    with op.batch_alter_table("settlements", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_settlements_delivery_id"), ["delivery_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("settlements", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_settlements_delivery_id"))

    op.drop_table("settlements")
    with op.batch_alter_table("delivery_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_events_delivery_id"))

    op.drop_table("delivery_events")
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_deliveries_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(
            "ix_deliveries_claimed",
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )

    op.drop_table("deliveries")
    with op.batch_alter_table("senders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_senders_send_id"))

    op.drop_table("senders")
    op.drop_table("send_editions")
    op.drop_table("item_keys")
    op.drop_table("item_edits")
    op.drop_table("issue_pictures")
    op.drop_table("exclusions")
    op.drop_table("suppressions")
    with op.batch_alter_table("subscribers", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_subscribers_pending",
            sqlite_where=sa.text("state = 'pending'"),
            postgresql_where=sa.text("state = 'pending'"),
        )

    op.drop_table("subscribers")
    with op.batch_alter_table("story_submissions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_submissions_story_id"))
        batch_op.drop_index(batch_op.f("ix_story_submissions_receipt_hash"))

    op.drop_table("story_submissions")
    with op.batch_alter_table("story_stops", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_stops_record_id"))

    op.drop_table("story_stops")
    with op.batch_alter_table("story_events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_events_record_id"))

    op.drop_table("story_events")
    op.drop_table("sends")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_items_first_seen_at"))
        batch_op.drop_index(
            "ix_items_events",
            sqlite_where=sa.text("kind = 'event'"),
            postgresql_where=sa.text("kind = 'event'"),
        )

    op.drop_table("items")
    op.drop_table("issue_uses")
    op.drop_table("issue_offers")
    op.drop_table("issue_eligible")
    op.drop_table("issue_editions")
    op.drop_table("issue_approvals")
    with op.batch_alter_table("feed_states", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_states_organisation_id"))

    op.drop_table("feed_states")
    op.drop_table("feed_hosts")
