"""How often one visitor may ask: counted in memory, by a hash whose key dies with the process."""

import hmac
import logging
import secrets

from flask import Flask, request
from flask_limiter import Limiter
from limits import parse

from newsletter.model.subscriber import folded

_log = logging.getLogger(__name__)
_KEY = secrets.token_bytes(32)
PER_VISITOR = "300 per minute"
ASKING = "12 per hour"  # forms that make us mail somebody
MAILS_PER_ADDRESS = parse("3 per day")
MAILS_AT_ALL = parse("1000 per hour")  # many visitors at once can be one attacker


def _hashed(text: str) -> str:
    return hmac.digest(_KEY, text.encode(), "sha256").hex()[:24]


limiter = Limiter(
    key_func=lambda: _hashed(request.remote_addr or ""),  # the address is written nowhere
    default_limits=[PER_VISITOR],
    storage_uri="memory://",
    strategy="fixed-window",
    headers_enabled=False,
)


def install(app: Flask) -> None:
    """Count from now on."""
    limiter.init_app(app)


def may_mail(address: str) -> bool:
    """Count one more mail to the address; False when its owner had enough of them for a day, or
    when the pages have mailed so many people that something is wrong."""
    counter = limiter.limiter
    if not counter.hit(MAILS_PER_ADDRESS, "mail", _hashed(folded(address))):
        return False
    if counter.hit(MAILS_AT_ALL, "mails"):
        return True
    _log.warning("more than 1000 mails were requested within an hour: no more are sent for now")
    return False
