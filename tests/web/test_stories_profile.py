"""Invariant 21: nothing that was typed is in any file of the browser's own folder afterwards."""

import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from flask import Response, request

from newsletter.stories.letters.to_storyteller import write_to_storyteller
from newsletter.stories.taking.steps import LAST, READING
from newsletter.web.stories_frame import TAKE_BACK, TELL, YOURS
from tests.browser import SWITCHES, chromium_path, press_through
from tests.processes import PATIENCE
from tests.stories.making import ANSWERS, NAME, PHONE, give_keys
from tests.web.test_browser import Served, served
from tests.web.test_stories_browser import fill_in, go_on

pytestmark = pytest.mark.usefixtures("processes")

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

__all__ = ["served"]

TYPED = (NAME, "Quetzalcoatl", PHONE, "209-447-318", "cleaned offices", "nine at night", "Marisol")
WRITTEN = ("Wolframite in the kiln", "Quixotry by the harbor")  # to the editors, and by them
RESTORE = "--restore-last-session"


@contextmanager
def a_persons_browser(folder: Path, *more: str) -> "Iterator[BrowserContext]":
    """Chromium as somebody has it: with a folder of its own, and the session kept on its disk."""
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as running:
        context = running.chromium.launch_persistent_context(
            folder,
            executable_path=chromium_path(),
            args=[*SWITCHES, *more],
            ignore_default_args=["--disable-back-forward-cache"],
            timeout=PATIENCE * 1000,
        )
        context.set_default_timeout(PATIENCE * 1000)
        try:
            yield context
        finally:
            context.close()


def unpacked(data: bytes) -> Iterator[bytes]:
    """A file's bytes, and of each packed stream in them what it holds."""
    yield data
    for found in re.finditer(rb"\x1f\x8b\x08", data):
        try:
            yield zlib.decompressobj(31).decompress(data[found.start() :])
        except zlib.error:
            continue


def traces(folder: Path, words: tuple[str, ...]) -> list[str]:
    """Where any of the words stands: as text, as UTF-16, as a form encodes it, packed or not."""
    forms = {
        form.lower(): word
        for word in words
        for spaced in (word, word.replace(" ", "+"), word.replace(" ", "%20").replace("+", "%2B"))
        for form in (spaced.encode(), spaced.encode("utf-16-le"))
    }
    return [
        f"{word} in {path.relative_to(folder)}"
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
        for data in map(bytes.lower, unpacked(path.read_bytes()))
        for form, word in forms.items()
        if form in data
    ]


def tell(page: "Page", url: str) -> str:
    """Tell the story to its end; return the code."""
    page.goto(f"{url}{TELL}")
    for step in range(LAST + 1):
        fill_in(page, step)
        go_on(page)
    return page.locator(".code").inner_text()


def test_nothing_typed_is_in_any_file_of_the_browser(served: Served, tmp_path: Path) -> None:
    desk = served.pages.workspace.story_services
    give_keys(desk)
    profile = tmp_path / "profile"
    with a_persons_browser(profile) as context:
        page = context.new_page()
        code = tell(page, served.url)
        page.locator("#typed").fill("0000")
        press_through(page.locator("form button").last)
        page.locator("#typed").fill(code)
        press_through(page.locator("form button").last)
        (told,) = desk.store.all()
        write_to_storyteller(desk, told.id, WRITTEN[1], today=served.pages.workspace.today())
        page.goto(f"{served.url}{YOURS}")
        page.locator("#code").fill(code)
        press_through(page.locator("main form button"))
        assert WRITTEN[1] in page.inner_text("main")
        page.locator("#message").fill(WRITTEN[0])
        press_through(page.locator("button[value=write]"))
        page.locator("#message").fill(WRITTEN[0])  # and never sent
        page.goto(f"{served.url}{TAKE_BACK}")
        page.locator("#code").fill(code)
        press_through(page.locator("form button").last)
        assert "taken back" in page.inner_text("h1")
        half = context.new_page()
        half.goto(f"{served.url}{TELL}")
        for _ in range(READING):
            go_on(half)
        fill_in(half, READING)  # and never sent
        half.goto("about:blank")
    words = (*TYPED, *WRITTEN, code, code.replace("-", ""))
    assert traces(profile, words) == []
    titles = (profile / "Default" / "History").read_bytes()
    assert b"/stories/a" in titles  # where it does keep what was visited
    assert not re.search(rb"(?i)tell your|taken back|your code|receipt", titles)

    with a_persons_browser(profile, RESTORE) as context:
        assert TAKE_BACK in {urlsplit(page.url).path for page in context.pages}
        for page in context.pages:
            page.wait_for_load_state()
            shown = page.content()
            assert [word for word in words if word in shown] == []
            for _ in range(3):
                page.go_back()
                shown = page.content()
                assert [word for word in words if word in shown] == []
    assert traces(profile, words) == []


def test_the_search_finds_what_a_page_in_answer_to_a_post_leaves(
    served: Served, tmp_path: Path
) -> None:
    """The control: the same browser, the same words, and no 303."""

    def careless() -> Response:
        answer = f"<p>{request.form.get('text', '')}</p>"
        form = "<form method=post><textarea name=text></textarea><button>Go</button></form>"
        return Response(answer + form, headers={"Cache-Control": "no-store"})

    served.pages.app.add_url_rule("/careless", "careless", careless, methods=["GET", "POST"])
    served.pages.app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    profile = tmp_path / "profile"
    with a_persons_browser(profile) as context:
        page = context.new_page()
        page.goto(f"{served.url}/careless")
        page.locator("textarea").fill(ANSWERS["text"])
        press_through(page.locator("button"))
        page.locator("textarea").fill(PHONE)
        page.goto("about:blank")  # leaving makes the browser write down what stood in the form
    found = {trace.split(" in ")[0] for trace in traces(profile, TYPED)}
    assert found >= {NAME, "209-447-318", PHONE}  # PHONE was typed, and never sent


def test_the_search_looks_into_packed_files(tmp_path: Path) -> None:
    (tmp_path / "packed").write_bytes(b"head" + gzip.compress(NAME.encode()) + b"tail")
    (tmp_path / "wide").write_bytes(NAME.encode("utf-16-le"))
    assert traces(tmp_path, (NAME,)) == [f"{NAME} in packed", f"{NAME} in wide"]
