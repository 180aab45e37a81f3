"""Subscribe and confirm: nobody is on the list who did not press the button in a mail of ours."""

from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter.model.subscriber import Frequency, Purpose, SubscriberState
from newsletter.people.join_rules import Wish
from newsletter.people.sign_up_keys import is_sign_up_key
from newsletter.people.subscribe import ask_to_join, confirm, open_confirmation
from newsletter.web.forms import ButtonForm, JoinForm
from newsletter.web.languages import chosen, gettext
from newsletter.web.latest import latest_issue
from newsletter.web.limits import ASKING, ASKING_FOR_MANY, limiter
from newsletter.web.message_pages import error_page, linked_person
from newsletter.web.site import site

pages = Blueprint("joining", __name__)

WORDING = "web-2"  # change it whenever the words that people agree to change


@pages.get("/")
def start() -> AnyResponse:
    """Go to the form."""
    return redirect(url_for("joining.subscribe"))


@pages.route("/subscribe", methods=["GET", "POST"])
@limiter.limit(ASKING, methods=["POST"])
def subscribe() -> str | AnyResponse:
    """Ask to join. What is answered never depends on who is on the list."""
    return _subscribe(url_for("joining.sent"))


@pages.route("/subscribe/<key>", methods=["GET", "POST"])
@limiter.limit(ASKING_FOR_MANY, methods=["POST"], key_func=lambda: request.path)
@limiter.limit(ASKING, methods=["POST"], exempt_when=lambda: _is_for_many())
def subscribe_many(key: str) -> str | AnyResponse:
    """Ask to join where many do, one after the other, with a key that an editor gave out."""
    if not _is_for_many():
        return redirect(url_for("joining.subscribe"))
    return _subscribe(url_for("joining.subscribe_many", key=key, sent="1"))


def _is_for_many() -> bool:
    key, access = (request.view_args or {}).get("key", ""), site().access()
    return is_sign_up_key(key, links=access.links, now=access.now)


def _subscribe(next_page: str) -> str | AnyResponse:
    form = JoinForm()
    if form.validate_on_submit():
        wish = _wish(form)
        if form.is_by_a_program or site().mail_later(wish.address, partial(ask_to_join, wish)):
            return redirect(next_page, code=303)
        return error_page(503)
    if not form.is_submitted():
        form.edition.data = chosen(site().workspace.config.coalition.languages)
    return render_template(
        "web/subscribe.html", form=form, sent="sent" in request.args, latest=latest_issue()
    )


def _wish(form: JoinForm) -> Wish:
    return Wish(
        address=form.address.data,
        language=form.edition.data,
        frequency=Frequency(form.frequency.data),
        topics=frozenset(form.topics.data),
        regions=frozenset(form.regions.data),
        discreet=form.discreet.data,
        wording=WORDING,
    )


@pages.get("/subscribe/sent")
def sent() -> str:
    """Answer the same for everyone."""
    return render_template("web/sent.html")


@pages.route("/confirm/<token>", methods=["GET", "POST"])
def confirmation(token: str) -> str | Response:
    """Show a button, which changes nothing (GET), or put the person on the list (POST)."""
    here = site()
    form = ButtonForm()
    is_pressed = form.validate_on_submit()
    opening = (confirm if is_pressed else open_confirmation)(token, here.access())
    person = linked_person(opening, ask_again="joining.subscribe")
    if person.state is SubscriberState.CONFIRMED:
        title = gettext("You are subscribed")
        text = gettext("This link was used before. There is nothing more to do.")
    elif is_pressed:
        title = gettext("Welcome")
        text = gettext("You are subscribed. The next issue comes to you.")
    else:
        return render_template("web/confirm.html", form=form)
    token = here.workspace.links.make(Purpose.PREFERENCES, person.id)
    choices = url_for("preferences.choices", token=token)
    return render_template(
        "web/welcome.html", title=title, text=text, choices=choices, latest=latest_issue()
    )
