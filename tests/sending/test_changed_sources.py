"""Editors hear of what a member took back, moved or changed after it was mailed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from newsletter.model.approved import ApprovedCorrection, ApprovedDigest, ApprovedDraft
from newsletter.model.delivery import Send, SendState
from newsletter.model.item import Event, Item, ItemKind
from newsletter.sending.changed_sources import (
    ChangedPiece,
    SentPieces,
    changed_since_sent,
    mailed_lately,
)
from tests.issues.desk import Items, item
from tests.sending.parts import COALITION

SENT_AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
NOW = SENT_AT + timedelta(days=2)
STARTS = datetime(2026, 12, 6, 18, tzinfo=UTC)
MARCH = item("march", kind=ItemKind.EVENT, event=Event(starts=STARTS, place="City Hall"))
CLINIC = item("clinic")
DRAFT = """---
language: en
subject: This week
---

## News {{#news}}

### The march {{march}}

- when: {when}
- where: City Hall

### The clinic {{clinic}}
"""


def send(issue_id: str, **changes: object) -> Send:
    plain = Send(
        id=1,
        issue_id=issue_id,
        state=SendState.FINISHED,
        digest=f"bytes of {issue_id}",
        frozen_at=SENT_AT,
        candidates=1,
        audience=1,
        excluded=0,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def mailed(items: Items, *sends: Send, when: str = "2026-12-06 10:00") -> SentPieces:
    corrects = ApprovedDigest("2026-W47", "right")
    drafts = {"2026-W47": "2026-12-06 10:00", "2026-W47-a": when}
    return SentPieces(
        sends=lambda: sends,
        approved_drafts=lambda issue_id, digest: {
            "en": ApprovedDraft(text=DRAFT.format(when=drafts[issue_id]))
        },
        corrections=lambda: (ApprovedCorrection("2026-W47-a", "bytes of 2026-W47-a", corrects),),
        items=items,
        zone=COALITION.zone,
    )


def edited(before: Item, after: Item) -> Items:
    items = Items([MARCH, CLINIC])
    items.add(after)
    items.earlier[before.id] = before.told
    return items


def event(**changes: object) -> Event:
    return replace(Event(starts=STARTS, place="City Hall"), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "after", "what"),
    [
        (CLINIC, replace(CLINIC, withdrawn_at=NOW), "was removed at its source"),
        (CLINIC, replace(CLINIC, title="No clinic"), "was edited at its source"),
        (CLINIC, replace(CLINIC, text=CLINIC.text + "!"), ""),
        (MARCH, replace(MARCH, event=event(cancelled=True)), "was cancelled at its source"),
        (
            MARCH,
            replace(MARCH, event=event(starts=STARTS - timedelta(days=1))),
            "is at another time at its source, 2026-12-05 10:00",
        ),
        (
            MARCH,
            replace(MARCH, event=event(place="Old Mill")),
            "is at another place at its source, Old Mill",
        ),
        (replace(MARCH, event=event(place="Mill")), MARCH, ""),  # now as we said
    ],
)
def test_what_happened_at_the_source_after_it_was_mailed(
    before: Item, after: Item, what: str
) -> None:
    changed = changed_since_sent(mailed(edited(before, after), send("2026-W47")), now=NOW)
    expected = (ChangedPiece("2026-W47", after.id, after.title[:60], what),)
    assert changed == (expected if what else ())


def test_only_what_changed_lately_of_what_was_mailed_lately() -> None:
    gone = edited(CLINIC, replace(CLINIC, withdrawn_at=NOW - timedelta(hours=1)))
    pieces = mailed(gone, send("2026-W47"))
    assert changed_since_sent(pieces, now=NOW, since=NOW - timedelta(hours=2))
    assert not changed_since_sent(pieces, now=NOW, since=NOW)
    assert not changed_since_sent(pieces, now=NOW + timedelta(days=30))
    waiting = mailed(gone, send("2026-W47", state=SendState.SCHEDULED))
    assert not changed_since_sent(waiting, now=NOW)


def test_what_a_correction_told_again_is_held_against_the_correction() -> None:
    moved = edited(MARCH, replace(MARCH, event=event(starts=STARTS - timedelta(days=1))))
    issue, correction = send("2026-W47"), send("2026-W47-a", frozen_at=SENT_AT + timedelta(hours=9))
    right = mailed(moved, issue, correction, when="2026-12-05 10:00")
    assert changed_since_sent(right, now=NOW) == ()
    wrong = mailed(moved, issue, correction, when="2026-12-04 10:00")
    (piece,) = changed_since_sent(wrong, now=NOW)
    assert piece.issue_id == "2026-W47", "which is what can be corrected"


def test_what_was_mailed_lately_is_asked_for_again_of_issues_and_bulletins() -> None:
    pieces = mailed(Items([MARCH, CLINIC]), send("2026-W47-a"))
    assert mailed_lately(pieces, now=NOW) == {"march", "clinic"}
    assert mailed_lately(pieces, now=SENT_AT + timedelta(days=14))
    assert not mailed_lately(pieces, now=SENT_AT + timedelta(days=14, seconds=1))
    waiting = mailed(Items([MARCH]), send("2026-W47", state=SendState.SCHEDULED))
    assert not mailed_lately(waiting, now=NOW)
    assert not mailed_lately(mailed(Items([MARCH])), now=NOW), "a draft was sent to nobody"
    torn = replace(pieces, approved_drafts=lambda *_: {"en": ApprovedDraft(text="## News")})
    assert not mailed_lately(torn, now=NOW), "and no draft keeps feeds from being pulled"
