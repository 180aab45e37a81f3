"""What mail clients show of an edition: measured in Chromium, without what some of them drop."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.issue import Edition, Placement, Section
from newsletter.model.material import Material
from newsletter.model.message import LEAVE_URL, PREFERENCES_URL
from tests.design.samples import digest, edition, everything, material, typical
from tools.check_email.browser import broken_words, lost_shapes, turned_numbers, unlike_links
from tools.check_email.outlook import as_outlook, without_style
from tools.check_email.printed import faults_on_paper, sheets

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


TABLES = (
    "| Fee | Until May | From June |\n|---|---:|---:|\n| Renewal | $1,250 | $12,350 |",
    "| City | Calls | Answered | More |\n|---|---:|---:|---|\n| Los Angeles | 12,412 | 9 | $1 |",
    "| Organisation | Representation |\n|---|---|\n| Interdisciplinary | Notwithstanding |",
    "| Months | Amount paid |\n|---|---:|\n| November and December | $1,234,567.89 |",
)


@pytest.mark.parametrize("kind", ["data", "rights"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_word_or_figure_of_a_table_is_broken_on_a_small_phone(
    page: "Page", kind: str, language: str
) -> None:
    pieces = tuple(Placement(title="Counts", blurb=table) for table in TABLES)
    section = Section(id="numbers", kind=kind, title="Numbers", placements=pieces)
    html = render(edition((section,), language), material([]), TEMPLATES).html
    for shown in (html, without_style(html)):
        page.set_content(shown)
        assert broken_words(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_a_number_to_call_stands_on_one_line_of_its_button(page: "Page", language: str) -> None:
    line = Placement(title="A", details={"call": "+1 213-555-0142", "text": "+1 213-555-0143"})
    section = Section(id="lines", kind="hotlines", title="Lines", placements=(line,))
    html = render(edition((section,), language), material([]), TEMPLATES).html
    for shown in (html, without_style(html)):
        page.set_content(shown)
        lines = page.evaluate(
            "[...document.querySelectorAll('.n [style*=nowrap]')].map(one => one.getClientRects())"
            ".map(boxes => boxes.length)"
        )
        assert lines == [1, 1]


def test_the_measure_sees_a_broken_figure(page: "Page") -> None:
    page.set_content('<p style="width:3em;word-break:break-all">Answered $12,350,000 at</p>')
    assert broken_words(page) == ["Answered", "$12,350,000"]


@pytest.mark.parametrize("shown_by", [str, as_outlook, without_style])
def test_cards_urgent_boxes_and_buttons_keep_their_shape(
    page: "Page", shown_by: Callable[[str], str]
) -> None:
    page.set_content(shown_by(render(*everything(), TEMPLATES).html))
    assert page.evaluate("document.querySelectorAll('.u, .k, .n td').length") > 6
    assert lost_shapes(page) == []


@pytest.mark.parametrize("shown_by", [as_outlook, without_style])
def test_the_measure_sees_a_box_that_only_a_child_selector_draws(
    page: "Page", shown_by: Callable[[str], str]
) -> None:
    style = ".k>div{padding:15px;background:#eef}.n a{padding:10px;background:#060;color:#fff}"
    button = '<table class="n"><tr><td style="padding:0"><a href="https://a.example">Call</a></td></tr></table>'
    card = f'<table><tr><td class="k"><div>Words</div>{button}</td></tr></table>'
    html = f"<html><head><style>{style}</style></head><body>{card}</body></html>"
    page.set_content(shown_by(html))
    assert lost_shapes(page) == ["WordsCall", "Call"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("made", [typical, everything, arabic])
def test_links_look_like_links_and_nothing_else_does(
    browser: "Browser", made: Callable[[], tuple[Edition, Material]], scheme: Any
) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.set_content(render(*made(), TEMPLATES).html)
    assert unlike_links(page) == []
    page.close()


def test_the_measure_sees_what_is_unlike_a_link(page: "Page") -> None:
    style = "h3 a{text-decoration:none}a,.w{color:#0b5c56}"
    words = (
        '<img src="cid:x" alt="Hands"><h3><a href="https://a.example">A title</a></h3>'
        '<p class="w">Sunday</p><p>See <a href="https://b.example">it</a>.</p>'
    )
    page.set_content(f"<style>{style}</style><table><tr><td>{words}</td></tr></table>")
    assert unlike_links(page) == ["no line: A title", "like a link: Sunday", "no link: Hands"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_not_wasted_and_says_every_address(browser: "Browser", scheme: Any) -> None:
    """A week was twelve sheets, one of them blank, with a white name on white."""
    page = browser.new_page(color_scheme=scheme)
    for made, most in ((everything(), 2), (typical(), 2), (digest(60), 8)):
        rendered = render(*made, TEMPLATES)
        own = {
            LEAVE_URL: "https://x.example/leave/1",
            PREFERENCES_URL: "https://x.example/preferences/1",
        }
        html = rendered.html
        for field, url in own.items():
            html = html.replace(field, url)
        page.set_content(html)
        assert faults_on_paper(page) == []
        printed = sheets(page.pdf(format="A4"))
        assert len(printed) <= most
        assert all(printed)
    page.close()


def test_the_measure_sees_faults_on_paper(page: "Page") -> None:
    page.set_content(
        '<p style="color:#ccc">Pale</p><p><a href="https://a.example/b">There</a></p>'
        '<p style="break-after:page;font-size:99px"><a href="https://a.example/leave/1">Leave</a></p>'
        '<div style="break-after:page;height:9px"></div><p>end</p>'
    )
    assert faults_on_paper(page) == [
        "no address: There",
        "a reader's own link: Leave",
        "pale: Pale",
    ]
    assert sheets(page.pdf(format="A4")) == [True, False, True]
