"""[I/O] An issue's drafts as they would be sent: used by check, preview, approve and send."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from newsletter.design.render import render
from newsletter.errors import AttentionError
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.editions import with_fallbacks
from newsletter.issues.drafting.issue_pictures import pictures_for
from newsletter.issues.sources import IssueSources, items_of
from newsletter.model.details import moment_of
from newsletter.model.issue import Edition
from newsletter.model.item import ItemKind
from newsletter.model.material import Material
from newsletter.model.message import InlinePicture, RenderedEdition


def rendered(sources: IssueSources, issue_id: str) -> tuple[RenderedEdition, ...]:
    """Every edition of the issue, rendered from its draft. AttentionError when there is none."""
    return rendered_from(sources, read_drafts(sources, issue_id))


def rendered_from(sources: IssueSources, drafts: Sequence[Edition]) -> tuple[RenderedEdition, ...]:
    """The rendered editions of drafts that were read already."""
    complete = completed(sources, drafts)
    return rendered_editions(sources, complete, materials_for(sources, complete))


def completed(sources: IssueSources, drafts: Sequence[Edition]) -> tuple[Edition, ...]:
    """The drafts as readers get them: with what they borrow from one another."""
    stories = {
        story_id
        for draft in drafts
        for story_id, item in items_of(sources, draft).items()
        if item.kind is ItemKind.STORY
    }
    return with_fallbacks(drafts, keep_back=frozenset(stories))


def rendered_editions(
    sources: IssueSources, editions: Sequence[Edition], materials: Sequence[Material]
) -> tuple[RenderedEdition, ...]:
    """Each edition rendered from the facts behind it."""
    zone = ZoneInfo(sources.coalition.timezone)
    return tuple(
        _addressed(render(edition, material, sources.templates), edition, zone)
        for edition, material in zip(editions, materials, strict=True)
    )


def materials_for(sources: IssueSources, editions: Sequence[Edition]) -> tuple[Material, ...]:
    """The facts behind each edition of an issue, with links to the others."""
    languages = tuple(edition.language for edition in editions)
    return tuple(material_for(sources, edition, languages) for edition in editions)


def _addressed(rendered: RenderedEdition, edition: Edition, zone: ZoneInfo) -> RenderedEdition:
    """With whom it is for and when it lapses: part of what is approved."""
    return replace(
        rendered,
        regions=_listed(edition.settings.get("regions", "")),
        topics=_listed(edition.settings.get("topics", "")),
        lapses_at=lapse_of(edition, zone),
    )


def _listed(words: str) -> tuple[str, ...]:
    return tuple(sorted({word.strip() for word in words.split(",") if word.strip()}))


def lapse_of(edition: Edition, zone: ZoneInfo) -> datetime | None:
    """The moment after which an edition cannot be sent; a day alone lasts until its end."""
    said = edition.settings.get("lapses")
    if not said:
        return None
    moment = moment_of(said, zone)
    if isinstance(moment, datetime):
        return moment
    return datetime.combine(moment + timedelta(days=1), time(), tzinfo=zone)


def read_drafts(sources: IssueSources, issue_id: str) -> tuple[Edition, ...]:
    """The drafts of an issue in the coalition's order of languages, others after them."""
    names = sources.files.names(f"issues/{issue_id}", "*.md")
    if not names:
        raise AttentionError(
            f"there is no draft of {issue_id}", hint=f"run newsletter draft {issue_id}"
        )
    editions = [draft_file.read(sources.files.read(name), file=name) for name in names]
    order = {language: at for at, language in enumerate(sources.coalition.languages)}
    return tuple(
        sorted(editions, key=lambda one: (order.get(one.language, len(order)), one.language))
    )


def material_for(
    sources: IssueSources,
    edition: Edition,
    languages: tuple[str, ...],
    made: Mapping[str, InlinePicture] = MappingProxyType({}),
) -> Material:
    """The facts behind an edition; `made` are pictures that need not be made again."""
    items = items_of(sources, edition)
    return Material(
        coalition=sources.coalition,
        sender=sources.sender,
        items=items,
        organisations=sources.by_id,
        pictures=pictures_for(
            edition,
            items,
            sources.by_id,
            files=sources.files,
            stories=sources.stories.stories(),
            made=made,
        ),
        also_shared=also_shared(edition),
        editions=languages,
    )


def also_shared(edition: Edition) -> dict[str, tuple[str, ...]]:
    """Who else shared an item, as the draft says it."""
    return {
        placement.item_id: tuple(
            one.strip() for one in placement.details["shared_by"].split(",") if one.strip()
        )
        for placement in edition.placements
        if placement.item_id and placement.details.get("shared_by")
    }
