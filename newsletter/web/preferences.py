"""What someone gets: language, topics, region, how often, from when on, and how discreetly."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter.model.subscriber import Frequency, Subscriber
from newsletter.people.links import Purpose
from newsletter.people.personal import Valid
from newsletter.people.preferences import Choices, choose, open_preferences
from newsletter.web.forms import PreferencesForm
from newsletter.web.invalid_link import invalid_link_page
from newsletter.web.languages import read_by
from newsletter.web.site import site

pages = Blueprint("preferences", __name__)


@pages.route("/preferences/<token>", methods=["GET", "POST"])
def choices(token: str) -> str | AnyResponse:
    """Show and store the choices. The address is not shown: digests get forwarded."""
    here = site()
    opening = open_preferences(token, here.access())
    if not isinstance(opening, Valid):
        return invalid_link_page(opening, ask_again=url_for("data.ask"))
    read_by(opening.person.language)
    form = PreferencesForm(data=_shown(opening.person))
    if form.validate_on_submit():
        stored = choose(token, _chosen(form), here.access())
        if isinstance(stored, Valid):
            return redirect(url_for("preferences.choices", token=token, saved="1"), code=303)
        return invalid_link_page(stored, ask_again=url_for("data.ask"))
    leave = here.links.make(Purpose.LEAVE, opening.person.id)
    return render_template(
        "web/preferences.html",
        form=form,
        leave=url_for("leaving.leaving", token=leave),
        saved="saved" in request.args,
    )


def _shown(person: Subscriber) -> dict[str, object]:
    paused = person.paused_until
    return {
        "edition": person.language,
        "frequency": person.frequency.value,
        "topics": sorted(person.topics),
        "regions": sorted(person.regions),
        "discreet": person.discreet,
        "paused_until": paused if paused and paused > site().today() else None,
    }


def _chosen(form: PreferencesForm) -> Choices:
    menu = site().workspace.menu
    topics, regions = frozenset(form.topics.data), frozenset(form.regions.data)
    return Choices(
        language=form.edition.data,
        frequency=Frequency(form.frequency.data),
        topics=topics if topics < frozenset(menu.topics) else frozenset(),
        regions=regions if regions < frozenset(menu.regions) else frozenset(),
        discreet=form.discreet.data,
        paused_until=form.paused_until.data,
    )
