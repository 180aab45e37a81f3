"""[I/O] What members took back or changed after we mailed it: editors decide about a correction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from newsletter.errors import ConfigError
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.edits import is_edited
from newsletter.issues.ports import ItemSource
from newsletter.model.approved import ApprovedCorrection, ApprovedDraft
from newsletter.model.delivery import Send, SendState
from newsletter.model.details import moment_of
from newsletter.model.issue import Placement
from newsletter.model.item import Event, Item

STILL_READ = timedelta(days=28)  # an older issue is nobody's plan for the week any more
ASKED_FOR = timedelta(days=14)  # for so long its pieces' pages are asked, once no feed lists them


class ChangedPiece(NamedTuple):
    """A piece of an issue that went out, and what happened to it at its source since."""

    issue_id: str
    item_id: str
    title: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SentPieces:
    """Where the pieces that were mailed, and their sources, are looked up."""

    sends: Callable[[], tuple[Send, ...]]
    approved_drafts: Callable[[str, str], Mapping[str, ApprovedDraft]]
    corrections: Callable[[], tuple[ApprovedCorrection, ...]]
    items: ItemSource
    zone: ZoneInfo


def changed_since_sent(
    mailed: SentPieces, *, now: datetime, since: datetime | None = None
) -> tuple[ChangedPiece, ...]:
    """List the pieces of the last weeks' issues that changed at their source since those were sent;
    with `since`, those that did so after that moment. What a correction told again is held against
    the correction."""
    sends = _sent(mailed, now - STILL_READ)
    if not sends:
        return ()
    of = {(one.issue_id, one.digest): one.corrects.issue_id for one in mailed.corrections()}
    seen: set[tuple[str, str]] = set()
    changed = []
    for send in sorted(sends, key=lambda send: send.frozen_at, reverse=True):
        issue_id = of.get((send.issue_id, send.digest), send.issue_id)
        placed = dict(_placed(mailed, send))
        items = mailed.items.get(placed)
        for item_id, placement in placed.items():
            if item_id not in items or (issue_id, item_id) in seen:
                continue
            seen.add((issue_id, item_id))
            item = items[item_id]
            if what := _what_happened(mailed, item, placement, send.frozen_at, since):
                changed.append(ChangedPiece(issue_id, item_id, item.title[:60], what))
    return tuple(sorted(changed))


def mailed_lately(mailed: SentPieces, *, now: datetime) -> frozenset[str]:
    """Return the ids of what was sent so lately that its pages are asked again."""
    ids: set[str] = set()
    for send in _sent(mailed, now - ASKED_FOR):
        with suppress(ConfigError):  # a draft that an older version wrote is no reason not to pull
            ids.update(item_id for item_id, _ in _placed(mailed, send))
    return frozenset(ids)


def _sent(mailed: SentPieces, since: datetime) -> list[Send]:
    return [
        send
        for send in mailed.sends()
        if send.frozen_at >= since and send.state is not SendState.SCHEDULED
    ]


def _placed(mailed: SentPieces, send: Send) -> Iterator[tuple[str, Placement]]:
    """The pieces of one language's draft or another's: their facts are the same."""
    drafts = mailed.approved_drafts(send.issue_id, send.digest)
    for language, draft in sorted(drafts.items()):
        edition = draft_file.read_approved(send.issue_id, language, draft.text)
        for placement in edition.placements:
            if placement.item_id:
                yield placement.item_id, placement


def _what_happened(
    mailed: SentPieces, item: Item, placement: Placement, sent_at: datetime, since: datetime | None
) -> str:
    """What happened to it after we sent it, and after `since`; empty when nothing did."""
    after = max(sent_at, since or sent_at)
    if item.withdrawn_at is not None:
        return "was removed at its source" if item.withdrawn_at >= after else ""
    if mailed.items.as_of(item.id, after) is None:
        return ""
    before = mailed.items.as_of(item.id, sent_at)
    if item.event is not None and before is not None:
        before = before._replace(title=item.told.title)  # its facts are held against what we said
        if what := _of_event(item.event, placement.details, mailed.zone):
            return what
    return "was edited at its source" if before and is_edited(before, item.told) else ""


def _of_event(event: Event, said: Mapping[str, str], zone: ZoneInfo) -> str:
    """What an event's source says otherwise than we did; empty when it is the same."""
    if event.cancelled:
        return "" if said.get("cancelled") == "yes" else "was cancelled at its source"
    starts = event.starts.astimezone(zone) if isinstance(event.starts, datetime) else event.starts
    if "when" in said and moment_of(said["when"], zone) != starts:
        written = f"{starts:%Y-%m-%d %H:%M}" if isinstance(starts, datetime) else f"{starts}"
        return f"is at another time at its source, {written}"
    if said.get("where", event.place).split() != event.place.split():
        return f"is at another place at its source, {event.place[:60] or 'none named'}"
    return ""
