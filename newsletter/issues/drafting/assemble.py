"""Choices, stories and standing blocks put together: an edition a language, all alike in order.

Pure and deterministic: the same inputs give the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, tzinfo

from newsletter.design.catalogues import translations
from newsletter.issues.drafting.draft_file import (
    ABOVE,
    BELOW,
    OF_UNKNOWN_LANGUAGE,
    TO_TRANSLATE,
    path_of,
)
from newsletter.issues.drafting.excerpt import first_words
from newsletter.issues.drafting.plain import markdown, one_line
from newsletter.model.coalition import USUAL_SECTIONS, SectionRule
from newsletter.model.details import BRIEF
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.item import UNKNOWN_LANGUAGE, Event, Item, ItemKind
from newsletter.model.language import same_language
from newsletter.model.organisation import Organisation
from newsletter.model.section_kinds import KINDS, Kinds, kind_of

BRIEF_WORDS = 25
NEWS_WORDS = 120  # a blurb from a member who lets us reprint all of it still ends somewhere
SUBJECT_LENGTH = 70


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """An item chosen for a section. `also` names who else shared it; `evidence` says why,
    `questions` what an editor has to ask, `offer` what an editor may make of it: a note below its
    words.

    `text` is the item's without what is not the article; None is the item's own.
    """

    section_id: str
    item: Item
    text: str | None = None
    also: tuple[str, ...] = ()  # organisation ids
    evidence: str = ""
    questions: tuple[str, ...] = ()
    offer: str = ""
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """Everything an issue's drafts are made of. `blocks` are sections by language."""

    issue_id: str
    sends_on: date
    zone: tzinfo
    rules: Sequence[SectionRule]
    organisations: Mapping[str, Organisation]
    pieces: Sequence[Piece] = ()
    stories: Mapping[str, Sequence[Piece]] = field(default_factory=dict)
    blocks: Mapping[str, Sequence[Section]] = field(default_factory=dict)
    letters: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    kinds: Kinds = field(default_factory=lambda: KINDS)
    note: str = ""  # for the editors, above the first section


@dataclass(frozen=True, kw_only=True, slots=True)
class Assembled:
    """An edition, notes for its editors by item id, and the items that are not sent yet.

    `untranslated` says by id what is to be done: translated, or read and then perhaps translated.
    """

    edition: Edition
    notes: Mapping[str, str]
    untranslated: Mapping[str, str]


def assemble(plan: Plan, language: str) -> Assembled:
    """Put an edition together; items in another language are there, waiting for words."""
    by_section: dict[str, list[Placement]] = {}
    notes: dict[str, str] = {ABOVE: plan.note} if plan.note else {}
    untranslated: dict[str, str] = {}
    for piece in plan.pieces:
        by_section.setdefault(piece.section_id, []).append(placement_for(piece, plan))
        if remarks := [*piece.questions, *filter(None, [piece.evidence])]:
            notes[piece.item.id] = "\n".join(remarks)
        if piece.offer:
            notes[f"{BELOW}{piece.item.id}"] = piece.offer
        if not same_language(piece.item.language, language):
            is_unknown = piece.item.language == UNKNOWN_LANGUAGE
            untranslated[piece.item.id] = OF_UNKNOWN_LANGUAGE if is_unknown else TO_TRANSLATE
    for story in plan.stories.get(language, ()):
        by_section.setdefault(story.section_id, []).append(placement_for(story, plan))
    sections = tuple(_sections(plan, language, by_section))
    edition = Edition(
        issue_id=plan.issue_id,
        language=language,
        subject=_subject(sections, untranslated),
        letter=plan.letters.get(language, ""),
        sections=sections,
        settings={"sends_on": plan.sends_on.isoformat(), **plan.settings},
        path=path_of(plan.issue_id, language),
    )
    return Assembled(edition=edition, notes=notes, untranslated=untranslated)


def placement_for(piece: Piece, plan: Plan) -> Placement:
    """Return a piece as a draft first shows it, within what its organisation allows."""
    item = piece.item
    organisation = plan.organisations.get(item.organisation_id or "")
    shared = {"shared_by": ", ".join(piece.also)} if piece.also else {}
    kinds = {rule.id: rule.kind for rule in plan.rules}
    is_brief = kinds.get(piece.section_id, piece.section_id) == BRIEF
    return Placement(
        title=_title(item),
        item_id=item.id,
        link=item.link,
        blurb="" if is_brief else markdown(_blurb(piece, organisation)),
        details={**piece.details, **_details(item, organisation, plan.zone), **shared},
    )


def _title(item: Item) -> str:
    title = one_line(item.title)
    if title:
        return title
    return one_line(first_words(item.text, 10)) or item.link or item.id


def _blurb(piece: Piece, organisation: Organisation | None) -> str:
    if piece.item.kind is ItemKind.STORY:
        return piece.item.text
    limit = organisation.terms.word_limit if organisation else 0
    most = BRIEF_WORDS if piece.details.get("size") == BRIEF else NEWS_WORDS
    limit = most if limit is None else min(limit, most)
    blurb = first_words(piece.item.text if piece.text is None else piece.text, limit)
    return "" if one_line(blurb) == one_line(piece.item.title) else blurb


def _details(item: Item, organisation: Organisation | None, zone: tzinfo) -> dict[str, str]:
    details: dict[str, str] = {}
    if item.event is not None:
        details |= event_details(item.event, zone)
    if item.media is not None and item.kind in {ItemKind.AUDIO, ItemKind.VIDEO}:
        details |= _media_details(item)
    may_show = organisation is None or organisation.terms.pictures
    if item.picture is not None and may_show and one_line(item.picture.alt):
        details["alt"] = one_line(item.picture.alt)
    return details


def event_details(event: Event, zone: tzinfo) -> dict[str, str]:
    """Return an event as a placement's details say it, its hours in `zone`."""
    details = {"when": _moment(event.starts, zone)}
    if event.last is not None and event.last != event.starts:
        details["until"] = _moment(event.last, zone)
    if one_line(event.place):
        details["where"] = one_line(event.place)
    if event.online_url and event.online_url.startswith(("http://", "https://")):
        details["online"] = event.online_url
    return details


def _media_details(item: Item) -> dict[str, str]:
    assert item.media is not None
    details = {"audio" if item.kind is ItemKind.AUDIO else "video": item.media.url}
    if item.media.seconds:
        minutes, seconds = divmod(item.media.seconds, 60)
        details["length"] = (
            f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
            if minutes >= 60
            else f"{minutes}:{seconds:02d}"
        )
    return details


def _moment(moment: date | datetime, zone: tzinfo) -> str:
    if isinstance(moment, datetime):
        return moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    return moment.isoformat()


def _sections(
    plan: Plan, language: str, placements: Mapping[str, list[Placement]]
) -> Iterable[Section]:
    """Sections in the order of the rules, each with its standing block; other blocks after them."""
    blocks = {section.id: section for section in plan.blocks.get(language, ())}
    for rule in plan.rules:
        block = blocks.pop(rule.id, None)
        placed = tuple(placements.get(rule.id, ()))
        if block is None and (placed or rule.kind == "members"):
            block = Section(id=rule.id, title=_section_title(rule, language))
        if block is not None:
            is_implied = kind_of(replace(block, kind=""), plan.kinds) == rule.kind
            yield replace(
                block,
                kind="" if is_implied else rule.kind,
                placements=(*placed, *block.placements),
            )
    known = {rule.id for rule in plan.rules}
    for section_id, others in placements.items():
        if section_id not in known:
            yield Section(
                id=section_id,
                title=_usual_title(section_id, language),
                placements=tuple(others),
            )
    yield from blocks.values()


def _section_title(rule: SectionRule, language: str) -> str:
    """The coalition's own title of a section, or ours in the edition's language."""
    if rule in USUAL_SECTIONS:
        return translations(language).gettext(rule.title("en"))
    return rule.title(language)


def _usual_title(section_id: str, language: str) -> str:
    usual = next((rule for rule in USUAL_SECTIONS if rule.id == section_id), None)
    return _section_title(usual, language) if usual else section_id.capitalize()


def _subject(sections: Sequence[Section], untranslated: Mapping[str, str]) -> str:
    """The first titles, as a proposal: as many as a subject line shows, of nothing called off."""
    titles = [
        placement.title
        for section in sections
        for placement in section.placements
        if placement.item_id
        and placement.item_id not in untranslated
        and "cancelled" not in placement.details
    ]
    subject = ""
    for title in titles[:3]:
        longer = f"{subject} · {title}" if subject else title
        if len(longer) > SUBJECT_LENGTH:
            break
        subject = longer
    return subject or (first_words(titles[0], 9) if titles else "")
