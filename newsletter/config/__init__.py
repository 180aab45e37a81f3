"""newsletter.toml + environment -> one frozen Config: flag > NEWSLETTER_* > file > default."""

from newsletter.config.reader import load
from newsletter.config.settings import Config, FetchSettings

__all__ = ["Config", "FetchSettings", "load"]
