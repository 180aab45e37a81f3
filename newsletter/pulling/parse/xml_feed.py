"""RSS, Atom, RDF and CDF to entries, through feedparser's handlers."""

import calendar
import html
import re
import time
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from newsletter.model.entry import Enclosure, Entry, EventWords
from newsletter.model.item import Event
from newsletter.pulling.parse.feedparser_adapter import read_feed
from newsletter.pulling.parse.paragraphs import paragraphs
from newsletter.pulling.parse.parsed import NotFeed, ParsedFeed, Unreadable
from newsletter.pulling.parse.sniff import not_a_feed

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
ENDINGS = ("</rss>", "</feed>", "</rdf>", "</channel>", "</rdf:rdf>")
EVENT_FIELDS = (
    ("ev_startdate", "ev_enddate", "ev_location"),
    ("xcal_dtstart", "xcal_dtend", "xcal_location"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


def read_xml(text: str, *, url: str, zone: tzinfo = UTC) -> ParsedFeed | Unreadable:
    """Return the feed in an XML text that was fetched from `url`, or why there is none in it.

    `zone` is the time zone of events that name none.
    """
    feed, entries, version, problem = read_feed(text, url)
    if not version and not entries:
        if re.search(r"<(?:html|body)\b", text[:20_000], re.IGNORECASE):
            return not_a_feed(text)
        if "unclosed token" in problem or "no element found" in problem:
            return Unreadable(kind=NotFeed.TRUNCATED, detail="the feed is cut off at its start")
        if problem:
            return Unreadable(kind=NotFeed.BROKEN, detail=f"not well-formed XML ({problem})")
        return Unreadable(kind=NotFeed.OTHER, detail="XML, but not a feed")
    warnings = []
    if problem:
        ended = text[-2000:].lower().rstrip().endswith(">") and any(
            ending in text[-2000:].lower() for ending in ENDINGS
        )
        if not ended:
            if not entries:
                return Unreadable(kind=NotFeed.TRUNCATED, detail="the feed is cut off at its start")
            warnings.append("the feed is cut off; its last entry was left out")
            entries = entries[:-1]
        else:
            warnings.append(f"not well-formed XML ({problem})")
    language = _text(feed, "language")
    about = text.partition("<item")[0] + text.rpartition("</item>")[2]
    return ParsedFeed(
        format=version or "xml",
        title=_plain(_text(feed, "title")),
        link=_text(feed, "link"),
        language=language,
        entries=tuple(
            _entry(
                dict(entry),  # feedparser's own kind of dict asks itself several times a look
                url=url,
                feed=feed,
                language=language,
                is_atom=version.startswith("atom"),
                zone=zone,
            )
            for entry in entries
        ),
        period=_period(feed),
        skip_hours=frozenset(
            int(hour) % 24 for hour in _skipped(about, "hour") if re.fullmatch(r"\d{1,2}", hour)
        ),
        skip_days=frozenset(DAYS.index(day) for day in _skipped(about, "day") if day in DAYS),
        warnings=tuple(warnings),
    )


def _entry(data: Any, *, url: str, feed: Any, language: str, is_atom: bool, zone: tzinfo) -> Entry:
    body = _body(data, url)
    link = _text(data, "feedburner_origlink") or _text(data, "link")
    feed_link = _text(feed, "link")
    title_type = (data.get("title_detail") or {}).get("type", "")
    title = _text(data, "title")
    source = data.get("source") or {}
    enclosures, pictures = _attached(data)
    return Entry(
        guid=_text(data, "id"),
        link=link,
        title=title,
        title_is_html=title_type in HTML_TYPES or (not is_atom and bool(ENTITY.search(title))),
        html=body.html,
        summary=body.summary,
        base=body.base or _absolute(link) or _absolute(feed_link) or url,
        language=_text(data, "language") or (body.language if body.language != language else ""),
        authors=_authors(data),
        categories=tuple(
            dict.fromkeys(
                str(tag["term"]).strip() for tag in data.get("tags", ()) if tag.get("term")
            )
        ),
        published=_moment(data, "published_parsed") or _moment(data, "created_parsed"),
        updated=_moment(data, "updated_parsed"),
        source_title=_plain(_text(source, "title")),
        source_url=_text(source, "href") or _text(source, "link") or _text(source, "url"),
        enclosures=enclosures,
        pictures=pictures,
        event=_event(data, zone),
        event_words=_event_words(data),
    )


class _Body(NamedTuple):
    """An entry's longest body and its summary, both HTML; the body's xml:base and language."""

    html: str
    summary: str
    base: str
    language: str


def _body(data: Any, url: str) -> _Body:
    details = [detail for detail in data.get("content", ()) if detail.get("value")]
    about = data.get("summary_detail") or {}
    summary = _as_html(_text(data, "summary"), about)
    longest = max(details, key=lambda detail: len(detail["value"]), default=None)
    detail = about if longest is None else longest
    base = detail.get("base") or ""
    return _Body(
        html=summary if longest is None else _as_html(longest["value"], longest),
        summary="" if longest is None else summary,
        base="" if base == url else _absolute(base),
        language=detail.get("language") or "",
    )


def _as_html(value: str, detail: Any) -> str:
    return value if (detail.get("type") or "text/html") in HTML_TYPES else paragraphs(value)


def _authors(data: Any) -> tuple[str, ...]:
    names = []
    for author in data.get("authors") or [{"name": data.get("author")}]:
        name = author.get("name") or ""
        if isinstance(name, str) and name.strip() and "@" not in name:
            names.append(_plain(name))
    return tuple(dict.fromkeys(names))


def _attached(data: Any) -> tuple[tuple[Enclosure, ...], tuple[Enclosure, ...]]:
    """Recordings and other files; pictures. In the order: enclosures, media:content, thumbnails."""
    by_url: dict[str, Enclosure] = {}
    seconds = _duration(_text(data, "itunes_duration"))
    for link in data.get("links", ()):
        if link.get("rel") == "enclosure" and link.get("href"):
            file = _enclosure({**link, "url": link["href"]}, seconds)
            by_url.setdefault(file.url, file)
    for media in data.get("media_content", ()):
        if media.get("url"):
            file = _enclosure(media, _duration(str(media.get("duration") or "")) or None)
            by_url.setdefault(file.url, file)
    pictures = [file for file in by_url.values() if file.media_type.startswith("image/")]
    for thumbnail in data.get("media_thumbnail", ()):
        if thumbnail.get("url"):
            pictures.append(_enclosure({**thumbnail, "type": "image/*"}, None))
    image = data.get("image")
    if isinstance(image, dict) and image.get("href"):
        pictures.append(Enclosure(url=str(image["href"]), media_type="image/*"))
    files = tuple(file for file in by_url.values() if not file.media_type.startswith("image/"))
    return files, tuple({picture.url: picture for picture in reversed(pictures)}.values())[::-1]


def _enclosure(data: Any, seconds: int | None) -> Enclosure:
    media_type = str(data.get("type") or "").lower().strip()
    medium = str(data.get("medium") or "").lower()
    if "/" not in media_type and medium in ("image", "audio", "video"):
        media_type = f"{medium}/*"
    return Enclosure(
        url=str(data["url"]).strip(),
        media_type=media_type,
        length=_number(data.get("length") or data.get("filesize")),
        seconds=seconds if not media_type.startswith("image/") else None,
        width=_number(data.get("width")),
        height=_number(data.get("height")),
    )


def _event(data: Any, zone: tzinfo) -> Event | None:
    """An event in a post: RSS event module, xCal, The Events Calendar's feed."""
    for starts, ends, place in EVENT_FIELDS:
        begins = _iso_date(_text(data, starts), zone)
        if begins is not None:
            return Event(
                starts=begins,
                ends=_iso_date(_text(data, ends), zone),
                place=_plain(_text(data, place)),
            )
    return None


def _event_words(data: Any) -> EventWords | None:
    """The Events Calendar's fields as people read them: `December 5 @ 6:00 pm`."""
    if not _text(data, EVENT_FIELDS[0][0]):
        return None
    starts, ends, place = (_plain(_text(data, key)) for key in EVENT_FIELDS[0])
    return EventWords(starts=starts, ends=ends, place=place)


def _iso_date(text: str, zone: tzinfo) -> datetime | date | None:
    """A date or a moment in ISO 8601, extended or basic."""
    try:
        if re.fullmatch(r"\d{4}-?\d\d-?\d\d", text):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _moment(data: Any, key: str) -> datetime | None:
    """feedparser's UTC time tuple as a moment; None for none, nonsense and the Unix epoch."""
    value = dict.get(data, key)
    if not isinstance(value, time.struct_time):
        return None
    try:
        moment = datetime.fromtimestamp(calendar.timegm(value), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return moment if moment.year > 1970 else None


def _duration(text: str) -> int | None:
    """Return the seconds in `1:02:03`, `62:03` or `3723`; None for anything else."""
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(
        re.fullmatch(r"\d{1,6}(?:\.\d+)?", part) for part in parts
    ):
        return None
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + float(part)
    return int(seconds) or None


def _period(feed: Any) -> timedelta | None:
    """RSS `ttl` in minutes, or the syndication module's period and frequency."""
    minutes = _number(_text(feed, "ttl"))
    if minutes is None:
        period = PERIODS.get(_text(feed, "sy_updateperiod").lower())
        frequency = _number(_text(feed, "sy_updatefrequency")) or 1
        minutes = period // frequency if period else None
    return timedelta(minutes=min(minutes, 10_080)) if minutes else None


def _skipped(text: str, unit: str) -> list[str]:
    """What stands in `skipHours` or `skipDays`, in lower case."""
    block = re.search(rf"(?is)<skip{unit}s>(.{{0,2000}}?)</skip{unit}s>", text)
    words = re.findall(rf"<{unit}>\s*(\w+)\s*</{unit}>", block[1], re.IGNORECASE) if block else []
    return [word.lower() for word in words]


def _text(data: Any, key: str) -> str:
    value = data.get(key)
    return value.strip() if isinstance(value, str) else ""


def _plain(value: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^<>]{0,500}>", " ", value)).split())


def _absolute(url: str) -> str:
    return url if url.startswith(("http://", "https://")) else ""


def _number(value: Any) -> int | None:
    text = str(value or "").strip()
    return int(text) if re.fullmatch(r"\d{1,15}", text) else None
