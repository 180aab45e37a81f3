"""An issue's drafts as they would be sent: used by check, preview, approve and send."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter.design.render import render
from newsletter.issues.choosing.same_event import with_cancellation
from newsletter.issues.drafting.editions import with_fallbacks
from newsletter.issues.drafting.issue_pictures import pictures_of
from newsletter.issues.facts import IssueFacts
from newsletter.model.approved import ApprovedDigest
from newsletter.model.details import moment_of
from newsletter.model.issue import Edition
from newsletter.model.item import ItemKind
from newsletter.model.material import Material
from newsletter.model.message import RenderedEdition, issue_digest


def rendered(facts: IssueFacts) -> tuple[RenderedEdition, ...]:
    """Return every edition of the issue as readers would get it."""
    editions = completed(facts)
    right = corrected_words(facts)
    return rendered_editions(facts, editions, materials(facts, editions), corrects=right)


def completed(facts: IssueFacts) -> tuple[Edition, ...]:
    """Return the editions with what they borrow from one another; stories are never borrowed. One
    that is kept out of the archive keeps the others out."""
    stories = {
        item.id
        for edition in facts.editions
        for item in facts.items_in(edition).values()
        if item.kind is ItemKind.STORY
    }
    editions = with_fallbacks(facts.editions, keep_back=frozenset(stories))
    if all(edition.is_archived for edition in editions):
        return editions
    return tuple(
        replace(edition, settings=edition.settings | {"archive": "no"}) for edition in editions
    )


def materials(facts: IssueFacts, editions: Sequence[Edition]) -> tuple[Material, ...]:
    """Return what the ids of each edition stand for, with links to the other editions."""
    languages = tuple(edition.language for edition in editions)
    return tuple(material(facts, edition, languages) for edition in editions)


def material(facts: IssueFacts, edition: Edition, languages: tuple[str, ...]) -> Material:
    """Return what the ids of one edition stand for; `languages` are all that the issue has."""
    items = {
        id_: with_cancellation(item) if id_ in facts.called_off else item
        for id_, item in facts.items_in(edition).items()
    }
    return Material(
        coalition=facts.coalition,
        sender=facts.sender,
        logo=facts.logo.logo,
        items=items,
        organisations=facts.organisations,
        pictures=pictures_of(facts, edition, items),
        also_shared=also_shared(edition),
        editions=languages,
        kinds=facts.templates.kinds,
    )


def rendered_editions(
    facts: IssueFacts,
    editions: Sequence[Edition],
    materials: Sequence[Material],
    *,
    corrects: ApprovedDigest | None,
) -> tuple[RenderedEdition, ...]:
    """Render each edition, with whom it is for, when it lapses and what it corrects: part of what
    is approved."""
    return tuple(
        replace(
            render(edition, material, facts.templates),
            regions=tuple(sorted(set(_listed(edition.settings.get("regions", ""))))),
            topics=tuple(sorted(set(_listed(edition.settings.get("topics", ""))))),
            lapses_at=end_of(lapses, facts.coalition.zone) if lapses else None,
            corrects=corrects,
        )
        for edition, material in zip(editions, materials, strict=True)
        for lapses in [edition.settings.get("lapses")]
    )


def corrected_words(facts: IssueFacts) -> ApprovedDigest | None:
    """Return what a correction makes of the issue that it corrects; None for any other issue."""
    if facts.corrects is None:
        return None
    return ApprovedDigest(facts.corrects.issue_id, issue_digest(rendered(facts.corrects)))


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())


def end_of(value: str, zone: ZoneInfo) -> datetime:
    """Return a draft's moment, or the end of its day. ValueError when it is neither."""
    moment = moment_of(value, zone)
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment + timedelta(days=1), time(), tzinfo=zone)


def also_shared(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Return the ids of the organisations that shared an item too, by the item's id."""
    return {
        placement.item_id: _listed(placement.details["shared_by"])
        for placement in edition.placements
        if placement.item_id and placement.details.get("shared_by")
    }
