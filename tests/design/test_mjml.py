"""mrml mangles attributes and titles; nothing of that reaches a reader."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from newsletter.design.mjml import compile_mjml, numeric, with_safe_attributes, without_controls
from newsletter.errors import ConfigError
from tests.design.documents import Document

SHELL = (
    "<mjml><mj-head><mj-title>{title}</mj-title></mj-head><mj-body><mj-section><mj-column>"
    '<mj-image src="{src}" alt="{alt}" width="10px" height="10px" />'
    '<mj-text><p title="{alt}">{text}</p></mj-text>'
    "</mj-column></mj-section></mj-body></mjml>"
)
AWKWARD = [
    "e\u0301",
    "नमस्ते क्ष",
    "กำลัง",
    "مَرْحَبًا\u200f",
    "\u00a0nbsp",
    "👩\u200d👧 ❤️",
    "tab\tand\nline",
    'say "hi" and \\back',
    "a & b &amp; &#301; <b>",
    "'single'",
    "-- > ]] >",
    "{{ x }} {% y %} @@leave_url@@",
]


def compiled(words: str) -> Document:
    safe = escape(without_controls(words))
    return Document(compile_mjml(SHELL.format(title=safe, src=safe, alt=safe, text=safe), file="t"))


@pytest.mark.parametrize("words", AWKWARD)
def test_awkward_words_come_through_attributes_titles_and_text(words: str) -> None:
    document = compiled(words)
    image, paragraph = document.all("img")[0], document.all("p")[0]
    assert image.attrs["alt"] == paragraph.attrs["title"] == "".join(paragraph.words) == words
    assert "".join(document.all("title")[0].words) == words
    article = next(one for one in document.all("div") if one.attrs.get("role") == "article")
    assert article.attrs["aria-label"] == words


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=60))
def test_any_unicode_comes_through_unchanged(words: str) -> None:
    document = compiled(words)
    kept = without_controls(words)
    image, paragraph = document.all("img")[0], document.all("p")[0]
    assert image.attrs["alt"] == image.attrs["src"] == kept
    assert paragraph.attrs["title"] == kept
    # Between two tags a newline alone is nothing; anywhere else it stays.
    assert "".join(paragraph.words) == kept or not kept.strip()


@given(st.text(max_size=40))
def test_a_numeric_value_is_plain_ascii_without_quotes(words: str) -> None:
    value = numeric(str(escape(words)))
    assert value.isascii()
    assert not set(value) & set('"\\<>\n\t')


def test_references_that_stand_already_are_kept() -> None:
    assert numeric("&amp; &#301; &#x12d; & b") == "&amp; &#301; &#x12d; &#38; b"


def test_only_attributes_and_titles_are_rewritten() -> None:
    source = '<mj-text css-class="é"><p>é</p></mj-text>'
    assert with_safe_attributes(source) == '<mj-text css-class="&#233;"><p>é</p></mj-text>'


def test_a_blank_before_an_mjml_tag_does_no_harm() -> None:
    source = "<mjml> <mj-head> <mj-style>a{}</mj-style>  </mj-head> <mj-body> </mj-body> </mjml>"
    assert "<body" in compile_mjml(source, file="t")


def test_broken_mjml_is_an_error_that_names_the_template_and_the_words() -> None:
    with pytest.raises(ConfigError) as caught:
        compile_mjml("<mjml><mj-body><mj-text>x</mj-body></mjml>", file="issue.mjml")
    assert caught.value.file == "issue.mjml"
    assert caught.value.hint


def test_single_quoted_attributes_are_made_safe_and_quotes_in_text_stay() -> None:
    source = "<mj-text css-class='é \"x\"'>they say a='b'</mj-text>"
    assert with_safe_attributes(source) == (
        "<mj-text css-class=\"&#233; &#34;x&#34;\">they say a='b'</mj-text>"
    )


def test_blanks_around_the_equals_sign_do_no_harm() -> None:
    assert with_safe_attributes('<p title = "é">') == '<p title = "&#233;">'


def test_the_article_stands_in_a_main_landmark() -> None:
    html = compile_mjml("<mjml><mj-body></mj-body></mjml>", file="t")
    assert '"><div role="main" style="word-break:break-word;"><div ' in html
    assert html.endswith("</div></body></html>")


def test_what_mrml_says_twice_is_said_once() -> None:
    section = '<mj-section background-color="#123456"><mj-column><mj-text>A</mj-text></mj-column>'
    html = compile_mjml(f"<mjml><mj-body>{section}</mj-section></mj-body></mjml>", file="t")
    assert html.count("word-break") == 1
    assert "background:#123456;" in html
    assert "background-color:#123456" not in html
    assert "<![endif]--><!--[if mso | IE]>" not in html
    assert html.count("<!--[if") == html.count("<![endif]")


def test_what_no_program_reads_is_left_out() -> None:
    column = "<mj-column><mj-text>A</mj-text></mj-column>"
    section = f'<mj-section css-class="card">{column}</mj-section>'
    html = compile_mjml(f"<mjml><mj-body>{section}</mj-body></mjml>", file="t")
    assert 'class="card"' in html
    for unread in ("card-outlook", "mj-column", "xhtml", "| IE"):
        assert unread not in html
    for outlook in re.findall(r"<!--\[if mso\]>.*?<!\[endif\]-->", html):
        assert "role=" not in outlook
    halves = section.replace(column, column * 2)
    html = compile_mjml(f"<mjml><mj-body>{halves}</mj-body></mjml>", file="t")
    assert html.count('class="mj-column-per-50') == 2
