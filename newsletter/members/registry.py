"""feeds.yaml read into organisations. Everything wrong in it is named with its line and a hint."""

import difflib
import re
from collections.abc import Iterable
from typing import Any

from newsletter.errors import UsageError
from newsletter.fields.table import Table, did_you_mean
from newsletter.fields.tree import table_of
from newsletter.model.address import same_address, url_problem
from newsletter.model.organisation import Feed, FeedKind, Organisation, Terms, TextTerms

ORGANISATION_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
FILE = "feeds.yaml"
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+")


def read(text: str, file: str = FILE) -> tuple[Organisation, ...]:
    """Return the organisations in the file's order. ConfigError with file, line and hint."""
    from newsletter.fields.yaml import load_yaml  # not for a long one of which there is a copy

    tree = load_yaml(text, file=file)
    return () if tree is None else organisations_in(tree, file)


def organisation_named(organisations: Iterable[Organisation], name: str) -> Organisation:
    """Return the organisation with that id. UsageError with what was perhaps meant."""
    by_id = {organisation.id: organisation for organisation in organisations}
    if name in by_id:
        return by_id[name]
    close = difflib.get_close_matches(name, by_id, n=1)
    raise UsageError(
        f"no organisation {name!r} in feeds.yaml",
        hint=f"did you mean {close[0]!r}?" if close else "newsletter feeds list shows them",
    )


def is_language(tag: str) -> bool:
    """Return whether that is a BCP 47 tag, as far as its form goes."""
    return LANGUAGE.fullmatch(tag) is not None


def is_contact(text: str) -> bool:
    """Return whether that is one email address."""
    return _ADDRESS.fullmatch(text) is not None


def organisations_in(tree: Any, file: str) -> tuple[Organisation, ...]:
    """Return the organisations of a file's tree; one without positions names no lines."""
    top = table_of(tree, file=file)
    tables: dict[str, Table] = {}
    organisations: dict[str, Organisation] = {}
    owners: dict[str, str] = {}
    for table in top.tables("organisations"):
        organisation = table.read(_organisation)
        if organisation.id in organisations:
            raise table.error(
                f"a second organisation has the id {organisation.id!r}",
                f"the first is in line {tables[organisation.id].line()}; each id must be unique",
            )
        tables[organisation.id] = table
        organisations[organisation.id] = organisation
        _refuse_second_feed(organisation, table, owners)
    top.close()
    for organisation in organisations.values():
        for partner in organisation.partners:
            if partner not in organisations:
                raise tables[organisation.id].error(
                    f"partner {partner!r} of {organisation.id} is not in this file",
                    did_you_mean(partner, organisations),
                )
    return tuple(organisations.values())


def _refuse_second_feed(organisation: Organisation, table: Table, owners: dict[str, str]) -> None:
    """ConfigError when a feed has an owner already; else the organisation becomes its owner."""
    for index, feed in enumerate(organisation.feeds):
        address = same_address(feed.url)
        if address in owners:
            raise table.error(
                f"the feed {feed.url} is listed a second time",
                f"it already belongs to {owners[address]}",
                key="feeds",
                at=(index,),
            )
        owners[address] = organisation.id


def _organisation(table: Table) -> Organisation:
    table.name = table.text("id", hint="a short name of its own: id: harbor-legal-aid")
    organisation = Organisation(
        id=table.name,
        name=table.text("name", hint="how to credit it: name: Harbor Legal Aid"),
        url=_url(table, hint="its own site: url: https://harbor.example"),
        languages=table.texts("languages"),
        regions=table.texts("regions"),
        topics=table.texts("topics"),
        contact=table.text("contact") if table.get("contact") is not None else None,
        terms=table.table("terms").read(_terms),
        feeds=tuple(feed.read(_feed) for feed in table.tables("feeds", of_text="url")),
        partners=table.texts("partners"),
    )
    if not ORGANISATION_ID.fullmatch(organisation.id):
        raise table.error(
            f"id {organisation.id!r} cannot be used",
            "use lowercase letters, digits and hyphens: harbor-legal-aid",
            key="id",
        )
    for language in organisation.languages:
        if not is_language(language):
            hint = "like en, es, zh-Hant"
            raise table.error(f"{language!r} is not a language tag", hint, key="languages")
    if organisation.contact is not None and not is_contact(organisation.contact):
        raise table.error(
            f"{table.label('contact')} is not an email address",
            "one address, like web@harbor.example",
            key="contact",
        )
    return organisation


def _url(table: Table, hint: str = "") -> str:
    url = table.text("url", hint=hint)
    problem = url_problem(url)
    if problem:
        shown = re.sub(r"//[^/@]*@", "//…@", url)  # without what may be secret in it
        hint = "like https://harbor.example/feed/"
        raise table.error(f"{table.label('url')} {problem}: {shown}", hint, key="url")
    return url


def _terms(table: Table) -> Terms:
    standard = Terms()
    return Terms(
        text=table.choice("text", TextTerms, standard.text),
        words=table.whole("words", standard.words, least=1, most=100_000),
        pictures=table.flag("pictures", standard.pictures),
        pages=table.flag("pages", standard.pages),
    )


def _feed(table: Table) -> Feed:
    return Feed(
        url=_url(table),
        kind=table.choice("kind", FeedKind, FeedKind.NEWS),
        paused=table.flag("paused", False),
    )
