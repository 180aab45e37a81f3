"""[I/O] Short entries with the words of their own pages, where the organisation's terms let us."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from newsletter.model.item import Item, ItemKind
from newsletter.model.organisation import Organisation
from newsletter.pulling.fetch.answers import Answer, Failed, Failure, Fetched
from newsletter.pulling.items.article import SHORT, Article
from newsletter.pulling.ports import Fetching, Reading
from newsletter.pulling.reading import PageJob, ReadFeed

PAGE_BYTES = 1024 * 1024  # not what counts as large: a large feed keeps its turn meanwhile
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9"
MOST = 20  # pages of one feed in one pull


@dataclass(frozen=True, kw_only=True, slots=True)
class Completed:
    """Items with their articles' words, and how many pages gave none; `busy` ended the asking."""

    items: tuple[Item, ...] = ()
    without: int = 0
    busy: Failed | None = None


def wanted(organisation: Organisation, items: Iterable[Item]) -> list[Item]:
    """Those whose page we may and want to read: short news on the organisation's own site."""
    if not organisation.terms.pages:
        return []
    home = _host(organisation.url)
    return [
        item
        for item in items
        if item.kind is ItemKind.NEWS
        and not item.is_backlog
        and len(item.text) < SHORT
        and _is_of(home, item.link or "")
    ][:MOST]


async def complete(
    organisation: Organisation, items: Sequence[Item], fetching: Fetching, reading: Reading
) -> Completed:
    """Ask for each page once, one after the other, until the site asks to be left alone."""
    completed: list[Item] = []
    busy: Failed | None = None
    for item in items:
        async with fetching.opened(item.link or "", limit=PAGE_BYTES, accept=PAGE_TYPES) as answer:
            found = await _article(organisation, item, answer, reading)
        if found is not None:
            completed.append(replace(item, html=found.html, text=found.text))
        if isinstance(answer, Failed) and answer.kind is Failure.BUSY:
            busy = answer
            break
    return Completed(items=tuple(completed), without=len(items) - len(completed), busy=busy)


def with_words(found: ReadFeed, completed: Completed) -> ReadFeed:
    """The same feed; the items that were completed have their articles' words."""
    words = {item.identity: (item.html, item.text) for item in completed.items}
    items = []
    for item, keys in found.items:
        html, text = words.get(item.identity, (item.html, item.text))
        items.append((replace(item, html=html, text=text), keys))
    return replace(found, items=tuple(items))


async def _article(
    organisation: Organisation, item: Item, answer: Answer, reading: Reading
) -> Article | None:
    # Somebody else's page is not for this organisation to give.
    if not isinstance(answer, Fetched) or not _is_of(_host(organisation.url), answer.url):
        return None
    found = await reading.run(
        PageJob(
            body=answer.body,
            content_type=answer.headers.get("content-type", ""),
            url=answer.url,
            beginning=item.text,
        )
    )
    return found if isinstance(found, Article) else None


def _is_of(home: str, url: str) -> bool:
    host = _host(url)
    return bool(home) and (host == home or host.endswith(f".{home}"))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
