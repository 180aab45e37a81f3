"""What mail clients show of an edition: measured in Chromium, without what some of them drop."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.issue import Edition
from newsletter.model.material import Material
from tests.design.samples import everything
from tools.check_email.browser import turned_numbers

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TEMPLATES = Templates((shipped_folder(),))


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    page = browser.new_page(viewport={"width": 320, "height": 900})
    yield page
    page.close()


def arabic() -> tuple[Edition, Material]:
    """Every kind of section in Arabic, with numbers wherever an editor can write some."""
    issue, facts = everything()
    numbers = {
        "title": "اتصلوا بالرقم 213-555-0177 قبل 2026-11-20",
        "blurb": "اتصلوا بالرقم +1 555 010 0142 الآن",
    }
    said = "اسألوا عن 213-555-0188 ثم 2026-11-20"
    details = dict.fromkeys(("where", "target", "script", "hours", "verified_by", "dates"), said)
    sections = tuple(
        replace(
            section,
            title=f"{said} {section.title}",
            placements=tuple(
                replace(one, title=one.title + numbers["title"], blurb=numbers["blurb"],
                        details={**one.details, **details})
                for one in section.placements
            ),
        )
        for section in issue.sections
    )  # fmt: skip
    return replace(issue, language="ar", subject=numbers["title"], sections=sections), facts


def test_no_number_is_turned_around_where_bdi_is_dropped(page: "Page") -> None:
    page.set_content(render(*arabic(), TEMPLATES).html)
    assert turned_numbers(page) == []


def test_the_measure_sees_a_number_that_only_bdi_held(page: "Page") -> None:
    page.set_content('<p dir="rtl">اتصلوا بالرقم <bdi>213-555-0100</bdi> الآن</p>')
    assert turned_numbers(page) == ["213-555-0100"]
