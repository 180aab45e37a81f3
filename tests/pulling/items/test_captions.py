"""A caption or a photo credit is no part of the article."""

from pathlib import Path

import pytest

from newsletter.pulling.items.captions import without_captions, without_credit
from tests.pulling.parse.test_corpora import items_of

WORDS = "<p>The march began at noon.</p>"
CASE = Path(__file__).parent.parent / "cases" / "caption-first.rss"


def test_a_text_begins_with_the_article() -> None:
    (item,) = items_of(CASE.read_bytes())
    assert item.text.startswith("The march began")


@pytest.mark.parametrize(
    "caption",
    [
        "<figure><img src=x><figcaption>Photo: <a href=/x>Ana</a></figcaption></figure>",
        "<FIGURE><picture></picture><FigCaption class=x>Ana</FigCaption></FIGURE>",
        '<div class="wp-caption"><img src=x><p class="wp-caption-text">Photo: Ana</p></div>',
        "<img src=x><span class='photo-credit small'>Ana</span>",
        "<div class=image-caption>A march.</div>",
    ],
)
def test_captions_are_left_out(caption: str) -> None:
    left = without_captions(f"{caption}{WORDS}")
    assert left.endswith(WORDS)
    assert "Ana" not in left
    assert "A march" not in left


@pytest.mark.parametrize(
    "markup",
    [
        "<figure><table><tr><td>1</table><figcaption>Prices</figcaption></figure>",
        "<figure><blockquote>We won.</blockquote><figcaption>Ana Cruz</figcaption></figure>",
        "<figure><img><figcaption>cut",
        "<p class='caption'>The credit union opens.</p>",
        f"<p class='image-caption'>{'long ' * 300}</p>",
    ],
)
def test_what_says_more_than_a_picture_stays(markup: str) -> None:
    assert without_captions(markup) == markup


@pytest.mark.parametrize(
    ("first", "is_credit"),
    [
        ("Photo: Ana Cruz", True), ("Foto por Ana de la Cruz", True), ("© Ana", False),
        ("(Photo by Ana Cruz/Harbor)", True), ("Photo courtesy of the Center", True),
        ("Photo by Ana Cruz on Unsplash", True), ("Image via Flickr", True),
        ("Marchers cross the bridge on Friday. (AP Photo/Ana Cruz)", True),
        ("A march in Port Alder (Ana Cruz/Getty Images)", True),
        ("We marched with others (and/or AP).", False), ("The club (AP/AFP) marched", False),
        ("Crédito: Ana", True), ("Crédit photo : Ana", True), ("Créditos de la foto: Ana", True),
        ("صورة: آنا", True), ("Image: a march / Ana", True),
        ("Photos by Ana. We marched to the hall.", False), ("Credit union opens", False),
        ("Fotos de niños detenidos conmueven al país", False),
        ("Images of detained children shocked us all", False),
    ],
)  # fmt: skip
def test_a_credit_does_not_open_a_text(first: str, is_credit: bool) -> None:
    text = f"{first}\n\nThe march began."
    assert without_credit(text) == ("The march began." if is_credit else text)


def test_a_text_that_is_nothing_else_stays() -> None:
    assert without_credit("Photo: Ana Cruz") == "Photo: Ana Cruz"


def test_several_credits_do_not_open_a_text() -> None:
    text = "Photo by Ana Cruz/Harbor\n\nFoto: María Paz\n\nThe march began."
    assert without_credit(text) == "The march began."
    assert without_credit("Photo: Ana Cruz\n\nFoto: Ana Cruz") == "Foto: Ana Cruz"
