"""The pages in a real browser, without JavaScript: the whole way, seen as a reader sees it."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask
from werkzeug.serving import make_server

from newsletter.config import Config
from newsletter.model.language import direction
from newsletter.model.subscriber import Purpose, SubscriberState
from newsletter.web.after_response import AfterResponse
from newsletter.web.app import create_app
from newsletter.web.limits import limiter
from newsletter.wiring import Workspace
from tests.browser import axe_findings, axe_source, open_context, press_through
from tests.conftest import NEWSLETTER_TOML
from tests.design.samples import png
from tests.web.conftest import FEEDS, Mailbox, Pages
from tests.web.test_logo import name_logo

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE = {"width": 375, "height": 812}


@dataclass
class Served:
    """The pages on a real port."""

    pages: Pages
    url: str


@pytest.fixture
def served(make_config: Callable[..., Config]) -> Iterator[Served]:
    server = make_server("127.0.0.1", 0, Flask("not yet"), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    toml = NEWSLETTER_TOML.replace("https://news.coalition.example", url)
    config = make_config(toml.replace('["en", "es"]', '["en", "es", "ar"]', 1))
    workspace = Workspace(config=config)
    (workspace.root / "feeds.yaml").write_text(FEEDS)
    mailbox, later = Mailbox(base=url), AfterResponse(later=(0, 0))
    workspace.__dict__["post"] = mailbox
    app = create_app(workspace, clock=lambda: pages.now, later=later)
    pages = Pages(app=app, workspace=workspace, mailbox=mailbox, later=later)
    server.app = app
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Served(pages=pages, url=url)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        later.stop()
        limiter.reset()
        workspace.engine.dispose()


def test_from_subscribing_to_leaving_without_javascript(served: Served, browser: "Browser") -> None:
    asked: list[str] = []
    context = open_context(browser, viewport=PHONE, java_script_enabled=False, locale="es-MX")
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    store = served.pages.workspace.subscribers

    page.goto(f"{served.url}/")
    page.get_by_label("Su correo electrónico").fill("ana@x.example")
    page.get_by_text("Solo algunos temas o lugares").click()
    page.get_by_label("Ayuda legal").check()
    page.get_by_label("Remitente y asunto discretos").check()
    press_through(page.get_by_role("button", name="Suscribirme"))
    assert page.get_by_role("heading", level=1).inner_text() == "Revise su correo"

    served.pages.later.wait()
    page.goto(served.url + served.pages.mailbox.link("confirm"))
    assert store.by_address("ana@x.example").state is SubscriberState.PENDING  # type: ignore[union-attr]
    press_through(page.get_by_role("button", name="Sí, quiero recibirlo"))
    assert page.get_by_role("heading", level=1).inner_text() == "Le damos la bienvenida"

    press_through(page.get_by_role("link", name="Cambiar lo que recibe"))
    page.get_by_label("Solo avisos urgentes").check()
    page.get_by_label("Pausar hasta").fill("2026-12-24")
    press_through(page.get_by_role("button", name="Guardar"))
    assert "Sus preferencias quedaron guardadas." in page.inner_text("main")
    person = store.by_address("ana@x.example")
    assert person is not None
    assert (person.frequency, person.topics, person.discreet) == ("urgent", {"legal"}, True)
    assert str(person.paused_until) == "2026-12-24"

    press_through(page.get_by_role("link", name="Darme de baja"))
    assert store.by_address("ana@x.example") is not None
    press_through(page.get_by_role("button", name="Darme de baja"))
    assert page.get_by_role("heading", level=1).inner_text() == "Ya no recibe el boletín"
    assert store.by_address("ana@x.example") is None
    assert {url.split("/")[2] for url in asked} == {served.url.split("/")[2]}
    context.close()


def test_erasing_ones_data_without_javascript(served: Served, browser: "Browser") -> None:
    served.pages.person("ana@x.example", language="en")
    context = open_context(browser, viewport=PHONE, java_script_enabled=False, locale="en-US")
    page = context.new_page()
    page.goto(f"{served.url}/links")
    page.get_by_label("Your email address").fill("ana@x.example")
    press_through(page.get_by_role("button", name="Mail me the links"))
    served.pages.later.wait()
    page.goto(served.url + served.pages.mailbox.link("data"))
    assert "ana@x.example" in page.inner_text("main")
    press_through(page.get_by_role("button", name="Erase everything"))
    assert page.get_by_role("heading", level=1).inner_text() == "Your data is erased"
    assert served.pages.workspace.subscribers.by_address("ana@x.example") is None
    context.close()


def every_page(served: Served) -> dict[str, Callable[["Page"], object]]:
    """How each page is reached, by a name."""
    pages = served.pages
    ana = pages.person("ana@x.example", language="en", topics=frozenset({"legal"}))
    bo = pages.person("bo@x.example", language="en", state=SubscriberState.PENDING)
    kim, lee = (pages.person(f"{name}@x.example", language="en") for name in ("kim", "lee"))
    confirm_bo = pages.link(Purpose.CONFIRM, bo, aged=True)
    expired = pages.workspace.links.make(Purpose.DATA, ana.id, now=pages.now - timedelta(hours=2))

    def at(path: str) -> Callable[["Page"], object]:
        return lambda page: page.goto(served.url + path)

    def refused(page: "Page") -> None:
        page.goto(f"{served.url}/subscribe")
        page.locator("input[name=address]").fill("nobody")
        press_through(page.locator("button"))

    def pressed(path: str) -> Callable[["Page"], object]:
        def press(page: "Page") -> None:
            page.goto(served.url + path)
            press_through(page.locator("form button"))

        return press

    def too_old(page: "Page") -> None:
        page.goto(f"{served.url}/links")
        page.context.clear_cookies()  # a form that outlived its cookie
        page.locator("input[name=address]").fill("ana@x.example")
        press_through(page.locator("form button"))

    def all_open(page: "Page") -> None:
        page.goto(f"{served.url}/subscribe")
        page.locator("summary").click()

    return {
        "subscribe": at("/subscribe"),
        "refused": refused,
        "sent": at("/subscribe/sent"),
        "topics and places": all_open,
        "confirm": at(confirm_bo),
        "welcome": pressed(confirm_bo),
        "confirmed before": at(confirm_bo),
        "preferences": pressed(pages.link(Purpose.PREFERENCES, ana)),
        "leave": at(pages.link(Purpose.LEAVE, ana)),
        "links": at("/links"),
        "data": at(pages.link(Purpose.DATA, ana, aged=True)),
        "expired": at(f"/data/{expired}"),
        "left": pressed(pages.link(Purpose.LEAVE, kim)),
        "left before": at(pages.link(Purpose.PREFERENCES, kim)),
        "erased": pressed(pages.link(Purpose.DATA, lee, aged=True)),
        "links sent": at("/links/sent"),
        "forged": at("/leave/forged"),
        "missing": at("/nothing"),
        "form too old": too_old,
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways_under_a_logo(
    served: Served, browser: "Browser", scheme: str, language: str
) -> None:
    name_logo(served.pages, png(560, 112, (255, 215, 94)))
    source = axe_source()
    context = open_context(
        browser, viewport=PHONE, color_scheme=scheme, reduced_motion="reduce", locale=language
    )
    page = context.new_page()
    page.goto(f"{served.url}/subscribe?lang={language}")
    found: dict[str, list[str]] = {}
    for name, reach in every_page(served).items():
        reach(page)
        assert page.get_attribute("html", "lang") == language
        way = page.evaluate("getComputedStyle(document.querySelector('h1')).direction")
        assert way == direction(language)
        findings = axe_findings(page, source)
        for width in (320, 1280, 375):
            page.set_viewport_size({"width": width, "height": 812})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                findings.append(f"it scrolls sideways at {width} px")
            if folder := os.environ.get("NEWSLETTER_SHOTS"):
                path = Path(folder) / f"{name}-{language}-{scheme}-{width}.png"
                page.screenshot(path=path, full_page=True)
        if findings:
            found[name] = findings
    context.close()
    assert found == {}


def test_every_control_can_be_touched_and_reached_by_keyboard(
    served: Served, browser: "Browser"
) -> None:
    context = open_context(browser, viewport=PHONE, locale="en")
    page = context.new_page()
    page.goto(f"{served.url}/subscribe")
    small = page.evaluate(
        """[...document.querySelectorAll('a, button, .option label, input[type=email]')]
        .filter(one => !one.matches('.skip') && one.getBoundingClientRect().height < 44)
        .map(one => one.outerHTML)"""
    )
    assert small == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "address"
    page.keyboard.type("ana@x.example")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Check your email"
    context.close()


def test_the_mail_that_asks_to_confirm_reads_well_in_light_and_dark(
    served: Served, browser: "Browser"
) -> None:
    source = axe_source()
    person = served.pages.person("ana@x.example", language="es")
    served.pages.workspace.notices.ask_to_confirm(person, now=served.pages.now)
    for scheme in ("light", "dark"):
        context = open_context(browser, viewport=PHONE, color_scheme=scheme)
        page = context.new_page()
        page.set_content(served.pages.mailbox.notices[-1].html)
        if folder := os.environ.get("NEWSLETTER_SHOTS"):
            page.screenshot(path=Path(folder) / f"mail-{scheme}.png", full_page=True)
        assert axe_findings(page, source) == []
        context.close()
