"""An entry judged and made uniform: from what a feed says to what an editor can choose."""

from collections.abc import Sequence
from datetime import datetime

from newsletter.model.address import normal_link, untracked
from newsletter.model.entry import Enclosure, Entry
from newsletter.model.item import Event, Item, ItemKind, Media
from newsletter.model.organisation import Organisation
from newsletter.pulling.items import identity, languages, pictures, sanitise
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
) -> list[tuple[Item, tuple[str, ...]]]:
    """Each entry of one document as an item, with the keys it can be recognised by later.

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
    all_keys = identity.keys(
        [
            identity.Names(
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
    found: dict[tuple[str, ...], Item] = {}
    for item, mine in zip(items, all_keys, strict=True):
        if mine not in found:
            found[mine] = _named(item, organisation, mine)
    return [(item, mine) for mine, item in found.items()]


def normalise(
    entry: Entry,
    organisation: Organisation,
    sanitiser: Sanitiser,
    *,
    feed_url: str,
    feed_language: str,
    now: datetime,
) -> Item:
    """The item, still without id: that depends on the other entries of the document."""
    markup = sanitiser.clean(entry.html[:LONGEST_HTML], entry.base)
    text = sanitise.plain(markup)
    summary = entry.summary[:LONGEST_HTML]
    if not text and summary:
        markup = sanitiser.clean(summary, entry.base)
        text = sanitise.plain(markup)
    link = sanitise.absolute(entry.link, entry.base) if entry.link else ""
    link = untracked(link) if link.startswith(("http://", "https://")) else ""
    title = sanitise.line(entry.title, is_html=entry.title_is_html)[:LONGEST_TITLE]
    media = _media(entry.enclosures)
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
        topics=tuple(sanitise.line(one, is_html=True)[:60] for one in entry.categories[:20]),
        regions=organisation.regions,
        published_at=entry.published or (entry.updated if event is None else None),
        updated_at=entry.updated,
        source_name=sanitise.line(entry.source_title, is_html=False)[:200],
        source_url=_web(entry.source_url, entry.base),
        picture=pictures.choose(entry.html[:LONGEST_HTML] + summary, entry.base, entry.pictures),
        media=media,
        event=event,
        content_sha256=identity.digest(title, text, repr(event) if event else ""),
    )


def _named(item: Item, organisation: Organisation, mine: tuple[str, ...]) -> Item:
    from dataclasses import replace

    return replace(item, identity=mine[0], id=identity.short_id(organisation.id, mine[0]))


def _kind(event: Event | None, media: Media | None) -> ItemKind:
    if event is not None:
        return ItemKind.EVENT
    if media is not None:
        return ItemKind.VIDEO if media.media_type.startswith("video/") else ItemKind.AUDIO
    return ItemKind.NEWS


def _media(enclosures: Sequence[Enclosure]) -> Media | None:
    for one in enclosures:
        if one.media_type.startswith(("audio/", "video/")) and _web(one.url, ""):
            return Media(
                url=one.url, media_type=one.media_type, seconds=one.seconds, bytes=one.length
            )
    return None


def _event(entry: Entry) -> Event | None:
    said = entry.event
    if said is None:
        return None
    online = _web(said.online_url or "", entry.base)
    return Event(
        starts=said.starts,
        ends=said.ends,
        place=sanitise.line(said.place, is_html=False)[:300],
        online_url=online or None,
        cancelled=said.cancelled,
    )


def _web(url: str, base: str) -> str:
    found = sanitise.absolute(url, base) if url else ""
    return untracked(found) if found.startswith(("http://", "https://")) else ""


def _first_words(text: str, most: int = 80) -> str:
    """What stands for a missing title: the entry's own first words, shown as cut."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(",;:.–—-") + "…"
