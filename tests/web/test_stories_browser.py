"""The story pages in a real browser: told and taken back without JavaScript, seen by axe-core."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.design.catalogues import STORIES
from newsletter.model.submission import SubmissionState
from newsletter.stories.record import story_language
from newsletter.stories.record.story_language import story_gettext
from newsletter.stories.taking.question import Kind
from newsletter.stories.taking.questions import groups_in
from newsletter.stories.taking.steps import LAST, READING, groups_of
from newsletter.web.stories_frame import TAKE_BACK, TELL
from tests.browser import axe_findings, axe_source, open_context, press_through
from tests.stories.making import ANSWERS, TEXT, give_keys, picture
from tests.stories.test_story_language import sentences, write
from tests.web.test_browser import PHONE, Served, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["served"]

GROUPS = groups_in("en", ("en", "es", "ar"), has_page=True)  # as `served` asks
LONGEST_STEP = 3000  # pixels, on a screen 320 wide
SQUEEZED = """[...document.querySelectorAll(".option label")]
    .filter(label => label.innerText.length > 30 && label.clientWidth < 150)
    .map(label => label.innerText)"""


def fill_in(page: "Page", step: int, **changes: str) -> None:
    """Answer the questions of a step as a person does."""
    answers = {**ANSWERS, "language_ar": "no", **changes}
    for group in groups_of(step, GROUPS):
        for question in group.questions:
            answer = answers.get(question.id, "")
            if question.kind in (Kind.LONG_TEXT, Kind.TEXT):
                page.locator(f"#{question.id}").fill(answer)
            elif question.kind is Kind.TICK and answer:
                page.locator(f"#{question.id}").check()
            elif answer:
                page.locator(f"#{question.id}-{answer}").check()


def go_on(page: "Page") -> None:
    """Press the button that leads to the next step."""
    press_through(page.locator("form .steps button").first)


def walk(page: "Page", url: str) -> "Iterator[int]":
    """Go through the form; each step is given before and after it is filled in."""
    page.goto(f"{url}{TELL}")
    for step in range(LAST + 1):
        yield step
        fill_in(page, step)
        yield step
        go_on(page)


def test_told_and_taken_back_without_javascript(served: Served, browser: "Browser") -> None:
    give_keys(served.pages.workspace.story_services)
    asked: list[str] = []
    context = open_context(browser, viewport=PHONE, java_script_enabled=False, locale="es-MX")
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{served.url}{TELL}")
    assert page.get_by_role("heading", level=1).inner_text() == "Cuente su historia"
    for _ in range(READING):
        go_on(page)
    assert page.get_by_role("heading", level=1).inner_text() == "Su historia"
    go_on(page)
    page.get_by_role("link", name="¿Qué le gustaría contar?").click()
    fill_in(page, READING)
    with page.expect_navigation():
        page.locator("#title").press("Enter")  # goes on, and changes no language
    assert "Paso 5 de 9" in page.inner_text("main")
    press_through(page.get_by_role("button", name="Volver un paso atrás"))
    assert page.locator("#text").input_value() == TEXT
    for step in range(READING, LAST + 1):
        fill_in(page, step)
        if step == LAST:
            page.locator("#picture").set_input_files(
                {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
            )
        go_on(page)
    code = page.locator(".code").inner_text()
    page.locator("#typed").fill(code.replace("-", " ").lower())
    press_through(page.get_by_role("button", name="Comprobar"))
    assert page.get_by_role("heading", level=1).inner_text() == "El código está bien"

    page.goto(f"{served.url}{TAKE_BACK}")
    page.locator("#code").fill(code)
    press_through(page.get_by_role("button", name="Retirarla"))
    assert page.get_by_role("heading", level=1).inner_text() == "Su historia está retirada"
    (row,) = served.pages.workspace.story_store.all()
    assert row.state is SubmissionState.WITHDRAWN

    assert {url.split("/")[2] for url in asked} == {served.url.split("/")[2]}
    assert [cookie["name"] for cookie in context.cookies()] == ["newsletter"]
    assert page.title() == "Test Coalition"
    context.close()


@pytest.fixture
def wordy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fourth language, a fifth longer than Spanish; its name makes the row of languages long."""
    folder = tmp_path / "catalogues"
    folder.mkdir()
    for path in STORIES.glob("*.po"):
        (folder / path.name).write_bytes(path.read_bytes())
    spanish = story_gettext("es")
    long = {one: spanish(one) + " pawòl" * (len(spanish(one)) // 30) for one in sentences()}
    write(folder / "ht.po", long)
    monkeypatch.setattr(story_language, "STORIES", folder)


@pytest.mark.usefixtures("wordy")
@pytest.mark.parametrize(
    ("scheme", "locale"), [("light", "en-US"), ("dark", "es-MX"), ("light", "ar"), ("dark", "ht")]
)
def test_axe_finds_nothing_and_the_browser_stores_nothing(
    served: Served,
    browser: "Browser",
    scheme: str,
    locale: str,
) -> None:
    give_keys(served.pages.workspace.story_services)
    source = axe_source()
    context = open_context(
        browser,
        viewport={"width": 320, "height": 700},
        color_scheme=scheme,
        locale=locale,
        bypass_csp=True,
    )
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    seen = {}

    def look(name: str) -> None:
        findings = axe_findings(page, source)
        if page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0:
            findings.append("scrolls sideways")
        height = page.evaluate("document.documentElement.scrollHeight")
        if "step" in name and height >= LONGEST_STEP:
            findings.append(f"is {height} px long")
        findings += [f"{squeezed!r} in a narrow column" for squeezed in page.evaluate(SQUEEZED)]
        seen[name] = findings

    page.goto(f"{served.url}{TELL}")
    for step in range(LAST + 1):
        look(f"step {step}")
        if step >= READING:
            go_on(page)
            look(f"step {step} with errors" if page.locator("[role=alert]").count() else "none")
            if not page.locator("[role=alert]").count():  # it asked for nothing
                press_through(page.locator("form .steps button").nth(1))
        fill_in(page, step)
        go_on(page)
    look("receipt")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == (
        "rtl" if locale == "ar" else "ltr"
    )
    page.locator("#typed").fill("wrong")
    press_through(page.locator("form button").last)
    look("receipt, wrong code")
    page.reload()
    look("shown once")
    page.goto(f"{served.url}{TAKE_BACK}")
    look("take back")
    page.locator("#code").fill("wrong")
    press_through(page.locator("form button").last)
    look("take back, wrong code")
    assert {name: found for name, found in seen.items() if found} == {}
    assert len(seen) >= 15
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.evaluate("indexedDB.databases().then(found => found.length)") == 0
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(r => r.length)") == 0
    assert {cookie["name"] for cookie in context.cookies()} <= {"newsletter"}
    assert hosts == {served.url.split("/")[2]}
    context.close()


def test_the_whole_form_is_walked_with_the_keyboard(served: Served, browser: "Browser") -> None:
    give_keys(served.pages.workspace.story_services)
    context = open_context(browser, viewport=PHONE, locale="en-US")
    page = context.new_page()
    for step in walk(page, served.url):
        asked = {one.id for group in groups_of(step, GROUPS) for one in group.questions}
        reached: set[str] = set()
        for _ in range(50):
            page.keyboard.press("Tab")
            reached.add(
                page.evaluate("document.activeElement?.name || document.activeElement?.type")
            )
            if asked | {"go"} <= reached:
                break
        assert asked | {"go"} <= reached
    context.close()
