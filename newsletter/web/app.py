"""The public pages: one Flask app a workspace, no JavaScript, nothing from another host."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import IO, Any

from flask import Flask, Request, request
from flask_wtf import CSRFProtect
from jinja2 import FileSystemLoader, StrictUndefined

from newsletter.people.links import derived_key
from newsletter.web import (
    archive,
    events,
    headers,
    health,
    joining,
    languages,
    leaving,
    limits,
    logo,
    message_pages,
    own_data,
    preferences,
    stories,
    stories_frame,
    stories_tell,
    style,
    your_story,
)
from newsletter.web.after_response import AfterResponse
from newsletter.web.site import Site
from newsletter.wiring import Workspace

LARGEST_FORM = 64 * 1024
LARGEST_STORY = 64 * 1024 * 1024  # with a picture as it comes from a phone: too large is said, read
LONGEST_STORY = 12 * 1024 * 1024  # far more than is typed: of what somebody pastes, a part stays


class _InMemoryRequest(Request):
    """A request none of whose parts is ever spooled to a temporary file."""

    def _get_file_stream(self, *_args: Any, **_named: Any) -> IO[bytes]:
        return _Upload()


class _Upload(BytesIO):
    """A file as it comes in: read to its end, so that its form is, but kept a little too large."""

    def write(self, data: Any) -> int:
        """Keep it, up to one byte more than is taken."""
        room = stories_tell.LARGEST_PICTURE + 1 - self.tell()
        super().write(data[: max(room, 0)])
        return len(data)


def create_app(
    workspace: Workspace,
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    later: AfterResponse | None = None,
) -> Flask:
    """Make the app. ConfigError without the secret key or the pages' public address.

    `later` does what a page must not wait for; tests pass one that they can wait for.
    """
    # Now, not at the first request: a missing key or a broken feeds.yaml must stop the start.
    _ = workspace.links, workspace.menu
    app = Flask("newsletter.web", static_folder=None, template_folder=None)
    app.request_class = _InMemoryRequest
    app.jinja_loader = FileSystemLoader([str(folder) for folder in workspace.templates.folders])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    is_https = workspace.config.coalition.public_url.startswith("https://")
    keys = [derived_key(key, "sessions") for key in workspace.secret_keys]
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        SESSION_COOKIE_NAME="newsletter",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=False,  # asks for a Referer, which our own headers forbid
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        MAX_FORM_PARTS=200,
    )

    @app.before_request
    def take_stories() -> None:
        # In multipart, a limit under the parser's own 64 KiB at a time refuses pictures at random.
        if request.path == stories_frame.TELL:
            request.max_content_length = LARGEST_STORY
            request.max_form_memory_size = LONGEST_STORY

    later = later or AfterResponse()
    app.extensions["newsletter"] = here = Site(workspace=workspace, clock=clock, later=later)
    here.send_notices_later()
    csrf = CSRFProtect(app)
    csrf.exempt(leaving.pages)  # RFC 8058: a mail program posts with no cookie; the link is the key
    csrf.exempt(events.pages)  # signed by SendGrid
    csrf.exempt(your_story.pages)
    csrf.exempt(stories.pages)  # they ask themselves: what was typed stays in a form too old
    for module in (headers, languages, limits, message_pages, stories_frame):
        module.install(app)
    for module in (
        joining,
        preferences,
        leaving,
        own_data,
        style,
        logo,
        health,
        archive,
        events,
        stories,
        your_story,
    ):
        app.register_blueprint(module.pages)
    return app
