"""`newsletter serve`: the public pages, on waitress."""

import errno
import gc
import select
import signal
import sys
import threading
from typing import Any

import click

from newsletter.cli.output import note, repeatable
from newsletter.cli.ready_signal import say_ready
from newsletter.cli.wiped_memory import start_again_wiping
from newsletter.cli.workspace import Workspace, pass_workspace
from newsletter.config.settings import LogSettings
from newsletter.errors import ConfigError, ServiceError, UsageError

LARGEST_BODY = 65 * 1024 * 1024  # a story with a picture that is too large; the app says so


_OWN_ADDRESS = "--host is an address of this computer: try 127.0.0.1"
METRICS_HOST = "127.0.0.1"  # never behind the web server


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
@repeatable(
    "--proxy",
    metavar="ADDRESS",
    help="The address or network of the web server in front: its X-Forwarded-For is believed.",
)
@click.option(
    "--metrics",
    type=click.IntRange(0, 65535),
    metavar="PORT",
    help=f"Count for Prometheus, at http://{METRICS_HOST}:PORT/metrics; 0: any free port.",
)
@click.option(
    "--log-level",
    type=click.Choice(LogSettings.LEVELS),
    help="What the log leaves out: all below that. By default [log] level, else info.",
)
@pass_workspace
def serve(
    workspace: Workspace,
    host: str,
    port: int,
    threads: int,
    proxy: tuple[str, ...],
    metrics: int | None,
    log_level: str | None,
) -> None:
    """Serve the public pages: subscribe, confirm, preferences, unsubscribe, own data, stories.

    They are for this computer only until a web server stands in front: see docs/hosting.md.
    """
    start_again_wiping()
    from newsletter.web import large_bodies
    from newsletter.web.after_response import AfterResponse
    from newsletter.web.app import create_app
    from newsletter.web.event_log import write_log
    from newsletter.web.metrics import metrics_app
    from newsletter.web.proxies import BehindProxies, read_networks
    from newsletter.web.ready import read_only_folders, ready_to_serve

    write_log(log_level or workspace.config.log.level)
    trusted = read_networks(proxy)

    secrets = workspace.config.secrets
    if len(secrets.secret_key) < secrets.KEY_LENGTH:
        raise ConfigError(
            f"NEWSLETTER_SECRET_KEY is not set, or has fewer than {secrets.KEY_LENGTH} characters",
            hint="set it to the key of this workspace; newsletter doctor explains",
        )
    ready_to_serve(workspace)
    later = AfterResponse()
    app = create_app(workspace, later=later)
    app.wsgi_app = BehindProxies(app.wsgi_app, trusted)  # type: ignore[method-assign]
    gc.freeze()  # what is there for good need not be looked at after each story
    options: dict[str, Any] = {
        "threads": threads,
        "ident": None,  # no word about the software
        "max_request_body_size": LARGEST_BODY,
        # Larger ones would go through a temporary file: a story must not touch the disk as it is.
        "inbuf_overflow": LARGEST_BODY + 1024 * 1024,
        "outbuf_overflow": LARGEST_BODY,  # a page shows a story too, and its picture
        "max_request_header_size": 32 * 1024,
        # A client that sends nothing, or a byte a minute, takes no reader's place for long.
        "connection_limit": 900,
        "asyncore_use_poll": hasattr(select, "poll"),  # else it has room for 1,024 at most
        "channel_timeout": 30,
        "cleanup_interval": 5,
        "clear_untrusted_proxy_headers": False,  # BehindProxies does, and believes networks
    }
    large_bodies.install()
    server = _listening(app, host, port, "--port", options)
    if metrics is not None:
        counts = metrics_app(app.extensions["newsletter"])
        few = {"threads": 1, "ident": None, "connection_limit": 20}
        beside = _listening(counts, METRICS_HOST, metrics, "--metrics", few)
        threading.Thread(target=beside.run, name="metrics", daemon=True).start()
        note(f"Counting at http://{METRICS_HOST}:{beside.effective_port}/metrics")
    public_url = workspace.config.coalition.public_url
    note(f"Serving {public_url} at http://{host}:{port}")
    if public_url.startswith("https:") and not trusted:
        note("Without --proxy, all visitors behind a web server share one limit.")
    if read_only := read_only_folders(workspace):
        listed = ", ".join(f"{name}/ ({what})" for name, what in read_only.items())
        note(f"Cannot be written here: {listed}.")
    note("Stop with Ctrl-C.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        with workspace.seen_at_work():
            say_ready()
            server.run()
    finally:
        later.stop()


def _listening(app: Any, host: str, port: int, option: str, options: dict[str, Any]) -> Any:
    """Return a server that listens there. ServiceError, or UsageError for no address of ours."""
    import waitress

    try:
        return waitress.create_server(app, host=host, port=port, **options)
    except OSError as error:
        is_port = error.errno != errno.EADDRNOTAVAIL
        raise ServiceError(
            f"cannot listen on {host}:{port}: {error.strerror}",
            hint=f"choose another {option}" if is_port else _OWN_ADDRESS,
        ) from error
    except ValueError as error:
        raise UsageError(f"{host} is not an address of this computer", hint=_OWN_ADDRESS) from error
