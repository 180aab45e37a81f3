"""RSS, Atom, RDF and CDF to entries, through feedparser's handlers."""

import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import partial
from html import unescape
from typing import Any, NamedTuple

from newsletter.model.entry import Enclosure, Entry, EventWords
from newsletter.model.item import Event
from newsletter.pulling.parse.attached import attached_to, is_recording
from newsletter.pulling.parse.dates import DateReader, reader_of
from newsletter.pulling.parse.entry_fields import absolute, number, plain, text_of
from newsletter.pulling.parse.feedparser_adapter import read_feed
from newsletter.pulling.parse.paragraphs import paragraphs
from newsletter.pulling.parse.parsed import NotFeed, ParsedFeed, Unreadable, unreadable_dates
from newsletter.pulling.parse.sniff import not_a_feed

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
MARKUP = re.compile(r"<(?:p|br|a|div|ul|ol|h\d|img|b|i|strong|em)\b|</|&(?:lt|amp|nbsp|#\d+);")
OTHER_BODIES = ("itunes_summary", "dc_description", "media_description")
ENDINGS = ("</rss>", "</feed>", "</rdf>", "</channel>", "</rdf:rdf>")
EVENT_FIELDS = (
    ("ev_startdate", "ev_enddate", "ev_location"),
    ("xcal_dtstart", "xcal_dtend", "xcal_location"),
)
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


def read_xml(text: str, *, url: str, zone: tzinfo = UTC) -> ParsedFeed | Unreadable:
    """Return the feed in an XML text that was fetched from `url`, or why there is none in it.

    `zone` is the time zone of times that name none.
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
    language = text_of(feed, "language")
    is_atom = version.startswith("atom")
    skipped = _skipped("" if is_atom else text)
    dates = reader_of((text_of(entry, "published") for entry in entries), language, zone)
    read = tuple(
        _entry(
            _plain_dict(entry),
            url=url,
            feed=feed,
            language=language,
            is_atom=is_atom,
            dates=dates,
        )
        for entry in entries
    )
    return ParsedFeed(
        format=version or "xml",
        title=plain(text_of(feed, "title")),
        link=text_of(feed, "link"),
        language=language,
        entries=read,
        period=_period(feed),
        skip_hours=frozenset(
            int(hour) % 24 for hour in skipped["hour"] if re.fullmatch(r"\d{1,2}", hour)
        ),
        skip_days=frozenset(DAYS.index(day) for day in skipped["day"] if day in DAYS),
        warnings=(*warnings, *unreadable_dates(read)),
    )


def _entry(
    data: Any, *, url: str, feed: Any, language: str, is_atom: bool, dates: DateReader
) -> Entry:
    body = _body(data, url)
    link = text_of(data, "feedburner_origlink") or text_of(data, "link")
    feed_link = text_of(feed, "link")
    title_type = (data.get("title_detail") or {}).get("type", "")
    title = text_of(data, "title")
    source = data.get("source") or {}
    enclosures, pictures = attached_to(data, link)
    dated = text_of(data, "published") or text_of(data, "created")
    changed = text_of(data, "updated")
    published = dates.read(dated)
    return Entry(
        guid=text_of(data, "id"),
        link=link,
        title=title,
        title_is_html=title_type in HTML_TYPES or (not is_atom and bool(ENTITY.search(title))),
        html=_lines_kept(body.html) if any(map(_is_heard_or_seen, enclosures)) else body.html,
        summary=body.summary,
        base=body.base or absolute(link) or absolute(feed_link) or url,
        language=text_of(data, "language") or (body.language if body.language != language else ""),
        authors=_authors(data),
        categories=tuple(
            dict.fromkeys(
                str(tag["term"]).strip() for tag in data.get("tags", ()) if tag.get("term")
            )
        ),
        published=published,
        updated=published if changed == dated else dates.read(changed),
        unreadable_date="" if published else dated,
        source_title=plain(text_of(source, "title")),
        source_url=text_of(source, "href")
        or text_of(source, "link")
        or text_of(source, "url")
        or _canonical(data),
        enclosures=enclosures,
        pictures=pictures,
        event=_event(data, dates.zone),
        event_words=_event_words(data),
    )


def _plain_dict(entry: Any) -> Any:
    """The entry and its links as plain dicts: feedparser's own kind asks itself several times a
    look."""
    return {**entry, "links": [dict(link) for link in entry.get("links", ())]}


def _canonical(data: Any) -> str:
    """The page that the entry names as the first of its kind (RFC 6596): its own, or its source."""
    links = data["links"]
    return next((text_of(link, "href") for link in links if link.get("rel") == "canonical"), "")


class _Body(NamedTuple):
    """An entry's longest body and its summary, both HTML; the body's xml:base and language."""

    html: str
    summary: str
    base: str
    language: str


def _body(data: Any, url: str) -> _Body:
    details = [detail for detail in data.get("content", ()) if detail.get("value")]
    about = data.get("summary_detail") or {}
    summary = _as_html(text_of(data, "summary"), about)
    longest = max(details, key=lambda detail: len(detail["value"]), default=None)
    detail = about if longest is None else longest
    base = detail.get("base") or ""
    body = summary if longest is None else _as_html(longest["value"], longest)
    return _Body(
        html=body
        or next((words for words in map(partial(_other, data), OTHER_BODIES) if words), ""),
        summary="" if longest is None else summary,
        base="" if base == url else absolute(base),
        language=detail.get("language") or "",
    )


def _other(data: Any, key: str) -> str:
    """A text that is the entry's body where it has no other; a picture's caption is none."""
    if key == "media_description" and not is_recording(data):
        return ""
    text = text_of(data, key)
    return text if MARKUP.search(text) else paragraphs(text)


def _as_html(value: str, detail: Any) -> str:
    return value if (detail.get("type") or "text/html") in HTML_TYPES else paragraphs(value)


def _is_heard_or_seen(file: Enclosure) -> bool:
    return file.media_type.startswith(("audio/", "video/"))


def _lines_kept(notes: str) -> str:
    """Lines as they are written where nothing marks them: "00:00 Start", each on its own."""
    is_plain = "\n" in notes and "<" not in notes
    return paragraphs(unescape(notes)) if is_plain else notes


def _authors(data: Any) -> tuple[str, ...]:
    names = []
    for author in data.get("authors") or [{"name": data.get("author")}]:
        name = author.get("name") or ""
        if isinstance(name, str) and name.strip() and "@" not in name:
            names.append(plain(name))
    return tuple(dict.fromkeys(names))


def _event(data: Any, zone: tzinfo) -> Event | None:
    """An event in a post: RSS event module, xCal, The Events Calendar's feed."""
    for starts, ends, place in EVENT_FIELDS:
        begins = _iso_date(text_of(data, starts), zone)
        if begins is not None:
            return Event(
                starts=begins,
                ends=_iso_date(text_of(data, ends), zone),
                place=plain(text_of(data, place)),
            )
    return None


def _event_words(data: Any) -> EventWords | None:
    """The Events Calendar's fields as people read them: `December 5 @ 6:00 pm`."""
    if not text_of(data, EVENT_FIELDS[0][0]):
        return None
    starts, ends, place = (plain(text_of(data, key)) for key in EVENT_FIELDS[0])
    return EventWords(starts=starts, ends=ends, place=place)


def _iso_date(text: str, zone: tzinfo) -> datetime | date | None:
    """A date or a moment in ISO 8601, extended or basic."""
    if not text:
        return None
    try:
        if re.fullmatch(r"\d{4}-?\d\d-?\d\d", text):
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment


def _period(feed: Any) -> timedelta | None:
    """RSS `ttl` in minutes, or the syndication module's period and frequency."""
    minutes = number(text_of(feed, "ttl"))
    if minutes is None:
        period = PERIODS.get(text_of(feed, "sy_updateperiod").lower())
        frequency = number(text_of(feed, "sy_updatefrequency")) or 1
        minutes = period // frequency if period else None
    return timedelta(minutes=min(minutes, 10_080)) if minutes else None


def _skipped(text: str) -> dict[str, list[str]]:
    """What stands in a feed's `skipHours` and `skipDays`, in lower case, by `hour` and `day`."""
    about = text.partition("<item")[0] + text.rpartition("</item>")[2]
    words: dict[str, list[str]] = {"hour": [], "day": []}
    for unit in words:
        block = re.search(rf"(?is)<skip{unit}s>(.{{0,2000}}?)</skip{unit}s>", about)
        found = re.findall(rf"(?i)<{unit}>\s*(\w+)\s*</{unit}>", block[1]) if block else []
        words[unit] = [word.lower() for word in found]
    return words
