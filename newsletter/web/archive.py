"""The public archive, where `newsletter archive` wrote one: of it, what may be shown now."""

import threading

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    send_from_directory,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from newsletter.archive.search import is_search_page
from newsletter.archive.served import Absent, Folder, Gone, Served, Unknown
from newsletter.model.language import first_same
from newsletter.web.languages import language
from newsletter.web.message_pages import error_page
from newsletter.web.site import site

pages = Blueprint("archive", __name__)

# An issue is mail: its style stands on its elements, and its pictures are part of it.
POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SEARCHES = "script-src 'self'; connect-src 'self'"  # the one page with a script
# Nothing is shown again without being asked for. A story is not kept at all: going back in its
# history, a browser shows what it kept without asking. (What it holds in memory it shows all the
# same, for some minutes: see `stories_frame.forgetting`.)
ASKED = "no-cache"
NOT_KEPT = "no-cache, no-store"


@pages.app_context_processor
def known() -> dict[str, str]:
    """Tell templates where the past issues are in the language of the page; empty: nowhere."""
    archive = site().workspace.served_archive
    if not archive.is_there:
        return {"past_issues": ""}
    tag = first_same(language(), archive.languages)
    return {"past_issues": url_for("archive.archive", name=f"{tag}/" if tag else "")}


@pages.get("/archive/")
@pages.get("/archive/<path:name>")
def archive(name: str = "") -> AnyResponse:
    """Serve a file of it, or a folder's index.html; hidden files are not part of it.

    410 for what shows a story that may not be shown any more; then it is written again.
    """
    here = site()
    look = here.workspace.served_archive.look(name, here.today())
    here.forget_gone_later()
    if isinstance(look, Absent):
        abort(404)
    if isinstance(look, Folder):
        return redirect(url_for("archive.archive", name=f"{name}/"), code=308)
    if not isinstance(look, Served):
        return _gone(look)
    answer = send_from_directory(here.workspace.site_folder.absolute(), look.name)
    answer.headers["Content-Security-Policy"] = (
        f"{POLICY}; {SEARCHES}" if is_search_page(look.name) else POLICY
    )
    answer.headers["Cache-Control"] = NOT_KEPT if look.has_story else ASKED
    return answer


def _gone(look: Gone | Unknown) -> Response:
    if isinstance(look, Unknown) or look.is_left:
        _written_again()
    return error_page(503 if isinstance(look, Unknown) else 410)


def _written_again() -> None:
    """Have the archive written again after this answer, once at a time."""
    here, writing = site(), current_app.extensions.setdefault("archive-writing", threading.Lock())
    if not writing.acquire(blocking=False):
        return

    def write() -> None:
        try:
            here.workspace.publish(now=here.clock())
        finally:
            writing.release()

    if not here.later.do(write):
        writing.release()
