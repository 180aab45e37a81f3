"""How often one visitor may ask, counted over all processes: by a keyed hash, never the address.

The key comes from the secret key and the day, so that all processes have the same one and none of
it lies beside the counts. A count is forgotten when its time is over.
"""

import hmac
import ipaddress
import logging
import threading
from datetime import timedelta
from typing import Any

from flask import Flask, current_app, request
from flask_limiter import Limiter
from limits import RateLimitItem, parse
from limits.storage import Storage

from newsletter.errors import StoreError
from newsletter.model.subscriber import folded
from newsletter.people.links import derived_key
from newsletter.web.proxies import read_address

_log = logging.getLogger(__name__)
PER_VISITOR = "300 per minute"
ASKING = "12 per hour"  # forms that make us mail somebody
ASKING_FOR_MANY = "60 per hour"  # where an editor's key lets many people ask on one tablet
MAILS_PER_ADDRESS = parse("3 per day")
MAILS_AT_ALL = parse("1000 per hour")  # many visitors at once can be one attacker
_AT_ONCE = 10  # what is counted by the minute is told to the database in tens: pages only read it
_MOST_COUNTED = 10_000


class _Counted:
    """What one process counted of one thing: not yet told to the database, and told by all."""

    __slots__ = ("all", "until", "untold")

    def __init__(self, until: float) -> None:
        self.until, self.untold, self.all = until, 0, 0


class SharedCounts(Storage):
    """Counts in the database of the current app; while it is away, in this process alone."""

    STORAGE_SCHEME = ("newsletter",)  # type: ignore[assignment]

    def __init__(self, uri: str | None = None, **options: Any) -> None:
        super().__init__(uri, **options)
        self._lock = threading.Lock()
        self._counted: dict[bytes, _Counted] = {}

    @property
    def base_exceptions(self) -> type[Exception]:
        """Name what the database raises when it is away."""
        return StoreError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count; return how many there are now. `expiry` is in seconds."""
        here = _here()
        now = here.clock()
        hashed = _hashed(here, key)
        with self._lock:
            mine = self._of(hashed, now.timestamp(), expiry)
            mine.untold += amount
            if mine.untold < (_AT_ONCE if expiry <= 60 else 1):
                return mine.all + mine.untold
            told, mine.untold = mine.untold, 0
        try:
            until = now + timedelta(seconds=expiry)
            total: int = here.workspace.visits.add(hashed, told, until=until, now=now)
        except StoreError:
            total = mine.all + told
        with self._lock:
            mine.all = total
            return total + mine.untold

    def _of(self, hashed: bytes, now: float, expiry: int) -> _Counted:
        if len(self._counted) >= _MOST_COUNTED:
            self._counted.clear()  # what the database was told is there; a flood fills no memory
        found = self._counted.get(hashed)
        if found is None or found.until <= now:
            found = self._counted[hashed] = _Counted(now + expiry)
        return found

    def get(self, key: str) -> int:
        """Return how many are counted."""
        here = _here()
        hashed, now = _hashed(here, key), here.clock()
        mine = self._counted.get(hashed)
        if mine is None or mine.until <= now.timestamp():
            mine = _Counted(0)
        try:
            told: int = here.workspace.visits.count(hashed, now=now)
        except StoreError:
            told = mine.all
        return told + mine.untold

    def get_expiry(self, key: str) -> float:
        """Return the moment from which it is certainly forgotten."""
        mine = self._counted.get(_hashed(_here(), key))
        now: float = _here().clock().timestamp()
        return mine.until if mine is not None else now

    def check(self) -> bool:
        """Say that counting works: it does without the database too."""
        return True

    def reset(self) -> int | None:
        """Forget what this process counted."""
        self._counted.clear()
        return None

    def clear(self, key: str) -> None:
        """Forget what this process counted of one thing."""
        self._counted.pop(_hashed(_here(), key), None)


def _here() -> Any:
    return current_app.extensions["newsletter"]  # a Site, which asks this module for its counts


def _hashed(here: Any, text: str) -> bytes:
    day = here.clock().date().isoformat()
    key = derived_key(here.workspace.secret_keys[0], f"visitors {day}")
    return hmac.digest(key, text.encode(), "sha256")[:16]


def visitor() -> str:
    """Return whose request this is: an IPv4 address, or the /64 that an IPv6 household has."""
    said = request.remote_addr or ""
    address = read_address(said)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(address), 64), strict=False))
    return said if address is None else str(address)


limiter = Limiter(
    key_func=visitor,  # hashed before it is kept, even in memory
    default_limits=[PER_VISITOR],
    storage_uri="newsletter://",
    strategy="fixed-window",
    headers_enabled=False,
)


def install(app: Flask) -> None:
    """Count from now on."""
    limiter.init_app(app)


def may(limit: RateLimitItem, *what: str) -> bool:
    """Count once more; False when there were more than the limit allows."""
    return limiter.limiter.hit(limit, *what)


def may_mail(address: str) -> bool:
    """Count one more mail to the address; False when its owner had enough of them for a day, or
    when the pages have mailed so many people that something is wrong."""
    if not may(MAILS_PER_ADDRESS, "mail", folded(address)):
        return False
    if may(MAILS_AT_ALL, "mails"):
        return True
    _log.warning("more than 1000 mails were requested within an hour: no more are sent for now")
    return False
