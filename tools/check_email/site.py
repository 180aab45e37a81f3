"""The archive in a browser: axe-core, scripts switched off, requests, weight, widths, validity."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from newsletter.archive.files import archive_files
from newsletter.archive.issue_page import issue_page
from newsletter.archive.layout import Site
from newsletter.design.templates import Templates, shipped_folder
from newsletter.loopback import LoopbackServer
from tests.design import samples
from tools.check_email.browser import ARGUMENTS, CHROMIUM
from tools.check_email.finding import Finding, counted
from tools.check_email.printed import faults_on_paper

MOST_BYTES = 60_000
_SCROLLED = "document.documentElement.scrollWidth"


def write_largest(folder: Path) -> dict[str, str]:
    """The largest issues as an archive, under a logo: 60 items in Arabic, each kind of section."""
    logo = samples.with_logo()[1].logo
    site = Site(
        coalition=samples.COALITION,
        templates=Templates((shipped_folder(),)),
        base="https://digest.neighbors.example/archive/",
        languages=("en", "es", "ar"),
        logo=logo,
    )
    sent_at = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
    pages = [
        issue_page(edition, replace(facts, logo=logo), sent_at)
        for edition, facts in (samples.everything(), samples.digest(60, "ar"))
    ]
    for name, data in archive_files(site, pages, []).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return {
        "every-kind": "issues/2026-W47/en/index.html",
        "items60-ar": "issues/2026-W47/ar/index.html",
    }


def pages_of(folder: Path) -> dict[str, str]:
    """One page of each kind that an archive has, by what it is."""
    kinds = {
        "index": "index.html",
        "index-ar": "ar/index.html",
        "issue-en": "issues/*/en/index.html",
        "issue-es": "issues/*/es/index.html",
        "issue-ar": "issues/*/ar/index.html",
        "story": "stories/*/es/index.html",
        "topic": "en/topics/*/index.html",
        "organisation": "ar/organisations/*/index.html",
        "members": "ar/organisations/index.html",
        "year": "es/20*/index.html",
        "search": "en/search/index.html",
    }
    found = {kind: sorted(folder.glob(pattern)) for kind, pattern in kinds.items()}
    return {kind: str(paths[0].relative_to(folder)) for kind, paths in found.items()}


def page_findings(
    pages: Mapping[str, str], address: str, *, modules: Path, pictures: Path
) -> Iterator[Finding]:
    """Each page below an address, with a final slash, that serves the archive."""
    axe = (modules / "axe-core" / "axe.min.js").read_text()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for name, path in pages.items():
            yield from one_page_findings(browser, f"{address}{path}", name, axe, pictures)
        browser.close()


def one_page_findings(
    browser: Any, url: str, name: str, axe: str, pictures: Path
) -> Iterator[Finding]:
    """The page with scripts in light and dark, and without them on the narrowest phone."""
    for scheme in ("light", "dark"):
        yield _axe(browser, url, name, scheme, axe, pictures)
    yield from _without_scripts(browser, url, name)


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
    return counted(name, "archive", f"axe violations + incomplete, {scheme}", found)


def _without_scripts(browser: Any, url: str, name: str) -> Iterator[Finding]:
    """The page as a browser without JavaScript gets it, on the narrowest phone."""
    viewport = {"width": 320, "height": 800}
    with _opened(browser, viewport=viewport) as page:
        page.goto(url)
        words = page.inner_text("body")
        wide = page.evaluate(_SCROLLED)
        on_paper = faults_on_paper(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        wider = page.evaluate(_SCROLLED)
    asked: list[str] = []
    complaints: list[str] = []
    with _opened(browser, viewport=viewport, java_script_enabled=False) as page:
        page.on("request", lambda request: asked.append(f"{request.resource_type} {request.url}"))
        page.on("console", lambda message: complaints.append(message.text))
        answer = page.goto(url)
        size = len(answer.body()) if answer else 0
        # The search is of no use without its script, and says so; the list below it stays.
        is_same = name == "search" or page.inner_text("body") == words
        lost = [] if is_same else ["the words differ without scripts"]
    others = [one for one in asked[1:] if not one.startswith("image")]
    heavy = [] if size < MOST_BYTES else [f"{size:,} bytes"]
    yield Finding(
        letter=name,
        check="archive",
        measure="bytes without pictures",
        value=f"{size:,}",
        is_green=not heavy,
    )
    yield Finding(
        letter=name,
        check="archive",
        measure="width at 320 px",
        value=str(wide),
        is_green=wide <= viewport["width"],
    )
    yield Finding(
        letter=name,
        check="archive",
        measure="width at 1280 px",
        value=str(wider),
        is_green=wider <= 1280,
    )
    yield counted(name, "archive", "requests beside page and pictures", others)
    yield counted(name, "archive", "complaints of the browser (CSP)", complaints)
    yield counted(name, "archive", "lost without JavaScript", lost)
    yield counted(name, "archive", "faults on paper", on_paper)


@contextmanager
def _opened(browser: Any, **options: Any) -> Iterator[Any]:
    context = browser.new_context(**options)
    try:
        yield context.new_page()
    finally:
        context.close()


def served(folder: Path) -> LoopbackServer:
    """Make a server of the folder, on loopback."""
    return LoopbackServer(partial(_Quiet, directory=str(folder)))


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the table is the output."""
