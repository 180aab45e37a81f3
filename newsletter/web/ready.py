"""[I/O] May the pages be served at all? Asked once, at the start."""

from contextlib import suppress

from newsletter.errors import AttentionError, StoreError
from newsletter.model.delivery import TransportKind
from newsletter.stories.consent.purge_stories import sync_withdrawals
from newsletter.system import is_writable
from newsletter.wiring import Workspace
from newsletter.wiring.state_report import clear_away


def ready_to_serve(workspace: Workspace) -> None:
    """Raise AttentionError where the state folder was lost or cannot be written, or the record of
    consents is older than what stands there. What a restore brought back of a withdrawn story goes.

    So it is where the database can only be read. One that is away keeps nothing up: each page asks
    again.
    """
    workspace.state_folder.insist_writable()
    if path := workspace.unwritable_database():
        raise AttentionError(
            f"{path} cannot be written: nobody could subscribe or unsubscribe",
            hint="let the user that runs this write there, and in its folder (in a systemd unit: "
            "ReadWritePaths)",
        )
    with suppress(StoreError):
        services = workspace.story_services
        services.consents.revocations()
        if services.missing_stops():
            sync_withdrawals(services, today=workspace.today())
            clear_away(workspace)


def read_only_folders(workspace: Workspace) -> dict[str, str]:
    """Return the folders of the workspace that pages write into and this process may not, and what
    comes of that."""
    transport = workspace.config.transport
    comes_of_it = {
        "stories": "no story can be told",
        "issues": "what is taken back stays there",
        "site": "what is taken back stays there",
    }
    if transport.kind is TransportKind.OUTBOX:
        comes_of_it[transport.path] = "no mail leaves"
    places = {name: workspace.root / name for name in comes_of_it}
    return {
        name: comes_of_it[name]
        for name, place in places.items()
        if not is_writable(place if place.exists() else place.parent)
    }
