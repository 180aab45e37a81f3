"""Pages of a heading and a sentence: what was done, what went wrong, links that open nothing."""

from types import TracebackType
from typing import Any

from flask import Flask, Response, abort, g, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadHost, HTTPException

from newsletter.errors import AttentionError, ServiceError
from newsletter.model.subscriber import Subscriber
from newsletter.people.personal import Expired, NoSubscriber, Opening, Valid
from newsletter.web.event_log import error_place
from newsletter.web.languages import gettext


def install(app: Flask) -> None:
    """Answer every error with a page, and log without addresses, links or visitors."""

    @app.errorhandler(CSRFError)
    def expired_form(_error: CSRFError) -> Response:
        return message_page(
            400,
            gettext("This form is too old"),
            gettext(
                "Please go back, load the page again and send it once more. Your browser must "
                "accept cookies."
            ),
        )

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        if isinstance(error, BadHost):  # no address of ours can be made from such a Host header
            return Response("", 400, content_type="text/plain; charset=utf-8")
        answer = error_page(error.code or 500)
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                answer.headers[name] = value
        return answer

    @app.errorhandler(AttentionError)
    @app.errorhandler(ServiceError)
    def away(error: AttentionError | ServiceError) -> Response:
        app.logger.error("%s failed: %s", request.endpoint or "a page", error.message)
        return error_page(503)

    def log_exception(
        error: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        # Flask would log the path, and the path of a personal link is the link.
        where = error_place(error[1]) if error[1] is not None else "nobody knows where"
        app.logger.error("%s failed: %s", request.endpoint or "a page", where)

    app.log_exception = log_exception  # type: ignore[method-assign, assignment]


def message_page(status: int, title: str, text: str, **more: Any) -> Response:
    """Return a page with a heading and a paragraph; `links` is a list of (words, address)."""
    return make_response(
        render_template("web/message.html", title=title, text=text, **({"links": []} | more)),
        status,
    )


def error_page(status: int) -> Response:
    """Return the page that explains an HTTP status, in the language of this page."""
    title, text = gettext("This did not work"), gettext("It is our fault. Please try again later.")
    if status == 404:
        title = gettext("There is nothing here")
        text = gettext("The link may be mistyped or cut off.")
    elif status == 410:
        title = gettext("This is no longer shown")
        text = gettext("It was taken off our pages.")
    elif status == 413:
        title = gettext("That is too large")
        text = gettext("What was sent is larger than this page takes.")
    elif status == 429:
        title = gettext("Please wait a little")
        text = gettext("Too many requests. Try again in an hour.")
    elif status < 500:
        text = gettext("Your browser asked for something we do not understand.")
    return message_page(status, title, text)


def linked_person(opening: Opening, *, ask_again: str = "data.ask") -> Subscriber:
    """Return whose link it is, and show the page in their language.

    Ends the request where the link opens nothing: 404 for a forged or cut one, 410 for one that is
    too old or used up, with a way to `ask_again`, the endpoint that sends a new one.
    """
    if isinstance(opening, Valid | Expired) and opening.person is not None:
        g.reader_language = opening.person.language  # whatever the borrowed browser says
    if not isinstance(opening, Valid):
        abort(_invalid_link_page(opening, ask_again))
    return opening.person


def _invalid_link_page(opening: Opening, ask_again: str) -> Response:
    if isinstance(opening, NoSubscriber):
        return message_page(
            410,
            gettext("You are not subscribed"),
            gettext("This link belonged to someone who unsubscribed, or did not confirm in time."),
            links=[(gettext("Subscribe"), url_for("joining.subscribe"))],
        )
    status = 404
    title = gettext("This link does not work")
    text = gettext(
        "It may have been cut off by a mail program. Copy all of it, to its last character."
    )
    if isinstance(opening, Expired):
        status = 410
        title = gettext("This link is too old")
        text = gettext("Some links in our mails work for a while only. Ask for a new one.")
    return message_page(
        status, title, text, links=[(gettext("Ask for a new link"), url_for(ask_again))]
    )
