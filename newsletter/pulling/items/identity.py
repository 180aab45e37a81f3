"""What makes two pulls the same thing, whatever a site does to its ids and links."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from newsletter.model.address import normal_link

BASE32 = "abcdefghijklmnopqrstuvwxyz234567"


def normal_guid(guid: str) -> str:
    """An id as a key: those that are web addresses survive changes of spelling."""
    return normal_link(guid) or " ".join(guid.split())


def guid_key(guid: str) -> str:
    """The key of an entry that an id of its own names."""
    return f"guid:{digest(normal_guid(guid))[:24]}"


def digest(*parts: str) -> str:
    """A short stable hash of texts, hexadecimal."""
    sha = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        sha.update(len(data).to_bytes(8, "big"))
        sha.update(data)
    return sha.hexdigest()


def short_id(*parts: str) -> str:
    """Eight letters and digits that stand for these texts: 40 bits, easy to read out."""
    number = int(digest(*parts)[:10], 16)
    return "".join(BASE32[number >> shift & 31] for shift in range(35, -1, -5))


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """All that an entry can be known by inside its organisation. `words` is title and text."""

    guid: str
    link: str
    title: str
    words: str
    published: datetime | None = None


def keys(all_names: Sequence[Names], *, home: Iterable[str] = ()) -> list[tuple[str, ...]]:
    """For each entry of one document the keys it is known by, the strongest first.

    An id or link that several entries share, and a link to the site's front page, name nothing.
    A link counts only together with the title or the date: unstable ids are recognised by it,
    while a page announced again under a new id is new.
    """
    guids = Counter(normal_guid(names.guid) for names in all_names)
    links = Counter(normal_link(names.link) for names in all_names)
    front = {normal_link(url) for url in home}
    found = []
    for names in all_names:
        mine: list[str] = []
        guid, link = normal_guid(names.guid), normal_link(names.link)
        if guid and guids[guid] == 1:
            mine.append(guid_key(guid))
        if link and link not in front and links[link] == 1:
            title = " ".join(names.title.lower().split())
            if title:
                mine.append(f"link+title:{digest(link, title)[:24]}")
            if names.published:
                mine.append(f"link+date:{digest(link, names.published.isoformat())[:24]}")
            if not guid:
                mine.append(f"link:{digest(link)[:24]}")
        if not mine:
            mine.append(f"words:{digest(names.title, names.words)[:24]}")
        found.append(tuple(mine))
    return found


def recognise(all_keys: Sequence[tuple[str, ...]], known: Mapping[str, str]) -> list[str | None]:
    """The id that each entry is already known under, or None; no id is given twice."""
    taken: set[str] = set()
    found: list[str | None] = []
    for mine in all_keys:
        match = next((known[key] for key in mine if key in known and known[key] not in taken), None)
        if match is not None:
            taken.add(match)
        found.append(match)
    return found
