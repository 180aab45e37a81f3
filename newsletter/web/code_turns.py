"""Whose turn it is to have a code checked: two at a time, for each costs 16 MiB.

Who sent many wrong codes has a turn when one is free at that moment; otherwise the code waits in
the browser, not in a thread of ours, and the page asks again by itself. No place is kept for those
who wait: who keeps one and says nothing would hold all others up. So a flood from one address slows
whoever shares it, shuts nobody out, and nobody else's page waits for it.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from cryptography.fernet import Fernet, InvalidToken
from flask import Response, after_this_request, current_app, request
from limits import parse

from newsletter.people.links import derived_key
from newsletter.web.handover import hand_over, is_spent
from newsletter.web.limits import limiter, may, visitor
from newsletter.web.site import site

WRONG_CODES = parse("30 per hour")  # after which a code waits for its turn; a right one passes
LONGEST_CODE = 60
SECONDS = 3  # until a page that waits asks again
_COUNTED = "wrong code"
_COOKIE = "turn"
_KEPT_FOR = 600  # seconds
_at_once = BoundedSemaphore(2)
_slowed = BoundedSemaphore(1)


@contextmanager
def code_turn() -> Iterator[bool]:
    """Wait for a turn. Give False at once, and no turn, to a visitor with many wrong codes while
    another code of such a visitor is being checked."""
    if limiter.limiter.test(WRONG_CODES, _COUNTED, visitor()):
        with _at_once:
            yield True
    elif _slowed.acquire(blocking=False):
        try:
            with _at_once:
                yield True
        finally:
            _slowed.release()
    else:
        yield False


def wrong_code(to: str, typed: str, **kept: str) -> Response:
    """Count a wrong code, and say so on the page `to`, where all that was typed stays."""
    may(WRONG_CODES, _COUNTED, visitor())
    return hand_over(to, {"said": "wrong", "typed": typed[:LONGEST_CODE], **kept})


def keep_waiting(answer: Response, typed: str) -> Response:
    """Have the browser keep the code in a cookie, sealed so that only we can open it, where
    `waiting_code` finds it when this path is asked for again."""
    answer.set_cookie(
        _COOKIE,
        _seal().encrypt(typed[:LONGEST_CODE].encode()).decode(),
        max_age=_KEPT_FOR,
        path=request.path,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return answer


def waiting_code() -> str | None:
    """Return the code that waits for its turn on this page, and have it kept no longer unless
    `keep_waiting` says so again; None when there is none."""
    sealed = request.cookies.get(_COOKIE)
    if sealed is None or is_spent():
        return None

    @after_this_request
    def drop(answer: Response) -> Response:
        if not any(line.startswith(f"{_COOKIE}=") for line in answer.headers.getlist("Set-Cookie")):
            answer.delete_cookie(_COOKIE, path=request.path)
        return answer

    try:
        return _seal().decrypt(sealed, ttl=_KEPT_FOR).decode()
    except InvalidToken:
        return None


def _seal() -> Fernet:
    key = derived_key(site().workspace.secret_keys[0], "codes that wait for their turn")
    return Fernet(urlsafe_b64encode(key))
