"""Every mail that is no issue has the issues' design, and the measures see what would spoil it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.design.names import issue_name
from newsletter.model.notice import Notice
from tests.design.messages import as_notice
from tests.design.notices import each_notice, renderer
from tests.design.samples import COALITION
from tools.check_email.browser import lost_shapes, turned_numbers, unlike_links
from tools.check_email.discreet import discreet_findings
from tools.check_email.finding import Finding, counted
from tools.check_email.headers import header_findings
from tools.check_email.letters import Letter, read_letter
from tools.check_email.outlook import as_outlook, without_style
from tools.check_email.own import own_findings
from tools.check_email.printed import faults_on_paper
from tools.check_email.report import over_languages

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NOTICES = dict(each_notice(renderer()))
FILLING = "\u034f\u200c\u00a0"


@pytest.fixture
def read(tmp_path: Path) -> Callable[[bytes], Letter]:
    def write(raw: bytes) -> Letter:
        (tmp_path / "notice.eml").write_bytes(raw)
        return read_letter(tmp_path / "notice.eml", tmp_path)

    return write


def red(letter: Letter) -> Iterator[str]:
    findings = (*header_findings(letter), *own_findings([letter]), *discreet_findings([letter]))
    yield from (" ".join((one.measure, *one.details)) for one in findings if not one.is_green)


@pytest.mark.parametrize("name", NOTICES)
def test_nothing_is_wrong_with_any_of_them(name: str, read: Callable[[bytes], Letter]) -> None:
    assert list(red(read(as_notice(NOTICES[name])))) == []


@pytest.mark.parametrize("name", NOTICES)
def test_each_has_a_title_a_name_above_it_and_no_ids_of_issues_but_in_commands(name: str) -> None:
    notice = NOTICES[name]
    assert notice.html.count("<h1>") == 1
    publisher = COALITION.name
    if notice.discreet:
        publisher = {"en": "Weekly update", "es": "Resumen semanal", "ar": "الملخص الأسبوعي"}[
            notice.language
        ]
    html = re.sub("<[^>]+>", "", notice.html)
    assert html.index(publisher) < html.rindex(notice.subject.split(":")[0])
    lines = [line for line in notice.text.splitlines() if "newsletter " not in line]
    assert not re.search(r"(?<!issues/)\d{4}-W\d\d", "\n".join(lines))


def planted(notice: Notice, **changes: Callable[[str], str]) -> bytes:
    return as_notice(
        replace(notice, **{key: make(getattr(notice, key)) for key, make in changes.items()})
    )


DISCREET, HEALTH = NOTICES["confirm-discreet-ar"], NOTICES["health-ar"]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (planted(DISCREET, subject=lambda s: f"{s} {COALITION.name}"), "Subject names"),
        (planted(DISCREET, discreet=lambda _: False), "From names"),
        (planted(DISCREET, text=lambda s: f"{s}{COALITION.name}"), "the text names"),
        (planted(DISCREET, html=lambda s: s.replace("<h1>", f"{COALITION.name}<h1>")), "the HTML"),
        (planted(DISCREET, html=lambda s: s.replace(FILLING, "")), "no filling"),
        (planted(DISCREET, text=lambda s: f"https://x.example {s}"), "a phone shows an address"),
        (planted(HEALTH, html=lambda s: s.replace(FILLING, "")), "phones show what comes after"),
        (planted(HEALTH, html=lambda s: s.replace("<h1>", "<h1><bdi>x</bdi>")), "<bdi> is dropped"),
        (planted(HEALTH, html=lambda s: s.replace('lang="ar"', 'lang="en"')), "Content-Language"),
        (as_notice(HEALTH).replace(b"Auto-Sub", b"List-Id: x\r\nAuto-Sub", 1), "List-Id"),
        (planted(HEALTH, text=lambda s: s.replace("https://", "")), "linked only in the HTML"),
    ],
)
def test_the_measures_see(raw: bytes, said: str, read: Callable[[bytes], Letter]) -> None:
    assert said in "\n".join(red(read(raw)))


def test_a_red_measure_is_not_lost_among_green_ones() -> None:
    ones = [
        counted("notice-confirm-en", "16", "tables", []),
        counted("notice-confirm-ar", "16", "tables", ["one"]),
        Finding(letter="notice-confirm-es", check="14", measure="m", value="1,200", is_green=True),
        Finding(letter="notice-confirm-ar", check="14", measure="m", value="900", is_green=True),
    ]
    joined = over_languages(ones)
    assert [(one.letter, one.value) for one in joined if not one.is_green] == [
        ("notice-confirm-ar", "1")
    ]
    assert ("confirm", "900 to 1,200") in [(one.letter, one.value) for one in joined]


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    page = browser.new_page(viewport={"width": 320, "height": 900})
    yield page
    page.close()


def test_what_clients_drop_takes_no_box_no_button_and_no_number(page: "Page") -> None:
    for name in ("confirm-en", "links-discreet-ar", "health-ar", "editor-es"):
        html = NOTICES[name].html
        for dropped in (html, without_style(html), as_outlook(html)):
            page.set_content(dropped)
            assert lost_shapes(page) == [], name
        page.set_content(html)
        assert unlike_links(page) == [], name
        assert page.evaluate("document.documentElement.scrollWidth") == 320, name
        assert turned_numbers(page) == [], name


def test_a_readers_own_link_is_not_printed(page: "Page") -> None:
    for name in ("confirm-en", "links-es"):
        html = NOTICES[name].html
        page.set_content(html)
        assert faults_on_paper(page) == [], name
        page.set_content(html.replace(".o{display:none!important}", ""))
        assert any("a reader's own link" in one for one in faults_on_paper(page)), name


@pytest.mark.parametrize(
    ("issue_id", "language", "name"),
    [
        ("2026-W48", "en", "Week of November 23, 2026"),
        ("2026-W48", "es-MX", "Semana del 23 de noviembre de 2026"),
        ("2026-W48", "ar", "أسبوع 23 نوفمبر 2026"),
        ("2027-W01-b", "en", "Extra issue 2, week of January 4, 2027"),
        ("2026-W48", "tlh", "Week of November 23, 2026"),
    ],
)
def test_an_issue_is_named_by_its_week(issue_id: str, language: str, name: str) -> None:
    assert issue_name(issue_id, language) == name
