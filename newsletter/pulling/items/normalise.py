"""An entry judged and made uniform: from what a feed says to what an editor can choose."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from newsletter.model.address import normal_link, untracked
from newsletter.model.entry import Enclosure, Entry
from newsletter.model.item import Event, Item, ItemKind, Media, instant
from newsletter.model.organisation import Organisation
from newsletter.model.pulling import KeyedItem
from newsletter.pulling.items import languages, pictures, sanitise
from newsletter.pulling.items.captions import without_captions, without_credit
from newsletter.pulling.items.identity import IdentityFields, digest, identity_keys, short_id
from newsletter.pulling.items.sanitise import Sanitiser

LONGEST_TITLE = 300
LONGEST_HTML = 200_000  # characters of one entry; what is longer is cut before it is cleaned


def normalise_all(
    entries: Sequence[Entry],
    organisation: Organisation,
    *,
    feed_url: str,
    feed_link: str,
    feed_language: str,
    now: datetime,
    is_calendar: bool = False,
) -> list[KeyedItem]:
    """Return the entries of one document as items, with the keys that recognise them later.

    Entries that nothing tells apart are one: the first.
    """
    sanitiser = Sanitiser()
    items = [
        normalise(
            entry,
            organisation,
            sanitiser,
            feed_url=feed_url,
            feed_language=feed_language,
            now=now,
        )
        for entry in entries
    ]
    all_keys = identity_keys(
        [
            _event_fields(entry, item.event, title=item.title, words=item.text)
            if is_calendar
            else IdentityFields(
                guid=entry.guid,
                link=item.link or "",
                title=item.title,
                words=item.text,
                published=item.published_at,
            )
            for entry, item in zip(entries, items, strict=True)
        ],
        home=(organisation.url, feed_link, feed_url),
    )
    by_keys: dict[tuple[str, ...], Item] = {}
    for item, keys in zip(items, all_keys, strict=True):
        if keys not in by_keys:
            item_id = short_id(organisation.id, keys[0])
            by_keys[keys] = replace(item, identity=keys[0], id=item_id)
    return [KeyedItem(item, keys) for keys, item in by_keys.items()]


def event_keys(entries: Sequence[Entry]) -> list[str]:
    """Return all keys of a calendar's events that are no items of their own."""
    if not entries:
        return []
    fields = [_event_fields(entry, _event(entry), title=_title(entry)) for entry in entries]
    return [key for keys in identity_keys(fields) for key in keys]


def _event_fields(
    entry: Entry, event: Event | None, *, title: str, words: str = ""
) -> IdentityFields:
    return IdentityFields(
        guid=entry.guid,
        title=title,
        words=words,
        uid=entry.uid,
        starts=instant(event.starts) if event else "",
        place=event.place if event else "",
    )


def normalise(
    entry: Entry,
    organisation: Organisation,
    sanitiser: Sanitiser,
    *,
    feed_url: str,
    feed_language: str,
    now: datetime,
) -> Item:
    """Return the item, still without id: that depends on the other entries of the document."""
    markup = sanitiser.clean(without_captions(entry.html[:LONGEST_HTML]), entry.base)
    text = without_credit(sanitise.plain(markup))
    summary = entry.summary[:LONGEST_HTML]
    if not text and summary:
        markup = sanitiser.clean(summary, entry.base)
        text = sanitise.plain(markup)
    link = _web(entry.link, entry.base)
    title = _title(entry)
    media = _media(entry.enclosures, entry.base)
    event = _event(entry)
    return Item(
        id="",
        kind=_kind(event, media),
        title=title or _first_words(text),
        first_seen_at=now,
        organisation_id=organisation.id,
        feed_url=feed_url,
        link=link or None,
        canonical_link=normal_link(link) or None,
        text=text,
        html=markup,
        language=languages.language_of(entry.language, feed_language, organisation.languages),
        authors=tuple(sanitise.line(name, is_html=False)[:100] for name in entry.authors[:10]),
        topics=tuple(sanitise.line(name, is_html=True)[:60] for name in entry.categories[:20]),
        regions=organisation.regions,
        published_at=entry.published or (entry.updated if event is None else None),
        updated_at=entry.updated,
        unreadable_date=sanitise.line(entry.unreadable_date, is_html=False)[:80],
        source_name=sanitise.line(entry.source_title, is_html=False)[:200],
        source_url=_web(entry.source_url, entry.base),
        picture=pictures.choose(
            entry.html[:LONGEST_HTML] + summary, entry.base, entry.pictures, authors=entry.authors
        ),
        media=media,
        event=event,
        announced=None if event else entry.announced,
        content_sha256=digest(
            title,
            text,
            repr(said) if (said := event or entry.announced) else "",
            *_file(media),
        ),
    )


def _title(entry: Entry) -> str:
    return sanitise.line(entry.title, is_html=entry.title_is_html)[:LONGEST_TITLE]


def _kind(event: Event | None, media: Media | None) -> ItemKind:
    if event is not None:
        return ItemKind.EVENT
    if media is not None:
        return ItemKind.VIDEO if media.media_type.startswith("video/") else ItemKind.AUDIO
    return ItemKind.NEWS


def _media(enclosures: Sequence[Enclosure], base: str) -> Media | None:
    for file in enclosures:
        is_recording = file.media_type.startswith(("audio/", "video/"))
        if is_recording and (url := sanitise.web_link(file.url, base)):
            return Media(
                url=url, media_type=file.media_type, seconds=file.seconds, bytes=file.length
            )
    return None


def _file(media: Media | None) -> tuple[str, ...]:
    """What names a recording's file: its address without what may differ from pull to pull."""
    return (normal_link(media.url.partition("?")[0]),) if media else ()


def _event(entry: Entry) -> Event | None:
    event = entry.event
    return event and replace(
        event,
        place=sanitise.line(event.place, is_html=False)[:300],
        online_url=_web(event.online_url or "", entry.base) or None,
    )


def _web(url: str, base: str) -> str:
    return untracked(sanitise.web_link(url, base))


def _first_words(text: str, most: int = 80) -> str:
    """What stands for a missing title: the entry's own first words, shown as cut."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(",;:.–—-") + "…"
