"""Whose turn it is to have a code checked: two at a time, for each costs 16 MiB.

Who sent many wrong codes has one turn at a time, and waits for it in the browser, not in a thread
of ours: the page asks again by itself, and those who wait longest come first. So a flood from one
address slows whoever shares it, shuts nobody out, and nobody else's page waits for it.
"""

import hashlib
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import nsmallest

from cryptography.fernet import Fernet, InvalidToken
from flask import Response, current_app, make_response, redirect, request
from limits import parse

from newsletter.people.links import derived_key
from newsletter.web.limits import limiter, visitor
from newsletter.web.site import site

WRONG_CODES = parse("30 per hour")  # after which no page is made for one; a right one passes
LONGEST_CODE = 60
SECONDS = 3  # until a page that waits asks again
_COOKIE = "turn"
_KEPT_FOR = 600  # seconds
_FIRST = 2  # so many of those who wait longest have the next turn
_MOST = 1000  # who wait; more are told to ask again
_at_once = threading.BoundedSemaphore(2)
_slowed = threading.BoundedSemaphore(1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ticket:
    """A code that waits in a browser. `since` is in seconds; `repr` shows no code."""

    code: str = field(repr=False)
    id: bytes
    since: int


class Line:
    """Who waits in this process, and whose turn has been: a ticket is good for one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._waiting: dict[bytes, tuple[int, float]] = {}  # since when, and last seen
        self._done: dict[bytes, float] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits."""
        with self._lock:
            self._forget()
            return not self._waiting

    def is_done(self, name: bytes) -> bool:
        """Return whether the turn of that ticket has been."""
        with self._lock:
            return name in self._done

    def is_next(self, ticket: Ticket) -> bool:
        """Return whether this one is among the first, and remember that it waits."""
        with self._lock:
            self._forget()
            if ticket.id in self._waiting or len(self._waiting) < _MOST:
                self._waiting[ticket.id] = ticket.since, self._clock()
            first = nsmallest(_FIRST, ((since, name) for name, (since, _) in self._waiting.items()))
            return (ticket.since, ticket.id) in first

    def done(self, ticket: Ticket) -> None:
        """Let the next one come."""
        with self._lock:
            self._waiting.pop(ticket.id, None)
            self._done[ticket.id] = self._clock()

    def _forget(self) -> None:
        """Let go of who did not ask again, and of tickets that are too old to be shown."""
        now = self._clock()
        self._waiting = {
            name: (since, seen)
            for name, (since, seen) in self._waiting.items()
            if now - seen < 4 * SECONDS
        }
        self._done = {name: at for name, at in self._done.items() if now - at < _KEPT_FOR}


line = Line()


@contextmanager
def code_turn(ticket: Ticket | None = None) -> Iterator[bool]:
    """Wait for a turn. To a visitor with many wrong codes give False at once, and no turn, unless
    nobody waits or the `ticket` is next."""
    if limiter.limiter.test(WRONG_CODES, "wrong code", visitor()):
        with _at_once:
            yield True
        return
    may_now = line.is_next(ticket) if ticket else line.is_empty
    if not may_now or not _slowed.acquire(timeout=1 if ticket else 0):
        yield False
        return
    try:
        with _at_once:
            yield True
    finally:
        _slowed.release()
        if ticket:
            line.done(ticket)


def ask_again(to: str, typed: str) -> Response:
    """Answer a POST that got no turn: the browser keeps the code, sealed so that only we can open
    it, in a cookie, and asks for the path `to`, where `ticket_here` finds it."""
    answer = make_response(redirect(to, code=303))
    answer.set_cookie(
        _COOKIE,
        _seal().encrypt(typed[:LONGEST_CODE].encode()).decode(),
        max_age=_KEPT_FOR,
        path=to,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return answer


def ticket_here() -> Ticket | None:
    """Return the code that waits for its turn on this page; None when there is none."""
    sealed = request.cookies.get(_COOKIE, "")
    name = hashlib.sha256(sealed.encode()).digest()
    if not sealed or line.is_done(name):
        return None
    seal = _seal()
    try:
        code = seal.decrypt(sealed, ttl=_KEPT_FOR).decode()
        since = seal.extract_timestamp(sealed)
    except InvalidToken:
        return None
    return Ticket(code=code, id=name, since=since)


def without_ticket(answer: Response) -> Response:
    """Have the browser drop it: its turn has been."""
    answer.delete_cookie(_COOKIE, path=request.path)
    return answer


def _seal() -> Fernet:
    key = derived_key(site().workspace.secret_keys[0], "codes that wait for their turn")
    return Fernet(urlsafe_b64encode(key))
