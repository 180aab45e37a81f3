"""Pages for what went wrong, in the reader's language; the log never names a link or a person."""

from types import TracebackType
from typing import Any

from flask import Flask, Response, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException

from newsletter.errors import ServiceError
from newsletter.web.languages import say


def install(app: Flask) -> None:
    """Answer every error with a page, and log without addresses, links or visitors."""

    @app.errorhandler(CSRFError)
    def expired_form(_error: CSRFError) -> Response:
        return page(
            400,
            say("This form is too old"),
            say("Please go back, load the page again and send it once more. Cookies are needed."),
        )

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        if isinstance(error, BadHost):  # no address of ours can be made from such a Host header
            return Response("", 400, content_type="text/plain; charset=utf-8")
        answer = page(error.code or 500, *_words(error.code or 500))
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                answer.headers[name] = value
        return answer

    @app.errorhandler(ServiceError)
    def away(error: ServiceError) -> Response:
        app.logger.error("%s failed: %s", request.endpoint or "a page", error.message)
        return page(503, *_words(503))

    def log_exception(
        error: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        # Flask would log the path, and the path of a personal link is the link.
        app.logger.error("%s failed", request.endpoint or "a page", exc_info=error)

    app.log_exception = log_exception  # type: ignore[method-assign, assignment]


def page(status: int, title: str, text: str, **more: Any) -> Response:
    """A page with a heading and a paragraph; `links` is a list of (words, address)."""
    return make_response(
        render_template("web/message.html", title=title, text=text, **({"links": []} | more)),
        status,
    )


def _words(code: int) -> tuple[str, str]:
    if code == 404:
        return say("There is nothing here"), say("The address may be mistyped or cut off.")
    if code == 413:
        return say("That is too much"), say("What was sent is larger than this page takes.")
    if code == 429:
        return say("Please wait a little"), say("You asked very often. Try again in an hour.")
    if code >= 500:
        return say("This did not work"), say("It is our fault. Please try again later.")
    return say("This did not work"), say("Your browser asked for something we do not understand.")
