"""Outside feeds: nothing crashes, nothing active is left, every link is absolute."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from newsletter.model.item import Item
from newsletter.model.organisation import Organisation
from newsletter.pulling.items.normalise import normalise_all
from newsletter.pulling.parse.parse import parse
from newsletter.pulling.parse.parsed import ParsedFeed, Unreadable
from tests.active_html import offences

NOW = datetime(2026, 11, 20, tzinfo=UTC)
MEMBER = Organisation(id="member", name="Member", url="https://member.example", languages=("en",))
URL = "http://127.0.0.1:8097/tests/feed.xml"


def items_of(body: bytes, url: str = URL, content_type: str = "") -> list[Item] | Unreadable:
    parsed = parse(body, url=url, now=NOW, content_type=content_type)
    if isinstance(parsed, Unreadable):
        assert parsed.detail
        return parsed
    assert isinstance(parsed, ParsedFeed)
    found = normalise_all(
        parsed.entries, MEMBER, feed_url=url, feed_link=parsed.link,
        feed_language=parsed.language, now=NOW,
    )  # fmt: skip
    return [item for item, _ in found]


def problems(item: Item) -> list[str]:
    """What is unsafe about an item."""
    found = offences(item.html)
    urls = [item.link, item.source_url, item.picture and item.picture.url]
    urls += [item.media and item.media.url, item.event and item.event.online_url]
    found += [f"link {url}" for url in urls if url and not url.startswith(("http://", "https://"))]
    if item.published_at is not None and item.published_at.tzinfo is None:
        found.append("naive date")
    if "\n" in item.title or re.search(r"[\x00-\x08\x0e-\x1f]", item.title + item.text):
        found.append("control characters")
    return found


def files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("feedparser-wellformed", 1020),
        ("feedvalidator", 820),
        ("icalendar", 90),
        ("real-feeds", 87),
    ],
)
def test_no_file_crashes_and_nothing_active_is_left(corpora: Path, name: str, least: int) -> None:
    unsafe: dict[str, list[str]] = {}
    read = 0
    for path in files(corpora / name):
        found = items_of(path.read_bytes())
        if isinstance(found, Unreadable):
            continue
        read += 1
        for item in found:
            if problems(item):
                unsafe[path.name] = problems(item)
    assert unsafe == {}
    assert read >= least


EXPECTED = re.compile(rb"Expect:\s*(.*?)\s*-->", re.DOTALL)
HEADER = re.compile(rb"^Header:\s+([^:]+):(.*)$", re.MULTILINE)
# `…['content'][0]['value'] == '<a href="http://example.com/test/test.html">…'`, as our link.
RESOLVED = re.compile(r"""href="(http://[^"]+)\"""")


def test_the_base_cases_resolve_as_expected(corpora: Path) -> None:
    """Each says what a relative link becomes; ours are read out of the item's HTML and links."""
    checked, wrong = 0, {}
    for path in files(corpora / "feedparser-wellformed" / "wellformed" / "base"):
        body = path.read_bytes()
        match = EXPECTED.search(body)
        expectation = match[1].decode("unicode_escape") if match else ""
        wanted = RESOLVED.findall(expectation) or re.findall(
            r"""\['(?:link|href|id)'\] == u?'(http://[^']+)'""", expectation
        )
        if "entries" not in expectation or "['title']" in expectation or not wanted:
            continue  # our titles are plain text: they have no links
        headers = {name.decode().lower(): value.decode() for name, value in HEADER.findall(body)}
        url = headers.get("content-location", "").strip() or f"http://127.0.0.1:8097/{path.name}"
        if not url.startswith("http"):
            continue
        parsed = parse(body, url=url, now=NOW)
        assert isinstance(parsed, ParsedFeed), path
        found = items_of(body, url)
        assert isinstance(found, list)
        everything = " ".join(
            f"{item.html} {item.link} {item.source_url} {entry.guid} {entry.title} {entry.base}"
            for item, entry in zip(found, parsed.entries, strict=True)
        )
        checked += 1
        if not all(link in everything for link in wanted):
            wrong[path.name] = (wanted, everything[:300])
    assert wrong == {}
    assert checked >= 5


@pytest.mark.parametrize("folder", ["clean", "errors"])
def test_opml_clean_is_read_and_errors_are_refused_or_cost_no_feed(
    corpora: Path, folder: str
) -> None:
    from newsletter.errors import ConfigError
    from newsletter.members.opml import read, read_strictly

    for path in files(corpora / "opml" / folder):
        data = path.read_bytes()
        if folder == "clean":
            feeds = read_strictly(data, path.name).subscriptions
            assert len(feeds) == data.count(b"xmlUrl=")
            assert read(data, path.name).subscriptions == feeds
            continue
        with pytest.raises(ConfigError) as caught:
            read_strictly(data, path.name)
        assert caught.value.line is not None
        assert caught.value.file == path.name
        if named := data.count(b"xmlUrl="):
            found = read(data, path.name)
            assert len(found.subscriptions) + len(found.left_out) >= named
            assert found.left_out or found.remarks
