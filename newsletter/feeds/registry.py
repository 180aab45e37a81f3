"""feeds.yaml read into organisations. Everything wrong in it is named with its line and a hint."""

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlsplit

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from newsletter.errors import ConfigError
from newsletter.model.organisation import Feed, FeedKind, Organisation, Terms, TextTerms

ORGANISATION_KEYS = (
    "id",
    "name",
    "url",
    "languages",
    "regions",
    "topics",
    "contact",
    "terms",
    "feeds",
    "partners",
)
FEED_KEYS = ("url", "kind", "paused")
TERMS_KEYS = ("text", "words", "pictures")
ORGANISATION_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read(text: str, file: str = "feeds.yaml") -> tuple[Organisation, ...]:
    """The organisations in the file's order. ConfigError with file, line and hint."""
    root = load_yaml(text, file)
    if root is None:
        return ()
    place = _Place(file=file, what="the file", line=1)
    top = place.mapping(root, ("organisations",))
    entries = place.child(root, "organisations", "organisations").sequence(
        top.get("organisations"), of="organisations"
    )
    seen = _Seen(file)
    organisations = []
    for index, entry in enumerate(entries):
        where = place.item(entries, index, f"organisation {index + 1}")
        organisation = _organisation(entry, where)
        seen.organisation(organisation, where, entry)
        organisations.append(organisation)
    seen.partners(organisations)
    return tuple(organisations)


def load_yaml(text: str, file: str) -> Any:
    """The YAML tree with comments and positions. ConfigError where it is not YAML."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = (error.problem or error.context or "cannot be read").strip()
        raise ConfigError(
            f"not valid YAML: {problem}",
            file=file,
            line=mark.line + 1 if mark else None,
            hint="indent with spaces, two for each level; quote text that holds a colon or a #",
        ) from error
    except (YAMLError, ValueError, RecursionError) as error:
        raise ConfigError(
            f"not valid YAML: {str(error) or 'nested too deep'}",
            file=file,
            hint="keep it plain: keys, lists, text",
        ) from error


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where in the file a value stands, and how to complain about it."""

    file: str
    what: str
    line: int | None

    def fail(self, message: str, hint: str = "", line: int | None = None) -> NoReturn:
        raise ConfigError(message, file=self.file, line=line or self.line, hint=hint)

    def item(self, sequence: Any, index: int, what: str) -> "_Place":
        line = sequence.lc.item(index)[0] + 1 if hasattr(sequence, "lc") else self.line
        return _Place(file=self.file, what=what, line=line)

    def child(self, mapping: Any, key: str, what: str) -> "_Place":
        try:
            line = mapping.lc.key(key)[0] + 1
        except (AttributeError, KeyError):
            line = self.line
        return _Place(file=self.file, what=what, line=line)

    def mapping(self, value: Any, keys: tuple[str, ...]) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            self.fail(
                f"{self.what} has to be keys with values, not {_kind(value)}",
                hint=f"it can have: {', '.join(keys)}",
            )
        for key in value:
            if key not in keys:
                close = difflib.get_close_matches(str(key), keys, n=1)
                self.fail(
                    f"unknown key {key!r} in {self.what}",
                    hint=f"did you mean {close[0]!r}?" if close else f"keys: {', '.join(keys)}",
                    line=self.child(value, key, "").line,
                )
        return value

    def sequence(self, value: Any, of: str) -> Any:
        if value is None:
            return []
        if not isinstance(value, list):
            self.fail(
                f"{self.what} has to be a list of {of}, not {_kind(value)}", hint="write [a, b]"
            )
        return value

    def text(self, value: Any) -> str:
        if not isinstance(value, str):
            self.fail(f"{self.what} has to be text, not {_kind(value)}", hint='put it in "quotes"')
        return str(value).strip()

    def texts(self, value: Any) -> tuple[str, ...]:
        values = self.sequence(value, of="texts")
        return tuple(
            self.item(values, index, f"{self.what}, entry {index + 1}").text(entry)
            for index, entry in enumerate(values)
        )

    def flag(self, value: Any) -> bool:
        if not isinstance(value, bool):
            self.fail(f"{self.what} has to be true or false, not {_kind(value)}")
        return value

    def number(self, value: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 100_000:
            self.fail(f"{self.what} has to be a whole number above 0, not {value!r}")
        return int(value)

    def choice(self, value: Any, options: tuple[str, ...]) -> str:
        if value not in options:
            close = difflib.get_close_matches(str(value), options, n=1)
            self.fail(
                f"{self.what} cannot be {value!r}",
                hint=(f"did you mean {close[0]!r}? " if close else "")
                + f"it can be {' or '.join(options)}",
            )
        return str(value)

    def address(self, value: Any) -> str:
        url = self.text(value)
        problem = url_problem(url)
        if problem:
            self.fail(
                f"{self.what} {problem}: {_shown(url)}", hint="like https://harbor.example/feed/"
            )
        return url


def url_problem(url: str) -> str:
    """Why this cannot be the address of a site or a feed; empty when it can."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "is not an address"
    if parts.scheme.lower() not in ("http", "https"):
        return "has to start with https:// or http://"
    if not parts.hostname:
        return "names no host"
    if parts.username or parts.password:
        return "must not carry a user name or password"
    if re.search(r"[\s\x00-\x1f<>\"]", url):
        return "holds a space or another character that an address cannot have"
    return ""


def _organisation(entry: Any, where: _Place) -> Organisation:
    data = where.mapping(entry, ORGANISATION_KEYS)
    for key in ("id", "name", "url"):
        if data.get(key) is None:
            where.fail(f"{where.what} has no {key}", hint=f"every organisation needs {key}")
    known = str(data["id"])

    def at(key: str) -> _Place:
        return where.child(entry, key, f"{key} of {known}")

    identifier = at("id").text(data["id"])
    if not ORGANISATION_ID.fullmatch(identifier):
        at("id").fail(
            f"id {identifier!r} cannot be used",
            hint="small letters, digits and hyphens: harbor-legal-aid",
        )
    languages = at("languages").texts(data.get("languages"))
    for language in languages:
        if not LANGUAGE.fullmatch(language):
            at("languages").fail(f"{language!r} is not a language tag", hint="like en, es, zh-Hant")
    feeds = at("feeds").sequence(data.get("feeds"), of="feeds")
    return Organisation(
        id=identifier,
        name=at("name").text(data["name"]),
        url=at("url").address(data["url"]),
        languages=languages,
        regions=at("regions").texts(data.get("regions")),
        topics=at("topics").texts(data.get("topics")),
        contact=_contact(data.get("contact"), at("contact")),
        terms=_terms(data.get("terms"), at("terms")),
        feeds=tuple(
            _feed(feed, at("feeds").item(feeds, index, f"feed {index + 1} of {known}"))
            for index, feed in enumerate(feeds)
        ),
        partners=at("partners").texts(data.get("partners")),
    )


def _contact(value: Any, where: _Place) -> str | None:
    if value is None:
        return None
    address = where.text(value)
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", address):
        where.fail(
            f"{where.what} is not an email address", hint="one address, like web@harbor.example"
        )
    return address


def _terms(value: Any, where: _Place) -> Terms:
    if value is None:
        return Terms()
    data = where.mapping(value, TERMS_KEYS)
    standard = Terms()

    def at(key: str, read: Callable[[_Place], Any], otherwise: Any) -> Any:
        if data.get(key) is None:
            return otherwise
        return read(where.child(value, key, f"{key} in {where.what}"))

    return Terms(
        text=TextTerms(
            at("text", lambda p: p.choice(data["text"], tuple(TextTerms)), standard.text)
        ),
        words=at("words", lambda p: p.number(data["words"]), standard.words),
        pictures=at("pictures", lambda p: p.flag(data["pictures"]), standard.pictures),
    )


def _feed(value: Any, where: _Place) -> Feed:
    if isinstance(value, str):
        return Feed(url=where.address(value))
    data = where.mapping(value, FEED_KEYS)
    if data.get("url") is None:
        where.fail(f"{where.what} has no url")
    kind = data.get("kind", FeedKind.NEWS.value)
    return Feed(
        url=where.child(value, "url", f"{where.what}: url").address(data["url"]),
        kind=FeedKind(
            where.child(value, "kind", f"{where.what}: kind").choice(kind, tuple(FeedKind))
        ),
        paused=where.child(value, "paused", f"{where.what}: paused").flag(
            data.get("paused", False)
        ),
    )


class _Seen:
    """What was read so far: an id or a feed address can stand in the file only once."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._organisations: dict[str, _Place] = {}
        self._feeds: dict[str, str] = {}

    def organisation(self, organisation: Organisation, where: _Place, entry: Any) -> None:
        first = self._organisations.get(organisation.id)
        if first is not None:
            where.fail(
                f"a second organisation has the id {organisation.id!r}",
                hint=f"the first stands in line {first.line}; ids are permanent and used once",
            )
        self._organisations[organisation.id] = where
        for index, feed in enumerate(organisation.feeds):
            key = same_address(feed.url)
            if key in self._feeds:
                place = where.child(entry, "feeds", "feeds")
                line = place.item(entry["feeds"], index, "").line
                where.fail(
                    f"the feed {feed.url} stands here a second time",
                    hint=f"it already belongs to {self._feeds[key]}",
                    line=line,
                )
            self._feeds[key] = organisation.id

    def partners(self, organisations: list[Organisation]) -> None:
        for organisation in organisations:
            for partner in organisation.partners:
                if partner not in self._organisations:
                    close = difflib.get_close_matches(partner, self._organisations, n=1)
                    self._organisations[organisation.id].fail(
                        f"partner {partner!r} of {organisation.id} is not in this file",
                        hint=f"did you mean {close[0]!r}?" if close else "use the other one's id",
                    )


def same_address(url: str) -> str:
    """One key for addresses that are the same place: scheme, case of the host, final slash."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    port = "" if parts.port in (None, 80, 443) else f":{parts.port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query}"


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "keys with values"


def _shown(url: str) -> str:
    """An address without what may be secret in it."""
    return re.sub(r"//[^/@]*@", "//…@", url)
