"""Is it up? For a machine that watches it: the database answers, and the disks have room."""

from pathlib import Path

from flask import Blueprint, Response

from newsletter.errors import StoreError
from newsletter.web.disks import LEAST_FREE, free_bytes
from newsletter.web.limits import limiter
from newsletter.web.site import site
from newsletter.wiring import Workspace

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@limiter.exempt
def healthz() -> Response:
    """Answer `ok`, or 503 and a line for each thing that is wrong; nothing of what is in it."""
    wrong = faults(site().workspace)
    text = "".join(f"{line}\n" for line in wrong or ["ok"])
    return Response(text, status=503 if wrong else 200, mimetype="text/plain")


def faults(workspace: Workspace) -> list[str]:
    """Return what keeps the pages from working, in words."""
    found = [] if database_answers(workspace) else ["the database does not answer"]
    if workspace.unwritable_database():
        found.append("the database can only be read")
    for name, free in free_bytes(workspace).items():
        if free is None:
            found.append(f"the {name} folder is missing")
        elif free < LEAST_FREE:
            found.append(f"the disk of the {name} folder is full")
    return found


def database_answers(workspace: Workspace) -> bool:
    """Return whether it does. A file that was deleted goes on answering, and forgets."""
    url = workspace.engine.url
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return False
    try:
        workspace.subscribers.get(0)
    except StoreError:
        return False
    return True
