"""The facts of a placement that the design shows in their own way: when, where, whom to call.

Keys and their forms are those of docs/writing-an-issue.md. What cannot be read is left out here;
`check` has told the editor where it stands.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from newsletter.design.bidi_gettext import isolate_numbers
from newsletter.design.localizer import Localizer
from newsletter.design.markdown import safe_link
from newsletter.design.mjml import without_controls
from newsletter.model.details import DETAILS, moment_of, seconds_of
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Event, Item, ItemKind
from newsletter.model.material import Material

TRUE_WORDS = frozenset({"yes", "true", "1"})


@dataclass(frozen=True, kw_only=True, slots=True)
class PhoneView:
    """A number as people write it, and as a phone dials it."""

    number: str
    link: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Details:
    """Facts in words, empty where there are none; addresses are safe to link to. `due` is the day
    of the deadline, or the last one on which a notice is true."""

    when: str = ""
    day: str = ""
    month: str = ""
    place: str = ""
    online: str = ""
    calendar: str = ""
    is_cancelled: bool = False
    action: str = ""
    deadline: str = ""
    due: date | None = None
    target: str = ""
    call: PhoneView | None = None
    message: PhoneView | None = None
    script: str = ""
    hours: str = ""
    spoken: str = ""
    verified: str = ""
    verified_by: str = ""
    lapses: str = ""
    recording: str = ""
    recording_is_video: bool = False
    minutes: int = 0
    transcript: str = ""
    updated: str = ""
    dates: str = ""
    network: str = ""


def details_of(
    placement: Placement,
    item: Item | None,
    edition: Edition,
    material: Material,
    localizer: Localizer,
) -> Details:
    """Gather a placement's facts: its own details first, then what its item knows."""
    written = {key: without_controls(value).strip() for key, value in placement.details.items()}
    event = event_of(written, item, localizer.zone)
    recording = _recording(written, item)
    ordered = isolate_numbers if localizer.dir == "rtl" else str
    return Details(
        when=localizer.when(event) if event else "",
        day=localizer.day_number(event.starts) if event else "",
        month=localizer.month_name(event.starts) if event else "",
        place=ordered(" ".join((event.place if event else written.get("where", "")).split())),
        online=safe_link((event.online_url or "") if event else written.get("online", "")),
        calendar=safe_link(written.get("calendar", ""))
        or _calendar(placement, event, edition, material),
        is_cancelled=event.cancelled if event else False,
        action=written.get("action", "").lower(),
        deadline=moment_in_words(written.get("deadline", ""), localizer),
        due=_day(written.get("deadline") or written.get("lapses") or "", localizer.zone),
        target=ordered(written.get("target", "")),
        call=_phone(written.get("call", ""), "tel"),
        message=_phone(written.get("text", ""), "sms"),
        script=ordered(written.get("script", "")),
        hours=ordered(written.get("hours", "")),
        spoken=_languages(written.get("spoken", ""), localizer),
        verified=moment_in_words(written.get("verified", ""), localizer),
        verified_by=ordered(written.get("verified_by", "")),
        lapses=moment_in_words(written.get("lapses", ""), localizer),
        recording=recording.url,
        recording_is_video=recording.is_video,
        minutes=max(1, round(recording.seconds / 60)) if recording.seconds else 0,
        transcript=safe_link(written.get("transcript", "")),
        updated=moment_in_words(written.get("updated", ""), localizer),
        dates=ordered(written.get("dates", "")),
        network=written.get("network", ""),
    )


def moment(text: str, zone: tzinfo) -> date | None:
    """Read a day or an aware moment; None when it is neither."""
    try:
        return moment_of(text, zone)
    except ValueError:
        return None


def _day(text: str, zone: tzinfo) -> date | None:
    read = moment(text, zone)
    return read.date() if isinstance(read, datetime) else read


def event_of(written: dict[str, str], item: Item | None, zone: tzinfo) -> Event | None:
    """Return a placement's event: what the editor wrote over what the calendar said."""
    known = item.event if item else None
    starts = moment(written.get("when", ""), zone) or (known.starts if known else None)
    if starts is None:
        return None
    said = written.get("cancelled", "").lower()
    ends = moment(written.get("until", ""), zone)
    if ends is None and known and "when" not in written:
        ends = known.last
    return Event(
        starts=starts,
        ends=ends,
        place=written.get("where") or (known.place if known else ""),
        online_url=written.get("online") or (known.online_url if known else None),
        cancelled=said != "no" if said else bool(known and known.cancelled),
    )


def calendar_name(item_id: str) -> str:
    """Name an event's `.ics` file beside its edition in the archive."""
    return f"{item_id}.ics"


def _calendar(
    placement: Placement, event: Event | None, edition: Edition, material: Material
) -> str:
    public = material.coalition.public_url.rstrip("/")
    if not (event and public and placement.item_id) or event.cancelled or not edition.is_archived:
        return ""
    folder = f"{public}/archive/issues/{edition.issue_id}/{edition.language}"
    return f"{folder}/{calendar_name(placement.item_id)}"


def moment_in_words(text: str, localizer: Localizer) -> str:
    """Write a day or a moment as the language does; what is neither stays as it is."""
    read = moment(text, localizer.zone)
    if isinstance(read, datetime):
        return localizer.at(read, localizer.time(read))
    return localizer.day(read) if read else text


def _phone(number: str, scheme: str) -> PhoneView | None:
    """The part before a comma or letter is dialled; RFC 3966 allows digits and a leading plus."""
    dialled = re.sub(r"[^\d+]", "", re.split(r"[,;a-zA-Z]", number, maxsplit=1)[0])
    if not dialled:
        return None
    return PhoneView(number=number, link=f"{scheme}:{dialled}")


def _languages(spoken: str, localizer: Localizer) -> str:
    """`es, en, mixteco` as names in the edition's language; what is no tag stays as written."""
    tags = [tag.strip() for tag in spoken.split(",") if tag.strip()]
    return localizer.join_list([localizer.locale.languages.get(tag.lower(), tag) for tag in tags])


class _Recording(NamedTuple):
    """A recording's address, empty for none; `seconds` 0 when the length is not known."""

    url: str
    is_video: bool
    seconds: int


def _recording(written: dict[str, str], item: Item | None) -> _Recording:
    length = written.get("length", "")
    seconds = seconds_of(length) if DETAILS["length"].accepts(length) else 0
    for key in ("video", "audio"):
        if url := safe_link(written.get(key, "")):
            return _Recording(url, key == "video", seconds)
    if item and item.media and item.kind in {ItemKind.AUDIO, ItemKind.VIDEO}:
        known = seconds or item.media.seconds or 0
        return _Recording(safe_link(item.media.url), item.kind is ItemKind.VIDEO, known)
    return _Recording("", False, seconds)
