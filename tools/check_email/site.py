"""The archive in a browser: axe-core without scripts of its own, its requests and its weight."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from playwright.sync_api import sync_playwright

from newsletter.rendering.archive import archive_files
from newsletter.rendering.archive_issue import issue_page
from newsletter.rendering.archive_pages import Site
from newsletter.rendering.archive_story import StoryPage
from newsletter.rendering.templates import Templates, shipped_folder
from tests.rendering import samples
from tools.check_email.browser import ARGUMENTS, CHROMIUM
from tools.check_email.finding import Finding

MOST_BYTES = 60_000
PAGES = {
    "index": "en/index.html",
    "index-ar": "ar/index.html",
    "issue": "issues/2026-W47/en/index.html",
    "issue-ar": "issues/2026-W47/ar/index.html",
    "story": "stories/st0ry001/en/index.html",
    "organisation": "en/organisations/casa-norte/index.html",
}


def write_site(folder: Path) -> Path:
    """A sample archive."""
    site = Site(
        coalition=samples.COALITION,
        templates=Templates((shipped_folder(),)),
        base="https://digest.neighbors.example/archive/",
        languages=("en", "ar"),
    )
    sent_at = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    story = StoryPage(
        id="st0ry001",
        language="en",
        title="The night shift taught me to speak up",
        text="I cleaned offices for nine years.\n\nThen we **organised**.",
        author="Marisol (not her real name)",
        until=sent_at.date(),
    )
    pages = [
        issue_page(*samples.everything(), sent_at),
        issue_page(*samples.digest(60, "ar"), sent_at),
    ]
    for name, data in archive_files(site, pages, [story]).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def site_findings(folder: Path, *, modules: Path, pictures: Path) -> Iterator[Finding]:
    """Each kind of page, served over HTTP with scripts switched off; axe-core runs beside them."""
    axe = (modules / "axe-core" / "axe.min.js").read_text()
    with _Served(folder) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, path in PAGES.items():
            for scheme in ("light", "dark"):
                yield _axe(browser, f"{address}{path}", name, scheme, axe, pictures)
            yield from _weight(browser, f"{address}{path}", name)
        browser.close()


def _axe(browser: Any, url: str, name: str, scheme: str, axe: str, pictures: Path) -> Finding:
    context = browser.new_context(
        viewport={"width": 375, "height": 800}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(url)
    page.screenshot(path=pictures / f"archive-{name}-{scheme}.png", full_page=True)
    page.evaluate(axe)
    result = page.evaluate("axe.run(document, {resultTypes: ['violations', 'incomplete']})")
    found = [
        f"{one['id']}: {one['nodes'][0]['html'][:100]}"
        for kind in ("violations", "incomplete")
        for one in result[kind]
    ]
    context.close()
    return Finding(
        letter=name,
        check="archive",
        measure=f"axe violations + incomplete, {scheme}",
        value=str(len(found)),
        is_green=not found,
        details=tuple(found),
    )


def _weight(browser: Any, url: str, name: str) -> Iterator[Finding]:
    context = browser.new_context(viewport={"width": 320, "height": 800}, java_script_enabled=False)
    page = context.new_page()
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: asked.append(f"{request.resource_type} {request.url}"))
    page.on("console", lambda message: complaints.append(message.text))
    answer = page.goto(url)
    size = len(answer.body()) if answer else 0
    others = [one for one in asked if not one.startswith(("document", "image"))]
    rows = (
        ("bytes without pictures", f"{size:,}", size < MOST_BYTES, ()),
        ("requests beside page and pictures", str(len(others)), not others, others),
        ("complaints of the browser (CSP)", str(len(complaints)), not complaints, complaints),
    )
    for measure, value, green, details in rows:
        yield Finding(
            letter=name,
            check="archive",
            measure=measure,
            value=value,
            is_green=green,
            details=tuple(details),
        )
    context.close()


class _Served:
    """The folder over HTTP on loopback."""

    def __init__(self, folder: Path) -> None:
        def handler(*arguments: Any) -> SimpleHTTPRequestHandler:
            return _Quiet(*arguments, directory=str(folder))

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = Thread(target=self._server.serve_forever)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}/"

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the table is the output."""
