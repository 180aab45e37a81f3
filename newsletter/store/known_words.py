"""Columns of which each value is one of a few words: those that the program reads as such."""

from collections.abc import Mapping
from enum import StrEnum

from sqlalchemy import Connection, select

from newsletter.model.delivery import DeliveryState, ExclusionReason, SendState
from newsletter.model.delivery import EventKind as DeliveryEventKind
from newsletter.model.item import ItemKind
from newsletter.model.letter import Direction, LetterKind, LetterState
from newsletter.model.notice import NoticeKind
from newsletter.model.pulling import FeedResult
from newsletter.model.submission import Actor, SubmissionState
from newsletter.model.subscriber import SubscriberState, SuppressionReason
from newsletter.store.database import metadata

WORDS: Mapping[tuple[str, str], type[StrEnum]] = {
    ("subscribers", "state"): SubscriberState,
    ("suppressions", "reason"): SuppressionReason,
    ("sends", "state"): SendState,
    ("deliveries", "state"): DeliveryState,
    ("exclusions", "reason"): ExclusionReason,
    ("settlements", "became"): DeliveryState,
    ("delivery_events", "kind"): DeliveryEventKind,
    ("feed_states", "result"): FeedResult,
    ("items", "kind"): ItemKind,
    ("story_letters", "direction"): Direction,
    ("story_letters", "kind"): LetterKind,
    ("story_letters", "state"): LetterState,
    ("story_events", "actor"): Actor,
    ("story_submissions", "state"): SubmissionState,
    ("notices", "kind"): NoticeKind,
}


def unknown_word(connection: Connection) -> str:
    """Return the first `table.column` that has a word which it cannot have; empty if none has.

    Events of stories whose kind nobody knows are read by nobody, and break the chain.
    """
    for (table, name), words in WORDS.items():
        column = metadata.tables[table].columns[name]
        known = [word.value for word in words]
        if connection.execute(select(column).where(column.not_in(known)).limit(1)).first():
            return f"{table}.{name}"
    return ""
