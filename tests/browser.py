"""Debian's Chromium through Playwright, and axe-core, for tests that look at pages and mails."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.processes import PATIENCE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

ROOT = Path(__file__).parents[1]
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    """The browser; skips where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("no chromium here (Debian: apt-get install chromium)")
    return found


def axe_source() -> str:
    """axe-core's script; skips where it is not installed."""
    path = Path(os.environ.get("NEWSLETTER_AXE", ROOT / "node_modules/axe-core/axe.min.js"))
    if not path.is_file():
        pytest.skip("no axe-core here (npm install axe-core, or NEWSLETTER_AXE=axe.min.js)")
    return path.read_text(encoding="utf-8")


@contextmanager
def open_browser() -> "Iterator[Browser]":
    """A browser of one test's or module's own."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=chromium_path(), args=SWITCHES, timeout=PATIENCE * 1000
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def keeping_pages(browser: "Browser") -> "Iterator[Browser]":
    """One beside it that goes back as people's do: to the page in memory, without asking.
    Playwright turns that off."""
    kept = browser.browser_type.launch(
        executable_path=chromium_path(),
        args=SWITCHES,
        timeout=PATIENCE * 1000,
        ignore_default_args=["--disable-back-forward-cache"],
    )
    try:
        yield kept
    finally:
        kept.close()


def open_context(browser: "Browser", **how: Any) -> "BrowserContext":
    """A context that waits for pages as long as a busy machine needs."""
    context = browser.new_context(**how)
    context.set_default_timeout(PATIENCE * 1000)
    return context


def press_through(control: "Locator") -> None:
    """Press what leads to another page, and wait until it stands there: a click alone may return
    while the browser is between the two, with no page to look at."""
    with control.page.expect_navigation():
        control.click()


def axe_findings(page: "Page", source: str, *, besides: str = "") -> list[str]:
    """What axe-core finds wrong on the page as it is shown now, violations and open questions, but
    for one rule `besides`."""
    page.evaluate(source)
    result: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{kind}: {found['id']}: {node['html'][:120]}"
        for kind in ("violations", "incomplete")
        for found in result[kind]
        if found["id"] != besides
        for node in found["nodes"]
    ]
