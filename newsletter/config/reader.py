"""Reads a workspace's newsletter.toml and the environment into one frozen Config."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from newsletter.config.editors import editors
from newsletter.config.environment import secrets_of, state_of
from newsletter.config.publisher import read_coalition, read_sender
from newsletter.config.settings import (
    CheckSettings,
    Config,
    FetchSettings,
    IssueSettings,
    LogSettings,
    StorySettings,
    TransportSettings,
    WeekSettings,
)
from newsletter.config.texts import domain_of
from newsletter.errors import ConfigError
from newsletter.fields.table import Table, did_you_mean
from newsletter.fields.toml import read_toml
from newsletter.files import WorkspaceFiles
from newsletter.model.coalition import SectionRule
from newsletter.model.delivery import TransportKind
from newsletter.model.rhythm import EXAMPLES, parse_rhythm
from newsletter.people.domains import ascii_domain

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Settings = TypeVar("Settings", bound="DataclassInstance")
FILE = "newsletter.toml"
DATABASES = ("sqlite:///", "postgresql://")
DATABASE_EXAMPLES = "sqlite:///newsletter.db, or postgresql://user@host/name"
_SHORT = "NEWSLETTER_TRANSPORT"
RECALLABLE = range(11, 72 * 60 + 1)  # minutes

_HELO = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Za-z:.]+\]")
_LABEL = r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(rf"{_LABEL}(\.{_LABEL})*\.?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")
_DATABASE_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:\[\]]*)(?::(\d{0,5}))?")
_SECTION_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def load(root: Path, environ: Mapping[str, str]) -> Config:
    """Return the workspace's settings. ConfigError with file, line and hint for any mistake."""
    files = WorkspaceFiles(root)
    if not files.exists(FILE):
        raise ConfigError(
            f"there is no {FILE} in {root.absolute()}",
            hint="make a workspace with `newsletter init`, or name one: `newsletter -w FOLDER …`",
        )
    return read_settings(files.read(FILE), root, environ)


def read_settings(text: str, root: Path, environ: Mapping[str, str]) -> Config:
    """Return the settings that the text of a newsletter.toml in that folder says. ConfigError."""

    def read(top: Table) -> Config:
        public_url = top.table("web").read(lambda web: _public_url(web))
        week = top.table("week").read(_week)
        coalition = top.table("coalition").read(partial(read_coalition, public_url=public_url))
        return Config(
            root=root,
            coalition=coalition,
            sender=top.table("sender").read(partial(read_sender, coalition=coalition)),
            database_url=top.table("database").read(_database_url),
            fetch=top.table("fetch").read(_fetch),
            transport=top.table("transport").read(_transport),
            editors=editors(top, remind=week.remind),
            issue=top.table("issue").read(_issue),
            check=top.table("check").read(lambda check: CheckSettings(words=check.texts("words"))),
            stories=top.table("stories").read(partial(_over, StorySettings())),
            log=top.table("log").read(_log),
            week=week,
            mailboxes=top.table("bounces").read(lambda bounces: bounces.texts("mailboxes")),
            secrets=secrets_of(environ),
            state=state_of(environ),
        )

    return read_toml(text, file=FILE, environ=environ).read(read)


def _over(plain: Settings, table: Table, **read: object) -> Settings:
    """Return the settings with what the table says of each text and whole number in them; `read`
    is what was read already, by rules of its own."""
    for key in (field.name for field in fields(plain) if field.name not in read):
        value = getattr(plain, key)
        is_whole = isinstance(value, int)
        read[key] = table.whole(key, value, least=1) if is_whole else table.text(key, value)
    return replace(plain, **read)


def _public_url(table: Table) -> str:
    """Where the public pages are: a whole host, for the pages are at the top of it."""
    url = table.text("url", "").rstrip("/")
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host = ascii_domain(parts.hostname or "")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        host = ""
    if (
        not _HOST.fullmatch(host)
        or parts.scheme not in ("http", "https")
        or parts.username is not None
    ):
        raise table.error(
            f"{url!r} is not an address", 'url = "https://news.example.org"', key="url"
        )
    if parts.path or parts.query or parts.fragment:
        hint = "give the pages a host name of their own, such as https://news.example.org"
        raise table.error("web.url has more than a host name in it", hint, key="url")
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _database_url(table: Table) -> str:
    url = table.text("url", "sqlite:///newsletter.db")
    if not url.startswith(DATABASES):
        raise table.error("this database is not supported", DATABASE_EXAMPLES, key="url")
    scheme, _, rest = url.partition("://")
    servers = rest.partition("?")[0].rpartition("@")[2].partition("/")[0]
    for server in servers.split(",") if scheme == "postgresql" else ():
        found = _DATABASE_SERVER.fullmatch(server)
        host, port = (found[1] or "", int(found[2] or 1)) if found else ("..", 0)
        if not 0 < port < 65536 or not all(len(label) in range(1, 64) for label in _labels(host)):
            hint = "postgresql://user@host:port/name; a password in it needs %40 for @, %2F for /"
            raise table.error(f"{server!r} is no server of a database", hint, key="url")
    return url


def _labels(host: str) -> list[str]:
    return host.rstrip(".").split(".") if host else []


def _fetch(table: Table) -> FetchSettings:
    plain = FetchSettings()
    networks = table.texts("allow_private", plain.allow_private)
    for network in networks:
        try:
            ipaddress.ip_network(network, strict=False)
        except ValueError as error:
            hint = 'write "127.0.0.1" or "10.0.0.0/8"'
            raise table.error(
                f"{network!r} is not an address or network", hint, key="allow_private"
            ) from error
    return _over(
        plain,
        table,
        allow_private=networks,
        allow_ports=table.wholes("allow_ports", plain.allow_ports),
        total_seconds=table.number("total_seconds", plain.total_seconds) or plain.total_seconds,
        host_pause_seconds=table.number("host_pause_seconds", plain.host_pause_seconds) or 0.0,
    )


def _transport(table: Table) -> TransportSettings:
    plain = TransportSettings()
    if short := table.source.environ.get(_SHORT):
        if short not in tuple(TransportKind):
            hint = did_you_mean(short, TransportKind)
            raise ConfigError(f"there is no transport {short!r}", hint=hint, file=_SHORT)
        table.values = {**table.values, "kind": short}
    settings = _over(
        plain,
        table,
        kind=TransportKind(table.choice("kind", tuple(TransportKind), plain.kind)),
        security=table.choice("security", ("starttls", "tls", "none"), plain.security),
        rate=table.number("rate", plain.rate),
        domain_rate=table.number("domain_rate", plain.domain_rate),
        warm_up=table.whole("warm_up", plain.warm_up),
        complaint_ceiling=table.number("complaint_ceiling", plain.complaint_ceiling),
        bounce_ceiling=table.number("bounce_ceiling", plain.bounce_ceiling),
        hold_minutes=table.whole("hold_minutes", plain.hold_minutes),
        dkim_domain=domain_of(table, "dkim_domain", table.text("dkim_domain", "")),
        return_domain=domain_of(table, "return_domain", table.text("return_domain", "")),
    )
    if settings.helo and not _HELO.fullmatch(settings.helo):
        hint = 'a full host name, such as "news.example.org", or an address in brackets'
        raise table.error(f"{settings.helo!r} is no name to greet a server with", hint, key="helo")
    if settings.port > 65535:
        hint = 'usually 587, or 465 with security = "tls"'
        raise table.error(f"there is no port {settings.port}", hint, key="port")
    if settings.kind is TransportKind.SMTP and not settings.host:
        raise table.error("transport.host is missing", 'smtp needs host = "…"', key="kind")
    for key, rate in (("rate", settings.rate), ("domain_rate", settings.domain_rate)):
        if rate == 0:
            raise table.error(
                f"transport.{key} must be above zero", "leave it out for no limit", key=key
            )
    if settings.hold_minutes and settings.hold_minutes not in RECALLABLE:
        raise table.error(
            f"transport.hold_minutes must be 0, or from {RECALLABLE[0]} to {RECALLABLE[-1]}",
            "SendGrid keeps mail for at most 72 hours, and recalls it until ten minutes before",
            key="hold_minutes",
        )
    return settings


def _log(table: Table) -> LogSettings:
    return LogSettings(level=table.choice("level", LogSettings.LEVELS, LogSettings().level))


def _week(table: Table) -> WeekSettings:
    said = {}
    for key in (field.name for field in fields(WeekSettings)):
        if words := table.text(key, ""):
            try:
                said[key] = parse_rhythm(words)
            except ValueError as error:
                raise table.error(str(error), EXAMPLES, key=key) from None
    return WeekSettings(**said)


def _issue(table: Table) -> IssueSettings:
    plain = IssueSettings()
    blast_radius = table.number("blast_radius", plain.blast_radius) or plain.blast_radius
    return _over(plain, table, sections=_sections(table), blast_radius=blast_radius)


def _sections(table: Table) -> tuple[SectionRule, ...]:
    rules: list[SectionRule] = []
    for section in table.tables("sections"):
        rule = section.read(_section)
        if any(rule.id == other.id for other in rules):
            raise section.error(f"two sections have the id {rule.id!r}", key="id")
        rules.append(rule)
    return tuple(rules)


def _section(table: Table) -> SectionRule:
    id_ = table.filled("id")
    if not _SECTION_ID.fullmatch(id_):
        raise table.error(
            f"{id_!r} is not a section id", "use lowercase letters, digits, hyphens", key="id"
        )
    titles = table.table("title")
    plain = SectionRule(id=id_)
    return SectionRule(
        id=id_,
        titles={language: titles.filled(language) for language in titles.values},
        kind=table.text("kind", ""),
        kinds=table.texts("kinds"),
        topics=table.texts("topics"),
        most=table.whole("most", plain.most, least=1),
    )
