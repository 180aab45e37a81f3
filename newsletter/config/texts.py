"""Texts of settings that have to be something: language tags, an email address, a domain."""

import re

from newsletter.fields.table import Table
from newsletter.people.domains import ascii_domain

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


def languages(table: Table, *, default: tuple[str, ...]) -> tuple[str, ...]:
    """Return language tags. ConfigError for what is none."""
    tags = table.texts("languages", default)
    for language in tags:
        if not _LANGUAGE.fullmatch(language):
            hint = 'BCP 47 tags, such as "en", "es" or "ar"'
            raise table.error(f"{language!r} is not a language tag", hint, key="languages")
    if default and not tags:
        raise table.error("no language is listed", 'languages = ["en"]', key="languages")
    return tags


def by_language(table: Table, key: str) -> dict[str, str]:
    """Return texts by language tag. ConfigError for what is no tag, or empty."""
    words = table.table(key)
    for tag in words.values:
        if not _LANGUAGE.fullmatch(tag):
            hint = f'{key} = {{es = "…", ar = "…"}}'
            raise table.error(f"{tag!r} is not a language tag", hint, key=key)
    return {tag: words.filled(tag) for tag in words.values}


def address_of(table: Table, key: str, default: str | None = None) -> str:
    """Return an email address, its domain as headers carry it. ConfigError for what is none."""
    address = table.filled(key) if default is None else table.text(key, default)
    if address and not _ADDRESS.fullmatch(address):
        raise table.error(f"{address!r} is not an email address", key=key)
    local, at, domain = address.rpartition("@")
    return f"{local}{at}{domain_of(table, key, domain)}"


def domain_of(table: Table, key: str, domain: str) -> str:
    """Return a domain or a List-Id as headers and DNS carry it. ConfigError for what is none."""
    try:
        return ascii_domain(domain)
    except ValueError:
        raise table.error(f"{domain!r} is not a domain", key=key) from None
