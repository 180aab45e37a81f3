"""Whose turn it is to have a code checked: two at a time, for each costs 16 MiB.

Who sent many wrong codes has one turn at a time, and waits for it in the browser, not in a thread
of ours: the page asks again by itself until the code was checked. So a flood from one address
slows whoever shares it, shuts nobody out, and nobody else's page waits for it.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from cryptography.fernet import Fernet, InvalidToken
from flask import Response, after_this_request, current_app, make_response, redirect, request
from limits import parse

from newsletter.people.links import derived_key
from newsletter.web.limits import limiter, visitor
from newsletter.web.site import site

WRONG_CODES = parse("30 per hour")  # after which no page is made for one; a right one passes
LONGEST_CODE = 60
SECONDS = 3  # until a page that waits asks again
_COOKIE = "turn"
_KEPT_FOR = 600  # seconds
_at_once = BoundedSemaphore(2)
_slowed = BoundedSemaphore(1)


@contextmanager
def code_turn() -> Iterator[bool]:
    """Wait for a turn. Give False at once, and no turn, to a visitor with many wrong codes while
    another code of such a visitor is being checked."""
    if limiter.limiter.test(WRONG_CODES, "wrong code", visitor()):
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


def ask_again(to: str, typed: str) -> Response:
    """Answer a POST that got no turn: the browser keeps the code, sealed so that only we can open
    it, in a cookie, and asks for the path `to`, where `waiting_code` finds it."""
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


def waiting_code() -> str | None:
    """Return the code that waits for its turn on this page, once; None when there is none."""
    sealed = request.cookies.get(_COOKIE)
    if sealed is None:
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
