"""What someone gets: language, topics, region, how often, from when on, and how discreetly."""

from collections.abc import Collection, Iterable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter.model.language import first_same
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
    form = PreferencesForm(person, data=_form_values(person))
    if form.validate_on_submit():
        linked_person(choose(token, _choices(form, person), here.access()))
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
        "edition": _shown(person.language),
        "frequency": person.frequency.value,
        "topics": sorted(person.topics),
        "regions": sorted(person.regions),
        "discreet": person.discreet,
        "paused_until": paused if paused and paused > site().today() else None,
    }


def _choices(form: PreferencesForm, person: Subscriber) -> Choices:
    menu = site().workspace.menu
    edition = form.edition.data
    return Choices(
        language=person.language if edition == _shown(person.language) else edition,
        frequency=Frequency(form.frequency.data),
        topics=_some(form.topics.data, menu.topics),
        regions=_some(form.regions.data, menu.regions),
        discreet=form.discreet.data,
        paused_until=form.paused_until.data,
    )


def _shown(language: str) -> str:
    """The choice that stands for somebody's language: `es` for `es-MX`."""
    return first_same(language, site().workspace.config.coalition.languages) or language


def _some(chosen: Iterable[str], menu: Collection[str]) -> frozenset[str]:
    """What was chosen; nothing, which means all, when that is all there is."""
    names = frozenset(chosen)
    return frozenset() if names.issuperset(menu) and menu else names
