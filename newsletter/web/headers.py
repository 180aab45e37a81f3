"""The headers of every answer: nothing from elsewhere, nothing kept, nothing passed on."""

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",  # a personal link must not travel to the next site
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), interest-cohort=()",
}


def install(app: Flask) -> None:
    """Add them to whatever the app answers, errors too."""

    @app.after_request
    def add(response: Response) -> Response:
        response.headers.update(_ALWAYS)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Cache-Control", "no-store")
        if {"token", "key"} & (request.view_args or {}).keys():
            response.headers["X-Robots-Tag"] = "noindex"
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response
