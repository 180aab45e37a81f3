"""A button is none of the article, though it occurs once; what only looks like one is."""

from datetime import UTC, datetime

import pytest

from newsletter.model.entry import Entry
from newsletter.model.organisation import Organisation
from newsletter.pulling.items.boilerplate import article_text
from newsletter.pulling.items.buttons import without_buttons
from newsletter.pulling.items.normalise import normalise
from newsletter.pulling.items.sanitise import Sanitiser, plain
from tests.issues.choosing.samples import item

GUTENBERG = (
    '<div class="wp-block-buttons"><div class="wp-block-button is-style-fill">'
    '<a class="wp-block-button__link wp-element-button" href="/give">{}</a></div></div>'
)
ELEMENTOR = (
    '<div class="elementor-button-wrapper"><a href="/give" class="elementor-button-link '
    'elementor-button"><span class="elementor-button-text">{}</span></a></div>'
)
MAILCHIMP = (
    '<table class="mcnButtonContentContainer"><tbody><tr><td class="mcnButtonContent">'
    '<a class="mcnButton " title="x" href="/give" target="_blank">{}</a></td></tr></tbody></table>'
)
SQUARESPACE = (
    '<div class="sqs-block-button-container"><a href="/give" '
    'class="sqs-block-button-element--medium sqs-block-button-element">{}</a></div>'
)
WIX = '<div class="wixui-button"><a href="/give"><span>{}</span></a></div>'
DRAWN = '<p><a style="padding:12px 24px;background:#c00" href="/give">{}</a></p>'
LAST = '<p>We meet on Monday.<br><a class="btn btn-lg" href="/give">{}</a></p>'
CAPTIONS = (
    "Tell the council: we need the bus now",
    "Descarga la carta de ejemplo para tu patrón",
    "Signer la pétition pour le droit au logement",
    "اقرأ نص القرار كاملاً من هنا",
)


def text_of(markup: str) -> str:
    return plain(Sanitiser().clean(without_buttons(markup), "https://harbor.example/"))


@pytest.mark.parametrize("caption", CAPTIONS)
@pytest.mark.parametrize(
    "form", [GUTENBERG, ELEMENTOR, MAILCHIMP, SQUARESPACE, WIX, DRAWN, LAST], ids=range(7)
)
def test_it_goes_with_its_caption(form: str, caption: str) -> None:
    button = form.format(caption)
    assert caption not in text_of(f"<p>Before it.</p>{button}<p>After it.</p>")
    assert text_of(f"<p>Before it.</p>{button}<p>After it.</p>").startswith("Before it.\n\n")


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('<p>Sign up <a class="btn" href="/x">here</a> by Friday.</p>', "here"),
        ('<p>Sign up by Friday <a class="btn" href="/x">here</a></p>', "here"),
        ('<p><a class="btn" href="/x">The form</a> is due on Friday.</p>', "The form"),
        ('<p><a class="button" href="tel:1">Call 213-555-0170</a></p>', "213-555-0170"),
        ('<p><a class="button" href="mailto:x">ana@harbor.example</a></p>', "ana@harbor"),
        ('<ul><li><a class="btn btn-link" href="/n">Form N-400</a></li></ul>', "N-400"),
        ('<h3><a class="btn-block" href="/n">What to bring</a></h3>', "What to bring"),
        ('<h3 class="accordion-button"><a href="#1">Who may come?</a></h3>', "Who may"),
        ('<a class="accordion-button" href="#1">Who may come?</a>', "Who may"),
        ('<div class="post no-button"><a href="/n">Our letter</a></div>', "Our letter"),
        ('<div class="button-below"><p><a href="/n">Our letter</a></p><p>It says.</p></div>',
         "Our letter"),
        ('<p><a class="btn" href="/1">English</a> <a class="btn" href="/2">Español</a> '
         '<a class="btn" href="/3">Kreyòl</a></p>', "English"),
        (f'<p><a class="btn" href="/x">{"many words " * 8}</a></p>', "many words"),
        ('<p><a class="btn" href="/x">The judge has ruled. Nobody pays.</a></p>', "ruled"),
        ('<p class="button">Buttons were lost by the hundred.</p>', "by the hundred"),
        ('<p><a href="/button-factory">The button factory closes</a></p>', "factory"),
        ('<p><a style="padding:0" href="/x">The judge ruled</a></p>', "ruled"),
    ],
)  # fmt: skip
def test_what_only_looks_like_one_stays(markup: str, words: str) -> None:
    assert words in text_of(f"<p>Before it.</p>{markup}<p>After it.</p>")


def test_where_nothing_else_is_said_it_is_the_article() -> None:
    entry = Entry(guid="1", title="Clinic", html=GUTENBERG.format("Sign up for the clinic now"))
    one = normalise(
        entry,
        Organisation(id="harbor", name="Harbor", url="https://harbor.example", languages=("en",)),
        Sanitiser(),
        feed_url="https://harbor.example/feed",
        feed_language="en",
        now=datetime(2026, 11, 30, tzinfo=UTC),
    )
    assert one.text == "Sign up for the clinic now"


@pytest.mark.parametrize(
    "text",
    [
        "Stay in touch with your lawyer, whatever happens.",
        "You are receiving this notice because you may be removed.",
        "Manténgase al tanto de su caso.",
        "Apoya a las familias: lleve comida el sábado.",
        "Click on the link to verify your address.",
        "Your support means a lot to Ana.",
        "Últimas noticias: el juez falló a favor.",
        "Donate blood on Saturday at the Grange.",
        "Register at the clerk's office by noon.",
        "Written by hand on a paper bag.",
    ],
)
def test_what_articles_say_in_such_words_stays(text: str) -> None:
    for whole in (f"The clinic opens.\n\n{text}\n\nIt is free of charge.", f"It opens.\n\n{text}"):
        assert text in article_text(item("n1", text=whole))


@pytest.mark.parametrize(
    "caption",
    [
        "Imagen con Botón",
        "Image with button",
        "Texto del botón",
        "¡Inscríbete ya!",
        "Register now",
        "Jetzt spenden",
        "Faire un don",
        "Haz clic en el botón de abajo para inscribirte.",
        "[button link=“https://x.example” color=“red”]Get your card now, neighbor[/button]",
    ],
)
def test_a_caption_without_its_link_goes(caption: str) -> None:
    whole = f"The clinic opens.\n\n{caption}\n\nIt is free of charge."
    assert article_text(item("n1", text=whole)) == "The clinic opens.\n\nIt is free of charge."


@pytest.mark.parametrize(
    "hostile",
    [
        '<a class="btn">' * 20_000,
        '<a class="btn" href="/x">x</a>' * 10_000,
        "<a>" + "padding" * 30_000,
        '<div class="button"><span>' * 8_000 + "<a>x</a>",
        '<a class="' + "button " * 30_000,
        "<a " + "btn <" * 40_000,
        "<a>x</a>" + '<p class="btn">&nbsp;' * 9_000,
    ],
)
def test_what_a_feed_says_never_decides_how_long_it_is_looked_at(hostile: str) -> None:
    without_buttons(hostile)
