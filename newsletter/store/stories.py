"""Submitted stories: ciphertext, hashes, random ids and days. No column holds a person's words."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    func,
    select,
    update,
)

from newsletter.errors import AttentionError
from newsletter.model.consent import Channel, Consent, Edits, PictureConsent, Revocation
from newsletter.model.submission import (
    Checkpoint,
    EventKind,
    Sealed,
    StoryEvent,
    Submission,
    SubmissionState,
)
from newsletter.store.database import read_only, truncate_wal, with_fsync
from newsletter.store.inserts import insert_new
from newsletter.store.letters import SqlLetters, delete_letters
from newsletter.store.story_events import (
    NEWEST_REVOCATION,
    add_revocation,
    all_events,
    all_revocations,
    append_events,
    chain_head,
    events_of,
    story_events,
)
from newsletter.store.story_submissions import submissions
from newsletter.store.story_uses import SqlStoryUses

_WHOLE = list(submissions.columns)
_OLDEST = (submissions.c.received_on, submissions.c.id)  # first
_WITHOUT_BLOBS = [column for column in _WHOLE if not column.name.startswith("sealed_")]
# The consent without the words to print and the other people: those are sealed.
_GIVEN = ("notice_id", "notice_sha256", "notice_language", "notice_shown", "method")
_DAYS = ("valid_from", "notice_shown_on")
_USES = ("channels", "languages", "picture", "edits", "reuse_by")
_MINOR = ("is_minor", "guardian_consent", "child_assent")
_ATTESTED = ("taken_by", "capacity_attested", "service_guarantee_read")
_STORED = (*_GIVEN, *_USES, *_MINOR, *_ATTESTED)


class SqlStories(SqlLetters, SqlStoryUses):
    """Submissions, their events and what was taken back, on SQLite or PostgreSQL; their letters
    and uses are inherited."""

    def __init__(self, engine: Engine) -> None:
        self._engine = with_fsync(engine)  # the chain must not fall behind what is written of it
        self._revocations: tuple[int, tuple[Revocation, ...]] = (0, ())  # one, for threads ask

    def add(self, submission: Submission, events: Sequence[StoryEvent]) -> None:
        """Keep a submission and its events, both or neither; nothing for a record that is there."""
        with self._engine.begin() as connection:
            new = insert_new(connection, submissions).returning(submissions.c.id)
            if connection.execute(new, _values(submission)).first() is not None:
                append_events(connection, events)

    def get(self, submission_id: str) -> Submission | None:
        """Return one submission, with its ciphertexts."""
        return self._one(submissions.c.id == submission_id)

    def by_record(self, record_id: str) -> Submission | None:
        """Return the submission of a consent record."""
        return self._one(submissions.c.record_id == record_id)

    def by_story(self, story_id: str) -> Submission | None:
        """Return the submission that a story's file was made from; the oldest of several."""
        return self._one(submissions.c.story_id == story_id)

    def by_receipt(self, receipt_hash: str) -> Submission | None:
        """Return the submission of the person who holds that receipt code."""
        return self._one(submissions.c.receipt_hash == receipt_hash)

    def all(self) -> tuple[Submission, ...]:
        """Return every submission, oldest first, without ciphertexts."""
        query = select(*_WITHOUT_BLOBS).order_by(*_OLDEST)
        with read_only(self._engine) as connection:
            return tuple(_submission(row) for row in connection.execute(query))

    def change(
        self,
        submission: Submission,
        events: Sequence[StoryEvent] = (),
        *,
        expected: SubmissionState,
    ) -> None:
        """Replace the row and add its events, in one transaction.

        AttentionError when it is no longer in the `expected` state: somebody else, perhaps the
        storyteller, was quicker, and nothing is changed.
        """
        condition = (submissions.c.id == submission.id, submissions.c.state == expected.value)
        values = _values(submission)
        with self._engine.begin() as connection:
            done = connection.execute(update(submissions).where(*condition).values(**values))
            if done.rowcount != 1:
                raise AttentionError(
                    f"submission {submission.id} was changed meanwhile; nothing was done",
                    hint="run the command again",
                )
            _forget_letters(connection, submission)
            append_events(connection, events)
        truncate_wal(self._engine)

    def revoke(
        self, revocation: Revocation, events: Sequence[StoryEvent], *, emptied: Submission | None
    ) -> None:
        """Keep a revocation; with `emptied`, put it in the place of the row."""
        with self._engine.begin() as connection:
            add_revocation(connection, revocation)
            if emptied is not None:
                row = submissions.c.id == emptied.id
                connection.execute(update(submissions).where(row).values(**_values(emptied)))
                _forget_letters(connection, emptied)
            append_events(connection, events)
        truncate_wal(self._engine)

    def keep_reply_key(self, submission_id: str, key: str) -> None:
        """Keep the public key of a code, while the story is kept."""
        row = (submissions.c.id == submission_id, submissions.c.sealed_text != b"")
        with self._engine.begin() as connection:
            connection.execute(update(submissions).where(*row).values(reply_key=key))

    def append_events(self, events: Sequence[StoryEvent]) -> None:
        """Add to the end of the chain."""
        with self._engine.begin() as connection:
            append_events(connection, events)

    def events(self) -> tuple[StoryEvent, ...]:
        """Return the whole chain, in order."""
        with read_only(self._engine) as connection:
            return all_events(connection)

    def came_in_as(self, record_id: str) -> int:
        """Return the number of a consent's first event; 0 when it has none."""
        first = select(func.min(story_events.c.number)).where(story_events.c.record_id == record_id)
        with read_only(self._engine) as connection:
            return connection.execute(first).scalar() or 0

    def decisions(self) -> dict[str, str]:
        """Return the digests of the words that an editor decided on, by consent record.

        What was decided before a withdrawal does not outlive it.
        """
        kinds = (EventKind.OVERRULED, EventKind.WITHDRAWN)
        decided: dict[str, str] = {}
        with read_only(self._engine) as connection:
            events = events_of(connection, kinds)
        for event in events:
            if event.kind is EventKind.WITHDRAWN:
                decided.pop(event.record_id, None)
            elif event.record_id:
                digests = event.note.partition(" ")[0]
                decided[event.record_id] = decided.get(event.record_id, "") + digests
        return decided

    def head(self) -> Checkpoint:
        """Return where the chain stands."""
        with read_only(self._engine) as connection:
            return chain_head(connection)

    def revocations(self) -> tuple[Revocation, ...]:
        """Return every revocation; quick when nothing is new, for it is asked for each batch."""
        with read_only(self._engine) as connection:
            newest = connection.execute(NEWEST_REVOCATION).scalar() or 0
            last = self._revocations
            if newest != last[0]:
                last = self._revocations = (newest, all_revocations(connection))
        return last[1]

    def _one(self, condition: Any) -> Submission | None:
        with read_only(self._engine) as connection:
            row = connection.execute(select(*_WHOLE).where(condition).order_by(*_OLDEST)).first()
        return None if row is None else _submission(row)


def _forget_letters(connection: Connection, submission: Submission) -> None:
    if not submission.sealed.text:
        delete_letters(connection, submission.id)


def _values(submission: Submission) -> dict[str, Any]:
    consent = submission.consent
    return {
        "id": submission.id,
        "record_id": consent.record_id,
        "state": submission.state.value,
        "received_on": submission.received_on,
        "expires_on": consent.expires_on,
        "language": submission.language,
        "story_id": submission.story_id,
        "receipt_hash": consent.receipt_hash,
        "consent": _public_half(consent),
        "sealed_text": submission.sealed.text,
        "sealed_picture": submission.sealed.picture,
        "sealed_notes": submission.sealed.notes,
        "reply_key": submission.reply_key,
    }


def _public_half(consent: Consent) -> dict[str, Any]:
    plain = consent.plain()
    days = {name: plain[name].isoformat() for name in _DAYS if plain[name]}
    return {name: plain[name] for name in _STORED} | days


def _submission(row: Row[Any]) -> Submission:
    fields = dict(row.consent)
    shown_on = fields.pop("notice_shown_on", None)
    sealed = Sealed()
    if "sealed_text" in row._fields:
        sealed = Sealed(text=row.sealed_text, picture=row.sealed_picture, notes=row.sealed_notes)
    return Submission(
        id=row.id,
        consent=Consent(
            record_id=row.record_id,
            receipt_hash=row.receipt_hash,
            expires_on=row.expires_on,
            channels=frozenset(map(Channel, fields.pop("channels"))),
            languages=frozenset(fields.pop("languages")),
            reuse_by=frozenset(fields.pop("reuse_by", ())),  # older rows have none
            picture=PictureConsent(fields.pop("picture")),
            edits=Edits(fields.pop("edits")),
            valid_from=date.fromisoformat(fields.pop("valid_from")),
            notice_shown_on=date.fromisoformat(shown_on) if shown_on else None,
            **fields,
        ),
        received_on=row.received_on,
        language=row.language,
        state=SubmissionState(row.state),
        story_id=row.story_id,
        sealed=sealed,
        reply_key=row.reply_key,
    )
