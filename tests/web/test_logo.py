"""The coalition's logo at the top of each page."""

import re
from dataclasses import replace

from newsletter.design.logo import read_logo
from tests.design.samples import png
from tests.web.conftest import Pages


def name_logo(pages: Pages, data: bytes) -> None:
    (pages.workspace.root / "logo.png").write_bytes(data)
    coalition = replace(pages.workspace.config.coalition, logo="logo.png", logo_alt="A lantern")
    pages.workspace.__dict__["logo"] = read_logo(pages.workspace.files, coalition)


def test_pages_show_the_logo_from_their_own_address(pages: Pages) -> None:
    name_logo(pages, png(560, 112))
    client = pages.client()
    for path in ("/subscribe", "/links"):
        found = re.search(
            r'<img class="logo" src="([^"]+)" alt="A lantern" width="280"', client.get(path).text
        )
        assert found is not None
    answer = client.get(found[1])
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert "max-age" in answer.headers["Cache-Control"]
    assert client.get("/logo/another").status_code == 404


def test_without_one_or_with_a_broken_one_nothing_is_shown(pages: Pages) -> None:
    client = pages.client()
    assert "<img" not in client.get("/subscribe").text
    name_logo(pages, b"no picture")
    answer = client.get("/subscribe")
    assert answer.status_code == 200
    assert "<img" not in answer.text
