"""The DKIM key of a workspace: found, or made once and for the eyes of its owner alone. [I/O]"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from newsletter.config import Config
from newsletter.doctor.findings import PLACEHOLDERS
from newsletter.errors import ConfigError, ServiceError
from newsletter.files import create_file
from newsletter.sending.message.dkim_record import new_key, public_record

FILE = "dkim.pem"
SELECTOR = "digest"
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?")


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkspaceDkim:
    """Which key signs, for which domain, under which selector; `record` is what DNS must say.
    `file` is the key's as the settings name it."""

    path: Path
    file: str
    domain: str
    selector: str
    record: str
    is_new: bool

    @property
    def name(self) -> str:
        """Return the name of its TXT record."""
        return f"{self.selector}._domainkey.{self.domain}"


def find_or_make_key(config: Config, *, domain: str, selector: str, file: str) -> WorkspaceDkim:
    """Return the key of the settings, made where there is none; what is empty is as they say.

    A key that is there is never written over: what it signed could no longer be verified.
    ConfigError when the file holds no such key, ServiceError when it cannot be read or written.
    """
    settings = config.transport
    domain = domain or settings.dkim_domain or config.sender.domain
    selector = selector or settings.dkim_selector or SELECTOR
    if domain in PLACEHOLDERS or not _NAME.fullmatch(domain):
        raise ConfigError(
            f"{domain} is no domain of yours to sign for",
            hint="set your own address in [sender], or name a domain with --domain",
        )
    if not _NAME.fullmatch(selector):
        raise ConfigError(f"{selector!r} is no name for a key", hint="letters and digits: digest")
    file = file or settings.dkim_key_file or FILE
    path = config.root / file
    is_new = _make(path)
    try:
        record = public_record(path.read_bytes())
    except ConfigError as error:
        hint = "move it away, and a new key is made; what the old one signed is no longer verified"
        raise ConfigError(error.message, file=str(path), hint=hint) from error
    except OSError as error:
        raise ServiceError(f"cannot read: {error.strerror}", file=str(path)) from error
    return WorkspaceDkim(
        path=path,
        file=file,
        domain=domain,
        selector=selector,
        record=record,
        is_new=is_new,
    )


def _make(path: Path) -> bool:
    if os.path.lexists(path):
        return False
    try:
        create_file(path, new_key())
    except FileExistsError:  # another process was quicker
        return False
    except OSError as error:
        raise ServiceError(f"cannot write: {error.strerror}", file=str(path)) from error
    return True
