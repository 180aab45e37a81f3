"""The coalition's logo, at the top of each page."""

from flask import Blueprint, Response, abort, request, url_for

from newsletter.design.build_view import logo_view
from newsletter.design.views import LogoView
from newsletter.web.site import site

pages = Blueprint("logo", __name__)


def logo_shown() -> LogoView | None:
    """Return how pages show the logo; None where there is none that can be shown."""
    return logo_view(
        site().workspace.logo.logo, lambda picture: url_for("logo.show", name=_name(picture.cid))
    )


@pages.get("/logo/<name>")
def show(name: str) -> Response:
    """Return one of its pictures. A name is of its bytes: they are kept for long."""
    logo = site().workspace.logo.logo
    pictures = {_name(picture.cid): picture for picture in logo.pictures} if logo else {}
    if name not in pictures:
        abort(404)
    answer = Response(pictures[name].data, mimetype=pictures[name].media_type)
    answer.headers["Cache-Control"] = "public, max-age=604800"
    answer.set_etag(name)
    answer.make_conditional(request)
    return answer


def _name(cid: str) -> str:
    return cid.partition("@")[0]
