"""What readers may choose from: the topics and regions of the members' feeds, and their names."""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from newsletter.design.catalogues import PAGES, languages, translations
from newsletter.model.organisation import Organisation


@dataclass(frozen=True, kw_only=True, slots=True)
class TopicsAndRegions:
    """Short names, in order."""

    topics: tuple[str, ...]
    regions: tuple[str, ...]

    @classmethod
    def of(cls, members: Collection[Organisation]) -> "TopicsAndRegions":
        """Return every topic and region that at least one member names."""
        return cls(
            topics=tuple(sorted({topic for member in members for topic in member.topics})),
            regions=tuple(sorted({region for member in members for region in member.regions})),
        )


def shown_name(name: str, gettext: Callable[[str], str]) -> str:
    """Write a topic or region for a reader: `los-angeles` as Los Angeles or in translation."""
    return gettext(name.replace("-", " ").title())


def known_topics(tags: Iterable[str], topics: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the topics that a piece's tags name, in any language of the catalogue.

    What a member tags its pieces with is its own business: `Vivienda` and `housing` are one topic
    where readers can choose it, and `Uncategorized` is none.
    """
    by_key = _topics_by_key(topics)
    return tuple(dict.fromkeys(by_key[key] for tag in tags if (key := _key(tag)) in by_key))


@cache
def _topics_by_key(topics: tuple[str, ...]) -> Mapping[str, str]:
    catalogues = [translations(language, PAGES).gettext for language in languages(PAGES)]
    return {
        _key(name): topic
        for topic in reversed(topics)  # of two that share a name, the first wins
        for name in (topic, *(shown_name(topic, one) for one in catalogues))
    }


def _key(name: str) -> str:
    """A name without case, accents and signs."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^\w]+", " ", "".join(c for c in plain if not unicodedata.combining(c))).strip()
