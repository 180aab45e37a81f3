"""[I/O] Files that an issue was approved with and that are not here: another machine has them."""

from collections.abc import Collection, Iterator

from newsletter.errors import AttentionError
from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.issue_pictures import folder_of
from newsletter.issues.drafting.what_changed import words_of
from newsletter.issues.sources import IssueSources

AGAIN = "draft it again (newsletter draft --again) only if it is gone everywhere"


def drafts_not_here(sources: IssueSources, issue_id: str) -> tuple[str, ...]:
    """Return the drafts of the latest approval of which there is no file."""
    paths = (draft_file.path_of(issue_id, tag) for tag in sources.approved_drafts(issue_id))
    return tuple(path for path in sorted(paths) if not sources.files.exists(path))


def files_not_here(sources: IssueSources, issue_id: str) -> tuple[str, ...]:
    """Return these, and the pictures and stories that the approved drafts name."""
    return (*drafts_not_here(sources, issue_id), *sorted({*_others(sources, issue_id)}))


def refuse_without_drafts(sources: IssueSources, issue_id: str) -> None:
    """Raise AttentionError where one is not here: nobody deleted it, so nothing takes its place."""
    if gone := drafts_not_here(sources, issue_id):
        raise not_here(issue_id, gone, AGAIN)


def not_here(issue_id: str, paths: Collection[str], otherwise: str) -> AttentionError:
    """Return the error that names the files, and what to do."""
    first, *others = paths
    more = f" (and {len(others)} more files)" if others else ""
    return AttentionError(
        f"{first}{more} is not here, and {issue_id} was approved with it",
        hint=f"copy it from the machine where it was approved; {otherwise}",
    )


def changed_since_approved(sources: IssueSources, issue_id: str) -> AttentionError:
    """Return the error that says why the issue's bytes are others than were approved."""
    approve = f"newsletter approve {issue_id} --as NAME"
    if gone := files_not_here(sources, issue_id):
        return not_here(issue_id, gone, f"or leave it out, and {approve}")
    if _is_unedited(sources, issue_id):
        return AttentionError(
            f"{issue_id} looks otherwise than it was approved, though its drafts say the same",
            hint="templates/, newsletter.toml, feeds.yaml, pictures or stories differ here: copy "
            f"them from the machine where it was approved, or preview it, then {approve}",
        )
    return AttentionError(
        f"{issue_id} was changed after it was approved",
        hint=f"newsletter check {issue_id}, preview it, then {approve}",
    )


def _is_unedited(sources: IssueSources, issue_id: str) -> bool:
    """Return whether each approved draft says what its file says: something else is different."""
    approved = sources.approved_drafts(issue_id)
    return bool(approved) and all(
        words_of(draft_file.read_approved(issue_id, language, draft.text))
        == words_of(
            draft_file.read_approved(
                issue_id, language, sources.files.read(draft_file.path_of(issue_id, language))
            )
        )
        for language, draft in approved.items()
    )


def _others(sources: IssueSources, issue_id: str) -> Iterator[str]:
    folder = folder_of(issue_id)
    pictures = {name.rpartition("/")[2] for name in sources.files.names(folder, "*")}
    pictures |= {name.rpartition(".")[0] for name in pictures}
    taken_back = {stop.story_id for stop in sources.stories.revocations()}
    for language, draft in sources.approved_drafts(issue_id).items():
        edition = draft_file.read_approved(issue_id, language, draft.text)
        items = sources.items.get(edition.item_ids)
        stories = {one for one in edition.item_ids if one not in items}
        for story_id in stories - taken_back:
            if not sources.files.exists(f"stories/{story_id}.md"):
                yield f"stories/{story_id}.md"
        for name in draft.pictures:
            if name not in pictures and name not in stories:
                yield f"{folder}/{name}" if "." in name else f"{folder}/{name}.*"
