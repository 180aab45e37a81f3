"""[I/O] Stories that the database or the website knows, and whose file is on another machine."""

from collections.abc import Collection
from pathlib import Path

from newsletter.errors import AttentionError
from newsletter.model.submission import SubmissionState
from newsletter.stories.record.folder import FOLDER
from newsletter.stories.services import StoryServices


def refuse_without_shown(services: StoryServices, shown: Collection[str]) -> None:
    """Raise AttentionError where one that the website shows, of these ids, was written by hand and
    is not here: of it the database knows nothing but who took it back."""
    known = {one.story_id for one in services.store.all()}
    known |= {stop.story_id for stop in services.all_stops()}
    paths = {one: f"{FOLDER}/{one}.md" for one in sorted({*shown} - known)}
    gone = [one for one, path in paths.items() if not services.files.exists(path)]
    if gone:
        more = f" (and {len(gone) - 1} more stories)" if len(gone) > 1 else ""
        raise AttentionError(
            f"{paths[gone[0]]}{more} is not here, and the website shows it",
            hint="copy stories/ from the machine that has it. If its page is to go for good: "
            f"newsletter archive {' '.join(f'--without {one}' for one in gone)}",
        )


def refuse_without_stories(services: StoryServices) -> None:
    """Raise AttentionError where one is not here: nobody took it back, so it does not go."""
    if gone := _not_here(services):
        more = f" (and {len(gone) - 1} more stories)" if len(gone) > 1 else ""
        raise AttentionError(
            f"{gone[0]}{more} is not here, and nobody took it back",
            hint="copy stories/ from the machine that has it. If it is to go for good: newsletter "
            f"stories withdraw {Path(gone[0]).stem}",
        )


def _not_here(services: StoryServices) -> tuple[str, ...]:
    """Their files. One that was taken back, or whose time is over, is not among them."""
    stopped = {stop.record_id for stop in services.all_stops()}
    paths = (
        f"{FOLDER}/{one.story_id}.md"
        for one in services.store.all()
        if one.story_id
        and one.state is SubmissionState.PUBLISHABLE
        and one.consent.record_id not in stopped
    )
    return tuple(path for path in sorted(paths) if not services.files.exists(path))
