"""An edition and what it needs -> the HTML and text that will be sent: a chain of small functions.

`edition -> view -> MJML source -> HTML`, and `view -> text`. No clock, no network; the same inputs
give the same bytes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from newsletter.design.catalogues import translations
from newsletter.design.mjml import compile_mjml
from newsletter.design.own_links import OwnLinks, as_words
from newsletter.design.sentences import isolated, numbers, sentences
from newsletter.design.templates import Templates
from newsletter.design.views import EditionView, PlacementView, edition_view, picture_of
from newsletter.design.words import Words
from newsletter.model.coalition import Coalition
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import ItemKind
from newsletter.model.material import Material
from newsletter.model.message import InlinePicture, RenderedEdition


def render(edition: Edition, material: Material, templates: Templates) -> RenderedEdition:
    """The edition as it will be sent, personal fields left as placeholders."""
    words = words_for(edition.language, material)
    view = edition_view(edition, material, words)
    return RenderedEdition(
        issue_id=edition.issue_id,
        language=edition.language,
        subject=as_words(view.subject),
        preheader=as_words(view.preheader),
        html=html_of(view, words, templates),
        text=text_of(view, words, templates),
        pictures=tuple(pictures_of(edition, material)),
        story_ids=tuple(_story_ids(edition, material)),
        item_ids=tuple(dict.fromkeys(filter(None, map(_item_id, edition.placements)))),
    )


def words_for(language: str, material: Material) -> Words:
    """The frame's words of a language, on the coalition's clock."""
    return words_in(language, material.coalition)


def words_in(language: str, coalition: Coalition) -> Words:
    """The same for a page that has no material."""
    return Words(
        language=language,
        zone=ZoneInfo(coalition.timezone),
        translations=translations(language),
    )


def html_of(
    view: EditionView, words: Words, templates: Templates, *, web: Mapping[str, Any] | None = None
) -> str:
    """The HTML part; with `web`, the same design as a page of the archive."""
    own = OwnLinks()
    given = context(view, words, templates, own, escape=Markup) | {"web": web}
    source = templates.render("issue.mjml", given)
    return own.placed(compile_mjml(source, file=str(templates.path("issue.mjml"))))


def text_of(view: EditionView, words: Words, templates: Templates) -> str:
    """The text part: no line ends in a blank, no two blank lines together."""
    own = OwnLinks()
    text = templates.render("issue.txt", context(view, words, templates, own, escape=str))
    tidy = re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE)
    return own.placed(re.sub(r"\n{3,}", "\n\n", tidy).strip() + "\n")


def context(
    view: EditionView, words: Words, templates: Templates, own: OwnLinks, *, escape: type[str]
) -> dict[str, Any]:
    """What a template may use; docs/templates.md lists it. `escape` is Markup for HTML."""
    tokens = templates.tokens
    sentence = sentences(words, escape)
    counted = numbers(words, escape)
    return {
        "e": view,
        "web": None,
        "_": sentence,
        "ngettext": counted,
        "isolated": lambda text: isolated(text, words, escape),
        "credit_line": lambda placement: credit_line(placement, words, sentence, escape),
        "action_label": lambda placement: action_label(placement, sentence),
        "recording_label": lambda placement: recording_label(placement, sentence, counted),
        "start": "right" if view.dir == "rtl" else "left",
        "end": "left" if view.dir == "rtl" else "right",
        "light": tokens.light,
        "dark": tokens.dark,
        "type": tokens.type,
        "space": tokens.space,
        "leave_url": own.leave,
        "preferences_url": own.preferences,
    }


def action_label(placement: PlacementView, sentence: Callable[..., str]) -> str:
    """What the button of an action says; the title makes each button's words its own.

    Where a number's button says "Call", the one that leads to a page does not.
    """
    labels = {
        "call": sentence("Call: %(title)s", title=placement.title),
        "write": sentence("Write: %(title)s", title=placement.title),
        "sign": sentence("Sign: %(title)s", title=placement.title),
        "give": sentence("Give: %(title)s", title=placement.title),
        "volunteer": sentence("Volunteer: %(title)s", title=placement.title),
        "attend": sentence("Attend: %(title)s", title=placement.title),
        "share": sentence("Share: %(title)s", title=placement.title),
    }
    details = placement.details
    action = "" if details.action == "call" and details.call else details.action
    return labels.get(action, sentence("Take action: %(title)s", title=placement.title))


def recording_label(
    placement: PlacementView, sentence: Callable[..., str], counted: Callable[..., str]
) -> str:
    """`Listen` or `Watch`, what, and how long it takes when that is known."""
    details = placement.details
    if details.recording_is_video:
        label = sentence("Watch: %(title)s", title=placement.title)
    else:
        label = sentence("Listen: %(title)s", title=placement.title)
    if not details.minutes:
        return label
    return label + " (" + counted("%(num)d minute", "%(num)d minutes", details.minutes) + ")"


def credit_line(
    placement: PlacementView, words: Words, sentence: Callable[..., str], escape: type[str]
) -> str:
    """Source, date, who else shared it and who made the picture, as sentences of one line."""
    parts = []
    if placement.author:
        parts.append(sentence("By %(author)s", author=placement.author))
    if placement.source and placement.kind == "data":
        parts.append(sentence("Source: %(source)s", source=placement.source.name))
    elif placement.source:
        parts.append(sentence("From %(source)s", source=placement.source.name))
    if placement.published and not placement.details.when:
        parts.append(escape(placement.published))
    if placement.also:
        names = words.join_list([source.name for source in placement.also])
        parts.append(sentence("Also shared by %(names)s", names=names))
    if placement.picture and placement.picture.credit:
        parts.append(sentence("Picture: %(credit)s", credit=placement.picture.credit))
    return escape(" · ").join(parts)


def _item_id(placement: Placement) -> str | None:
    return placement.item_id


def pictures_of(edition: Edition, material: Material) -> Iterator[InlinePicture]:
    """Each picture once, in reading order."""
    seen: set[str] = set()
    for placement in edition.placements:
        picture = picture_of(placement, material)
        if picture is not None and picture.cid not in seen:
            seen.add(picture.cid)
            yield picture


def _story_ids(edition: Edition, material: Material) -> Iterator[str]:
    for item_id in dict.fromkeys(filter(None, map(_item_id, edition.placements))):
        item = material.items.get(item_id)
        if item is not None and item.kind is ItemKind.STORY:
            yield item_id
