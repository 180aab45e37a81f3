"""A feed's table stays one, from its HTML over the draft's Markdown to the mail and its text."""

import re

import pytest

from newsletter.design.markdown import Prose
from newsletter.issues.drafting.excerpt import first_words
from newsletter.issues.drafting.plain import markdown
from newsletter.pulling.items.boilerplate import article_text
from newsletter.pulling.items.sanitise import Sanitiser, plain
from newsletter.pulling.items.tables import MOST_ROWS, table_rows
from tests.issues.choosing.samples import item

HOURS = (
    "<table><caption>Hours</caption><thead><tr><th>Day<th>Hours</thead><tbody>"
    "<tr><td rowspan=2>Monday<td>9 | <b>1</b>0<tr><td>13<tr><td>*Tue*<td><a href=/x>14</a><br>or 15"
    "</table>"
)
LINES = (
    "| Day | Hours |\n| --- | --- |\n| Monday | 9 \\| 10 |\n| Monday | 13 |\n| *Tue* | 14 or 15 |"
)
HOSTILE = (
    "<table>" * 300 + "<tr><td>x<td>y<tr><td>z<td>v",
    "<table><tr><td colspan=999 rowspan=999>a<tr><td>b<td>c</table>",
    "<table><tr>" + "<td colspan=99>a" * 500,
    "<table><tr><td></td><td></td></tr></table>",
    "<table></table><table><tr></table>",
    "<td>a<td>b<tr><td>c",
    "<table><tr><td>| --- |<td>\\<tr><td>\\|<td>`x` <!-- {id} --></table>",
)


def text_of(markup: str) -> str:
    return plain(Sanitiser().clean(markup, "https://harbor.example/"))


def test_it_is_lines_of_text_that_are_read_again() -> None:
    text = text_of(f"<p>Come.</p>{HOURS}<p>Bring papers.</p>")
    assert text == f"Come.\n\nHours\n\n{LINES}\n\nBring papers."
    assert table_rows(LINES)[1:3] == [("Monday", "9 | 10"), ("Monday", "13")]


def test_it_goes_through_the_draft_into_the_mail_and_its_text() -> None:
    words = f"Come to us.\n\n{LINES}"
    prose = Prose(markdown(article_text(item("n1", text=words))))
    html = prose.html(3)
    assert html.count("<tr>") == 4
    assert re.search('<th[^>]* scope="col"[^>]*>Day</th>', html)
    assert re.search(r"<td[^>]*>9 \| 10</td>", html)
    assert re.search(r"<td[^>]*>\*Tue\*</td>", html)
    assert "- Day: Monday; Hours: 9 | 10" in prose.text


def test_lists_in_the_cells_of_named_columns_stay_in_them() -> None:
    markup = "<table><tr><th>Form<th>Fee<tr><td>N-400<td><ul><li>$710<li>$760</ul></table>"
    assert text_of(markup) == "| Form | Fee |\n| --- | --- |\n| N-400 | $710; $760 |"


# As WordPress writes a pasted table: nothing names a column, the first cells say what follows.
CLINICS = (
    "<figure class='wp-block-table'><table><tbody>"
    "<tr><td>Ciudadanía</td><td>Martes 18:00</td><td><ul><li>Tarjeta verde</li>"
    "<li>Dos fotos</li><li>$760 o el formulario I-912</li></ul></td></tr>"
    "<tr><td>DACA</td><td>Jueves 17:30</td><td><ul><li>Permiso anterior</li>"
    "<li>Comprobantes desde 2007</li></ul></td></tr></tbody></table></figure>"
)
BY_COLUMN = (
    "<table><tr><td><strong>Bring</strong></td><td><strong>Leave at home</strong></td></tr>"
    "<tr><td><ul><li>Passport<li>Letter from the court</ul></td>"
    "<td><dl><dt>Knives<dd>of any size<dt>Phones<dd>they are taken</dl></td></tr>"
    "</table>"
)


def test_lists_in_a_table_that_names_nothing_stay_in_it_up_to_the_mail_and_its_text() -> None:
    prose = Prose(markdown(article_text(item("n1", text=text_of(CLINICS)))))
    html = prose.html(3)
    assert html.count('<p class="r"') == 2, "too wide for a phone: a card for each row"
    assert "<br />\nTarjeta verde; Dos fotos; $760 o el formulario I-912</p>" in html
    assert prose.text.startswith("- Ciudadanía; Martes 18:00; Tarjeta verde; Dos fotos;")
    assert "- DACA; Jueves 17:30; Permiso anterior" in prose.text


def test_short_words_over_the_lists_are_enough() -> None:
    assert text_of(BY_COLUMN) == (
        "| | |\n| --- | --- |\n| Bring | Leave at home |\n"
        "| Passport; Letter from the court | Knives of any size; Phones they are taken |"
    )


def test_a_long_list_of_papers_is_no_article() -> None:
    papers = "".join(f"<li>Paper number {number} of all" for number in range(20))
    markup = f"<table><tr><td>A<td><ul>{papers}</ul><tr><td>B<td>none</table>"
    assert table_rows(text_of(markup))[1][1].count(";") == 19


def test_columns_without_names_have_no_row_of_names() -> None:
    markup = "<table><tr><td>Mon</td><td>9</td></tr><tr><td>Tue</td><td></td></tr></table>"
    prose = Prose(markdown(text_of(markup)))
    assert "<th" not in prose.html(3)
    assert prose.html(3).count("<tr>") == 2
    assert prose.text == "- Mon; 9\n- Tue"


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<table><tr><td>all</td></tr></table>", "all"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>", "a\n\nb"),
        ("<table><tr><td><ul><li>a</ul></td><td>b<tr><td>c<td>d</table>", "a\n\nb\n\nc d"),
        (f"<table><tr><td>{'w' * 300}<td>b<tr><td>c<td>d</table>", f"{'w' * 300} b\n\nc d"),
        (
            f"<table><tr><td>Menu<td>News<tr><td><ul><li>Home</ul><td>{'w' * 300}</table>",
            f"Menu News\n\nHome\n\n{'w' * 300}",
        ),
        (
            "<table><tr><td colspan=2>Harbor<tr><td><h2>News</h2><td><ul><li>Home</ul></table>",
            "Harbor\n\nNews\n\nHome",
        ),
    ],
    ids=[
        *("one cell", "one row", "one column", "lists in it", "articles in it"),
        *("a menu and an article", "headings in it"),
    ],
)
def test_the_layout_of_a_page_is_none(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_of_nested_ones_the_innermost_counts() -> None:
    inner = "<table><tr><td>a<td>b<tr><td>c<td>d</table>"
    text = text_of(f"<table><tr><td>{inner}</td><td>x</td></tr><tr><td>y</td></tr></table>")
    assert text == "| | |\n| --- | --- |\n| a | b |\n| c | d |\n\nx\n\ny"


def test_one_that_no_mail_can_show_keeps_its_words() -> None:
    rows = "".join(f"<tr><td>{number}<td>b" for number in range(MOST_ROWS + 5))
    assert text_of(f"<table>{rows}</table>").startswith("0 b\n\n1 b")


@pytest.mark.parametrize("markup", HOSTILE)
def test_a_hostile_one_breaks_nothing(markup: str) -> None:
    prose = Prose(markdown(text_of(f"<p>Before</p>{markup}")))
    assert prose.html(3).startswith("<p>Before")
    assert "<!--" not in prose.html(3)
    assert prose.text.startswith("Before")


@pytest.mark.parametrize("limit", range(3, 16))
def test_an_excerpt_has_it_whole_or_not(limit: int) -> None:
    words = first_words(f"Come to us today.\n\n{LINES}\n\nBring papers, and a pen to write.", limit)
    assert (LINES in words) is (limit > 14)
    assert ("|" in words) is (limit > 14)


def test_an_excerpt_that_would_begin_in_one_takes_what_follows() -> None:
    assert first_words(f"{LINES}\n\nBring your papers.", 3) == "Bring your papers."


def test_lines_stay_lines_in_the_draft() -> None:
    prose = Prose(markdown("- One:\n## Two\n\nThree"))
    assert prose.html(3).count("<br") == 1
    assert prose.text == "- One:\n## Two\n\nThree"


def test_what_only_looks_like_a_table_is_none() -> None:
    assert table_rows("| a | b |") == []
    assert table_rows("| a | b |\n| --- | --- |\n| c |") == []
    assert "<table" not in Prose(markdown("Home | About\n--- | ---\nx | y")).html(3)
