"""The public archive, where `newsletter archive` wrote one."""

from pathlib import Path

from flask import Blueprint, abort, redirect, send_from_directory, url_for
from werkzeug.wrappers import Response as AnyResponse

from newsletter.web.site import site

pages = Blueprint("archive", __name__)

FOLDER = "site"
# An issue is mail: its style stands on its elements, and its pictures are part of it.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def _folder() -> Path:
    return Path(site().workspace.root) / FOLDER


@pages.app_context_processor
def known() -> dict[str, bool]:
    """Tell templates whether there are past issues to point to."""
    return {"has_archive": (_folder() / "index.html").is_file()}


@pages.get("/archive/")
@pages.get("/archive/<path:name>")
def archive(name: str = "") -> AnyResponse:
    """Serve a file of it, or a folder's index.html; hidden files are not part of it."""
    folder = _folder()
    if not folder.is_dir() or any(part.startswith(".") for part in name.split("/")):
        abort(404)
    if not name or name.endswith("/"):
        name += "index.html"
    elif (folder / name).is_dir():
        return redirect(url_for("archive.archive", name=f"{name}/"), code=308)
    answer = send_from_directory(folder.absolute(), name)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
