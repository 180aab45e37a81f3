"""`newsletter serve`: the public pages, on waitress."""

import gc
import signal
import sys
from typing import Any

import click

from newsletter.cli.output import note
from newsletter.cli.wiped_memory import start_again_wiping
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.errors import ConfigError, ServiceError, UsageError

LARGEST_BODY = 65 * 1024 * 1024  # a story with a picture that is too large; the app says so


@click.command(epilog="Example: newsletter serve --port 8080 --proxy 127.0.0.1")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port",
    default=8000,
    type=click.IntRange(1, 65535),
    show_default=True,
    help="The port to listen on.",
)
@click.option(
    "--threads",
    default=4,
    type=click.IntRange(1, 64),
    show_default=True,
    help="How many requests to answer at the same time.",
)
@click.option(
    "--proxy",
    default="",
    metavar="ADDRESS",
    help="The web server in front, whose X-Forwarded-For and -Proto headers are trusted.",
)
@pass_workspace
def serve(workspace: Workspace, host: str, port: int, threads: int, proxy: str) -> None:
    """Serve the public pages: subscribe, confirm, preferences, unsubscribe, own data, stories.

    They are for this computer only until a web server stands in front: see docs/hosting.md.
    """
    start_again_wiping()
    import waitress

    from newsletter.web import large_bodies
    from newsletter.web.after_response import AfterResponse
    from newsletter.web.app import create_app
    from newsletter.web.ready import ready_to_serve

    secrets = workspace.config.secrets
    if len(secrets.secret_key) < secrets.KEY_LENGTH:
        raise ConfigError(
            f"NEWSLETTER_SECRET_KEY is not set, or has fewer than {secrets.KEY_LENGTH} characters",
            hint="set it to the key of this workspace; newsletter doctor explains",
        )
    ready_to_serve(workspace)
    later = AfterResponse()
    app = create_app(workspace, later=later)
    gc.freeze()  # what is there for good need not be looked at after each story
    options: dict[str, Any] = {
        "host": host,
        "port": port,
        "threads": threads,
        "ident": None,  # no word about the software
        "max_request_body_size": LARGEST_BODY,
        # Larger ones would go through a temporary file: a story must not touch the disk as it is.
        "inbuf_overflow": LARGEST_BODY + 1024 * 1024,
        "outbuf_overflow": LARGEST_BODY,  # a page shows a story too, and its picture
        "max_request_header_size": 32 * 1024,
        # A client that sends nothing, or a byte a minute, takes no reader's place for long.
        "connection_limit": 900,
        "asyncore_use_poll": True,
        "channel_timeout": 30,
        "cleanup_interval": 5,
    }
    if proxy:
        options |= {
            "trusted_proxy": proxy,
            "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
            "clear_untrusted_proxy_headers": True,
        }
    large_bodies.install()
    try:
        server = waitress.create_server(app, **options)
    except OSError as error:
        raise ServiceError(
            f"cannot listen on {host}:{port}: {error.strerror}", hint="choose another --port"
        ) from error
    except ValueError as error:
        raise UsageError(
            f"{host} is not an address of this computer", hint="try 127.0.0.1"
        ) from error
    note(f"Serving {workspace.config.coalition.public_url} at http://{host}:{port}")
    note("Stop with Ctrl-C.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        server.run()
    finally:
        later.stop()
