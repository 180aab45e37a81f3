"""Any text of any script comes through the whole chain: from a feed's bytes to a parsed message."""

import email
import email.policy
import html
import unicodedata
from datetime import UTC, datetime
from email.message import EmailMessage
from urllib.parse import quote

from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.issues.checking.page import read_page
from newsletter.issues.drafting import draft_file
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.item import Item
from newsletter.model.material import Material
from newsletter.model.message import LEAVE_URL, PREFERENCES_URL, InlinePicture, Message
from newsletter.model.organisation import Organisation
from newsletter.pulling.items.normalise import normalise_all
from newsletter.pulling.parse.parse import parse
from newsletter.pulling.parse.parsed import ParsedFeed
from newsletter.sending.message.compose import Splicer
from tests.design.samples import COALITION, SENDER, png

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HARBOR = Organisation(id="harbor", name="Harbor", url="https://harbor.example", languages=("en",))
TEMPLATES = Templates((shipped_folder(),))
# What XML can carry; angle brackets and ampersands are markup in the feeds of the wild.
LETTERS = st.characters(
    exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zl", "Zp"),
    exclude_characters="<>&",
    include_characters="\u200c\u200d\u200e\u200f",
)
# A title that shows nothing is no title: the feed's first words take its place.
# A reader's own links are written @@so@@ in templates. Such words of a member come out disarmed, as
# tests/design/test_personal_fields.py has it: they are no words to come through.
WORDS = st.text(LETTERS, min_size=1, max_size=40).filter(
    lambda text: any(map(is_seen, text)) and "@@" not in text
)


def is_seen(char: str) -> bool:
    """Whether a reader sees something of the character by itself."""
    return unicodedata.category(char)[0] in "LNPS"


def pulled(title: str, alt: str, slug: str) -> Item:
    """What the feed's bytes become."""
    picture = f'<img src="https://harbor.example/p.jpg" alt="{html.escape(alt)}">'
    body = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Harbor</title>'
        f"<link>https://harbor.example/</link><item><title>{title}</title>"
        f"<link>https://harbor.example/{quote(slug)}</link><guid>1</guid>"
        f"<description>{html.escape(f'<p>Some words.</p>{picture}')}</description>"
        "</item></channel></rss>"
    ).encode()
    feed = parse(body, url="https://harbor.example/feed", now=NOW)
    assert isinstance(feed, ParsedFeed)
    ((item, _keys),) = normalise_all(
        feed.entries,
        HARBOR,
        feed_url="https://harbor.example/feed",
        feed_link=feed.link,
        feed_language=feed.language,
        now=NOW,
    )
    return item


def drafted(item: Item) -> Edition:
    """The item placed, written to a draft file and read back."""
    placement = Placement(title=item.title, item_id="k3f9q2ab", link=item.link, blurb="Words.")
    section = Section(id="news", title="News", placements=(placement,))
    edition = Edition(
        issue_id="2026-W47", language="en", subject=item.title, sections=(section,), path="en.md"
    )
    return draft_file.read(draft_file.write(edition), file="issues/2026-W47/en.md")


def sent(edition: Edition, item: Item) -> EmailMessage:
    """The message as a mail client parses it."""
    picture = InlinePicture(
        cid="p@x", media_type="image/png", data=png(4, 2), width=4, height=2,
        alt=item.picture.alt if item.picture else "",
    )  # fmt: skip
    facts = Material(
        coalition=COALITION,
        sender=SENDER,
        items={"k3f9q2ab": item},
        organisations={"harbor": HARBOR},
        pictures={"k3f9q2ab": picture},
    )
    rendered = render(edition, facts, TEMPLATES)
    message = Message(
        delivery_id=1,
        edition=rendered,
        address="a@b.example",
        message_id="<1@neighbors.example>",
        personal={LEAVE_URL: "https://a.example/l", PREFERENCES_URL: "https://a.example/p"},
    )
    raw = Splicer(rendered, SENDER, clock=lambda: NOW).message(message)
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def squeezed(text: str) -> str:
    return " ".join(text.split())


@given(title=WORDS, alt=WORDS, slug=WORDS)
@example(title="e\u0301 नमस्ते กำลัง 👩\u200d👧 ❤️", alt='"\\u{301}" \\n', slug="مرحبا")
@example(title="[link](x) *not* `markdown` {k3f9q2ab}", alt="a|b", slug="a(b)c")
@example(title="# heading", alt="--", slug="%20")
@example(title="1. list \\ back", alt="'", slug="?q=1&amp;x")
@settings(max_examples=120)
def test_titles_alts_and_links_come_through(title: str, alt: str, slug: str) -> None:
    item = pulled(title, alt, slug)
    assert squeezed(item.title) == squeezed(unicodedata.normalize("NFC", title)) or (
        squeezed(item.title) == squeezed(title)
    )
    message = sent(drafted(item), item)
    page = read_page(message.get_body(("html",)).get_content())  # type: ignore[union-attr]
    text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (heading,) = page.all("h3")
    assert squeezed(heading.text) == squeezed(item.title)
    assert squeezed(item.title) in squeezed(text)
    assert squeezed(str(message["Subject"])) == squeezed(item.title)
    assert item.link in {link.attrs.get("href") for link in page.all("a")}
    assert item.picture is not None
    (image,) = page.all("img")
    assert squeezed(image.attrs["alt"]) == squeezed(item.picture.alt) == squeezed(alt)
