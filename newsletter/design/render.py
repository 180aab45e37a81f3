"""An edition and what it needs -> the HTML and text that will be sent: a chain of small functions.

`edition -> view -> MJML source -> HTML`, and `view -> text`. No clock, no network; the same inputs
give the same bytes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from newsletter.design.bidi_gettext import Gettext, gettext_for, ngettext_for
from newsletter.design.build_view import edition_view, opening_picture, picture_of
from newsletter.design.first_words import preheader_html
from newsletter.design.fragment_text import fragment_text
from newsletter.design.frame import frame_names
from newsletter.design.localizer import Localizer, localizer_for
from newsletter.design.mjml import compile_mjml
from newsletter.design.personal_fields import PersonalFields, neutralize
from newsletter.design.plain_text import tidied
from newsletter.design.templates import Templates
from newsletter.design.views import EditionView, PlacementView, SectionView
from newsletter.model.details import BRIEF
from newsletter.model.issue import Edition
from newsletter.model.item import ItemKind
from newsletter.model.material import Material
from newsletter.model.message import InlinePicture, RenderedEdition


def render(
    edition: Edition, material: Material, templates: Templates, *, part: str = "issue.mjml"
) -> RenderedEdition:
    """Render the edition as it will be sent, personal fields left as placeholders; another `part`
    shows less of it."""
    localizer = localizer_for(edition.language, material.coalition)
    view = edition_view(edition, material, localizer)
    return RenderedEdition(
        issue_id=edition.issue_id,
        language=edition.language,
        subject=neutralize(view.subject),
        preheader=neutralize(view.preheader),
        html=html_of(view, localizer, templates, part=part),
        text=text_of(view, localizer, templates),
        pictures=tuple(pictures_of(edition, material)),
        story_ids=tuple(_story_ids(edition, material)),
        item_ids=edition.item_ids,
    )


def html_of(
    view: EditionView,
    localizer: Localizer,
    templates: Templates,
    *,
    web: Mapping[str, Any] | None = None,
    part: str = "issue.mjml",
) -> str:
    """Render the HTML part; with `web`, the same design as a page of the archive."""
    fields = PersonalFields()
    variables = context(view, localizer, templates, fields, escape=Markup) | {"web": web}
    source = templates.render(part, variables)
    return fields.insert(compile_mjml(source, file=str(templates.path(part))))


def text_of(view: EditionView, localizer: Localizer, templates: Templates) -> str:
    """Render the text part: no line ends in a blank, no two blank lines together."""
    fields = PersonalFields()
    text = templates.render("issue.txt", context(view, localizer, templates, fields, escape=str))
    return fields.insert(tidied(text, localizer.dir))


def context(
    view: EditionView,
    localizer: Localizer,
    templates: Templates,
    fields: PersonalFields,
    *,
    escape: type[str],
) -> dict[str, Any]:
    """Gather what a template may use; docs/templates.md lists it. `escape` is Markup for HTML."""
    gettext = gettext_for(localizer, escape)
    ngettext = ngettext_for(localizer, escape)

    def in_words(section: SectionView, placement: PlacementView) -> str:
        variables = context(view, localizer, templates, fields, escape=Markup)
        variables |= {"section": section, "p": placement}
        html = templates.render(f"kinds/{placement.kind}.mjml", variables)
        return fragment_text(html, gettext)

    return {
        "e": view,
        "web": None,
        "preheader": preheader_html(view.preheader),
        "_": gettext,
        "ngettext": ngettext,
        "credit_line": lambda placement: credit_line(placement, localizer, gettext, escape),
        "action_label": lambda placement: action_label(placement, gettext),
        "recording_label": lambda placement: recording_label(placement, gettext, ngettext),
        **({"in_words": in_words} if escape is str else {}),
        **frame_names(localizer, templates, escape),
        "leave_url": fields.leave,
        "preferences_url": fields.preferences,
    }


def action_label(placement: PlacementView, gettext: Gettext) -> str:
    """Label the button of an action; the title makes each button's words its own.

    Where a number's button says "Call", the one that leads to a page does not.
    """
    labels = {
        "call": gettext("Call: %(title)s", title=placement.title),
        "write": gettext("Write: %(title)s", title=placement.title),
        "sign": gettext("Sign: %(title)s", title=placement.title),
        "give": gettext("Give: %(title)s", title=placement.title),
        "volunteer": gettext("Volunteer: %(title)s", title=placement.title),
        "attend": gettext("Attend: %(title)s", title=placement.title),
        "share": gettext("Share: %(title)s", title=placement.title),
    }
    details = placement.details
    action = "" if details.action == "call" and details.call else details.action
    return labels.get(action, gettext("Take action: %(title)s", title=placement.title))


def recording_label(placement: PlacementView, gettext: Gettext, ngettext: Gettext) -> str:
    """Label a recording: `Listen` or `Watch`, what, and how long it takes when that is known."""
    details = placement.details
    if details.recording_is_video:
        label = gettext("Watch: %(title)s", title=placement.title)
    else:
        label = gettext("Listen: %(title)s", title=placement.title)
    if not details.minutes:
        return label
    return label + " (" + ngettext("%(num)d minute", "%(num)d minutes", details.minutes) + ")"


def credit_line(
    placement: PlacementView, localizer: Localizer, gettext: Gettext, escape: type[str]
) -> str:
    """Write source, date, who else shared it and who made the picture, as sentences of one line."""
    parts = []
    if placement.author:
        parts.append(gettext("By %(author)s", author=placement.author))
    is_original = placement.kind == "data" and not placement.original
    original = placement.source.name if placement.source and is_original else placement.original
    if placement.source and not is_original:
        parts.append(gettext("From %(source)s", source=placement.source.name))
    if original:
        parts.append(gettext("Source: %(source)s", source=original))
    if placement.published and not placement.details.when and placement.size != BRIEF:
        parts.append(escape(placement.published))
    if placement.also:
        names = localizer.join_list([source.name for source in placement.also])
        parts.append(gettext("Also shared by %(names)s", names=names))
    if placement.picture and placement.picture.credit:
        parts.append(gettext("Picture by %(credit)s", credit=placement.picture.credit))
    return escape(" · ").join(parts)


def pictures_of(edition: Edition, material: Material) -> Iterator[InlinePicture]:
    """Find each picture once, in reading order."""
    seen: set[str] = set()
    logo = material.logo.pictures if material.logo else ()
    placed = (picture_of(placement, material) for placement in edition.placements)
    for picture in (*logo, opening_picture(edition, material), *placed):
        if picture is not None and picture.cid not in seen:
            seen.add(picture.cid)
            yield picture


def _story_ids(edition: Edition, material: Material) -> Iterator[str]:
    for item_id in edition.item_ids:
        item = material.items.get(item_id)
        if item is not None and item.kind is ItemKind.STORY:
            yield item_id
