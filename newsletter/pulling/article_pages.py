"""[I/O] Short entries with the words of their own pages, where the organisation's terms let us."""

import asyncio
from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from newsletter.model.address import host_of
from newsletter.model.answer import Answer, Failed, Failure, Fetched
from newsletter.model.item import Item, ItemKind
from newsletter.model.organisation import Organisation
from newsletter.pulling.feed_reader import FeedReader
from newsletter.pulling.items.article import SHORT, Article
from newsletter.pulling.reading import PageJob

PAGE_BYTES = 1024 * 1024  # not what counts as large: a large feed keeps its turn meanwhile
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9"
MOST = 20  # pages of one feed in one pull
TOTAL_SECONDS = 60.0  # for all of them: a site that drips would hold up the pull for ten minutes


@dataclass(frozen=True, kw_only=True, slots=True)
class Completed:
    """The articles of items, by the item's identity, and how many pages had none.

    `left_out` are the pages for which there was no time, or that were too many. `busy` is the
    answer that ended the asking: the site wants to be left alone.
    """

    articles: dict[str, Article]
    without: int = 0
    left_out: tuple[str, ...] = ()
    busy: Failed | None = None

    def replacing(self, item: Item) -> Item:
        """Return the item, with its article's words and event if its page had them."""
        article = self.articles.get(item.identity)
        if article is None:
            return item
        source_url = item.source_url or article.canonical
        item = replace(item, announced=article.event or item.announced, source_url=source_url)
        has_more = len(article.text) > len(item.text)
        return replace(item, html=article.html, text=article.text) if has_more else item


async def complete(
    organisation: Organisation,
    items: Iterable[Item],
    reader: FeedReader,
    *,
    moved: tuple[str, str] = ("", ""),
) -> Completed:
    """Read the pages of short news on the organisation's own site, each once, the newest first.

    `moved` is the feed's address, and the one that answered: a site that redirects to its new
    domain is still the organisation's own.
    """
    sites = {host_of(organisation.url)}
    if _is_on(sites, moved[0]):
        sites.add(host_of(moved[1]))
    wanted = _wanted(organisation, sites, items)
    articles: dict[str, Article | None] = {}
    busy: Failed | None = None
    with suppress(TimeoutError):
        async with asyncio.timeout(TOTAL_SECONDS):
            for item in wanted[:MOST]:
                link = item.link or ""
                async with reader.fetcher.opened(
                    link, limit=PAGE_BYTES, accept=PAGE_TYPES
                ) as answer:
                    articles[item.identity] = await _article(sites, item, answer, reader)
                if isinstance(answer, Failed) and answer.kind is Failure.BUSY:
                    busy = answer
                    break
    found = {identity: article for identity, article in articles.items() if article is not None}
    return Completed(
        articles=found,
        without=len(articles) - len(found),
        left_out=tuple(item.link or "" for item in wanted[len(articles) :]),
        busy=busy,
    )


def _wanted(
    organisation: Organisation, sites: Collection[str], items: Iterable[Item]
) -> Sequence[Item]:
    """Those whose page we may and want to read: short news on the organisation's own site."""
    if not organisation.terms.pages:
        return ()
    short = [
        item
        for item in items
        if item.kind is ItemKind.NEWS
        and not item.is_backlog
        and len(item.text) < SHORT
        and _is_on(sites, item.link or "")
    ]
    undated = datetime.min.replace(tzinfo=UTC)
    return sorted(short, key=lambda item: item.published_at or undated, reverse=True)


async def _article(
    sites: Collection[str], item: Item, answer: Answer, reader: FeedReader
) -> Article | None:
    # Somebody else's page is not for this organisation to give.
    if not isinstance(answer, Fetched) or not _is_on(sites, answer.url):
        return None
    job = PageJob(answer=answer, beginning=item.text, timezone=reader.timezone)
    article = await reader.readers.run(job)
    return article if isinstance(article, Article) else None


def _is_on(sites: Collection[str], url: str) -> bool:
    host = host_of(url)
    return any(site and (host == site or host.endswith(f".{site}")) for site in sites)
