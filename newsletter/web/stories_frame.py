"""What every page of a story shares: its language, its way out, and that each POST gets a 303.

Addresses and titles say nothing: who looks into the browser's history finds the coalition's name
and a letter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from newsletter.errors import ConfigError
from newsletter.model.language import direction
from newsletter.stories.record.story_language import Gettext, story_gettext
from newsletter.web.forms import ButtonForm
from newsletter.web.languages import story_page_language
from newsletter.web.limits import limiter
from newsletter.web.message_pages import error_page
from newsletter.web.site import site

FOLDER = "/stories/"
TELL, TAKE_BACK, CHECK, YOURS, SORRY = (f"{FOLDER}{letter}" for letter in "abcdz")
STATUS = "s"  # of the address of SORRY: why

pages = Blueprint("stories", __name__)
limiter.exempt(pages)  # what was typed would be lost to whoever else asks from there


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What every page of a story shows: its words, in a language there is a consent notice in."""

    language: str
    gettext: Gettext

    @property
    def direction(self) -> str:
        """Return `ltr` or `rtl`."""
        return direction(self.language)


def story_frame() -> Frame:
    """Return the frame of this request."""
    tag = story_page_language()
    return Frame(language=tag, gettext=story_gettext(tag))


def story_message(
    status: int, title: str, text: str, links: Sequence[tuple[str, str]] = ()
) -> Response:
    """Return a story page of a heading and a paragraph; `links` are (words, address)."""
    shown = render_template(
        "web/stories_message.html", frame=story_frame(), title=title, text=text, links=links
    )
    return make_response(shown, status)


def is_open() -> bool:
    """Whether stories are taken: there are keys to seal them to."""
    try:
        return len(site().workspace.story_services.recipients()) >= 2
    except ConfigError:
        return False


def is_our_form() -> bool:
    """Whether a POST comes from a page of ours that is not too old."""
    return bool(ButtonForm().validate_on_submit())


def is_from_elsewhere() -> bool:
    """Whether another site made the browser send this: what is in it is not the visitor's."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site", "same-site")


def forgetting(answer: Response) -> Response:
    """Have the browser forget every page of ours, also those that it holds in memory and shows
    when somebody goes back, without asking and in spite of `no-store`."""
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


def install(app: Flask) -> None:
    """Let no answer to a POST be a page, which a browser would keep with what was typed; and let
    what was typed leave the memory soon."""

    @app.after_request
    def answer_with_303(answer: Response) -> Response:
        if not request.path.startswith(FOLDER):
            return answer
        site().forget_soon()
        if request.method != "POST":
            return answer
        if answer.status_code == 303:
            return answer
        # Nothing is kept for it: no limit counts these, and a flood would push others' pages out.
        return make_response(redirect(f"{SORRY}?{STATUS}={answer.status_code}", code=303))


@pages.get(SORRY)
def sorry() -> AnyResponse:
    """Say why a POST was refused; by itself: that there were too many."""
    status = request.args.get(STATUS, 429, type=int)
    answer = error_page(status if 400 <= status < 600 else 429)
    if answer.status_code == 429:
        answer.headers["Retry-After"] = "600"
    return answer
