"""[I/O] May the pages be served at all? Asked once, at the start."""

from contextlib import suppress

from newsletter.errors import StoreError
from newsletter.stories.consent.purge_stories import sync_withdrawals
from newsletter.wiring import Workspace
from newsletter.wiring.state_report import clear_away


def ready_to_serve(workspace: Workspace) -> None:
    """Raise AttentionError where the state folder was lost or cannot be written, or the record of
    consents is older than what stands there. What a restore brought back of a withdrawn story goes.

    A database that is away keeps nothing up: each page asks again.
    """
    workspace.state_folder.insist_writable()
    with suppress(StoreError):
        services = workspace.story_services
        services.consents.revocations()
        if services.missing_stops():
            sync_withdrawals(services, today=workspace.today())
            clear_away(workspace)
