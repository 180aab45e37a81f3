"""`archive`: what was sent, as a static site that shows only what may still be shown today."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from newsletter.errors import UsageError
from newsletter.issue.editions import with_fallbacks
from newsletter.model.consent import Allowed, Channel
from newsletter.model.delivery import SendState
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Item, ItemKind
from newsletter.rendering.archive import archive_files
from newsletter.rendering.archive_issue import IssuePage, issue_page
from newsletter.rendering.archive_pages import Site
from newsletter.rendering.archive_story import StoryPage, story_path
from newsletter.workflow.ports import SentIssues, SiteFolder
from newsletter.workflow.rendering import IssueSources, items_of, material_for, read_drafts

_WENT_OUT = (SendState.RUNNING, SendState.PAUSED, SendState.FINISHED)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveOutcome:
    """What the site now has. `kept_back` are placements that may not be shown, by edition."""

    editions: tuple[str, ...]
    stories: int
    written: int
    removed: int
    kept_back: tuple[str, ...]


def archive(
    sources: IssueSources,
    sent: SentIssues,
    site: SiteFolder,
    *,
    base: str,
    now: datetime,
) -> ArchiveOutcome:
    """Write the site anew and remove from it what is no longer there.

    `base` is its public address with a final slash. Consents, withdrawals and terms are asked as
    of today: run it daily, and a story's page goes on the day after its consent ends.
    """
    today = now.astimezone(ZoneInfo(sources.coalition.timezone)).date()
    if not base.startswith(("https://", "http://")):
        raise UsageError(
            "the archive needs its public address",
            hint='add url = "https://…" under [web] in newsletter.toml, or give --url',
        )
    pages: list[IssuePage] = []
    kept_back: list[str] = []
    for edition, sent_at in _sent_editions(sources, sent):
        shown, left_out = _showable(sources, edition, base, today)
        kept_back += [f"{edition.issue_id}/{edition.language}: {one}" for one in left_out]
        languages = sources.coalition.languages
        pages.append(issue_page(shown, material_for(sources, shown, languages), sent_at))
    stories = list(_stories(sources, pages, today))
    languages = tuple(dict.fromkeys(page.edition.language for page in pages))
    files = archive_files(
        Site(
            coalition=sources.coalition,
            templates=sources.templates,
            base=base,
            languages=languages or sources.coalition.languages,
        ),
        pages,
        stories,
    )
    written, removed = site.replace(files)
    return ArchiveOutcome(
        editions=tuple(page.path.removesuffix("index.html") for page in pages),
        stories=len(stories),
        written=written,
        removed=removed,
        kept_back=tuple(kept_back),
    )


def _sent_editions(sources: IssueSources, sent: SentIssues) -> Iterator[tuple[Edition, datetime]]:
    """The editions of every issue whose sending began, as their drafts say them now."""
    names = sources.files.names("issues", "*/*.md")
    for issue_id in sorted({name.split("/")[1] for name in names}):
        send = sent.find(issue_id)
        if send is None or send.state not in _WENT_OUT:
            continue
        drafts = read_drafts(sources, issue_id)
        stories = frozenset(story.id for story in sources.stories.stories())
        for edition in with_fallbacks(drafts, keep_back=stories):
            yield edition, send.frozen_at


def _showable(
    sources: IssueSources, edition: Edition, base: str, today: date
) -> tuple[Edition, list[str]]:
    """The edition without what may not be on the web today, and the titles of that."""
    items = items_of(sources, edition)
    carried = sources.stories.withdrawn_items(
        [*items.values(), *(_as_item(one) for one in edition.placements)]
    )
    left_out: list[Placement] = []
    sections = []
    for section in edition.sections:
        kept = []
        for placement in section.placements:
            shown = _shown(sources, placement, items, edition.language, base, today)
            if shown is None or placement.item_id in carried or _key(placement) in carried:
                left_out.append(placement)
            else:
                kept.append(shown)
        sections.append(replace(section, placements=tuple(kept)))
    silent = _unnamed(replace(edition, sections=tuple(sections)), left_out, sources.coalition.name)
    return silent, [placement.item_id or placement.title for placement in left_out]


def _unnamed(edition: Edition, left_out: Sequence[Placement], coalition: str) -> Edition:
    """The edition without paragraphs that name what is left out: subjects often quote a title."""
    titles = [placement.title.casefold() for placement in left_out]
    if not any(titles):
        return edition

    def names(text: str) -> bool:
        return any(title and title in text.casefold() for title in titles)

    def without(text: str) -> str:
        return "\n\n".join(block for block in text.split("\n\n") if not names(block))

    neutral = f"{coalition}, {edition.issue_id}"
    return replace(
        edition,
        subject=neutral if names(edition.subject) else edition.subject,
        preheader="" if names(edition.preheader) else edition.preheader,
        letter=without(edition.letter),
        sections=tuple(
            replace(section, intro=without(section.intro)) for section in edition.sections
        ),
    )


def _key(placement: Placement) -> str:
    return f"line-{placement.line}"


def _as_item(placement: Placement) -> Item:
    """A placement's own words, to be looked at for a withdrawn story's."""
    return Item(
        id=_key(placement),
        kind=ItemKind.NEWS,
        title=placement.title,
        text=placement.blurb,
        first_seen_at=datetime.min.replace(tzinfo=UTC),
    )


def _shown(
    sources: IssueSources,
    placement: Placement,
    items: dict[str, Item],
    language: str,
    base: str,
    today: date,
) -> Placement | None:
    """The placement as the web may show it: None for what was withdrawn, hidden or not allowed."""
    if placement.item_id is None:
        return placement
    item = items.get(placement.item_id)
    if item is None or item.hidden or item.withdrawn_at is not None:
        return None
    if item.kind is not ItemKind.STORY:
        return placement
    language = placement.language or language
    story = next(one for one in sources.stories.stories() if one.id == placement.item_id)
    answer = story.answer(channel=Channel.WEB_ARCHIVE, language=language, on=today)
    if not isinstance(answer, Allowed):
        return None
    address = story_path(story.id, language).removesuffix("index.html")
    return replace(placement, link=f"{base}{address}")


def _stories(sources: IssueSources, pages: list[IssuePage], today: date) -> Iterator[StoryPage]:
    """A page for each story and language that an issue told and that may be on the web today."""
    placed = {
        (placement.item_id, placement.language or page.edition.language): page
        for page in pages
        for placement in page.edition.placements
        if placement.item_id
    }
    for story in sources.stories.stories():
        for text in story.texts:
            page = placed.get((story.id, text.language))
            answer = story.answer(channel=Channel.WEB_ARCHIVE, language=text.language, on=today)
            if page is None or not isinstance(answer, Allowed):
                continue
            yield StoryPage(
                id=story.id,
                language=text.language,
                title=text.title,
                text=text.body,
                author=story.consent.attribution_words,
                until=answer.until,
                alt=story.picture.alt if story.picture else "",
                picture=page.material.pictures.get(story.id),
            )
