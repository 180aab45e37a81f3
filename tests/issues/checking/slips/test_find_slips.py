"""Which slips are named in a text, and with what mend; what is right is let be."""

from datetime import date

import pytest
from spellchecker import SpellChecker

from newsletter.issues.checking.slips import lexicon
from newsletter.issues.checking.slips.find_slips import SlipFinder
from newsletter.issues.checking.slips.passage import Block, Passage
from newsletter.issues.checking.slips.read_passages import Piece

MONDAY = date(2026, 11, 23)


def found(
    text: str,
    language: str = "en",
    *,
    right: frozenset[str] = frozenset(),
    texts: tuple[str, ...] = (),
    known: tuple[date, ...] = (),
    block: Block = Block.PARAGRAPH,
) -> list[tuple[str, str]]:
    piece = Piece(name="a", language=language, passages=(Passage(text=text, line=1, block=block),))
    finder = SlipFinder(right=right, texts=(text, *texts))
    return [(slip.found, slip.mend) for slip in finder.slips(piece, near=MONDAY, known=known)]


@pytest.mark.parametrize(
    ("text", "wrong", "mend"),
    [
        ("Teh clinic opens at nine.", "Teh", "The"),
        ("We recieve letters every day.", "recieve", "receive"),
        ("The commitee met in the library.", "commitee", "committee"),
        ("They discussed the evictionn notice.", "evictionn", "eviction"),
        ("Bring your docunents to the office.", "docunents", "documents"),
        ("Members ofthe union met.", "ofthe", "of the"),
        ("It doesnt cost anything.", "doesnt", "doesn't"),
        ("We helped alot of people.", "alot", "a lot"),
        ("Rents rose 12%,and nobody asked.", "12%,and", "12%, and"),
        ("Bring water,bread and blankets.", "water,bread", "water, bread"),
        ("The rent was frozen.Tenants cheered.", "frozen.Tenants", "frozen. Tenants"),
        ("The rent was frozen. tenants cheered.", "tenants", "Tenants"),
        ("We won the the appeal.", "the the", "the"),
        ("The march begins at XXX on Main Street.", "XXX", ""),
        ("TODO ask Rosa for the number.", "TODO", ""),
        ("We meet on Saturday the 6th.", "Saturday the 6th", "Sunday the 6th"),
        (
            "We meet on Saturday, December 6, 2026.",
            "Saturday, December 6, 2026",
            "Sunday, December 6, 2026",
        ),
        (
            "Join us on Sunday, 6 December 2025.",
            "Sunday, 6 December 2025",
            "Sunday, 6 December 2026",
        ),
        ("Register by December 4, 2025.", "December 4, 2025", "December 4, 2026"),
        ("The clinic isnâ€™t closed.", "â€™", "’"),
        ("A cafÃ© on the corner.", "Ã©", "é"),
        ("It\x92s free.", "\x92", "’"),
        ("\uf0b7 Bring an ID.", "\uf0b7", "•"),
        ("We don?t close.", "?", "’"),
        ("Food&nbsp;and drink.", "&nbsp;", " "),
        ("The judge agreed. All may stay until the", "may stay until the", ""),
    ],
)
def test_english(text: str, wrong: str, mend: str) -> None:
    assert found(text) == [(wrong, mend)]


@pytest.mark.parametrize(
    ("text", "wrong", "mend"),
    [
        ("La puerta lleva a unlugar sin luz.", "unlugar", "un lugar"),
        ("La carta no sepuede leer.", "sepuede", "se puede"),
        ("El salón no lo haabierto nadie.", "haabierto", "ha abierto"),
        ("Las palabras quedan asícomo están.", "asícomo", "así como"),
        ("La organizacion abre a las nueve.", "organizacion", "organización"),
        ("Traiga sus docuemntos a la oficina.", "docuemntos", "documentos"),
        ("Los inquilnos se reunieron ayer.", "inquilnos", "inquilinos"),
        ("Nadie podra salir.", "podra", "podrá"),
        ("Las familias estan aquí.", "estan", "están"),
        ("Hay una reunion hoy.", "reunion", "reunión"),
        ("Escuchamos a lasfamilias del barrio.", "lasfamilias", "las familias"),
        ("Traiga agua,pan y cobijas.", "agua,pan", "agua, pan"),
        ("El juez aceptó. las familias se quedan.", "las", "Las"),
        ("Nos vemos en en la biblioteca.", "en en", "en"),
        ("TODO: pedir el número a Rosa.", "TODO", ""),
        (
            "Nos vemos el sábado 6 de diciembre.",
            "sábado 6 de diciembre",
            "domingo 6 de diciembre",
        ),
        (
            "Habrá una asamblea el 4 de diciembre de 2025.",
            "4 de diciembre de 2025",
            "4 de diciembre de 2026",
        ),
    ],
)
def test_spanish(text: str, wrong: str, mend: str) -> None:
    assert found(text, "es") == [(wrong, mend)]


RIGHT = """
en Ngozi Okonjo and Xiomara Castro spoke at SEIU-USWW; see @coalicion and #NoMasICE.
en Mr. Ruiz came at 9 a.m. on Jan. 5, with approx. forty tenants, e.g. from Oak St. too.
en Write to teh@recieve.example or https://recieve.example/teh, or run `teh_recieve`.
en The organisation's programme of neighbourhood centres was recognised in full colour.
en Our livestream, podcasts and the website's signup form are for undocumented people.
en They had had enough. That that rule fell is news. Walla Walla has a very very big jail.
en The abuelas of the comunidad made pupusas, tamales and champurrado for everybody.
en She sold atole and elotes at the taqueria; masa and tostones sell out by ten.
en La clínica abre los sábados y todas las personas de la comunidad pueden venir gratis.
en They sang “No, no.” in 1986, and on Saturday, December 5, they will again.
en A TODO list of the 1,000,000 things in the budget, 3.5 of them new.
en iPhone and eBay owners, mobilization, unhoused neighbors; ICE's raids; the U.S. courts.
es El XXX Congreso es para TODO el barrio. Dígale que haciéndolo así podrán quedarse.
es Los jóvenes construyeron imágenes; pidiéndole ayuda, el Sr. Gómez siguió sin dormirse.
es Inténtelo, cuéntenos: mantuvieron, condujeron, propuso, tradujo, quisieran, envíe.
es La migra detuvo al chofer y a las bordadoras purépechas; hubo lonche, cumbia y chequeo.
es El workshop de know your rights es el miércoles 25 de noviembre, muy muy temprano.
fr Nous nous retrouvons samedi avec les familles, les the the et les recieve.
vi Xanh xanh là màu của cây. teh recieve
ar نلتقي يوم السبت في المكتبة العامة مع العائلات.
"""


@pytest.mark.parametrize("line", RIGHT.strip().splitlines())
def test_what_is_right_is_let_be(line: str) -> None:
    language, _, text = line.partition(" ")
    assert found(text, language) == []


def test_in_a_language_without_a_dictionary_characters_and_marks_are_still_looked_at() -> None:
    text = "Nous serons lÃ  samedi,dimanche et TBD."
    assert [was for was, _ in found(text, "fr")] == ["samedi,dimanche", "TBD"]
    assert found("CafÃ© ouvert.", "fr") == [("Ã©", "é")]


def test_what_is_written_often_is_theirs() -> None:
    text = "The forumla was new."
    assert found(text)
    assert not found(text, texts=("Forumla is our band. forumla plays. Come, forumla says.",))


@pytest.mark.parametrize("text", ["The forumla was new.", "Bora bora bora."])
def test_what_an_editor_said_is_right_is_not_named(text: str) -> None:
    assert not found(text, right=frozenset({"forumla", "bora bora"}))


def test_the_same_slip_is_named_once_a_piece() -> None:
    assert len(found("Food&nbsp;and&nbsp;drink&nbsp;for all.")) == 1


def test_the_year_of_the_pieces_own_day_counts() -> None:
    text = "We met on June 5, 2026 at the library."
    assert found(text, known=(date(2027, 6, 5),)) == [("June 5, 2026", "June 5, 2027")]
    assert not found(text)


def test_titles_and_lists_need_no_sentences() -> None:
    assert not found("what the tenants of the", block=Block.TITLE)
    assert not found("bread, water and the", block=Block.PART)


@pytest.mark.parametrize(("language", "like"), [("en", 150_000), ("es", 80_000)])
def test_the_dictionaries_are_those_of_the_library(language: str, like: int) -> None:
    theirs = SpellChecker(language=language).word_frequency.dictionary
    own = lexicon.listed(language, "known")
    ours = {word: said for word, said in lexicon.times(language).items() if word not in own}
    assert len(ours) > like
    assert all(theirs[word] == said for word, said in ours.items())
