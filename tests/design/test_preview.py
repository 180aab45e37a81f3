"""A preview shows what will be sent, on a desktop, a phone and in the dark, asking no host."""

import pytest

from newsletter.design.preview import preview_files
from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from tests.design.documents import Document
from tests.design.samples import digest, typical

TEMPLATES = Templates((shipped_folder(),))


@pytest.fixture(scope="module")
def files() -> dict[str, str]:
    editions = [render(*typical(), TEMPLATES), render(*digest(2, "ar"), TEMPLATES)]
    return preview_files(editions, TEMPLATES, extra=("eml",))


def test_each_edition_comes_light_dark_and_as_text(files: dict[str, str]) -> None:
    kinds = ("html", "light.html", "dark.html", "txt")
    assert set(files) == {
        "index.html",
        *(f"{tag}.{kind}" for tag in ("en", "ar") for kind in kinds),
    }


def test_the_dark_copy_is_dark_whatever_the_browser_prefers(files: dict[str, str]) -> None:
    assert "@media all{" in files["en.dark.html"]
    assert "@media not all{" in files["en.light.html"]
    assert "prefers-color-scheme:dark" in files["en.html"]


def test_pictures_are_inside_and_personal_links_lead_nowhere(files: dict[str, str]) -> None:
    (image,) = Document(files["en.html"]).all("img")
    assert image.attrs["src"].startswith("data:image/png;base64,")
    assert "@@" not in files["en.html"]


def test_the_page_shows_every_view_in_a_frame_that_runs_nothing(files: dict[str, str]) -> None:
    frames = Document(files["index.html"]).all("iframe")
    assert [frame.attrs["src"] for frame in frames[:3]] == [
        "en.light.html",
        "en.light.html",
        "en.dark.html",
    ]
    assert all("sandbox" in frame.attrs for frame in frames)
    assert {frame.attrs["width"] for frame in frames} == {"660", "375"}
    assert "en.eml" in {link.attrs["href"] for link in Document(files["index.html"]).all("a")}
