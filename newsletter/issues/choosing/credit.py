"""Where a piece says that it was first published: its feed's `<source>`, or a line of its own.

The lines are those that sites put above or below what they reprint ("Originally published in …");
one inside the text is the article's own affair.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsletter.issues.choosing.hat_tips import hat_tip_in
from newsletter.issues.choosing.similar import folded
from newsletter.model.address import host_of
from newsletter.model.days import MONTHS
from newsletter.model.item import Item
from newsletter.model.organisation import Organisation

ABOVE, BELOW = 3, 4  # paragraphs in which such a line stands
CAPTION, MOST = 3, 20  # words of what may be a button; paragraphs looked at, with these
LONGEST = 400  # characters of such a paragraph
_DOT = r"(?<!\b[A-Z])(?<!\bSt)(?<!\bDr)(?<!\bMt)(?<!\bFt)\."  # that ends a sentence
_NAME = rf"(?P<name>\S(?:(?!{_DOT}[\"”»]?(?:\s|$)|:\s)[^;|\n()]){{1,80}}?)"
_END = (
    rf"(?=\s*(?:{_DOT}[\"”»]?(?:\s|$)|[;|\n(]|:\s|$|,?\s(?:on|in|el|en|le|am|em|den|في)\s\S*\s?\d|,?\s\d"
    r"|,\s\w+\.?\s\d|,\s(?:by|por|par|von)\s"
    r"|,?\s(?:under|with permission|and (?:is|was|has)|y se|bajo|con permiso|sous|avec|unter)\b))"
)
_DATE = (
    r"(?:,? (?:on |el )?(?:[^\W\d]{3,10}\.? \d{1,2}|\d{1,2} (?:de )?[^\W\d]{3,10})"
    r"(?:,? (?:de )?\d{4})?,?)?"
)
_RAN = "(?:published|appeared|posted|printed|ran)"
_TONGUE = r"(?: (?:in|en) (?:english|spanish|inglés|español))?"
# Capitalised, and yet nobody: when, in which language, on what platform, of what kind.
_UNNAMED = """
monday tuesday wednesday thursday friday saturday sunday
english spanish french arabic portuguese inglés español facebook instagram twitter x web internet
linkedin youtube tiktok medium substack print our my author authors own staff interview photo photos
image foto fotos imagen elaboración redacción nuestra nuestro
"""
_NOBODY = frozenset({*_UNNAMED.split(), *MONTHS["en"]})
_ARTICLE = re.compile(
    r"^(?:(?:the|an?|el|l[aeo]s?|d(?:er|ie|as)|os?|as|il)\s+|l['’])", re.IGNORECASE
)
# What comes before the name, by language. "Source:" alone has to begin its paragraph.
_SAYS = tuple(
    re.compile(rf"{before}\s*[:：]?\s*[\"“«]?{_NAME}[\"”»]?{_END}", re.IGNORECASE)
    for before in (
        r"^(?:original )?source\s*:",
        rf"\b(?:(?:first|originally) {_RAN}|{_RAN} (?:first|originally))"
        rf"{_TONGUE}{_DATE} (?:in|on|by|at|with)\b",
        r"^(?:this \w+ (?:is|was) )?(?:re-?published|re-?posted|re-?printed|cross-?posted)"
        r" (?:\w+ )?(?:with (?:the )?permission (?:from|of)|from|at|by)\b",
        r"^read the original(?: \w+)? (?:at|in|on)\b",
        r"^(?:fuente|(?:fuente|nota|artículo|texto|publicación) original)\s*:",
        r"\b(?:publicad[oa]|public[óo]|apareci[óo]) (?:originalmente|primero|por primera vez)"
        rf"{_TONGUE}{_DATE} (?:en|por)\b(?: el portal| la página)?",
        r"\boriginalmente (?:publicad[oa]|se publicó) (?:en|por)\b",
        r"^lea (?:el|la) (?:artículo|nota) original en\b",
        r"^(?:tomado|republicado|reproducido)(?: con (?:el )?permiso)? de\b",
        r"^(?:source(?: originale)?|(?:article|texte) original)\s*:",
        r"\b(?:publié|paru)e?s? (?:initialement|d['’]abord|à l['’]origine|pour la première fois)"
        r" (?:dans|sur|par|chez)\b",
        r"\b(?:initialement|d['’]abord) (?:publié|paru)e?s? (?:dans|sur|par|chez)\b",
        r"^(?:fonte(?: original)?|(?:texto|artigo|matéria) original)\s*:",
        r"\bpublicad[oa] (?:originalmente|primeiro|inicialmente) (?:em|no|na|por|pelo|pela)\b",
        r"\boriginalmente publicad[oa] (?:em|no|na|por|pelo|pela)\b",
        r"^(?:(?:original)?quelle|erstveröffentlichung|originalbeitrag)\s*:",
        r"\b(?:(?:zuerst|ursprünglich) (?:erschienen|veröffentlicht)"
        r"|erschien (?:zuerst|ursprünglich)) (?:in|auf|bei|von)\b",
        r"^sous(?: orijinal)?(?: la)?\s*:",
        r"^(?:المصدر|المصدر الأصلي)\s*:",
        r"نُ?شر (?:هذا المقال )?(?:أولا|أولاً|لأول مرة|في الأصل) (?:في|على)(?=\s)",
    )
)
_ANCHOR = re.compile(r"<a\b[^>]*?href=\"(https?://[^\"]+)\"[^>]*>(.{1,200}?)</a>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


class SiteOwners:
    """Which organisation a host or a name belongs to; a host that several share is nobody's."""

    def __init__(self, organisations: Mapping[str, Organisation]) -> None:
        self._by_host: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        shared: set[str] = set()
        for organisation in organisations.values():
            self._by_name[folded(organisation.name)] = organisation.id
            host = host_of(organisation.url)
            if host in self._by_host:
                shared.add(host)
            self._by_host[host] = organisation.id
        for host in shared | {""}:
            self._by_host.pop(host, None)

    def owner(self, link: str | None) -> str | None:
        """Return the organisation whose site the link leads to, subdomains included."""
        labels = (host_of(link) or host_of(f"//{link}")).split(".")  # a page's key has no scheme
        for start in range(len(labels) - 1):
            owner = self._by_host.get(".".join(labels[start:]))
            if owner is not None:
                return owner
        return None

    def named(self, source: "Source | None") -> str | None:
        """Return the organisation that a credit names, by its address or its name."""
        if source is None:
            return None
        return self.owner(source.url) or self._by_name.get(folded(source.name))


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """Where a piece says that it is from: a name, an address, or both."""

    name: str
    url: str = ""


def source_of(item: Item) -> Source | None:
    """Return where an item says that it was first published; None where it does not say."""
    is_elsewhere = item.source_url and not _is_same_site(item.source_url, item.link)
    if item.source_name or is_elsewhere:
        return Source(name=item.source_name or host_of(item.source_url), url=item.source_url)
    return next(_credit_lines(item), None)


def foreign_source(
    item: Item, organisations: Mapping[str, Organisation], owners: SiteOwners
) -> Source | None:
    """Return the source that is to be credited beside the item's own organisation, if any."""
    source = source_of(item)
    own = organisations.get(item.organisation_id or "")
    if source is None or own is None:
        return None
    owner = owners.named(source)
    if owner is not None:
        return Source(name=organisations[owner].name, url=source.url) if owner != own.id else None
    name, theirs = folded(source.name), folded(own.name)
    is_own = (theirs in name or name in theirs) or _is_same_site(source.url, item.link)
    return None if is_own or not name else source


def _credit_lines(item: Item) -> Iterator[Source]:
    paragraphs = [one.strip() for one in re.split(r"\n+", item.text) if one.strip()]
    above = _edge(paragraphs, ABOVE)
    below = min(_edge(paragraphs[::-1], BELOW), len(paragraphs) - above)
    for paragraph in paragraphs[:above] + paragraphs[len(paragraphs) - below :]:
        name, url = hat_tip_in(paragraph)
        if _is_name(name):
            yield _source(name, url, item.html)
        if len(paragraph) > LONGEST:
            continue
        for says in _SAYS:
            match = says.search(paragraph)
            name = match["name"].strip(" \"“”«»'’,:") if match else ""
            if _is_name(name):
                yield _source(name, "", item.html)


def _source(name: str, url: str, markup: str) -> Source:
    url = url or _link_of(name, markup) or (name if host_of(name) else "")
    return Source(name=host_of(name) or name, url=url)


def _edge(paragraphs: Sequence[str], most: int) -> int:
    """How many paragraphs from the first one on are so many, buttons and captions not counted."""
    told = 0
    for at, paragraph in enumerate(paragraphs[:MOST]):
        told += len(paragraph.split()) > CAPTION
        if told == most:
            return at + 1
    return min(len(paragraphs), MOST)


def _is_name(words: str) -> bool:
    """Whether words are somebody's name: an address, or with a capital where the script has any."""
    name = _ARTICLE.sub("", words)
    first = folded(name).partition(" ")[0]
    is_address = host_of(words) != "" or re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", words) is not None
    is_capital = not name[:1].islower() and re.fullmatch(r"|(?:19|20)\d\d", first) is None
    return is_address or (is_capital and first not in _NOBODY)


def _link_of(name: str, markup: str) -> str:
    """The address that the name is linked to in the piece's HTML."""
    wanted = folded(name)
    for address, words in _ANCHOR.findall(markup):
        linked = folded(html.unescape(_TAG.sub("", words)))
        if linked and (linked in wanted or wanted in linked):
            return html.unescape(address)
    return ""


def _is_same_site(one: str, other: str | None) -> bool:
    host = host_of(one)
    return host != "" and host == host_of(other)
