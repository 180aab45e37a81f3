"""Leave: one press, no questions, no login, no cookie (RFC 8058)."""

from flask import Blueprint, Response, render_template, request, url_for

from newsletter.people.leave import leave, open_leaving
from newsletter.people.links import Purpose
from newsletter.people.personal import NoSubscriber, Valid
from newsletter.web.errors import page
from newsletter.web.invalid_link import invalid_link_page
from newsletter.web.languages import read_by, say
from newsletter.web.limits import limiter
from newsletter.web.site import site

pages = Blueprint("leaving", __name__)


@pages.route("/leave/<token>", methods=["GET", "POST"])
@limiter.exempt  # mail providers press it for many people from a few addresses
def leaving(token: str) -> str | Response:
    """GET shows one button and changes nothing, for mail scanners open every link; POST leaves."""
    here = site()
    is_pressed = request.method == "POST"
    opening = (leave if is_pressed else open_leaving)(token, here.access())
    if isinstance(opening, NoSubscriber):
        return page(
            200,
            say("You are not on the list"),
            say("You left before, or the address was erased. No newsletter will come."),
        )
    if not isinstance(opening, Valid):
        return invalid_link_page(opening, ask_again=url_for("data.ask"))
    read_by(opening.person.language)
    if is_pressed:
        return page(
            200,
            say("You have left"),
            say("Your address is erased. No newsletter will come any more."),
            links=[(say("It was a mistake: subscribe again"), url_for("joining.subscribe"))],
        )
    choices = here.links.make(Purpose.PREFERENCES, opening.person.id)
    return render_template("web/leave.html", choices=url_for("preferences.choices", token=choices))
