"""[I/O] Read an issue: its drafts, and everything that their bytes depend on."""

from collections.abc import Collection, Sequence

from newsletter.errors import AttentionError, ConfigError
from newsletter.issues.choosing.same_event import Standing, days_of, standings
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.issue_pictures import read_pictures, read_story_pictures
from newsletter.issues.drafting.not_here import refuse_without_drafts
from newsletter.issues.drafting.unreadable import unreadable_places
from newsletter.issues.facts import IssueFacts
from newsletter.issues.ports import ItemSource
from newsletter.issues.sources import IssueSources
from newsletter.model.issue import ISSUE_ID, DraftFile, Edition, is_bulletin
from newsletter.model.item import Item


def load_issue(sources: IssueSources, issue_id: str) -> IssueFacts:
    """Read an issue's drafts and what they stand on.

    AttentionError when there is no draft, ConfigError with its line when one cannot be understood.
    """
    return load_facts(sources, read_drafts(sources, issue_id))


def load_facts(sources: IssueSources, drafts: Sequence[DraftFile]) -> IssueFacts:
    """Read what the drafts of one issue stand on: items, stories and pictures."""
    editions = [draft.edition for draft in drafts]
    placed = dict.fromkeys(item_id for edition in editions for item_id in edition.item_ids)
    items = sources.items.get(placed)
    stories = {story.id: story for story in sources.stories.stories()}
    corrected = _corrected(editions)
    return IssueFacts(
        coalition=sources.coalition,
        sender=sources.sender,
        templates=sources.templates,
        logo=sources.logo,
        organisations=sources.by_id,
        drafts=tuple(drafts),
        items=items,
        stories=stories,
        pictures=read_pictures(sources.files, editions),
        story_pictures=read_story_pictures(sources.files, stories, placed),
        called_off=load_standings(sources.items, items.values()),
        corrects=_load_corrected(sources, corrected) if corrected else None,
    )


def load_standings(source: ItemSource, items: Collection[Item]) -> dict[str, Standing]:
    """Read how the events among the items stand that some calendar calls off, by item id."""
    return standings(items, source.events_on(days_of(items)))


def _load_corrected(sources: IssueSources, issue_id: str) -> IssueFacts:
    issue = load_issue(sources, issue_id)
    if issue.corrects is not None:
        first = issue.corrects.issue_id
        raise AttentionError(
            f"{issue_id} is a correction itself",
            hint=f"correct {first}, which it corrects: newsletter correct {first}",
        )
    return issue


def _corrected(editions: Sequence[Edition]) -> str:
    """The issue that all these correct; empty for any other issue. AttentionError when they do not
    agree on one."""
    named = {edition.settings.get("corrects", "") for edition in editions}
    if named <= {""}:
        return ""
    if len(named) > 1 or not _may_correct(editions[0].issue_id, *named):
        raise AttentionError(
            "a correction is a bulletin, and all its drafts correct one earlier issue",
            hint="write the same corrects: at the top of each",
            file=editions[0].path,
        )
    return named.pop()


def _may_correct(issue_id: str, other: str) -> bool:
    """Whether it is a bulletin of another issue's week or a later one: nothing corrects itself, in
    however many steps."""
    return is_bulletin(issue_id) and issue_id > other


def read_drafts(sources: IssueSources, issue_id: str) -> tuple[DraftFile, ...]:
    """Read an issue's drafts in the coalition's order of languages, others after them.

    AttentionError when there is none, ConfigError with its line when one cannot be understood.
    """
    names = sources.files.names(f"issues/{issue_id}", "*.md")
    if not names:
        refuse_without_drafts(sources, issue_id)
        raise AttentionError(
            f"there is no draft of {issue_id}", hint=f"run newsletter draft {issue_id}"
        )
    drafts = [read_draft(sources, name) for name in names]
    order = {language: at for at, language in enumerate(sources.coalition.languages)}

    def rank(draft: DraftFile) -> tuple[int, str]:
        language = draft.edition.language
        return order.get(language, len(order)), language

    return tuple(sorted(drafts, key=rank))


def drafted_last(sources: IssueSources, this_issue: str) -> str:
    """Return this week's issue if it is drafted; else the latest that is, a bulletin only where no
    weekly issue is. AttentionError when nothing is drafted."""
    drafted = {name.split("/")[1] for name in sources.files.names("issues", "*/*.md")}
    ids = sorted(
        (one for one in drafted if ISSUE_ID.fullmatch(one)),
        key=lambda one: (not is_bulletin(one), one),
    )
    if not ids:
        raise AttentionError("there is no draft yet", hint="run newsletter draft")
    return this_issue if this_issue in ids else ids[-1]


def unreadable_drafts(sources: IssueSources, issue_id: str) -> list[ConfigError]:
    """Read an issue's drafts; return all that cannot be understood in any of them."""
    errors: list[ConfigError] = []
    for name in sources.files.names(f"issues/{issue_id}", "*.md"):
        try:
            errors += unreadable_places(sources.files.read(name), file=name)
        except ConfigError as error:
            errors.append(error)
    return errors


def read_draft(sources: IssueSources, path: str) -> DraftFile:
    """Read one draft. ConfigError with its line when it cannot be understood."""
    text = sources.files.read(path)
    return DraftFile(text=text, edition=draft_file.read(text, file=path))
