"""The members' web sites of the demo coalition, served on loopback by a real HTTP server.

`https://harbor-legal-aid.example/feed.xml` is served as
`http://localhost:PORT/harbor-legal-aid/feed.xml`: by name, for spam filters distrust numbers.
"""

import hashlib
import html
import re
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from newsletter.demo.dates import fill
from newsletter.loopback import LoopbackServer

_MEMBER = re.compile(r"https://([a-z0-9-]+)\.example/")
_ROOTED = re.compile(r"""((?:src|href)=\\?")/""")  # relative to the member's own root
_TYPES = {
    ".xml": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/feed+json",
    ".ics": "text/calendar; charset=utf-8",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".html": "text/html; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One HTTP answer, before its validators are added."""

    status: HTTPStatus = HTTPStatus.OK
    body: bytes = b""
    media_type: str = _TYPES[".html"]
    location: str = ""


class DemoSite(LoopbackServer):
    """The server, as a context manager. `members` are the organisations that have a site."""

    def __init__(
        self, folder: Path, *, members: frozenset[str], now: datetime, timezone: ZoneInfo
    ) -> None:
        self.folder = folder
        self.members = members
        self.now = now
        self.timezone = timezone
        self.asked: Counter[str] = Counter()
        self._lock = threading.Lock()
        super().__init__(_handler(self))

    @property
    def address(self) -> str:
        """`http://localhost:PORT`, no final slash."""
        return f"http://localhost:{self.server_port}"

    def localised(self, text: str) -> str:
        """Return the text with the members' addresses led to this server."""
        return _MEMBER.sub(
            lambda link: f"{self.address}/{link[1]}/" if link[1] in self.members else link[0],
            text,
        )

    def answer(self, path: str) -> Answer:
        """Answer a GET of `path` as the members' sites do; some of them have problems."""
        with self._lock:
            self.asked[path] += 1
            times = self.asked[path]
        if path == "/old-mill-arts/feed.xml":
            return Answer(status=HTTPStatus.GONE, body=b"<h1>Gone</h1>")
        if path == "/bridge-street-library/events.xml":  # to a private address
            return Answer(status=HTTPStatus.FOUND, location="http://169.254.169.254/latest/")
        if path == "/night-kitchen/feed.xml":
            page = (self.folder / "night-kitchen" / "challenge.html").read_bytes()
            return Answer(status=HTTPStatus.FORBIDDEN, body=page)
        return self._file(path, times) or self._page(path)

    def _file(self, path: str, times: int) -> Answer | None:
        wanted = (self.folder / path.lstrip("/")).resolve()
        if not wanted.is_relative_to(self.folder.resolve()) or not wanted.is_file():
            return None
        body = wanted.read_bytes()
        if wanted.suffix not in (".jpg", ".png"):
            text = fill(body.decode(), now=self.now, timezone=self.timezone, later=times > 1)
            member = path.split("/")[1]
            body = self.localised(_ROOTED.sub(rf"\1/{member}/", text)).encode()
        return Answer(body=body, media_type=_TYPES[wanted.suffix])

    def _page(self, path: str) -> Answer:
        """Return a small page for any article, so that links in the digest lead somewhere."""
        member, _, rest = path.strip("/").partition("/")
        if member not in self.members:
            return Answer(status=HTTPStatus.NOT_FOUND, body=b"<h1>Not found</h1>")
        feeds = "".join(
            f'<link rel="alternate" type="{_TYPES[file.suffix].split(";")[0]}" '
            f'href="/{member}/{file.name}">'
            for file in sorted((self.folder / member).glob("*.*"))
            if file.suffix in (".xml", ".atom", ".json")
        )
        words = html.escape(rest.strip("/").rsplit("/", 1)[-1].removesuffix(".html"))
        title = words.replace("-", " ").capitalize() or html.escape(member)
        page = (
            f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f"{feeds}</head><body><h1>{title}</h1>"
            f"<p>A page of {html.escape(member)}, a member of a coalition that does not exist.</p>"
            "</body></html>"
        )
        return Answer(body=page.encode())


def _handler(site: DemoSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = site.answer(unquote(urlsplit(self.path).path))
            etag = f'"{hashlib.sha256(answer.body).hexdigest()[:20]}"'
            unchanged = answer.status is HTTPStatus.OK and self.headers["If-None-Match"] == etag
            body = b"" if unchanged else answer.body
            self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else answer.status)
            if answer.status is HTTPStatus.OK:
                self.send_header("ETag", etag)
            if answer.location:
                self.send_header("Location", answer.location)
            if not unchanged:
                self.send_header("Content-Type", answer.media_type)
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815  the name is http.server's

        def log_message(self, *_: Any) -> None:
            """Log nothing: the demo's terminal is for the demo."""

    return Handler
