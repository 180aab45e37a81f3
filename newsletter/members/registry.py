"""feeds.yaml read into organisations. Everything wrong in it is named with its line and a hint."""

import difflib
import re
from collections.abc import Callable
from typing import Any

from newsletter.fields.yaml import YamlValue, load_yaml
from newsletter.model.address import same_address
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
TERMS_KEYS = ("text", "words", "pictures", "pages")
ORGANISATION_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read(text: str, file: str = "feeds.yaml") -> tuple[Organisation, ...]:
    """The organisations in the file's order. ConfigError with file, line and hint."""
    root = load_yaml(text, file)
    return () if root is None else organisations_in(root, file)


def organisations_in(root: Any, file: str) -> tuple[Organisation, ...]:
    """As `read`, of the tree in a file; one without places names no lines."""
    place = YamlValue(file=file, what="the file", line=1)
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


_NEEDED = {
    "id": "a short name of its own: id: harbor-legal-aid",
    "name": "as it is credited: name: Harbor Legal Aid",
    "url": "its own site: url: https://harbor.example",
}


def _organisation(entry: Any, where: YamlValue) -> Organisation:
    data = where.mapping(entry, ORGANISATION_KEYS)
    for key in ("id", "name", "url"):
        if data.get(key) is None:
            hint = 'null means nothing: put it in "quotes"' if key in data else _NEEDED[key]
            where.fail(f"{where.what} has no {key}", hint=hint)
    known = str(data["id"])

    def at(key: str) -> YamlValue:
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


def _contact(value: Any, where: YamlValue) -> str | None:
    if value is None:
        return None
    address = where.text(value)
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+", address):
        where.fail(
            f"{where.what} is not an email address", hint="one address, like web@harbor.example"
        )
    return address


def _terms(value: Any, where: YamlValue) -> Terms:
    if value is None:
        return Terms()
    data = where.mapping(value, TERMS_KEYS)
    standard = Terms()

    def at(key: str, read: Callable[[YamlValue], Any], otherwise: Any) -> Any:
        if data.get(key) is None:
            return otherwise
        return read(where.child(value, key, f"{key} in {where.what}"))

    return Terms(
        text=TextTerms(
            at("text", lambda p: p.choice(data["text"], tuple(TextTerms)), standard.text)
        ),
        words=at("words", lambda p: p.number(data["words"]), standard.words),
        pictures=at("pictures", lambda p: p.flag(data["pictures"]), standard.pictures),
        pages=at("pages", lambda p: p.flag(data["pages"]), standard.pages),
    )


def _feed(value: Any, where: YamlValue) -> Feed:
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
        self._organisations: dict[str, YamlValue] = {}
        self._feeds: dict[str, str] = {}

    def organisation(self, organisation: Organisation, where: YamlValue, entry: Any) -> None:
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
