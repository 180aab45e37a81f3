"""The address of a database in its parts, whatever somebody wrote for one."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from newsletter.errors import ConfigError


def address_of(url: str) -> URL:
    """Return an address in its parts. ConfigError when it is none; it is not shown, for it may hold
    a password."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:
        raise ConfigError(
            "this is no address of a database",
            hint="sqlite:///newsletter.db, or postgresql://user@host:port/name",
        ) from error
