"""Is it up? For a machine that watches it."""

from flask import Blueprint, Response

from newsletter.web.limits import limiter
from newsletter.web.site import site

pages = Blueprint("health", __name__)


@pages.get("/healthz")
@limiter.exempt
def healthz() -> Response:
    """Answer 200 when the database answers; says nothing of what is in it."""
    site().workspace.subscribers.get(0)
    return Response("ok\n", mimetype="text/plain")
