"""Leave: one press, no questions, no login, no cookie (RFC 8058)."""

from flask import Blueprint, Response, render_template, request, url_for

from newsletter.model.subscriber import Purpose
from newsletter.people.personal import NoSubscriber, leave, open_link
from newsletter.web.languages import gettext
from newsletter.web.limits import limiter
from newsletter.web.message_pages import linked_person, message_page
from newsletter.web.site import site

pages = Blueprint("leaving", __name__)


@pages.route("/leave/<token>", methods=["GET", "POST"])
@limiter.exempt  # mail providers press it for many people from a few addresses
def leaving(token: str) -> str | Response:
    """Show one button, for mail scanners open every link (GET), or leave (POST)."""
    here = site()
    is_pressed = request.method == "POST"
    access = here.access()
    opening = leave(token, access) if is_pressed else open_link(token, Purpose.LEAVE, access)
    if isinstance(opening, NoSubscriber):
        return message_page(
            200,
            gettext("You are not subscribed"),
            gettext(
                "You unsubscribed before, or your email address was erased. No newsletter will "
                "come."
            ),
        )
    person = linked_person(opening)
    if is_pressed:
        return message_page(
            200,
            gettext("You are unsubscribed"),
            gettext("Your email address is erased. You will get no more newsletters."),
            links=[(gettext("It was a mistake: subscribe again"), url_for("joining.subscribe"))],
        )
    choices = here.workspace.links.make(Purpose.PREFERENCES, person.id)
    return render_template("web/leave.html", choices=url_for("preferences.choices", token=choices))
