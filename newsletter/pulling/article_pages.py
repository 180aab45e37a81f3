"""[I/O] Short entries with the words of their own pages, where the organisation's terms let us."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Completed:
    """The articles of items, by the item's identity, and how many pages had none.

    `busy` is the answer that ended the asking: the site wants to be left alone.
    """

    articles: dict[str, Article]
    without: int = 0
    busy: Failed | None = None

    def replacing(self, item: Item) -> Item:
        """Return the item, with its article's words and event if its page had them."""
        article = self.articles.get(item.identity)
        if article is None:
            return item
        item = replace(item, announced=article.event or item.announced)
        has_more = len(article.text) > len(item.text)
        return replace(item, html=article.html, text=article.text) if has_more else item


async def complete(
    organisation: Organisation, items: Iterable[Item], reader: FeedReader
) -> Completed:
    """Read the pages of short news on the organisation's own site, each once, in turn."""
    wanted = _wanted(organisation, items)
    articles: dict[str, Article] = {}
    busy: Failed | None = None
    for item in wanted:
        link = item.link or ""
        async with reader.fetcher.opened(link, limit=PAGE_BYTES, accept=PAGE_TYPES) as answer:
            article = await _article(organisation, item, answer, reader)
        if article is not None:
            articles[item.identity] = article
        if isinstance(answer, Failed) and answer.kind is Failure.BUSY:
            busy = answer
            break
    return Completed(articles=articles, without=len(wanted) - len(articles), busy=busy)


def _wanted(organisation: Organisation, items: Iterable[Item]) -> Sequence[Item]:
    """Those whose page we may and want to read: short news on the organisation's own site."""
    if not organisation.terms.pages:
        return ()
    return [
        item
        for item in items
        if item.kind is ItemKind.NEWS
        and not item.is_backlog
        and len(item.text) < SHORT
        and _is_on_site(organisation, item.link or "")
    ][:MOST]


async def _article(
    organisation: Organisation, item: Item, answer: Answer, reader: FeedReader
) -> Article | None:
    # Somebody else's page is not for this organisation to give.
    if not isinstance(answer, Fetched) or not _is_on_site(organisation, answer.url):
        return None
    job = PageJob(answer=answer, beginning=item.text, timezone=reader.timezone)
    article = await reader.readers.run(job)
    return article if isinstance(article, Article) else None


def _is_on_site(organisation: Organisation, url: str) -> bool:
    home, host = host_of(organisation.url), host_of(url)
    return bool(home) and (host == home or host.endswith(f".{home}"))
