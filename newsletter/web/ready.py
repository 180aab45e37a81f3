"""[I/O] May the pages be served at all? Asked once, at the start."""

from contextlib import suppress
from pathlib import Path

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
    if path := read_only_database(workspace):
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


def read_only_database(workspace: Workspace) -> Path | None:
    """Return what of SQLite's files, or the folder that they are in, this process may not write."""
    url = workspace.database_as_it_is.url
    if url.get_backend_name() != "sqlite" or not url.database:
        return None
    database = Path(url.database)
    files = [database, *(database.with_name(f"{database.name}{end}") for end in ("-wal", "-shm"))]
    places = [*(file for file in files if file.exists()), database.parent]
    return next((place for place in places if not is_writable(place)), None)


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
