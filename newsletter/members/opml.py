"""OPML 1.0, 1.1 and 2.0 in and out (opml.org/spec2). What is wrong is said, never guessed."""

import re
import xml.parsers.expat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import NoReturn
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from newsletter.errors import ConfigError
from newsletter.model.organisation import FeedKind, Organisation

ATTRIBUTES = frozenset(
    {"text", "title", "type", "isComment", "isBreakpoint", "created", "category", "description"}
    | {"url", "htmlUrl", "xmlUrl", "language", "version", "customFeedUrl", "categories"}
    | {"name", "f", "id", "webMaster", "pingMeta", "imageHref", "imageTitle", "imageLink"}
    | {"imageWidth", "imageHeight", "imageUrl", "cloud", "skills", "filename", "duration"}
    | {"author", "rating"}
)
RFC822 = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),\s+)?\d{1,2}\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"\s+\d{2,4}\s+\d{1,2}:\d{2}(?::\d{2})?\s+(?:[A-Z]{1,5}|[+-]\d{4})"
)
VERSIONS = frozenset({"RSS", "RSS1", "RSS2", "scriptingNews", "ATOM", "ATOM1", "ATOM03"})
FEED_TYPES = frozenset({"rss", "atom", "feed", "json", "ical", "calendar"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """One feed of a list. `groups` are the titles of the outlines around it."""

    url: str
    title: str
    site: str = ""
    language: str = ""
    kind: FeedKind = FeedKind.NEWS
    groups: tuple[str, ...] = ()


def read(
    data: bytes, file: str, tolerated: Callable[[str], None] | None = None
) -> tuple[Subscription, ...]:
    """Return the feeds of an OPML file, in its order. ConfigError with file, line and reason.

    A file that is OPML without feeds (an outline, a playlist) is read as an empty list. With
    `tolerated`, which hears of each one, what is wrong and leaves the feeds clear is no error:
    half the programs that export such lists leave out a title, a version or write other dates.
    """
    reader = _Reader(file, tolerated)
    try:
        reader.parser.Parse(data, True)
    except xml.parsers.expat.ExpatError as error:
        raise ConfigError(
            f"not well-formed XML: {xml.parsers.expat.ErrorString(error.code)}",
            file=file,
            line=error.lineno,
            hint="export the list again; & must be written as &amp;",
        ) from error
    reader.finish()
    return tuple(reader.subscriptions)


def write(organisations: Iterable[Organisation], *, title: str, now: datetime) -> str:
    """Return all feeds as OPML 2.0, one outline per organisation."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        "  <head>",
        f"    <title>{escape(title)}</title>",
        f"    <dateCreated>{format_datetime(now, usegmt=True)}</dateCreated>",
        "  </head>",
        "  <body>",
    ]
    for organisation in organisations:
        name = quoteattr(organisation.name)
        lines.append(f"    <outline text={name} title={name}>")
        for feed in organisation.feeds:
            language = organisation.languages[0] if organisation.languages else ""
            kind = "ical" if feed.kind is FeedKind.CALENDAR else "rss"
            spoken = f' language="{language}"' if language else ""
            lines.append(
                f"      <outline text={name} title={name} type={quoteattr(kind)}"
                f" xmlUrl={quoteattr(feed.url)} htmlUrl={quoteattr(organisation.url)}{spoken}/>"
            )
        lines.append("    </outline>")
    return "\n".join([*lines, "  </body>", "</opml>", ""])


class _Reader:
    """The state of reading one file; its methods are expat's handlers."""

    def __init__(self, file: str, tolerated: Callable[[str], None] | None) -> None:
        self.file = file
        self._tolerated = tolerated
        self.subscriptions: list[Subscription] = []
        self.parser = xml.parsers.expat.ParserCreate()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.EntityDeclHandler = self.entity
        self._path: list[str] = []
        self._groups: list[str] = []
        self._seen: set[str] = set()
        self._words: list[str] = []

    def fail(self, reason: str, hint: str = "") -> NoReturn:
        line = self.parser.CurrentLineNumber
        raise ConfigError(reason, file=self.file, line=line, hint=hint)

    def doubt(self, reason: str, hint: str = "") -> None:
        """Fail, unless such mistakes are tolerated."""
        if self._tolerated is None:
            self.fail(reason, "; ".join(filter(None, (hint, "--lenient reads it anyway"))))
        self._tolerated(f"line {self.parser.CurrentLineNumber}: {reason}")

    def entity(self, name: str, *_: object) -> None:
        self.fail(
            f"it declares an entity ({name})", hint="remove the DOCTYPE: OPML does not need one"
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if not self._path:
            if name != "opml":
                self.fail(f"its root is <{name}>, not <opml>", hint="this is not an OPML file")
            if not attributes.get("version"):
                self.doubt("<opml> has no version", hint='write <opml version="2.0">')
        if len(self._path) > 60:
            self.fail("outlines are nested too deep")
        self._path.append(name)
        self._words = []
        self._seen.add("/".join(self._path[:3]))
        if name == "outline":
            self._outline(attributes)

    def data(self, text: str) -> None:
        self._words.append(text)

    def end(self, name: str) -> None:
        if name in ("dateCreated", "dateModified"):
            self._date(name, "".join(self._words).strip())
        if name == "outline":
            self._groups.pop()
        self._path.pop()

    def finish(self) -> None:
        if "opml/body" not in self._seen:
            self.fail("it has no <body>")
        if "opml/head" not in self._seen:
            self.doubt("it has no <head>")
        if "opml/body/outline" not in self._seen:
            self.fail("its <body> has no outline")

    def _outline(self, attributes: dict[str, str]) -> None:
        if "body" not in self._path:
            self.fail("an outline outside <body>")
        if "text" not in attributes:
            self.doubt("an outline has no text")
        for name in attributes:
            if name not in ATTRIBUTES and ":" not in name:
                self.doubt(f"an outline has an unknown attribute {name!r}")
        for name in ("isComment", "isBreakpoint"):
            if attributes.get(name, "true") not in ("true", "false"):
                self.doubt(f"{name} can be true or false, not {attributes[name]!r}")
        if "created" in attributes:
            self._date("created", attributes["created"])
        if attributes.get("xmlUrl") or attributes.get("type", "").lower() in ("rss", "atom"):
            self._subscription(attributes)
        self._groups.append(attributes.get("title") or attributes.get("text", ""))

    def _subscription(self, attributes: dict[str, str]) -> None:
        name = attributes.get("text") or attributes.get("title", "")
        url = attributes.get("xmlUrl", "").strip()
        if not url:
            self.doubt(f"the feed {name!r} has no xmlUrl")
            return
        if attributes.get("type", "rss").lower() not in FEED_TYPES:
            return
        if "title" not in attributes:
            self.doubt(
                f"the feed {name!r} has no title", hint="title repeats the text of the outline"
            )
        version = attributes.get("version")
        if version is not None and version not in VERSIONS:
            self.doubt(f"the feed {name!r} has an unknown version {version!r}")
        if not re.match(r"(?:https?|webcal)://[^\s/]+", url):
            self.doubt(
                f"the feed {name!r} has no usable address", hint="xmlUrl starts with https://"
            )
            return
        type_, language = attributes.get("type", "").lower(), attributes.get("language", "")
        is_calendar = type_ in ("ical", "calendar") or url.startswith("webcal")
        title = attributes.get("title") or name or urlsplit(url).hostname or url
        self.subscriptions.append(
            Subscription(
                url=re.sub(r"^webcal://", "https://", url),
                title=" ".join(title.split()),
                site=attributes.get("htmlUrl", "").strip(),
                language="" if language == "unknown" else language,
                kind=FeedKind.CALENDAR if is_calendar else FeedKind.NEWS,
                groups=tuple(self._groups),
            )
        )

    def _date(self, name: str, text: str) -> None:
        if text and not RFC822.fullmatch(text):
            self.doubt(
                f"{name} is not a date in OPML's format: {text!r}",
                hint="like Fri, 20 Nov 2026 09:00:00 GMT",
            )
