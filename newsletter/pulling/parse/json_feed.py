"""JSON Feed 1.0 and 1.1 (jsonfeed.org). Wrong types are read as absent, never as an error."""

import html
import json
import re
from datetime import UTC, tzinfo
from typing import Any

from newsletter.model.address import joined_if_valid
from newsletter.model.entry import Enclosure, Entry
from newsletter.pulling.parse.dates import DateReader, reader_of
from newsletter.pulling.parse.enclosures import duration, lasting, media_type
from newsletter.pulling.parse.paragraphs import paragraphs
from newsletter.pulling.parse.parsed import NotFeed, ParsedFeed, Unreadable, unreadable_dates

_ESCAPED = re.compile("[\x00\ud800-\udfff]")  # JSON can write what no database or page takes


def read_json(text: str, *, url: str, zone: tzinfo = UTC) -> ParsedFeed | Unreadable:
    """Return the feed in a JSON text that was fetched from `url`, or why there is none in it.

    `zone` is the time zone of times that name none.
    """
    try:
        data = json.loads(text.lstrip("\ufeff"))
    except RecursionError:
        return Unreadable(kind=NotFeed.BROKEN, detail="JSON nested too deeply")
    except ValueError as error:
        is_cut = not text.rstrip().endswith(("}", "]"))
        return Unreadable(
            kind=NotFeed.TRUNCATED if is_cut else NotFeed.BROKEN, detail=f"not JSON ({error})"
        )
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        return Unreadable(kind=NotFeed.OTHER, detail="JSON, but not a JSON Feed")
    version = data.get("version")
    link = _link(data.get("home_page_url"), url)
    warnings: tuple[str, ...] = ()
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        warnings = ("does not say which version of JSON Feed it is",)
    language = _text(data.get("language"))
    items = [item for item in data["items"] if isinstance(item, dict)]
    dates = reader_of((_written(item.get("date_published")) for item in items), language, zone)
    entries = tuple(
        _entry(item, url=url, feed_link=link, feed_authors=_authors(data), dates=dates)
        for item in items
    )
    return ParsedFeed(
        format="json",
        title=_text(data.get("title")),
        link=link,
        language=language,
        entries=entries,
        warnings=(*warnings, *unreadable_dates(entries)),
    )


def _entry(
    item: dict[str, Any],
    *,
    url: str,
    feed_link: str,
    feed_authors: tuple[str, ...],
    dates: DateReader,
) -> Entry:
    identifier = item.get("id")
    link = _link(item.get("url"), feed_link or url)
    external = _link(item.get("external_url"), feed_link or url)
    body = _text(item.get("content_html"))
    plain = _text(item.get("content_text"))
    if not body and plain:
        body = paragraphs(plain)
    summary = _text(item.get("summary"))
    pictures = [
        Enclosure(url=_link(item.get(key), link or feed_link or url), media_type="image/*")
        for key in ("image", "banner_image")
        if _text(item.get(key))
    ]
    tags = item.get("tags")
    published = dates.read(_written(item.get("date_published")))
    return Entry(
        guid=_text(str(identifier)) if isinstance(identifier, str | int | float) else "",
        link=link or external,
        title=_text(item.get("title")),
        html=body or html.escape(summary, quote=False),
        summary=html.escape(summary, quote=False) if body else "",
        base=link or feed_link or url,
        language=_text(item.get("language")),
        authors=_authors(item) or feed_authors,
        categories=tuple(_text(tag) for tag in tags if _text(tag))
        if isinstance(tags, list)
        else (),
        published=published,
        updated=dates.read(_written(item.get("date_modified"))),
        unreadable_date="" if published else _written(item.get("date_published")),
        enclosures=tuple(_attachments(item, link or feed_link or url)),
        pictures=tuple(pictures),
    )


def _attachments(item: dict[str, Any], base: str) -> list[Enclosure]:
    attachments = item.get("attachments")
    if not isinstance(attachments, list):
        return []
    return [
        Enclosure(
            url=_link(file.get("url"), base),
            media_type=media_type(_text(file.get("mime_type")), _text(file.get("url"))),
            length=length,
            seconds=lasting(duration(str(_whole(file.get("duration_in_seconds")))), length),
        )
        for file in attachments
        if isinstance(file, dict) and _text(file.get("url"))
        for length in (_whole(file.get("size_in_bytes")),)
    ]


def _authors(data: dict[str, Any]) -> tuple[str, ...]:
    """`authors` of 1.1, else `author` of 1.0."""
    authors = data.get("authors")
    listed = authors if isinstance(authors, list) else [data.get("author")]
    names = [_text(author.get("name")) for author in listed if isinstance(author, dict)]
    return tuple(dict.fromkeys(name for name in names if name))


def _written(value: Any) -> str:
    """A date as it is written; a number stands for the seconds or milliseconds since 1970."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return str(value) if is_number else _text(value)


def _link(value: Any, base: str) -> str:
    text = _text(value)
    return joined_if_valid(base, text) if text else ""


def _text(value: Any) -> str:
    return _ESCAPED.sub("\ufffd", value).strip() if isinstance(value, str) else ""


def _whole(value: Any) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 0 < value < 10**15 else None
