"""OPML 1.0, 1.1 and 2.0 (opml.org/spec2), as far as it can be read, or strictly."""

import re
import xml.parsers.expat
from dataclasses import dataclass
from typing import NoReturn
from urllib.parse import urlsplit

from newsletter.errors import ConfigError
from newsletter.members.opml_mending import loose_outlines, mend
from newsletter.members.registry import is_language
from newsletter.model.address import url_problem
from newsletter.model.organisation import FeedKind

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


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadList:
    """The feeds of a file, in its order, and what is wrong with it, each with its line.

    `left_out` are feeds that cannot be taken, `remarks` what costs nothing.
    """

    subscriptions: tuple[Subscription, ...]
    left_out: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def read(data: bytes, file: str) -> ReadList:
    """Read an OPML file as far as it can be. ConfigError where it is no list at all.

    Half the programs that export such lists leave out a title or a version, write a bare & or
    names of HTML: nothing that an editor could mend. Where the whole is no XML, each outline is
    read for itself.
    """
    mended = mend(data)
    reader = _Reader(file, is_strict=False)
    reader.remarks += mended.remarks
    try:
        _parse(reader, mended.text.encode())
    except ConfigError as error:
        reader = _Reader(file, is_strict=False)
        reader.remarks += (*mended.remarks, f"line {error.line}: {error.message}")
        for line, attributes in loose_outlines(mended.text):
            reader.loose(line, attributes)
        if not reader.subscriptions and not reader.left_out:
            raise
    return ReadList(
        subscriptions=tuple(reader.subscriptions),
        left_out=tuple(reader.left_out),
        remarks=tuple(reader.remarks),
    )


def read_strictly(data: bytes, file: str) -> ReadList:
    """Read a file that is OPML to the letter. ConfigError with file, line and reason.

    One without feeds (an outline, a playlist) is read as an empty list.
    """
    reader = _Reader(file, is_strict=True)
    _parse(reader, data)
    return ReadList(subscriptions=tuple(reader.subscriptions))


def _parse(reader: "_Reader", data: bytes) -> None:
    try:
        reader.parser.Parse(data, True)
    except xml.parsers.expat.ExpatError as error:
        raise ConfigError(
            f"not well-formed XML: {xml.parsers.expat.ErrorString(error.code)}",
            file=reader.file,
            line=error.lineno,
            hint="export the list again; & must be written as &amp;",
        ) from error
    reader.finish()


class _Reader:
    """The state of reading one file; its methods are expat's handlers."""

    def __init__(self, file: str, *, is_strict: bool) -> None:
        self.file = file
        self._is_strict = is_strict
        self.subscriptions: list[Subscription] = []
        self.left_out: list[str] = []
        self.remarks: list[str] = []
        # What was mended is UTF-8, whatever it declares.
        self.parser = xml.parsers.expat.ParserCreate(None if is_strict else "utf-8")
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.parser.EntityDeclHandler = self.entity
        self._path: list[str] = []
        self._groups: list[str] = []
        self._seen: set[str] = set()
        self._words: list[str] = []
        self._line = 0  # of an outline that is read for itself

    @property
    def line(self) -> int:
        return self._line or self.parser.CurrentLineNumber

    def fail(self, reason: str, hint: str = "") -> NoReturn:
        raise ConfigError(reason, file=self.file, line=self.line, hint=hint)

    def doubt(self, reason: str, hint: str = "") -> None:
        """Remark on what costs nothing; fail where all is to be right."""
        if self._is_strict:
            self.fail(reason, "; ".join(filter(None, (hint, "without --strict it is read"))))
        self.remarks.append(f"line {self.line}: {reason}")

    def leave_out(self, reason: str, hint: str = "") -> None:
        """Name a feed that cannot be taken; fail where all is to be right."""
        if self._is_strict:
            self.fail(reason, "; ".join(filter(None, (hint, "without --strict the rest is read"))))
        self.left_out.append(f"line {self.line}: {reason}")

    def loose(self, line: int, attributes: str | None) -> None:
        """Read one outline for itself."""
        self._line = line
        parser = xml.parsers.expat.ParserCreate("utf-8")
        parser.StartElementHandler = lambda _name, read: self._feed_of(_spelled(read))
        try:
            if attributes is None:
                raise xml.parsers.expat.ExpatError
            parser.Parse(f"<outline {attributes}/>".encode(), True)
        except xml.parsers.expat.ExpatError:
            self.leave_out("an outline that cannot be read")

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
        if not self._is_strict:
            attributes = _spelled(attributes)
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
        self._feed_of(attributes)
        self._groups.append(attributes.get("title") or attributes.get("text", ""))

    def _feed_of(self, attributes: dict[str, str]) -> None:
        if attributes.get("xmlUrl") or attributes.get("type", "").lower() in ("rss", "atom"):
            self._subscription(attributes)

    def _subscription(self, attributes: dict[str, str]) -> None:
        name = attributes.get("text") or attributes.get("title", "")
        url = attributes.get("xmlUrl", "").strip()
        if not url:
            site = attributes.get("htmlUrl", "").strip()
            find = f"; newsletter feeds add {site} may find it" if site else ""
            self.leave_out(f"the feed {name!r} has no xmlUrl{find}")
            return
        if self._is_strict and attributes.get("type", "rss").lower() not in FEED_TYPES:
            return
        if "title" not in attributes:
            self.doubt(
                f"the feed {name!r} has no title", hint="title repeats the text of the outline"
            )
        version = attributes.get("version")
        if version is not None and version not in VERSIONS:
            self.doubt(f"the feed {name!r} has an unknown version {version!r}")
        is_calendar = attributes.get("type", "").lower() in ("ical", "calendar")
        is_calendar = is_calendar or url.lower().startswith("webcal")
        is_calendar = is_calendar or url.lower().partition("?")[0].endswith(".ics")
        if not self._is_strict:
            url = re.sub(r"(?i)^feed:(?=https?:)", "", url)
            url = re.sub(r"(?i)^(?:feed|https)://", "https://", url)
        url = re.sub(r"(?i)^webcals?://", "https://", url)
        problem = url_problem(url)
        if problem:
            self.leave_out(
                f"the feed {name!r} has no usable address: {url[:100]} {problem}",
                hint="xmlUrl starts with https://",
            )
            return
        language = attributes.get("language", "").strip().replace("_", "-")
        language = "" if language == "unknown" else language
        if language and not is_language(language):
            self.doubt(f"the feed {name!r} has an unknown language {language!r}")
            language = ""
        title = attributes.get("title") or name or urlsplit(url).hostname or url
        self.subscriptions.append(
            Subscription(
                url=url,
                title=" ".join(title.split()),
                site=attributes.get("htmlUrl", "").strip(),
                language=language,
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


_SPELLING = {name.lower(): name for name in ATTRIBUTES}


def _spelled(attributes: dict[str, str]) -> dict[str, str]:
    """Return the attributes as OPML spells them: `xmlurl` is xmlUrl."""
    return {_SPELLING.get(name.lower(), name): value for name, value in attributes.items()}
