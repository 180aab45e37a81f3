"""The story pages in a real browser: told and taken back without JavaScript, seen by axe-core."""

from typing import TYPE_CHECKING

import pytest

from newsletter.model.submission import SubmissionState
from newsletter.stories.taking.question import Kind
from newsletter.stories.taking.questions import groups_in
from tests.browser import axe_findings, axe_source, open_context
from tests.stories.making import ANSWERS, LANGUAGES, give_keys, picture
from tests.web.test_browser import PHONE, Served, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["served"]
GROUPS = groups_in("en", LANGUAGES, has_page=True)


def fill_in(page: "Page", **changes: str) -> None:
    """Answer every question as a person does."""
    answers = {**ANSWERS, **changes}
    for group in GROUPS:
        for question in group.questions:
            answer = answers.get(question.id, "")
            if question.kind in (Kind.LONG_TEXT, Kind.TEXT):
                page.locator(f"#{question.id}").fill(answer)
            elif question.kind is Kind.TICK and answer:
                page.locator(f"#{question.id}").check()
            elif answer:
                page.locator(f"#{question.id}-{answer}").check()


def test_told_and_taken_back_without_javascript(served: Served, browser: "Browser") -> None:
    give_keys(served.pages.workspace.story_services)
    asked: list[str] = []
    context = open_context(browser, viewport=PHONE, java_script_enabled=False, locale="es-MX")
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"{served.url}/stories/new")
    assert page.get_by_role("heading", level=1).inner_text() == "Cuente su historia"
    page.get_by_role("button", name="Enviar").click()
    assert "Por favor, revise esto" in page.inner_text("main")
    fill_in(page)
    page.locator("#picture").set_input_files(
        {"name": "me.png", "mimeType": "image/png", "buffer": picture()}
    )
    page.get_by_role("button", name="Enviar").click()
    code = page.locator(".code").inner_text()
    page.locator("#typed").fill(code.replace("-", " ").lower())
    page.get_by_role("button", name="Comprobar").click()
    assert page.get_by_role("heading", level=1).inner_text() == "El código está bien"

    page.goto(f"{served.url}/stories/withdraw")
    page.locator("#code").fill(code)
    page.get_by_role("button", name="Retirarla").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Su historia está retirada"
    (row,) = served.pages.workspace.story_store.all()
    assert row.state is SubmissionState.WITHDRAWN

    assert {url.split("/")[2] for url in asked} == {served.url.split("/")[2]}
    assert [cookie["name"] for cookie in context.cookies()] == ["newsletter"]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_the_browser_stores_nothing(
    served: Served,
    browser: "Browser",
    scheme: str,
) -> None:
    give_keys(served.pages.workspace.story_services)
    source = axe_source()
    context = open_context(
        browser, viewport=PHONE, color_scheme=scheme, locale="en-US", bypass_csp=True
    )
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    seen = {}

    def look(name: str) -> None:
        findings = axe_findings(page, source)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        seen[name] = [*findings, *(["scrolls sideways"] if wide > 0 else [])]

    page.goto(f"{served.url}/stories/new")
    look("form")
    page.locator("form button").click()
    look("form with errors")
    fill_in(page)
    page.locator("form button").click()
    look("receipt")
    page.locator("#typed").fill("wrong")
    page.locator("form button").click()
    look("receipt, wrong code")
    page.goto(f"{served.url}/stories/withdraw")
    look("withdraw")
    page.locator("#code").fill("wrong")
    page.locator("form button").click()
    look("withdraw, wrong code")
    assert {name: found for name, found in seen.items() if found} == {}
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
    page.goto(f"{served.url}/stories/new")
    reached = set()
    for _ in range(80):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.name || document.activeElement.type"))
    assert {question.id for group in GROUPS for question in group.questions} <= reached
    assert "submit" in reached
    context.close()
