"""What someone gets: language, topics, region, how often, from when on, and how discreetly."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter.model.subscriber import Frequency, Purpose, Subscriber
from newsletter.people.personal import Choices, choose, open_preferences
from newsletter.web.forms import PreferencesForm
from newsletter.web.message_pages import linked_person
from newsletter.web.site import site

pages = Blueprint("preferences", __name__)


@pages.route("/preferences/<token>", methods=["GET", "POST"])
def choices(token: str) -> str | AnyResponse:
    """Show and store the choices. The address is not shown: digests get forwarded."""
    here = site()
    person = linked_person(open_preferences(token, here.access()))
    form = PreferencesForm(data=_form_values(person))
    if form.validate_on_submit():
        linked_person(choose(token, _choices(form), here.access()))
        return redirect(url_for("preferences.choices", token=token, saved="1"), code=303)
    leave = here.workspace.links.make(Purpose.LEAVE, person.id)
    return render_template(
        "web/preferences.html",
        form=form,
        leave=url_for("leaving.leaving", token=leave),
        saved="saved" in request.args,
    )


def _form_values(person: Subscriber) -> dict[str, object]:
    paused = person.paused_until
    return {
        "edition": person.language,
        "frequency": person.frequency.value,
        "topics": sorted(person.topics),
        "regions": sorted(person.regions),
        "discreet": person.discreet,
        "paused_until": paused if paused and paused > site().today() else None,
    }


def _choices(form: PreferencesForm) -> Choices:
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
