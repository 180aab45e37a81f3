"""The gallery shows every kind of section, empty, short and long, as an issue would, asking no
host."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from newsletter.design.gallery import FOLDER, file_of, gallery_files, write_gallery
from newsletter.design.sample_edition import MOST, Publisher, sample
from newsletter.design.sample_facts import Filling
from newsletter.design.sample_words import LANGUAGES, sample_words
from newsletter.design.templates import Templates, shipped_folder
from newsletter.errors import ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.issues.checking.page import read_page
from newsletter.model.details import DETAILS
from newsletter.model.issue import Edition
from newsletter.model.material import Material
from newsletter.model.section_kinds import KINDS
from tests.browser import open_context
from tests.design.documents import Document
from tests.design.samples import COALITION, SENDER, with_logo
from tests.design.test_preview import CUT, WIDTHS, found_by_axe

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

DAY = date(2026, 11, 20)
PUBLISHER = Publisher(coalition=COALITION, sender=SENDER)
TEMPLATES = Templates((shipped_folder(),))


def filled(filling: Filling, language: str = "en") -> tuple[Edition, Material]:
    """An edition of every kind."""
    words = sample_words(language, TEMPLATES)
    return sample(KINDS, filling, words, PUBLISHER, language=language, day=DAY)


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    return dict(gallery_files(TEMPLATES, PUBLISHER, day=DAY))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, files: dict[str, str]) -> Path:
    made = tmp_path_factory.mktemp("gallery")
    for name, text in files.items():
        (made / name).write_text(text, encoding="utf-8")
    return made


def said(page: str) -> str:
    return " ".join(" ".join(read_page(page).words).split())


def test_every_kind_comes_empty_short_and_long_in_each_language(files: dict[str, str]) -> None:
    wanted = {
        file_of(name, filling, language, scheme)
        for name in (*KINDS, "issue")
        for filling in ("empty", "short", "long")
        for language in COALITION.languages
        for scheme in ("light", "dark")
    }
    assert set(files) == {*wanted, "index.html"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("filling", Filling)
def test_each_sample_says_what_its_kind_needs_and_in_its_form(
    filling: Filling, language: str
) -> None:
    edition, _ = filled(filling, language)
    for section, placement in edition.placed:
        kind = KINDS[section.kind]
        assert kind.missing(placement.details) == ()
        assert kind.not_shown(placement.details) == []
        for key, value in placement.details.items():
            assert DETAILS[key].accepts(value), (section.kind, key, value)


def test_the_empty_filling_has_nothing_that_is_not_needed() -> None:
    edition, material = filled(Filling.EMPTY)
    for section, placement in edition.placed:
        needed = {keys[0] for keys in KINDS[section.kind].needs}
        assert (placement.blurb, placement.link, set(placement.details)) == ("", None, needed)
    assert (edition.letter, edition.preheader, edition.opening) == ("", "", {})
    assert material.organisations == {}


def test_the_short_filling_has_every_fact_and_every_size() -> None:
    edition, _ = filled(Filling.SHORT)
    for section in edition.sections:
        facts = {key for placement in section.placements for key in placement.details}
        assert set(KINDS[section.kind].shows) <= facts or section.kind == "members", section.kind
    sizes = {
        section.kind: [one.details.get("size") for one in section.placements]
        for section in edition.sections
    }
    assert sizes["news"] == ["lead", "normal", "brief"]


def test_the_long_filling_has_ten_entries_long_words_an_address_and_a_wide_table() -> None:
    edition, material = filled(Filling.LONG)
    for section in edition.sections:
        assert len(section.placements) == (0 if section.kind == "members" else MOST)
        assert all(len(one.title) > 85 for one in section.placements)
    blurbs = {section.kind: section.placements[0].blurb for section, _ in edition.placed}
    assert max(map(len, re.findall(r"\w+", blurbs["news"]))) > 40
    assert max(map(len, re.findall(r"https://\S+", blurbs["news"]))) > 120
    assert blurbs["data"].strip().splitlines()[0].count("|") == 7
    assert len(material.organisations) > 39


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_whole_in_every_language(language: str) -> None:
    def keys(table: dict[str, object]) -> dict[str, object]:
        return {name: keys(one) if isinstance(one, dict) else 0 for name, one in table.items()}

    ours, english = (
        tomllib.loads(TEMPLATES.source(f"preview/words.{tag}.toml")) for tag in (language, "en")
    )
    assert keys(ours) == keys(english)
    assert set(ours["kinds"]) == set(KINDS)


def test_a_language_without_words_has_english_ones_marked_as_such() -> None:
    edition, _ = filled(Filling.SHORT, "fr")
    assert {placement.language for placement in edition.placements} == {"en"}
    assert {one.language for one in filled(Filling.SHORT, "es-MX")[0].placements} == {None}


def test_a_sample_is_a_section_and_the_issue_all_of_them(files: dict[str, str]) -> None:
    news = said(files["news-short-es.light.html"])
    assert "Vuelve la calefacción a 84 hogares" in news
    assert "Ayuda Legal del Puerto" in news
    assert "Neighbors Together" not in news
    whole = said(files["issue-short-es.light.html"])
    assert "Neighbors Together" in whole
    assert "Consulta legal gratuita" in whole


def test_light_is_light_and_dark_is_dark(files: dict[str, str]) -> None:
    assert "@media all{" in files["news-short-en.dark.html"]
    assert "@media not all{" in files["news-short-en.light.html"]


def one_language(templates: Templates, publisher: Publisher = PUBLISHER) -> dict[str, str]:
    publisher = replace(publisher, coalition=replace(publisher.coalition, languages=("en",)))
    return dict(gallery_files(templates, publisher, day=DAY))


def test_a_kind_of_ones_own_is_shown_with_the_words_of_news(tmp_path: Path) -> None:
    (tmp_path / "kinds").mkdir()
    part = '{# kind\ntitle.en = "Night soup"\n#}<mj-text>Soup: {{ p.title }}</mj-text>'
    (tmp_path / "kinds" / "night-soup.mjml").write_text(part)
    made = one_language(Templates((tmp_path, shipped_folder())))
    assert "Night soup" in said(made["night-soup-short-en.light.html"])
    assert "Soup: Heat is back in 84 homes" in said(made["night-soup-short-en.light.html"])
    assert "#night-soup" in {link.attrs["href"] for link in Document(made["index.html"]).all("a")}


def test_own_parts_colours_logo_and_name_are_shown(tmp_path: Path) -> None:
    (tmp_path / "tokens.toml").write_text('[light]\nlink = "#7a1f5c"\n')
    (tmp_path / "masthead.mjml").write_text(
        "<mj-section><mj-column><mj-text>Ours</mj-text></mj-column></mj-section>"
    )
    logo = with_logo()[1].logo
    coalition = replace(COALITION, names={"en": "The River Table"})
    made = one_language(
        Templates((tmp_path, shipped_folder())),
        Publisher(coalition=coalition, sender=SENDER, logo=logo),
    )
    assert "#7a1f5c" in made["news-short-en.light.html"]
    assert "Ours" in said(made["issue-short-en.light.html"])
    shown = one_language(TEMPLATES, Publisher(coalition=coalition, sender=SENDER, logo=logo))
    assert "The River Table" in said(shown["issue-short-en.light.html"])
    assert 'alt="A lantern in a window"' in shown["issue-short-en.light.html"]


@pytest.mark.parametrize(
    ("broken", "told"),
    [("<mj-text>{{ p.titel }}</mj-text>", "titel"), ("<mj-text>{% if %}</mj-text>", "news.mjml:2")],
)
def test_a_broken_part_is_named_with_its_line(tmp_path: Path, broken: str, told: str) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "news.mjml").write_text(f"\n{broken}")
    with pytest.raises(ConfigError) as raised:
        one_language(Templates((tmp_path, shipped_folder())))
    assert (raised.value.line, told in str(raised.value)) == (2, True)
    assert str(raised.value.file).endswith("kinds/news.mjml")


def test_a_part_that_is_not_closed_is_named_and_not_the_frame_around_it(tmp_path: Path) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "art.mjml").write_text("<mj-text>{{ p.title }}")
    with pytest.raises(ConfigError, match="not MJML") as raised:
        one_language(Templates((tmp_path, shipped_folder())))
    assert raised.value.file == str(tmp_path / "kinds" / "art.mjml")
    assert "templates lint" in raised.value.hint


def test_words_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "preview").mkdir()
    file = tmp_path / "preview" / "words.en.toml"
    templates = Templates((tmp_path, shipped_folder()))
    for text, told in (
        ("subject = ", ":1: Invalid value"),
        ("subject = 3", ": subject must be words in quotes$"),
        ("facts = 3", ": facts must be a table$"),
        ("[facts]\nwho = [7]", ": facts.who must be a list of names$"),
        ("[kinds]\nrecipes = 3", ": kinds.recipes must be a table$"),
        ("[kinds.news]\ntitle = ['Soup']", ": kinds.news.title must be words in quotes$"),
    ):
        file.write_text(text)
        with pytest.raises(ConfigError, match=told) as raised:
            sample_words("en", templates)
        assert raised.value.file == str(file)


def test_own_words_stand_over_the_shipped_ones_also_for_an_own_kind(tmp_path: Path) -> None:
    (tmp_path / "preview").mkdir()
    file = tmp_path / "preview" / "words.en.toml"
    file.write_text('subject = "Soup"\n[kinds.recipes]\ntitle = "Lentils"\nsection = "To cook"\n')
    words = sample_words("en", Templates((tmp_path, shipped_folder())))
    assert (words.opening["subject"], words.opening["edited_by"]) == ("Soup", "the Tuesday table")
    assert words.of_kind("news")["title"] == "Heat is back in 84 homes"
    assert words.of_kind("recipes")["title"] == "Lentils"
    assert words.of_kind("recipes")["long"] == words.of_kind("news")["long"]
    assert words.section_title("recipes", {"es": "Recetas"}, "en") == "To cook"
    assert words.section_title("recipes", {"en": "Recipes"}, "en") == "Recipes"


def test_what_an_earlier_gallery_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / FOLDER / "old-kind-short-en.light.html"
    left.parent.mkdir(parents=True)
    left.write_text("old")
    (left.parent / "notes.txt").write_text("mine")
    publisher = replace(PUBLISHER, coalition=replace(COALITION, languages=("es",)))
    outcome = write_gallery(TEMPLATES, publisher, WorkspaceFiles(tmp_path), day=DAY)
    assert not left.exists()
    assert (left.parent / "notes.txt").exists()
    assert all((tmp_path / name).is_file() for name in outcome.files)
    page = (tmp_path / outcome.page).read_text(encoding="utf-8")
    assert Document(page).all("html")[0].attrs["lang"] == "es"
    assert "Galería de las plantillas" in said(page)


@pytest.fixture
def context(browser: "Browser") -> "Iterator[BrowserContext]":
    opened = open_context(browser, java_script_enabled=False)
    yield opened
    opened.close()


def at(context: "BrowserContext", folder: Path, width: int) -> "Page":
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((folder / "index.html").as_uri())
    return page


def visible(page: "Page") -> set[str]:
    """The samples of news that are shown."""
    frames = page.locator("#news iframe:visible")
    return {str(frame.get_attribute("src")) for frame in frames.all()}


def test_language_and_colours_are_chosen_without_a_script_and_by_keyboard(
    context: "BrowserContext", folder: Path
) -> None:
    page = at(context, folder, 1280)
    fillings = ("empty", "short", "long")
    assert visible(page) == {file_of("news", filling, "en", "light") for filling in fillings}
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert visible(page) == {file_of("news", filling, "ar", "light") for filling in fillings}
    page.get_by_label("Dark").check()
    assert visible(page) == {file_of("news", filling, "ar", "dark") for filling in fillings}
    page.get_by_label("Desktop").check()
    assert page.locator("#news iframe:visible").first.bounding_box()["width"] == 662  # type: ignore[index]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_no_column_is_cut_and_no_host_is_asked(
    context: "BrowserContext", folder: Path, width: int
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = at(context, folder, width)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert page.evaluate(CUT) == []
    for kind in ("news", "art", "issue"):
        for frame in page.locator(f"#{kind} iframe:visible").all():
            frame.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert len(asked) > 1
    assert {url.split(":")[0] for url in asked} <= {"file", "data"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_axe_finds_nothing(browser: "Browser", folder: Path, scheme: str, width: int) -> None:
    assert found_by_axe(browser, folder / "index.html", scheme, width) == []
