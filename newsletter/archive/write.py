"""[I/O] `archive`: write what was sent as a static site of what may be shown today."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter.archive.archive_filter import ArchiveFilter
from newsletter.archive.as_approved import material_as_approved
from newsletter.archive.files import archive_files
from newsletter.archive.issue_page import IssuePage, issue_page
from newsletter.archive.pages import Site
from newsletter.archive.published_folder import PublishedFolder
from newsletter.archive.story_page import StoryPage
from newsletter.errors import AttentionError, UsageError
from newsletter.issues.drafting import draft_file
from newsletter.issues.ports import ApprovedDrafts, SentIssues
from newsletter.issues.sources import IssueSources
from newsletter.model.approved import ApprovedDraft
from newsletter.model.delivery import SendState
from newsletter.model.issue import Edition
from newsletter.model.message import InlinePicture

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
    approved: ApprovedDrafts,
    site: PublishedFolder,
    *,
    base: str,
    now: datetime,
    about_to_go: Sequence[str] = (),
) -> ArchiveOutcome:
    """Write the site anew and remove from it what is no longer there.

    `base` is its public address with a final slash. `about_to_go` are issues shown although their
    sending has not begun, so that the links in their messages hold. Consents, withdrawals and
    terms are asked as of today: run daily, a story's page goes the day after its consent ends.
    """
    if not base.startswith(("https://", "http://")):
        raise UsageError(
            "the archive needs its public address",
            hint='add url = "https://…" under [web] in newsletter.toml, or give --url',
        )
    # What is asked of consents and what is written must be one step: a slow writer would
    # otherwise put back what was withdrawn, and taken off the site, meanwhile.
    with site.alone():
        showable = ArchiveFilter(
            sources=sources,
            stories={story.id: story for story in sources.stories.stories()},
            base=base,
            today=now.astimezone(ZoneInfo(sources.coalition.timezone)).date(),
        )
        editions = _sent_editions(sent, approved, dict.fromkeys(about_to_go, now))
        pages, kept_back = _pages(showable, editions)
        stories = list(_stories(showable, pages))
        files = archive_files(_site(sources, base, pages), pages, stories)
        written, removed = site.replace(files)
    return ArchiveOutcome(
        editions=tuple(page.path.removesuffix("index.html") for page in pages),
        stories=len(stories),
        written=written,
        removed=removed,
        kept_back=tuple(kept_back),
    )


def _site(sources: IssueSources, base: str, pages: Sequence[IssuePage]) -> Site:
    """The site, in the languages that were sent, the coalition's order first."""
    spoken = tuple(dict.fromkeys(page.edition.language for page in pages))
    in_order = (*sources.coalition.languages, *spoken)
    return Site(
        coalition=sources.coalition,
        templates=sources.templates,
        base=base,
        languages=tuple(dict.fromkeys(one for one in in_order if one in spoken or not spoken)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _SentEdition:
    """An edition that went out; `languages` are all that its issue has."""

    edition: Edition
    draft: ApprovedDraft
    pictures: tuple[InlinePicture, ...]
    languages: tuple[str, ...]
    sent_at: datetime


def _sent_editions(
    sent: SentIssues,
    approved: ApprovedDrafts,
    going: Mapping[str, datetime],
) -> Iterator[_SentEdition]:
    """The editions of every issue whose sending began or is about to, as they were approved."""
    for issue_id in sorted({*sent.issues(), *going}):
        send = sent.find(issue_id)
        went_out = send is not None and send.state in _WENT_OUT
        sent_at = send.frozen_at if send is not None and went_out else going.get(issue_id)
        if sent_at is None:
            continue
        digest = send.digest if send is not None else None
        drafts = approved.approved_drafts(issue_id, digest)
        if not drafts:
            raise AttentionError(
                f"{issue_id} is not approved", hint="newsletter approve says yes to it"
            )
        languages = tuple(sorted(drafts))
        for language in languages:
            file = draft_file.path_of(issue_id, language)
            yield _SentEdition(
                edition=draft_file.read(drafts[language].text, file=file),
                draft=drafts[language],
                pictures=approved.approved_pictures(issue_id, language, digest),
                languages=languages,
                sent_at=sent_at,
            )


def _pages(
    showable: ArchiveFilter, editions: Iterable[_SentEdition]
) -> tuple[list[IssuePage], list[str]]:
    """A page for each edition, and what is left out of them."""
    pages: list[IssuePage] = []
    kept_back: list[str] = []
    for one in editions:
        shown, left_out = showable.edition(one.edition)
        kept_back += [f"{shown.issue_id}/{shown.language}: {name}" for name in left_out]
        material = material_as_approved(
            showable.sources, shown, one.languages, one.draft, one.pictures
        )
        pages.append(issue_page(shown, material, one.sent_at))
    return pages, kept_back


def _stories(showable: ArchiveFilter, pages: Sequence[IssuePage]) -> Iterator[StoryPage]:
    """A page for each story and language that an issue's page shows."""
    placed = {
        (placement.item_id, placement.language or page.edition.language): page
        for page in pages
        for placement in page.edition.placements
        if placement.item_id in showable.stories
    }
    for (story_id, language), page in placed.items():
        story = showable.stories[story_id or ""]
        text, allowed = story.text_in(language), showable.story(story.id, language)
        if text is None or allowed is None:
            continue
        yield StoryPage(
            id=story.id,
            language=language,
            title=text.title,
            text=text.body,
            author=story.consent.attribution_words,
            until=allowed.until,
            alt=story.picture.alt if story.picture else "",
            picture=page.material.pictures.get(story.id),
        )
