"""The preview on a loopback address, built again and shown again whenever a watched file is saved.

Standard library only: one editor, one machine. Requests that name another host are refused, so
that no web page can read a draft through a name that points here.
"""

import threading
from collections.abc import Callable, Hashable, Sequence
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from stat import S_ISREG

from newsletter.errors import NewsletterError
from newsletter.loopback import LOOPBACK, LoopbackServer

_WAIT_SECONDS = 25.0
_POLL_SECONDS = 0.3
_RELOAD = b"""<script>
(async()=>{let v=null;for(;;){try{const r=await fetch("/changed?"+(v??""));const n=await r.text();
if(v!==null&&n!==v)location.reload();v=n}catch{await new Promise(d=>setTimeout(d,1000))}}})()
</script>"""


def saved_at(root: Path, names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Find when each file of these names, or below them, was saved: a `stamp` of a workspace."""
    saved = []
    for name in names:
        below = sorted((root / name).rglob("*")) if (root / name).is_dir() else [root / name]
        for path in below:
            with suppress(OSError):  # text editors make and remove files while they save
                status = path.stat()
                if S_ISREG(status.st_mode):
                    saved.append((str(path), status.st_mtime_ns))
    return tuple(saved)


class LivePreview:
    """`build` writes the preview; `stamp` changes when a file that it depends on does."""

    def __init__(
        self, folder: Path, *, build: Callable[[], object], stamp: Callable[[], Hashable]
    ) -> None:
        self._build = build
        self._stamp = stamp
        self._seen = stamp()
        self._version = 1
        self._changed = threading.Condition()
        self._stopped = threading.Event()
        self.error = ""
        handler = partial(_Handler, self, directory=str(folder))
        self.server = LoopbackServer(handler)

    @property
    def url(self) -> str:
        """Where to look."""
        return f"{self.server.url}/"

    def run(self) -> None:
        """Serve and watch until `stop`, or until the editor presses Ctrl-C."""
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            self.server.serve_forever(poll_interval=0.1)
        except KeyboardInterrupt:
            pass
        finally:
            self._stopped.set()
            with self._changed:
                self._changed.notify_all()
            watcher.join()
            self.server.server_close()

    def stop(self) -> None:
        """End `run`."""
        self.server.shutdown()

    def rebuild_if_changed(self) -> None:
        """Build once more when the stamp changed; an editor's mistake is kept to be shown."""
        stamp = self._stamp()
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._build()
            self.error = ""
        except NewsletterError as error:
            self.error = f"{error}\n{error.hint}"
        with self._changed:
            self._version += 1
            self._changed.notify_all()

    def wait_for_change(self, version: str) -> str:
        """Return the version, as soon as it is another than the browser's."""
        with self._changed:
            self._changed.wait_for(
                lambda: str(self._version) != version or self._stopped.is_set(), _WAIT_SECONDS
            )
            return str(self._version)

    def _watch(self) -> None:
        while not self._stopped.wait(_POLL_SECONDS):
            self.rebuild_if_changed()


class _Handler(SimpleHTTPRequestHandler):
    def __init__(
        self, live: LivePreview, request: object, client: object, server: object, *, directory: str
    ) -> None:
        self._live = live
        super().__init__(request, client, server, directory=directory)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").partition(":")[0]
        if host not in {LOOPBACK, "localhost"}:
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
        elif self.path.startswith("/changed"):
            self._answer(self._live.wait_for_change(self.path.partition("?")[2]).encode(), "plain")
        elif self.path == "/":
            self._answer(self._page(), "html")
        else:
            super().do_GET()

    def _page(self) -> bytes:
        if self._live.error:
            from html import escape

            return f"<!doctype html><pre>{escape(self._live.error)}</pre>".encode() + _RELOAD
        page = Path(self.directory) / "index.html"
        return page.read_bytes() + _RELOAD

    def _answer(self, body: bytes, subtype: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"text/{subtype}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: the terminal is the editor's."""
