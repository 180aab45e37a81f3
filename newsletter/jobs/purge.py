"""[I/O] The job `purge`: what storytellers were told would be deleted by now."""

from newsletter.errors import AttentionError
from newsletter.jobs.job import JobContext
from newsletter.stories.consent.purge_stories import Purged, purge
from newsletter.wiring import Workspace


def purge_stories(workspace: Workspace, *, dry_run: bool = False) -> tuple[Purged, tuple[str, ...]]:
    """Delete what is past its time and what was withdrawn, everywhere; return also the places in
    which words of a withdrawn story still stand."""
    services = workspace.story_services
    texts = services.withdrawn_texts()  # before their files go
    done = purge(services, today=workspace.today(), dry_run=dry_run)
    still: tuple[str, ...] = ()
    if not dry_run:
        still = workspace.redactor.redact(services.all_stops(), texts).still
        workspace.unfinished_interviews.purge(workspace.today())
    return done, still


def purge_daily(context: JobContext) -> None:
    """Do so; AttentionError where words of a withdrawn story still stand somewhere."""
    _, still = purge_stories(context.workspace)
    if still:
        raise AttentionError(
            f"the words of a withdrawn story still stand in {', '.join(still)}",
            hint="take them out there, then: newsletter stories purge",
        )
