"""What the links of a passage say about it: a share row or a button is one in any language."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.model.address import host_of
from newsletter.pulling.items.sanitise import BLOCK, plain

LINK = re.compile(r'<a(?: href="([^"]*)")?[^>]*>(.*?)</a>', re.DOTALL)
WORDS = re.compile(r"[^\W_]+")
SHARING = re.compile(
    r"//(?:[\w-]+\.)?(?:facebook\.com/(?:sharer|share\.php|dialog/)|(?:twitter|x)\.com/(?:intent"
    r"|share|home\?)"
    r"|linkedin\.com/(?:sharearticle|sharing|cws)|pinterest\.\w+/pin/create|reddit\.com/submit"
    r"|tumblr\.com/(?:share|widgets)"
    r"|t\.me/share|telegram\.me/share|bsky\.app/intent|threads\.net/intent|addtoany\.com"
    r"|getpocket\.com/(?:save|edit)"
    r"|api\.whatsapp\.com/send|web\.whatsapp\.com/send|flipboard\.com/share|mastodonshare"
    r"|sharetomastodon)"
    r"|//wa\.me/\?|[?&]share=[\w-]+|[?&]action=share|^mailto:\?|^whatsapp:|/share-by-email",
    re.IGNORECASE,
)
GIVING = re.compile(
    r"//(?:[\w-]+\.)*(?:donorbox\.org|actblue\.com|givebutter\.com|gofundme\.com|helloasso\.com"
    r"|betterplace\.org"
    r"|apoia\.se|catarse\.me|patreon\.com|ko-fi\.com|opencollective\.com|networkforgood\.com"
    r"|classy\.org|every\.org"
    r"|fundraiseup\.com|fundjournalism\.org|justgiving\.com|buymeacoffee\.com|qgiv\.com|paypal\.me)"
    r"|paypal\.com/(?:\w+/)?(?:donate|cgi-bin)|/(?:donat\w*|donar|dona|doar|doe|doacao|spenden?"
    r"|faire-un-don|give|apoya)(?:[/?#]|$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Links:
    """The links of one passage. `around` are the words outside of them, as text."""

    hrefs: tuple[str, ...]
    around: str
    is_listed: bool = False  # a list's or a table's, or a heading: no button

    @property
    def is_all(self) -> bool:
        """Whether every word of the passage is a link's."""
        return WORDS.search(self.around) is None

    @property
    def shares(self) -> bool:
        """Whether all its links hand the page on to somebody."""
        return bool(self.hrefs) and all(SHARING.search(href) for href in self.hrefs)

    @property
    def gives(self) -> bool:
        """Whether one of its links takes money."""
        return any(GIVING.search(href) for href in self.hrefs)

    def lead_to(self, host: str) -> bool:
        """Return whether it has links, and all lead to that host."""
        return bool(host and self.hrefs) and all(host_of(href) == host for href in self.hrefs)


def links_by_passage(cleaned: str) -> dict[str, Links]:
    """Return the links of each passage of cleaned HTML that has some, by its plain text."""
    return dict(_passages(cleaned)) if "<a" in cleaned else {}


def _passages(cleaned: str) -> Iterator[tuple[str, Links]]:
    at, opened = 0, ""
    for match in [*BLOCK.finditer(cleaned), None]:
        block = cleaned[at : match.start() if match else len(cleaned)]
        if "<a" in block:
            links = Links(
                hrefs=tuple(filter(None, (link[1] for link in LINK.finditer(block)))),
                around=plain(LINK.sub(" ", block)),
                is_listed=opened.startswith(("<li", "<h", "<dt", "<dd", "<t")),
            )
            yield plain(block), links
        if match:
            at, opened = match.end(), match[0]
