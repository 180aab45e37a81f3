"""newsletter.toml + environment -> one frozen Config: flag > NEWSLETTER_* > file > default."""

from newsletter.config.reader import FILE, load
from newsletter.config.settings import (
    Config,
    FetchSettings,
    IssueSettings,
    Secrets,
    TransportSettings,
)

__all__ = [
    "FILE",
    "Config",
    "FetchSettings",
    "IssueSettings",
    "Secrets",
    "TransportSettings",
    "load",
]
