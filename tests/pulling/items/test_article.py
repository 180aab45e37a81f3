"""The article of a page, by what the page itself marks and the beginning that its feed gave."""

import pytest

from newsletter.pulling.items.article import article_in
from tests.active_html import offences

BASE = "https://harbor.example/clinic"
BEGINNING = "The clinic opens on Monday with three lawyers. Continue reading Clinic"
WORDS = "The clinic opens on Monday with three lawyers. Bring your papers, and somebody you trust."
PAGE = f"""<!doctype html><html><head><title>Clinic</title></head><body>
<nav><a href="/">Home</a></nav><main><h1>Clinic</h1>
<article><header>By Ana</header><p>{WORDS}</p><p><a href="map">Map</a> <img src="x" onerror="x()">
<script>steal()</script></p><aside>Give today</aside><footer>Share this</footer></article>
<article><p>Another story about a march and a song, with the words the, on and three.</p></article>
</main><footer>All rights reserved</footer></body></html>"""


def test_it_is_the_part_that_the_beginning_stands_in() -> None:
    found = article_in(PAGE, BASE, BEGINNING)
    assert found is not None
    assert found.text == f"{WORDS}\n\nMap"
    assert 'href="https://harbor.example/map"' in found.html
    assert offences(found.html) == []


def test_main_is_enough() -> None:
    found = article_in(f"<main><p>{WORDS}</p></main>", BASE, BEGINNING)
    assert found is not None
    assert found.text == WORDS


@pytest.mark.parametrize(
    "page",
    [
        "",
        f"<div><p>{WORDS}</p></div>",
        "<article><p>Just a moment... checking your browser</p></article>",
        "<article><p>A march and a song.</p></article>" * 3,
        "<article><p>The clinic opens on Monday with three lawyers.</p></article>",
        "<article>" * 500,
    ],
)
def test_a_page_that_does_not_have_it_gives_none(page: str) -> None:
    assert article_in(page, BASE, BEGINNING) is None


def test_an_attribute_cannot_cut_the_markup() -> None:
    page = f'<article lang="a>&lt;script>"><p title="</article>">{WORDS}</p></article>'
    found = article_in(page, BASE, BEGINNING)
    assert found is None or offences(found.html) == []


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        (
            '<link rel="canonical" href="https://a.example/x?y=1&amp;utm_source=f">',
            "https://a.example/x?y=1",
        ),
        ("<LINK href='https://a.example/x' rel='canonical'/>", "https://a.example/x"),
        ('<link rel="canonical" href="/x">', ""),
        ('<link rel="alternate" href="https://a.example/x">', ""),
    ],
)
def test_the_page_that_it_names_as_the_first_of_its_kind(link: str, canonical: str) -> None:
    page = f"<head>{link}</head><article><p>{BEGINNING} And more of it.</p></article>"
    found = article_in(page, "https://h.example/x", BEGINNING)
    assert found is not None
    assert found.canonical == canonical
