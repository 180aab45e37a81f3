"""The look of the pages: the digest's colours and type, as one stylesheet."""

import hashlib

from flask import Blueprint, Response, render_template, request

from newsletter.web.site import site

pages = Blueprint("style", __name__)


@pages.get("/style-<language>.css")
def style(language: str) -> Response:
    """Return the stylesheet made from `templates/tokens.toml`, light and dark, in the type that
    the language's script needs."""
    tokens = site().workspace.templates.tokens
    text = render_template(
        "web/style.css",
        light=tokens.light,
        dark=tokens.dark,
        type=tokens.type_for(language),
        space=tokens.space,
    )
    answer = Response(text, mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest()[:16])
    answer.make_conditional(request)
    return answer
