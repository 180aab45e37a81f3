"""What makes two pulls the same thing, whatever a site does to its ids and links."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from newsletter.model.address import normal_link
from newsletter.model.pulling import KnownItem

BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def normal_guid(guid: str) -> str:
    """Return one spelling of an entry's id: a web address survives changes of its own."""
    return normal_link(guid) or " ".join(guid.split())


def digest(*parts: str) -> str:
    """Return the SHA-256 of texts, each with its length before it, in hexadecimal."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    data = b"".join(piece for part in encoded for piece in (len(part).to_bytes(8, "big"), part))
    return hashlib.sha256(data).hexdigest()


def short_id(*parts: str) -> str:
    """Return eight letters and digits made of these texts: 40 bits, easy to read out."""
    number = int(digest(*parts)[:10], 16)
    return "".join(BASE32[number >> shift & 31] for shift in range(35, -1, -5))


@dataclass(frozen=True, kw_only=True, slots=True)
class IdentityFields:
    """What an entry can be recognised by inside its organisation. `words` is its text.

    Of a calendar's event, `uid` is its id unless it recurs, and `starts` and `place` say when and
    where.
    """

    guid: str
    link: str = ""
    title: str
    words: str = ""
    published: datetime | None = None
    uid: str = ""
    starts: str = ""
    place: str = ""


class _Spelled(NamedTuple):
    """An entry's id, link and title, each in one spelling."""

    guid: str
    link: str
    title: str


def identity_keys(
    entries: Sequence[IdentityFields], *, home: Iterable[str] = ()
) -> list[tuple[str, ...]]:
    """Return the keys of each entry of one document, the strongest first.

    An id or link that several entries share, and a link to the site's front page (`home`), names
    nothing. A link counts only together with the title or the date: unstable ids are recognised by
    it, while a page announced again under a new id is new.

    Where the id is the link, a corrected address is recognised by the title and the second, or by
    the title, the date and the words.

    A calendar's event is the same when id and start agree, or title, start and place do; one that
    was moved, when id and title do.
    """
    spelled = [
        _Spelled(
            guid=normal_guid(entry.guid),
            link=normal_link(entry.link),
            title=" ".join(entry.title.lower().split()),
        )
        for entry in entries
    ]
    guids, links = Counter(one.guid for one in spelled), Counter(one.link for one in spelled)
    uids = Counter(entry.uid for entry in entries)
    occasions = Counter(
        _occasion(entry, one.title)
        for entry, one in zip(entries, spelled, strict=True)
        if entry.starts
    )
    moments = [_moment(entry, one) for entry, one in zip(entries, spelled, strict=True)]
    at_once = Counter(moments)
    front = {normal_link(url) for url in home}
    all_keys = []
    for entry, (guid, link, title), moment in zip(entries, spelled, moments, strict=True):
        keys: list[str] = []
        if guid and guids[guid] == 1:
            keys.append(f"guid:{digest(guid)[:24]}")
        if entry.starts:
            is_only = occasions[_occasion(entry, title)] == 1
            keys.append(_occasion(entry, title, *([] if is_only else [entry.words])))
        if entry.uid and uids[entry.uid] == 1:
            keys.append(f"event+uid:{digest(entry.uid, title)[:24]}")
        if link and link not in front and links[link] == 1:
            if title:
                keys.append(f"link+title:{digest(link, title)[:24]}")
            if entry.published:
                keys.append(f"link+date:{digest(link, entry.published.isoformat())[:24]}")
            if not guid:
                keys.append(f"link:{digest(link)[:24]}")
        if moment and at_once[moment] == 1:
            keys.append(f"title+date:{moment}")
        if not keys:
            keys.append(f"words:{digest(entry.title, entry.words)[:24]}")
        all_keys.append(tuple(keys))
    return all_keys


def _moment(entry: IdentityFields, spelled: _Spelled) -> str:
    """Title and second; with the words where there is only a minute, a day or an hour, when the
    same title may well stand twice."""
    published = entry.published
    if not spelled.title or published is None or not (published.second or entry.words):
        return ""
    if entry.guid and spelled.guid != spelled.link:
        return ""
    more = [] if published.second else [entry.words]
    return digest(spelled.title, published.isoformat(), *more)[:24]


def _occasion(entry: IdentityFields, title: str, *more: str) -> str:
    place = " ".join(entry.place.lower().split())
    return f"event:{digest(title, entry.starts, place, *more)[:24]}"


def match_known(
    all_keys: Sequence[tuple[str, ...]], known: Mapping[str, KnownItem]
) -> list[str | None]:
    """Return for each entry's keys the item id it is `known` under, or None; no id twice."""
    taken: set[str] = set()
    matches: list[str | None] = []
    for keys in all_keys:
        candidates = (known[key].item_id for key in keys if key in known)
        match = next((item_id for item_id in candidates if item_id not in taken), None)
        if match is not None:
            taken.add(match)
        matches.append(match)
    return matches
