"""Your story in a real browser without JavaScript: three languages, seen by axe-core."""

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from newsletter.model.address import story_path
from newsletter.model.consent import Allowed
from newsletter.stories.letters.to_storyteller import propose, write_to_storyteller
from newsletter.web.stories_frame import YOURS
from tests.browser import axe_findings, axe_source, open_context, press_through
from tests.stories.making import asked, give_keys, picture, review, take
from tests.web.test_browser import Served, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["served"]

NARROW = {"width": 320, "height": 700}


@pytest.mark.parametrize(
    ("locale", "scheme"), [("en-US", "light"), ("es-MX", "dark"), ("ar", "dark")]
)
def test_a_storyteller_sees_answers_and_writes_by_code_alone(
    served: Served, browser: "Browser", locale: str, scheme: str
) -> None:
    desk = served.pages.workspace.story_services
    today = served.pages.workspace.config.coalition.day_of(served.pages.now)
    pair = give_keys(desk)[0]
    submitted = take(desk, picture=picture((640, 400)), today=today - timedelta(days=3))
    story = review(desk, submitted, pair, with_picture=True)
    propose(desk, story, today=today)
    write_to_storyteller(desk, story.id, "Shall we call you?\n\nAna", today=today)
    source = axe_source()
    how = {"viewport": NARROW, "color_scheme": scheme, "locale": locale}
    # The page itself has no script; axe-core is one, and needs the policy out of its way.
    context = open_context(browser, **how, bypass_csp=True)
    page = context.new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    seen = {}

    def look(name: str) -> None:
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        seen[name] = [*axe_findings(page, source), *(["scrolls sideways"] if wide > 0 else [])]
        assert submitted.receipt.code not in page.url + page.title()

    page.goto(f"{served.url}{YOURS}")
    look("code")
    page.locator("#code").fill("7GQK-2M9X-0TRV-3H8DG")
    press_through(page.locator("main form button"))
    look("wrong code")
    page.locator("#code").fill(submitted.receipt.code.lower().replace("-", " "))
    press_through(page.locator("main form button"))
    assert "offices at night" in page.locator(".words").first.inner_text()
    assert page.locator("figure img").evaluate("image => image.naturalWidth") == 640
    look("waiting")
    for summary in page.locator("summary").all():
        summary.click()
    look("everything open")
    page.locator("#message").fill("After nine, please.")
    press_through(page.locator("button[value=write]"))
    look("written")
    shown = served.pages.workspace.site_folder / story_path(story.id, "en")
    shown.parent.mkdir(parents=True)
    shown.write_text("the page of the story")
    press_through(page.locator("button[value=yes]"))
    assert page.locator("section[aria-labelledby=used] a").count() == 1
    look("agreed, and on the website")
    assert isinstance(asked(desk, story.id, on=today), Allowed)
    assert page.locator("[dir=rtl] h1").count() == (locale == "ar")
    assert {name: found for name, found in seen.items() if found} == {}
    page.reload()
    assert "offices at night" not in page.inner_text("main")
    page.go_back()
    assert "offices at night" not in page.inner_text("main")
    assert hosts <= {served.url.split("/")[2], ""}
    context.close()
