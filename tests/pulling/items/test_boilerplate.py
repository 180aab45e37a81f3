"""What stands under and inside of every entry is not the article; all of the article stays."""

from pathlib import Path

import pytest

from bench.junk import MADE, measured, member, together
from newsletter.model.item import Item
from newsletter.pulling.items.boilerplate import (
    NO_HABITS,
    Habits,
    article_text,
    article_texts,
    habits_of,
)
from newsletter.pulling.items.sanitise import Sanitiser, plain
from tests.issues.choosing.samples import item, words

BODY = words("w", 30)


def of(text: str, *, markup: str = "", title: str = "A title", habits: Habits = NO_HABITS) -> str:
    return article_text(item("n", text=text, html=markup, title=title), habits)


def of_html(body: str, title: str = "A title") -> str:
    markup = Sanitiser().clean(body, "https://harbor.example/")
    return of(plain(markup), markup=markup, title=title)


def published(*texts: str) -> list[Item]:
    return [item(f"n{number}", text=text) for number, text in enumerate(texts)]


@pytest.mark.parametrize("path", sorted(MADE.glob("*.txt")), ids=lambda path: path.stem)
@pytest.mark.parametrize("as_page", [False, True], ids=["feed", "page"])
def test_labeled_articles_lose_nothing_and_keep_at_most_2_in_100_words_of_junk(
    path: Path, as_page: bool
) -> None:
    lost, left, remarks = measured(together(member(path, as_page=as_page)))
    assert lost == 0, remarks
    assert left <= 0.02, remarks


def test_what_most_entries_of_a_feed_carry_is_left_out_in_any_language() -> None:
    items = published(
        *(
            f"Kivot yo ede fanmi: chak kado konte.\n\n{words(f'w{n}', 30)}\n\n"
            f"Sou otè a: Ana ekri sou lojman. Li rete Fresno."
            for n in range(5)
        )
    )
    assert article_texts(items)[2] == words("w2", 30)


def test_a_banner_inside_goes_and_a_heading_of_a_series_stays() -> None:
    banner = "Facing eviction in this county? Call the tenants' line at any hour of the day."
    items = published(
        *(
            f"{words(f'a{n}', 20)}\n\n{banner}\n\nWhat it means\n\n{words(f'b{n}', 20)}"
            for n in range(5)
        )
    )
    assert article_texts(items)[1] == f"{words('a1', 20)}\n\nWhat it means\n\n{words('b1', 20)}"


def test_a_passage_in_few_of_many_entries_stays() -> None:
    rare = "The march begins at noon on Saturday at the courthouse steps."
    texts = [f"{words(f'w{n}', 30)} {rare if n < 3 else ''}" for n in range(30)]
    assert habits_of(published(*texts)).repeated == frozenset()


def test_a_piece_published_several_times_is_not_taken_for_a_banner() -> None:
    piece = f"One sentence that is long enough. {BODY}."
    items = published(piece, piece, piece, *(words(f"x{n}", 30) for n in range(3)))
    assert article_texts(items)[0] == piece


def test_a_text_of_which_nothing_would_be_left_is_kept() -> None:
    text = ("Support us: every gift helps a family. " * 4).strip()
    assert article_texts(published(text, f"{text} a", f"{text} b"))[0] == text
    assert of("Share this: Facebook, X") == "Share this: Facebook, X"


def test_a_storys_words_are_nobodys_to_leave_out() -> None:
    text = f"{BODY}\n\nFollow us on Facebook and Instagram"
    story = item("s", text=text, organisation_id=None)
    assert article_texts([story]) == [text]


@pytest.mark.parametrize(
    "mark",
    [
        "The post A title appeared first on Harbor Legal Aid.",
        "The post What now? A guide for families. appeared first on Harbor.",
        "La entrada A title se publicó primero en Casa del Río.",
        "Continue reading A title →",
        "Read the rest of this entry »",
        "Seguir leyendo",
        "اقرأ المزيد",
        "Share this:",
        "Like this:",
        "Related posts:",
        "Filed under: Housing, Courts",
        "Follow us on Facebook and Instagram",
        "Subscribe to our newsletter today",
        "Share this:\n\nFacebook\n\nX\n\nWhatsApp",
        "Facebook · X · WhatsApp",
        "Related\n\nA march in March\n\nPapers to carry",
        "* * *",
        "Tagged With: raids",
        "شارك هذا الموضوع:",
        "We respect your privacy.",
        "Our mailing address is:\n12 Mill Road, Fresno, CA 93701",
        "¿Quiere cambiar la forma en que recibe estos correos electrónicos? Puede cancelar aquí.",
        "Obrigado por ler Notas do Bairro! Inscreva-se gratuitamente para apoiar meu trabalho.",
        "¿Tuvo un accidente? Llame al abogado Pérez, 1-800-555-0134, la consulta es gratis.",
        "Hurt in a car accident? Ruiz Law, free consultation, 555-0188.",
    ],
)
def test_the_marks_of_publishing_software_are_left_out(mark: str) -> None:
    assert of(f"{BODY}\n\n{mark}") == BODY
    assert of(f"{mark}\n\n{BODY}") in (BODY, f"{mark}\n\n{BODY}")  # nothing is half gone


@pytest.mark.parametrize(
    "sentence",
    [
        "Read the ruling with us on Tuesday. We share a meal afterwards.",
        "Share the meal with whoever comes.",
        "Share a resource or this guide if you think it will be helpful.",
        "Follow the convoy at a distance.",
        "Like this rule, many others were never published.",
        "Read more books but choose carefully.",
        "Tags on the fence named the missing.",
        "Related questions are welcome.",
        "Donate blood on Friday at the community center.",
        "Subscribe to the idea that the newsletter of a parish can change a street.",
        "Need a lawyer? The county has a list, and so does the court.",
        "X",
        "Signal",
        "The county uses cookies: it baked four hundred for the vigil.",
        "Two comments from the judge decided it.",
        "Were you hurt in an accident at work? Call the workers' center, 555-0188. It is free.",
        "¿Tuvo un accidente? Nadie le preguntó al abogado, y la consulta era gratis.",
        "Nuestra dirección es calle Olmo 120.",
        "Gracias por leer la carta en voz alta! Inscribimos a diez.",
        "Original source: Casa del Río, November 20.",
        "This article was first published by Casa del Río.",
        "???",
    ],
)
def test_ordinary_sentences_with_those_words_stay(sentence: str) -> None:
    text = f"{BODY}\n\n{sentence}\n\n{BODY}"
    assert of(text) == text


@pytest.mark.parametrize(
    ("row", "left"),
    [
        ('<p><a href="https://x.com/intent/post?url=y">Kouri di sa</a></p>', ""),
        ('<p>Подели: <a href="https://t.me/share/url?url=y">Телеграм</a></p>', ""),
        ('<p><a href="/regis">Imagen con Botón</a></p>', ""),
        ('<p><a href="/1">One</a></p><p><a href="/2">Two</a></p><p><a href="/3">Three</a></p>',
         "\n\nOne\n\nTwo\n\nThree"),
        ('<ul><li><a href="/1">The ruling</a></li></ul>', "\n\nThe ruling"),
        ('<h3><a href="/1">The ruling</a></h3>', "\n\nThe ruling"),
        ('<p>The <a href="https://x.com/intent/post?url=y">button</a> that nobody ever presses</p>',
         "\n\nThe button that nobody ever presses"),
        ('<p>Donate at the <a href="https://www.gofundme.com/f/ana">family\'s fund</a>.</p>', ""),
        ('<p>The family has a <a href="https://www.gofundme.com/f/ana">fund</a>.</p>',
         "\n\nThe family has a fund."),
        ('<p>Lea también: <a href="/a">Cinco consejos</a></p>', ""),
        ('<p>See also: the list that the county keeps.</p>',
         "\n\nSee also: the list that the county keeps."),
    ],
)  # fmt: skip
def test_rows_are_known_by_their_links(row: str, left: str) -> None:
    assert of_html(f"<p>{BODY}</p>{row}<p>{BODY}</p>") == f"{BODY}{left}\n\n{BODY}"


def test_tables_and_lines_stay_as_they_are() -> None:
    table = "| Day | Hours |\n| --- | --- |\n| Monday | Facebook |"
    poem = "A line\nand another\nX"
    assert of(f"{BODY}\n\n{poem}\n\n{table}") == f"{BODY}\n\n{poem}\n\n{table}"


def test_networks_in_paragraphs_of_their_own_are_a_row_also_before_what_else_hangs_below() -> None:
    below = '<p>Facebook</p><p>WhatsApp</p><p>* * *</p><p><a href="/next">Siguiente</a></p>'
    assert of_html(f"<p>{BODY}</p>{below}") == BODY
    assert (
        of(f"{BODY}\n\nSignal\n\nWhatsApp\n\n{BODY}") == f"{BODY}\n\nSignal\n\nWhatsApp\n\n{BODY}"
    )


def test_shortcodes_that_nothing_rendered_go() -> None:
    text = (
        f'[vc_row css=".x{{}}"][vc_column width="1/2"]{BODY}[/vc_column][/vc_row]\n\n[/et_pb_text]'
    )
    assert of(text) == BODY
    assert of(f"{BODY} list[my_index] and [/path]") == f"{BODY} list[my_index] and [/path]"


def test_a_cut_is_shown_as_one() -> None:
    assert of(f"{BODY} […]") == f"{BODY} …"
    assert of(f"{BODY} [...] Read more »") == f"{BODY} …"


def test_the_title_over_the_text_and_the_titles_of_related_posts_go() -> None:
    title = "A title that is long enough"
    habits = Habits(titles=frozenset({"the hearing was moved to friday", title.casefold()}))
    text = f"{title}\n\n{BODY}\n\nThe hearing was moved to Friday"
    assert of(text, title=title, habits=habits) == BODY


def test_the_titles_of_its_own_pieces_in_a_roundup_stay() -> None:
    habits = Habits(titles=frozenset({"the hearing was moved to friday"}))
    text = f"{BODY}\n\nThe hearing was moved to Friday\n\n{BODY}"
    assert of(text, habits=habits) == text


@pytest.mark.parametrize(
    "hostile",
    [
        "continue reading " * 2_000,
        "the post " * 4_000,
        "[…] " * 1_500,
        "[vc_row a" * 4_000,
        "Share\n\nFacebook\n\n" * 2_000,
        "Support us now, please. " * 1_500,
        "\n\n" * 8_000 + "x",
        "subscribe " * 3_000 + "newsletter",
        "we use cookies " * 2_000,
    ],
)
def test_what_a_feed_says_never_decides_how_long_it_is_looked_at(hostile: str) -> None:
    items = published(f"{hostile}1", f"{hostile} 2", f"{hostile} 3", f"4 {hostile}")
    assert all(article_texts(items))
    linked = "<p><a>" + hostile.replace("\n\n", "</a></p><p><a>")
    of_html(linked + "<a " * 2_000)
