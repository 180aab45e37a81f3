"""Search by words in a real browser: nothing leaves it; without the script the page is a list."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.archive.files import archive_files
from newsletter.archive.issue_page import IssuePage, issue_page
from newsletter.archive.layout import Site
from newsletter.archive.shown import words_in
from newsletter.design.templates import Templates, shipped_folder
from newsletter.loopback import LoopbackServer
from newsletter.model.issue import Section, issue_id_for
from tests.browser import axe_findings, axe_source, open_context
from tests.design.samples import COALITION, edition, material, news

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

SENT = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
HOSTILE = "</script><img src=x onerror=\"document.title='run'\"> & \u2028 'quoted'"
SUBJECTS = ("Rain in the garden", "Bread for everyone", "The first snow")
TITLES = {
    "en": ["Clínica de inmigración", "Start of the art fair", HOSTILE, "Wages came home"],
    "ar": ["إعداد الأوراق للّجوء", "العيادة القانونية ٢٠٢٦", "Clinic in English", "أجور"],
}


def issue(number: int, language: str) -> IssuePage:
    """An issue with the titles, each from another member."""
    sent_at = SENT - timedelta(weeks=30 * number)
    pairs = [news(number * 10 + at) for at in range(len(TITLES[language]))]
    placements = tuple(
        replace(placement, title=title)
        for (placement, _), title in zip(pairs, TITLES[language], strict=True)
    )
    made = edition(
        (Section(id="news", title="News", placements=placements),),
        language,
        issue_id=issue_id_for(sent_at.date()),
        subject=SUBJECTS[number],
    )
    return issue_page(
        made, material([replace(item, topics=("Legal",)) for _, item in pairs]), sent_at
    )


@dataclass
class Opened:
    """A page of the site in a browser, and what it asked for."""

    page: "Page"
    asked: list[str] = field(default_factory=list)

    def look_for(self, words: str, results: int) -> list[str]:
        """Type the words, and wait for so many results."""
        self.page.get_by_role("searchbox").fill(words)
        count = f"Results: {results}" if results else "Nothing found"
        self.page.wait_for_function(
            "words => document.getElementById('count').textContent.includes(words)", arg=count
        )
        return self.page.locator("#found a").all_inner_texts()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    site = Site(
        coalition=COALITION,
        templates=Templates((shipped_folder(),)),
        base="https://digest.neighbors.example/archive/",
        languages=("en", "ar"),
        topics=("legal",),
    )
    pages = [issue(number, language) for number in range(3) for language in ("en", "ar")]
    for name, data in archive_files(site, pages, []).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return root


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    server = LoopbackServer(partial(_Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def opened(browser: "Browser", address: str) -> Iterator[Opened]:
    context = open_context(browser, viewport={"width": 320, "height": 700})
    one = Opened(page=context.new_page())
    one.page.on("request", lambda request: one.asked.append(request.url.removeprefix(address)))
    one.page.goto(f"{address}/en/search/index.html")
    yield one
    context.close()


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("CLINICA", ["Clínica de inmigración"] * 3),
        ("inmigración clin", ["Clínica de inmigración"] * 3),
        ("art", ["Start of the art fair"] * 3),  # a word, not the end of another one
        ("wages river", ["Wages came home"] * 2),  # with the name of its member
        ("snow first", ["The first snow"]),
        ("'QUOTED'", [HOSTILE] * 3),
        ("snow clinica", []),
    ],
)
def test_words_are_found_whatever_their_accents_and_case(
    opened: Opened, words: str, titles: list[str]
) -> None:
    found = opened.look_for(words, len(titles))
    assert [" ".join(title.split()) for title in found] == [
        " ".join(title.split()) for title in titles
    ]
    assert opened.page.title() != "run"


def test_arabic_is_found_without_its_marks_and_with_a_word_joined_to_it(
    opened: Opened, address: str
) -> None:
    opened.page.goto(f"{address}/ar/search/index.html")
    box, count = opened.page.get_by_role("searchbox"), opened.page.locator("#count")
    for words, found in (("اعداد", TITLES["ar"][0]), ("قانونيه 2026", TITLES["ar"][1])):
        box.fill(words)
        opened.page.wait_for_function(
            "title => document.querySelector('#found a')?.textContent === title", arg=found
        )
    assert count.inner_text() == "النتائج: 3"
    box.fill("clinic")
    opened.page.wait_for_function(
        "() => document.querySelector('#found a')?.textContent[0] === 'C'"
    )
    way = "getComputedStyle(document.querySelector('#found a')).direction"
    assert opened.page.evaluate(way) == "ltr"


def test_what_is_typed_stays_in_the_browser(opened: Opened) -> None:
    before = opened.page.url
    opened.look_for("asylum hearing", 0)
    opened.page.keyboard.press("Enter")
    assert opened.page.url == before
    assert set(opened.asked) - {"/favicon.ico"} == {
        "/en/search/index.html",
        "/search.js",
        "/en/search/2026.json",
        "/en/search/2025.json",
    }
    stored = "[localStorage.length, sessionStorage.length, document.cookie, history.length]"
    assert opened.page.evaluate(stored) == [0, 0, "", 2]


def test_a_result_leads_to_its_piece_with_the_keyboard_alone(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the text
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "words"
    opened.look_for("wages", 3)
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.partition("#")[2] == "p-news0003"
    assert page.locator("#p-news0003").count() == 1


def test_who_stands_at_a_result_stays_there_when_more_are_found(opened: Opened) -> None:
    page = opened.page
    held: list[Route] = []
    page.route("**/2025.json", lambda route: held.append(route))
    opened.look_for("wages", 2)
    page.locator("#found a").first.focus()
    counted = page.locator("#count", has_text="3")
    stood_at = page.evaluate("document.activeElement.href")
    held[0].continue_()
    counted.wait_for()
    assert page.evaluate("document.activeElement.href") == stood_at


def test_without_the_script_the_page_is_a_list_of_all_issues(
    browser: "Browser", address: str
) -> None:
    context = open_context(browser, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/en/search/index.html")
    assert page.locator("#all a").all_inner_texts() == [*SUBJECTS]
    assert page.locator("#all h2").all_inner_texts() == ["2026", "2025"]
    assert page.get_by_role("searchbox").count() == 0
    assert "Find in page" in page.inner_text("main")
    page.locator("#all a").last.click()
    assert "issues/" in page.url
    context.close()


def test_where_the_files_are_away_the_list_is_searched(browser: "Browser", folder: Path) -> None:
    """As plain files: a browser lets no page read the files beside it."""
    context = open_context(browser)
    one = Opened(page=context.new_page())
    one.page.goto(f"file://{folder}/en/search/index.html")
    assert one.look_for("bread", 1) == ["Bread for everyone"]
    one.look_for("wages", 0)
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_before_with_and_without_results(
    browser: "Browser", address: str, scheme: str
) -> None:
    source = axe_source()
    context = open_context(
        browser, viewport={"width": 320, "height": 700}, color_scheme=scheme, bypass_csp=True
    )
    one = Opened(page=context.new_page())
    one.page.goto(f"{address}/en/search/index.html")
    assert axe_findings(one.page, source) == []
    for words, results in (("clinica", 3), ("nothing like it", 0)):
        one.look_for(words, results)
        assert axe_findings(one.page, source) == []
        assert not one.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    context.close()


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_axe_finds_nothing_on_lists_and_nothing_scrolls_sideways(
    browser: "Browser", address: str, folder: Path, language: str, scheme: str
) -> None:
    source = axe_source()
    context = open_context(
        browser, viewport={"width": 320, "height": 700}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    found = {}
    for pattern in ("", "2026/", "organisations/", "organisations/*/", "topics/*/"):
        path = next(folder.glob(f"{language}/{pattern}index.html")).relative_to(folder)
        page.goto(f"{address}/{path}")
        found[pattern] = axe_findings(page, source)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found[pattern].append("it scrolls sideways")
        small = page.evaluate(
            """[...document.querySelectorAll('main a, .foot a')]
            .filter(one => one.getBoundingClientRect().height < 40).map(one => one.outerHTML)"""
        )
        found[pattern] += small
    context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_titles_are_read_as_words_whatever_signs_they_have() -> None:
    data = json.dumps([["x", "I <3 you"], ["the night shift -> taught me &lt;"]])
    assert words_in("2026.json", data) == "x\nI <3 you\nthe night shift -> taught me &lt;"
    page = "<p>I &lt;3 you</p><p>the night shift -&gt; taught me</p>"
    assert "the night shift" in words_in("index.html", page)
