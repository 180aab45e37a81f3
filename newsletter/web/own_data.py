"""Own data: a fresh link by mail, then see, take along or erase what is stored."""

from functools import partial

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter.design.names import issue_name
from newsletter.model.delivery import DeliveryState
from newsletter.model.ledger import Mailed
from newsletter.model.subscriber import Subscriber, SubscriberState
from newsletter.people.join_rules import ASKED, CONFIRMED
from newsletter.people.people_csv import with_mailed
from newsletter.people.personal import ask_for_links, erase_data, open_data
from newsletter.web.forms import AddressForm, ButtonForm, display_name, frequencies
from newsletter.web.languages import day_in_words, gettext, language, language_name
from newsletter.web.limits import ASKING, limiter
from newsletter.web.message_pages import error_page, linked_person, message_page
from newsletter.web.site import site

pages = Blueprint("data", __name__)
_RETURNED = (DeliveryState.BOUNCED, DeliveryState.REFUSED)


@pages.route("/links", methods=["GET", "POST"])
@limiter.limit(ASKING, methods=["POST"])
def ask() -> str | AnyResponse:
    """Ask for one's links. What is answered never depends on who is on the list."""
    form = AddressForm()
    if form.validate_on_submit():
        address = form.address.data
        if form.is_by_a_program or site().mail_later(address, partial(ask_for_links, address)):
            return redirect(url_for("data.sent"), code=303)
        return error_page(503)
    return render_template("web/links.html", form=form)


@pages.get("/links/sent")
def sent() -> Response:
    """Answer the same for everyone."""
    return message_page(
        200,
        gettext("Check your email"),
        gettext("If this email address is subscribed, a mail with your links is on its way to it."),
    )


@pages.get("/data/<token>")
def show(token: str) -> str:
    """Show what is stored, and a button to erase it."""
    person = linked_person(open_data(token, site().access()))
    return render_template(
        "web/data.html",
        stored=_rows(person),
        mailed=[_sent(mail) for mail in site().workspace.ledger.mailed_to(person.id)],
        token=token,
        form=ButtonForm(),
    )


def _sent(mail: Mailed) -> str:
    """One issue, as a line."""
    returned = gettext("Mail was returned") if mail.state in _RETURNED else ""
    day = day_in_words(mail.at.date()) if mail.at else ""
    return " · ".join(
        word for word in (issue_name(mail.issue_id, language()), day, returned) if word
    )


def _rows(person: Subscriber) -> list[tuple[str, str]]:
    """All that is stored, for a reader; the copy has it as it is."""
    states = {
        SubscriberState.CONFIRMED: gettext("Subscribed"),
        SubscriberState.PENDING: gettext("Not confirmed yet"),
        SubscriberState.BOUNCED: gettext("Mail was returned"),
    }
    rows = [
        (gettext("Your email address"), person.address),
        (gettext("Language of the newsletter"), language_name(person.language)),
        (gettext("Status"), states[person.state]),
        (gettext("How often"), frequencies()[person.frequency]),
        (gettext("Topics"), ", ".join(display_name(name) for name in sorted(person.topics))),
        (gettext("Regions"), ", ".join(display_name(name) for name in sorted(person.regions))),
        (gettext("Private sender and subject"), gettext("Yes") if person.discreet else ""),
        (gettext("Paused until"), day_in_words(person.paused_until)),
        (gettext("Asked on"), day_in_words(person.joined_at)),
        (gettext("Confirmed on"), day_in_words(person.confirmed_at)),
        (gettext("How you agreed"), _agreed(person.proof)),
    ]
    return [(words, value) for words, value in rows if value]


def _agreed(proof: str) -> str:
    """The program's own words, translated; an editor's as they wrote them."""
    if not proof.startswith(ASKED):
        return proof
    if proof.endswith(CONFIRMED):
        return gettext("On the sign-up page, and confirmed with the link in the mail")
    return gettext("On the sign-up page")


@pages.get("/data/<token>/newsletter-data.json")
def take(token: str) -> Response:
    """Give the same for a machine to read (GDPR 20)."""
    person = linked_person(open_data(token, site().access()))
    answer = jsonify(with_mailed(person, site().workspace.ledger.mailed_to(person.id)))
    answer.headers["Content-Disposition"] = 'attachment; filename="newsletter-data.json"'
    return answer


@pages.post("/data/<token>/erase")
def erase(token: str) -> Response:
    """Erase it at once."""
    linked_person(erase_data(token, site().access()))
    return message_page(
        200,
        gettext("Your data is erased"),
        gettext(
            "What stays is a code made from your email address, from which nobody can tell "
            "what it is: it keeps you from being added again if somebody uses an old list. "
            "Our record of what was sent keeps a number in your place."
        ),
    )
