"""What a page shows after a POST, handed over to the GET that follows it.

A browser keeps a POST that a page answers, with all that was typed, in its session files. So each
POST is answered by 303, and what the next page must show waits meanwhile, sealed under a key that
is nowhere but in a cookie of that browser, in a row that goes at the first reading or after ten
minutes. The address holds a random mark only, which tells two tabs apart.
"""

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Response, after_this_request, current_app, make_response, redirect, request
from limits import parse

from newsletter.errors import StoreError
from newsletter.web.limits import may, visitor
from newsletter.web.site import Site, site

MARK = "p"  # of the address: `?p=…`
KEPT_FOR = timedelta(minutes=10)
MOST_PAGES = 500  # a page waits for a second: only a flood makes so many
_MANY = parse("60 per 10 minute")  # pages of one visitor; of more, each is kept so long:
_BRIEFLY = timedelta(minutes=1)  # what is to go soonest goes first, so a flood loses its own
LARGEST = 1024 * 1024  # bytes
_MOST_IN_MEMORY = 50
_COOKIE = "page-"
_PATH = "/stories"
_SIZES = tuple(4096 * 4**power for power in range(5))  # the sealed bytes show no finer length
_NONCE = bytes(12)  # each key seals once


def hand_over(to: str, values: Mapping[str, Any]) -> Response:
    """Answer a POST: seal the values, which JSON can hold, for the GET of the path `to`.

    ValueError when they are larger than LARGEST.
    """
    here = site()
    mark, key = secrets.token_urlsafe(6), secrets.token_bytes(32)
    sealed = AESGCM(key).encrypt(_NONCE, _padded(values), to.encode())
    kept_for = KEPT_FOR if may(_MANY, "page", visitor()) else _BRIEFLY
    _keep(here, _row(key), sealed, here.clock() + kept_for)
    here.later.once_after(KEPT_FOR.total_seconds() + 1, "pages", lambda: purge_pages(here))
    answer = make_response(redirect(f"{to}?{MARK}={mark}", code=303))
    answer.set_cookie(
        _COOKIE + mark,
        urlsafe_b64encode(key).decode(),
        max_age=kept_for,
        path=_PATH,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return answer


def take_over() -> dict[str, Any] | None:
    """Return what was handed over to this GET, once; None when nothing was, or it is gone."""
    name = _COOKIE + request.args.get(MARK, "")
    if request.method != "GET" or name not in request.cookies:
        return None
    after_this_request(_without_cookie(name))
    try:
        key = urlsafe_b64decode(request.cookies[name])
        sealed = _take(site(), _row(key))
        if sealed is None:
            return None
        opened = AESGCM(key).decrypt(_NONCE, sealed, request.path.encode())
    except (ValueError, InvalidTag):  # no key of ours, or a page made for another path
        return None
    values: dict[str, Any] = json.loads(opened)
    return values


def is_spent() -> bool:
    """Whether this address was handed something over once: it is a page seen before, or too old."""
    return MARK in request.args


def purge_pages(here: Site) -> None:
    """Delete pages that nobody came for; again in a while if some are left."""
    now = here.clock()
    for row, (_, expires_at) in list(here.pages_in_memory.items()):
        if expires_at <= now:
            here.pages_in_memory.pop(row, None)
    if here.workspace.sealed_pages.purge(now=now) or here.pages_in_memory:
        here.later.once_after(60, "pages", lambda: purge_pages(here))


def _keep(here: Site, row: str, sealed: bytes, expires_at: datetime) -> None:
    try:
        here.workspace.sealed_pages.keep(row, sealed, expires_at=expires_at, most=MOST_PAGES)
    except StoreError:  # what was typed must not be lost with the database: one process is enough
        while len(here.pages_in_memory) >= _MOST_IN_MEMORY:
            here.pages_in_memory.pop(next(iter(here.pages_in_memory)), None)
        here.pages_in_memory[row] = sealed, expires_at


def _take(here: Site, row: str) -> bytes | None:
    now = here.clock()
    if row in here.pages_in_memory:
        sealed, expires_at = here.pages_in_memory.pop(row)
        return sealed if expires_at > now else None
    return here.workspace.sealed_pages.take(row, now=now)


def _row(key: bytes) -> str:
    return hashlib.sha256(b"newsletter sealed page 1" + key).hexdigest()


def _padded(values: Mapping[str, Any]) -> bytes:
    raw = json.dumps(values, ensure_ascii=False).encode()
    if len(raw) > LARGEST:
        raise ValueError("too much to hand over")
    size = next(size for size in _SIZES if size >= len(raw))
    return raw.ljust(size)  # JSON may end in spaces


def _without_cookie(name: str) -> Callable[[Response], Response]:
    def drop(answer: Response) -> Response:
        answer.delete_cookie(name, path=_PATH)
        return answer

    return drop
