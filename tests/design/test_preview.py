"""A preview shows what will be sent, as a phone's inbox and each kind of reader shows it, asking no
host."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.design.first_words import first_shown
from newsletter.design.preview import ShownEdition, preview_files
from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.issue import Edition
from newsletter.model.material import Material
from newsletter.sending.message.discreet_copy import discreet_copy
from tests.browser import axe_findings, axe_source, open_context
from tests.design.documents import Document
from tests.design.samples import COALITION, SENDER, digest, typical

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

TEMPLATES = Templates((shipped_folder(),))
FRAMES = "frame-tested"  # axe cannot look into a sandbox: make check-email measures the mails
WIDTHS = {"desktop": 1280, "phone": 375}


def shown(made: Edition, material: Material) -> ShownEdition:
    """That edition, of a message of 263,400 bytes."""
    usual = render(made, material, TEMPLATES)
    return ShownEdition(
        usual=usual,
        discreet=discreet_copy(usual, SENDER),
        sender="Neighbors Together of the Four Northern Counties",
        discreet_sender="Weekly update",
        message_bytes=263_400,
    )


def made(**changes: object) -> dict[str, str]:
    """The files for an English and an Arabic edition, the English one changed."""
    issue, material = typical()
    both = [shown(replace(issue, **changes), material), shown(*digest(2, "ar"))]  # type: ignore[arg-type]
    return preview_files(both, TEMPLATES, COALITION, extra=("eml",))


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return made()


def words(page: str) -> str:
    return Document(page).all("html")[0].text


def test_each_edition_comes_in_every_view_and_as_text(files: dict[str, str]) -> None:
    kinds = ("html", "light.html", "dark.html", "no-pictures.html", "discreet.html", "txt")
    assert set(files) == {
        "index.html",
        *(f"{tag}.{kind}" for tag in ("en", "ar") for kind in kinds),
    }


def test_the_dark_copy_is_dark_whatever_the_browser_prefers(files: dict[str, str]) -> None:
    assert "@media all{" in files["en.dark.html"]
    assert "@media not all{" in files["en.light.html"]
    assert "prefers-color-scheme:dark" in files["en.html"]


def test_pictures_are_inside_and_no_personal_link_leads_anywhere(files: dict[str, str]) -> None:
    (image,) = Document(files["en.html"]).all("img")
    assert image.attrs["src"].startswith("data:image/png;base64,")
    assert [name for name, text in files.items() if "@@" in text] == []


def test_without_pictures_their_words_stay(files: dict[str, str]) -> None:
    (image,) = Document(files["en.no-pictures.html"]).all("img")
    assert (image.attrs["src"], bool(image.attrs["alt"])) == ("", True)


def test_the_discreet_view_is_the_discreet_copy(files: dict[str, str]) -> None:
    assert first_shown(files["en.discreet.html"]) == "Your weekly update"
    assert first_shown(files["en.light.html"]).startswith("Where to get help with renewals")


def test_the_first_words_are_what_phones_show_and_no_tag_or_filling() -> None:
    page = "<head><title>T</title></head><body><!-- no --><div>Soup &amp; bread</div><p>at nine</p>"
    assert first_shown(page) == "Soup & bread at nine"
    assert first_shown("<body><div>Soup\u034f\u200c\u00a0\u034f</div><p>at nine</p>") == "Soup"
    assert len(first_shown("<p>" + "soup " * 100)) <= 140


def test_the_page_is_named_as_people_name_the_issue(files: dict[str, str]) -> None:
    page = Document(files["index.html"])
    assert page.all("h1")[0].text == "Week of November 16, 2026"
    assert page.all("title")[0].text == "Week of November 16, 2026 · Preview"
    assert not any("2026-W47" in heading.text for heading in page.all("h1", "h2", "dl", "nav"))


def test_the_page_speaks_the_coalitions_first_language() -> None:
    both = [shown(*digest(2, "es"))]
    page = preview_files(both, TEMPLATES, replace(COALITION, languages=("es", "en")))["index.html"]
    assert Document(page).all("html")[0].attrs["lang"] == "es"
    assert "Semana del 16 de noviembre de 2026" in words(page)
    assert "Sin imágenes" in words(page)
    page = preview_files(both, TEMPLATES, replace(COALITION, languages=("ar",)))["index.html"]
    assert Document(page).all("html")[0].attrs == {"lang": "en", "dir": "ltr"}


def test_the_weight_is_said_with_pictures_and_in_words(files: dict[str, str]) -> None:
    page = words(files["index.html"])
    assert "bytes: it fits, Gmail cuts at 102,000" in page
    assert "264 KB (pictures inside: 1), 3 s on a slow connection (1 Mbit/s)" in page


def test_an_issue_that_gmail_cuts_is_said_to_be_too_much() -> None:
    assert "too much, Gmail cuts at 102,000" in words(made(letter="word " * 30_000)["index.html"])


def test_the_page_shows_every_view_in_a_frame_that_runs_nothing(files: dict[str, str]) -> None:
    page = Document(files["index.html"])
    frames = page.all("iframe")
    assert [frame.attrs["src"] for frame in frames[:5]] == [
        "en.light.html",
        "en.light.html",
        "en.dark.html",
        "en.no-pictures.html",
        "en.discreet.html",
    ]
    assert all(frame.attrs["sandbox"] == "" for frame in frames)
    assert page.all("script") == []
    assert "en.eml" in {link.attrs["href"] for link in page.all("a")}


@dataclass
class Opened:
    """The page in a browser, and what it asked for."""

    page: "Page"
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def folder(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    opened = open_context(browser, java_script_enabled=False)
    yield opened
    opened.close()


def opened(context: "BrowserContext", file: Path, width: int) -> Opened:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    shown = Opened(page)
    page.on("request", lambda request: shown.asked.append(request.url))
    page.goto(file.as_uri())
    return shown


# Boxes that reach over the page's end, or over that of what they stand in.
CUT = """() => [...document.querySelectorAll('figure, iframe, pre, ul, dl, nav, h1, h2, dd')]
    .filter(box => box.getClientRects().length)
    .filter(box => box.getBoundingClientRect().right > document.documentElement.clientWidth
        || box.getBoundingClientRect().left < 0
        || (!box.matches('pre') && box.scrollWidth > box.clientWidth + 1))
    .map(box => box.outerHTML.slice(0, 60))"""


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_nothing_is_cut_and_no_host_is_asked(
    context: "BrowserContext", folder: Path, width: int
) -> None:
    shown = opened(context, folder / "index.html", width)
    assert shown.page.evaluate("document.documentElement.scrollWidth") == width
    assert shown.page.evaluate(CUT) == []
    for frame in shown.page.locator("iframe:visible").all():
        frame.scroll_into_view_if_needed()
    assert {url.split(":")[0] for url in shown.asked} <= {"file", "data"}


def test_a_planted_wide_column_is_seen_as_cut(context: "BrowserContext", folder: Path) -> None:
    page = opened(context, folder / "index.html", 1280).page
    page.locator("figure").first.evaluate("one => one.style.minWidth = '1400px'")
    assert page.evaluate(CUT) != []


def test_a_phone_shows_one_view_below_the_other_and_no_desktop(
    context: "BrowserContext", folder: Path
) -> None:
    page = opened(context, folder / "index.html", WIDTHS["phone"]).page
    lefts = page.locator("iframe:visible").evaluate_all(
        "frames => frames.map(frame => frame.getBoundingClientRect().left)"
    )
    assert len(lefts) == 8  # four views in two languages
    assert len(set(lefts)) <= 2  # one for each direction of a page
    assert page.locator("#en .wide").is_hidden()


def test_the_inbox_cuts_sender_and_subject_at_one_line_each(
    context: "BrowserContext", tmp_path: Path
) -> None:
    subject = "Heat is back in all eighty-four homes of the building on Pier Street after weeks"
    for name, text in made(subject=subject).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    page = opened(context, tmp_path / "index.html", 1280).page
    lines = page.locator("#en .inbox").first.locator(".ios p:not(.app)")
    assert lines.all_inner_texts()[:2] == [
        "Neighbors Together of the Four Northern Counties",
        subject,
    ]
    for at, most in enumerate((1, 1, 2)):
        line = lines.nth(at)
        height = line.evaluate(
            "one => one.clientHeight / parseFloat(getComputedStyle(one).fontSize)"
        )
        assert height < 1.4 * most, at
    for at in (0, 1):
        assert lines.nth(at).evaluate("one => one.scrollWidth > one.clientWidth"), at


def test_the_discreet_inbox_names_the_coalition_nowhere(files: dict[str, str]) -> None:
    page = files["index.html"]
    inbox = page.split('<ul class="inbox">')[2].partition("</ul>")[0]
    assert "Weekly update" in inbox
    assert "Your weekly update" in inbox
    assert not any(word in inbox for word in ("Neighbors", "clinics", "renewals"))


def test_every_link_and_the_text_is_reached_by_the_keyboard(
    context: "BrowserContext", folder: Path
) -> None:
    page = opened(context, folder / "index.html", 1280).page
    reached = set()
    for _ in range(400):  # the frames' own links too
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.getAttribute('href')"))
        if page.evaluate("document.activeElement.tagName") == "PRE":
            break
    else:
        pytest.fail("the text is not reached")
    assert {"#en", "#ar", "en.eml", "en.dark.html", "en.discreet.html"} <= reached


def found_by_axe(browser: "Browser", file: Path, scheme: str, width: int) -> list[str]:
    """What axe finds in a page around frames."""
    context = open_context(browser, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.goto(file.as_uri())
    found = axe_findings(page, axe_source(), besides=FRAMES)
    context.close()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_axe_finds_nothing(browser: "Browser", folder: Path, scheme: str, width: int) -> None:
    assert found_by_axe(browser, folder / "index.html", scheme, width) == []


def test_a_subject_of_markup_stays_words() -> None:
    page = made(subject="<script>alert(1)</script> & soup")["index.html"]
    assert Document(page).all("script") == []
    assert "<script>alert(1)</script> & soup" in words(page)


def test_an_edition_without_a_preheader_shows_its_first_titles() -> None:
    issue, material = typical()
    html = render(replace(issue, preheader=""), material, TEMPLATES).html
    assert first_shown(html).startswith(issue.placements[0].title)


def test_words_of_ones_own_before_the_preheader_are_seen_in_the_inbox(tmp_path: Path) -> None:
    ours = TEMPLATES.source("issue.mjml")
    before = ours.replace("<mj-raw>{{ preheader", "<mj-raw><p>Our weekly mail</p>{{ preheader")
    assert before != ours
    (tmp_path / "issue.mjml").write_text(before, encoding="utf-8")
    html = render(*typical(), Templates((tmp_path, shipped_folder()))).html
    assert first_shown(html).startswith("Our weekly mail Where to get help")
