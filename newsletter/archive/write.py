"""[I/O] `archive`: write what was sent as a static site of what may be shown today."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsletter.archive.archive_filter import ArchiveFilter
from newsletter.archive.corrections import Correction, silent_correction, with_corrections
from newsletter.archive.files import archive_files
from newsletter.archive.issue_page import IssuePage, issue_page
from newsletter.archive.layout import Site
from newsletter.archive.left_as_is import left_as_is, lost_issues
from newsletter.archive.load_approved import SentEdition, load_approved
from newsletter.archive.published_folder import PublishedFolder
from newsletter.archive.sent_editions import WENT_OUT, kept_out, sent_editions
from newsletter.archive.shown import shown_in, withdrawn_records
from newsletter.archive.story_page import StoryPage
from newsletter.errors import UsageError
from newsletter.issues.drafting.rendered import material
from newsletter.issues.ports import IssueStore
from newsletter.issues.sources import IssueSources
from newsletter.members.topics_and_regions import TopicsAndRegions
from newsletter.model.consent import Channel
from newsletter.model.delivery import Send, SendState


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchiveOutcome:
    """What the site now has. `kept_back` are placements that may not be shown, by edition.

    `changed_files` and `removed_files` are what another host of it lacks, or still has; `lost` are
    issues that were sent, of which the database knows nothing: their pages are as they were.
    """

    editions: tuple[str, ...]
    stories: int
    written: int
    removed: int
    kept_back: tuple[str, ...]
    changed_files: tuple[str, ...] = ()
    removed_files: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def archive(
    sources: IssueSources,
    sends: Callable[[], Sequence[Send]],
    approved: IssueStore,
    site: PublishedFolder,
    *,
    base: str,
    now: datetime,
    about_to_go: Sequence[str] = (),
    was_sent: Callable[[str], bool] = lambda issue_id: False,
) -> ArchiveOutcome:
    """Write the site again and remove from it what is no longer there.

    `base` is its public address with a final slash. `about_to_go` are issues shown although their
    sending has not begun, so that the links in their messages hold. `was_sent` says what is written
    down apart from the database: what it has lost stays on the site. Consents, withdrawals and
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
            consents=sources.stories,
            stories={story.id: story for story in sources.stories.stories()},
            base=base,
            today=sources.coalition.day_of(now),
        )
        known = sends()
        going = dict.fromkeys(about_to_go, now)
        editions = list(sent_editions(sources.files, known, approved, going))
        pages, kept_back = _pages(sources, showable, editions)
        stories = list(_stories(showable, pages))
        files = archive_files(_site(sources, base, pages), pages, stories)
        shown = shown_in(
            files, pages, stories, withdrawn=withdrawn_records(sources.stories.revocations())
        )
        began = {send.issue_id for send in known if send.state is not SendState.SCHEDULED}
        worded = {one.draft.edition.issue_id for one in editions}
        wordless = {send.issue_id for send in known if send.state in WENT_OUT} - worded
        known_here = {*began, *going} - wordless
        lost = lost_issues(site, known_here, lambda one: one in wordless or was_sent(one))
        lost = tuple(one for one in lost if not kept_out(sources.files, one, {}))
        keep = left_as_is(site, lost, sources.stories, showable.today)
        written, removed = site.replace(files, shown, keep=keep)
    return ArchiveOutcome(
        editions=tuple(page.path.removesuffix("index.html") for page in pages),
        stories=len(stories),
        written=len(written),
        removed=len(removed),
        changed_files=written,
        removed_files=removed,
        kept_back=tuple(kept_back),
        lost=lost,
    )


def _site(sources: IssueSources, base: str, pages: Sequence[IssuePage]) -> Site:
    """The site, in the languages that were sent, the coalition's order first."""
    spoken = tuple(dict.fromkeys(page.edition.language for page in pages))
    in_order = dict.fromkeys((*sources.coalition.languages, *spoken))
    return Site(
        coalition=sources.coalition,
        templates=sources.templates,
        logo=sources.logo.logo,
        base=base,
        languages=tuple(tag for tag in in_order if tag in spoken or not spoken),
        topics=TopicsAndRegions.of(sources.organisations).topics,
    )


def _pages(
    sources: IssueSources, showable: ArchiveFilter, editions: Sequence[SentEdition]
) -> tuple[list[IssuePage], list[str]]:
    """A page for each edition, and what is left out of them."""
    pages: list[IssuePage] = []
    kept_back: list[str] = []
    told = [replace(one, draft=one.silent.told) for one in editions if one.silent is not None]
    loaded = [load_approved(sources, showable.stories, one) for one in (*editions, *told)]
    filtered = [showable.edition(facts) for facts in loaded]
    silent = showable.silent(filtered, sources.coalition)
    # These lists begin with the editions; what `told` has comes after them.
    told_of = {(one.issue_id, one.language): one for one in silent[len(editions) :]}
    letters = {
        (shown.issue_id, shown.language): Correction(sent.sent_at, shown.letter)
        for sent, shown in zip(editions, silent, strict=False)
    }
    for sent, facts, one, shown in zip(editions, loaded, filtered, silent, strict=False):
        kept_back += [
            f"{shown.issue_id}/{shown.language}: {placement.item_id or placement.title}"
            for placement in one.left_out
        ]
        if sent.is_kept_out:
            continue
        corrections = [letters.get((one, shown.language)) for one in sent.corrected_by]
        if sent.silent is not None:
            wrong = told_of[shown.issue_id, shown.language]
            corrections.append(
                silent_correction(wrong, shown, sources.coalition, sent.silent.since)
            )
        shown = with_corrections(shown, filter(None, corrections), sources.coalition)
        behind = material(facts, shown, sent.languages)
        approved = sent.approved.pictures.keys()
        pictures = {name: one for name, one in behind.pictures.items() if name in approved}
        pages.append(issue_page(shown, replace(behind, pictures=pictures), sent.sent_at))
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
            form=story.form_sha256(language=language, channel=Channel.WEB_ARCHIVE),
            alt=story.picture.alt if story.picture else "",
            picture=page.material.pictures.get(story.id),
        )
