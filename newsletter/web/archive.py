"""The public archive, where `newsletter archive` wrote one."""

from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

from newsletter.web.site import site

pages = Blueprint("archive", __name__)

FOLDER = "site"
# An issue is mail: its style stands on its elements, and its pictures are part of it.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@pages.get("/archive/")
@pages.get("/archive/<path:name>")
def archive(name: str = "") -> Response:
    """A file of it, or a folder's index.html."""
    folder = Path(site().workspace.root) / FOLDER
    if not folder.is_dir():
        abort(404)
    if not name or name.endswith("/"):
        name += "index.html"
    answer = send_from_directory(folder.absolute(), name)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
