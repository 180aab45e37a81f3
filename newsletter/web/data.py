"""Own data: a fresh link by mail, then see, take along or erase what is stored."""

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter.model.subscriber import Subscriber, SubscriberState
from newsletter.people.own_data import ask_for_links, data_of, erase_own_data, open_data
from newsletter.people.personal import Valid
from newsletter.web.errors import page
from newsletter.web.forms import AddressForm, ButtonForm, frequencies, in_words
from newsletter.web.invalid_link import invalid_link_page
from newsletter.web.languages import day_in_words, own_name, read_by, say
from newsletter.web.limits import ASKING, limiter, may_mail
from newsletter.web.site import Site, site

pages = Blueprint("data", __name__)


@pages.route("/links", methods=["GET", "POST"])
@limiter.limit(ASKING, methods=["POST"])
def ask() -> str | AnyResponse:
    """Ask for one's links. What is answered never depends on who is on the list."""
    form = AddressForm()
    if form.validate_on_submit():
        if form.is_by_a_program or site().later.do(_request(site(), form.address.data)):
            return redirect(url_for("data.sent"), code=303)
        return page(503, say("This did not work"), say("It is our fault. Please try again later."))
    return render_template("web/links.html", form=form)


def _request(here: Site, address: str) -> Callable[[], None]:
    def job() -> None:
        if may_mail(address):
            workspace = here.workspace
            ask_for_links(
                address, store=workspace.subscribers, notices=workspace.notices, now=here.clock()
            )

    return job


@pages.get("/links/sent")
def sent() -> Response:
    """The same for everyone."""
    return page(
        200,
        say("Look at your mail"),
        say("If the address is on our list, a mail with your links is on its way to it."),
    )


@pages.get("/data/<token>")
def show(token: str) -> str | Response:
    """What is stored, and a button to erase it."""
    opening = open_data(token, site().access())
    if not isinstance(opening, Valid):
        return invalid_link_page(opening, ask_again=url_for("data.ask"))
    read_by(opening.person.language)
    return render_template(
        "web/data.html", stored=_in_words(opening.person), token=token, form=ButtonForm()
    )


def _in_words(person: Subscriber) -> list[tuple[str, str]]:
    """All that is stored, for a reader; the copy has it as it is."""
    states = {
        SubscriberState.CONFIRMED: say("On the list"),
        SubscriberState.PENDING: say("Not confirmed yet"),
        SubscriberState.BOUNCED: say("Mail came back"),
    }
    rows = [
        (say("Your email address"), person.address),
        (say("Language of the newsletter"), own_name(person.language)),
        (say("Where you stand"), states[person.state]),
        (say("How often"), frequencies()[person.frequency]),
        (say("Topics"), ", ".join(in_words(name) for name in sorted(person.topics))),
        (say("Regions"), ", ".join(in_words(name) for name in sorted(person.regions))),
        (say("Discreet mails"), say("Yes") if person.discreet else ""),
        (say("Paused until"), day_in_words(person.paused_until)),
        (say("Asked on"), day_in_words(person.joined_at)),
        (say("Confirmed on"), day_in_words(person.confirmed_at)),
        (say("How you agreed"), person.proof),
    ]
    return [(words, value) for words, value in rows if value]


@pages.get("/data/<token>/newsletter-data.json")
def take(token: str) -> Response:
    """The same, for a machine to read (GDPR 20)."""
    opening = open_data(token, site().access())
    if not isinstance(opening, Valid):
        return invalid_link_page(opening, ask_again=url_for("data.ask"))
    answer = jsonify(data_of(opening.person))
    answer.headers["Content-Disposition"] = 'attachment; filename="newsletter-data.json"'
    return answer


@pages.post("/data/<token>/erase")
def erase(token: str) -> Response:
    """Erase it at once."""
    opening = erase_own_data(token, site().access())
    if not isinstance(opening, Valid):
        return invalid_link_page(opening, ask_again=url_for("data.ask"))
    read_by(opening.person.language)
    return page(
        200,
        say("Your data is erased"),
        say(
            "What stays is a code made from your address, which nobody can turn back: it keeps "
            "you out if an old list is read in."
        ),
    )
