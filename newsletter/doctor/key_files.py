"""Files of keys and passwords: there, whole, and nobody else's to read. [I/O]"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from newsletter.config import Config
from newsletter.doctor.findings import Finding, fine, look, missing
from newsletter.errors import ConfigError
from newsletter.sending.message.dkim_record import public_record
from newsletter.system import is_open_to

_DKIM = "DKIM key"
_DATABASE = "database password"
_SERVICE = Path("/etc/newsletter.env")  # as in the units that `init --server` writes


def key_files(
    config: Config, identity: Path, environ: Mapping[str, str], *, service: Path = _SERVICE
) -> list[Finding]:
    """Find what is wrong with the DKIM key, this editor's private key, the file of PostgreSQL's
    passwords, and the service's environment, which holds the secret key."""
    pgpass = Path(environ.get("PGPASSFILE") or Path.home() / ".pgpass")
    is_postgresql = config.database_url.startswith("postgresql:")
    return [
        *_dkim(config),
        *_readable("your private key", identity),
        *(_readable(_DATABASE, pgpass) if is_postgresql else ()),
        *_in_the_settings(config, environ),
        *_readable("secrets", service, by=0o007),  # a group of its own may be meant to
    ]


def _in_the_settings(config: Config, environ: Mapping[str, str]) -> Iterator[Finding]:
    """A password that goes wherever newsletter.toml goes: to Git, and to each editor."""
    if "NEWSLETTER_DATABASE_URL" not in environ and urlsplit(config.database_url).password:
        hint = (
            "put it in ~/.pgpass, or the whole address in NEWSLETTER_DATABASE_URL; then change it"
        )
        yield look(_DATABASE, "the database's password stands in newsletter.toml", hint)


def _dkim(config: Config) -> Iterator[Finding]:
    settings = config.transport
    if not settings.dkim_domain:
        return
    if not settings.dkim_selector or not settings.dkim_key_file:
        hint = "newsletter doctor dkim prints the three lines that belong into [transport]"
        yield missing(_DKIM, "dkim_selector or dkim_key_file is not set", hint)
        return
    path = config.root / settings.dkim_key_file
    try:
        public_record(path.read_bytes())
    except OSError as error:
        hint = "copy the key from where it was made, or make one: newsletter doctor dkim"
        yield missing(_DKIM, f"{path} cannot be read: {error.strerror}", hint)
        return
    except ConfigError as error:
        yield missing(_DKIM, f"{path}: {error.message}", error.hint)
        return
    open_to_others = list(_readable(_DKIM, path))
    yield from open_to_others or [fine(_DKIM, f"{path.name} signs for {settings.dkim_domain}")]
    sender = config.sender.domain
    if not f".{sender}".endswith(f".{settings.dkim_domain}"):
        yield look(
            _DKIM,
            f"mail is from {sender} and signed for {settings.dkim_domain}: to DMARC it is unsigned",
            f'set dkim_domain = "{sender}" in [transport]',
        )


def _readable(part: str, path: Path, *, by: int = 0o077) -> Iterator[Finding]:
    """A secret that others can read, or that we cannot; PostgreSQL's library ignores such a file of
    passwords."""
    try:
        is_open = path.is_file() and is_open_to(path, by)
    except OSError as error:  # in a folder that this user may not enter
        hint = "move it where the user who runs this may read it, and nobody else"
        yield missing(part, f"{path} cannot be read: {error.strerror}", hint)
        return
    if is_open:
        yield look(part, f"others on this computer can read {path}", f"chmod go-rwx {path}")
