"""What a piece says of where it was first published is credited, and nothing else is."""

from pathlib import Path

import pytest

from newsletter.issues.choosing.clusters import cluster
from newsletter.issues.choosing.credit import SiteOwners, Source, foreign_source, source_of
from newsletter.model.answer import Fetched
from newsletter.model.item import Item
from newsletter.pulling.reading import ReadFeed, ReadJob, read
from tests.issues.choosing.samples import NOW, item, organisation, words
from tests.issues.desk import desk
from tests.issues.desk import item as piece

ORGANISATIONS = {one.id: one for one in (organisation("harbor"), organisation("casa"))}
BODY = words("w", 60)
SHARE = "Share this:\n\nFacebook\n\nX\n\nWhatsApp\n\nLike this:\n\nLike Loading..."


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Original source: The Millbrook Times", "The Millbrook Times"),
        ("Source: La Opinión", "La Opinión"),
        ("This article was originally published in The Millbrook Times.", "The Millbrook Times"),
        ("This story first appeared on L.A. Taco on Nov. 3, 2026.", "L.A. Taco"),
        ("Originally published by StreetsLA.org under a Creative Commons license", "StreetsLA.org"),
        ("First published in “Prism” and is republished here with permission", "Prism"),
        ("Republished with permission from Prism.", "Prism"),
        ("The post Rent is due appeared first on Prism.", "Prism"),
        ("Fuente: La Voz del Río", "La Voz del Río"),
        ("Este artículo fue publicado originalmente en La Voz el 3 de noviembre.", "La Voz"),
        ("Publicado por primera vez en La Voz (2026)", "La Voz"),
        ("Tomado de La Voz", "La Voz"),
        ("Este texto se publicó originalmente en La Voz.", "La Voz"),
        ("Nota original: La Voz", "La Voz"),
        ("Lea el artículo original en La Voz.", "La Voz"),
        ("Article originally published on Dec. 1 by The Nation", "The Nation"),
        ("Originally published November 3, 2026 in The Nation", "The Nation"),
        ("Originally published in English by The Nation", "The Nation"),
        ("Original source: The Guardian, by Jane Roe", "The Guardian"),
        ("First published by St. Paul Star on Nov 3", "St. Paul Star"),
        ("(Originally published in The Mill, November 3)", "The Mill"),
        ("The article Rent originally appeared on Prism: read it here.", "Prism"),
        ("Read the original article at 48 Hills.", "48 Hills"),
        ("Quelle: taz.de", "taz.de"),
        ("Cet article a été publié initialement par Le Fleuve.", "Le Fleuve"),
        ("Publicado originalmente em O Rio", "O Rio"),
        ("Zuerst erschienen in Der Fluss am 3. November", "Der Fluss"),
        ("المصدر: صوت النهر", "صوت النهر"),
        ("Via Prism", "Prism"),
        ("via Prism", "Prism"),
        ("(via The Millbrook Times)", "The Millbrook Times"),
        ("Via: https://prism.example/rent?x=1", "prism.example"),
        ("[Via Prism: https://prism.example/rent]", "Prism"),
        ("Story via Telemundo 52", "Telemundo 52"),
        ("The council voted five to two on Monday (via 48 Hills).", "48 Hills"),
        ("The council voted five to two on Monday. — via L.A. Taco", "L.A. Taco"),
        ("H/T Prism", "Prism"),
        ("h/t: @prismreports", "@prismreports"),
        ("Rent is due again, and nobody has it. (H/T Prism)", "Prism"),
        ("Hat tip to Prism for the story.", "Prism"),
        ("Hat tip: Ana Ruiz", "Ana Ruiz"),
        ("Thanks to Prism for the tip.", "Prism"),
        ("Vía La Opinión", "La Opinión"),
        ("(Vía Radio Bilingüe)", "Radio Bilingüe"),
        ("Vía: La Voz del Río.", "La Voz del Río"),
        ("El concejo votó el lunes (vía La Voz).", "La Voz"),
        ("Con información de La Voz.", "La Voz"),
        ("Fuente original: La Voz", "La Voz"),
        ("Texto original: La Voz", "La Voz"),
        ("Reproducido con permiso de La Voz.", "La Voz"),
        ("Gracias a La Voz por el dato.", "La Voz"),
        ("Via Le Fleuve", "Le Fleuve"),
        ("Repéré sur Le Fleuve", "Le Fleuve"),
        ("Article original : Le Fleuve", "Le Fleuve"),
        ("Ce texte a été publié à l’origine dans Le Fleuve.", "Le Fleuve"),
        ("D'abord paru dans Le Fleuve", "Le Fleuve"),
        ("(via O Rio)", "O Rio"),
        ("Com informações da Agência Rio", "Agência Rio"),
        ("Texto originalmente publicado no Jornal do Rio.", "Jornal do Rio"),
        ("via Der Fluss", "Der Fluss"),
        ("Gefunden bei Der Fluss", "Der Fluss"),
        ("Dieser Text erschien zuerst in Der Fluss.", "Der Fluss"),
        ("Erstveröffentlichung: Der Fluss", "Der Fluss"),
    ],
)
def test_a_line_above_or_below_the_text_names_the_source(line: str, name: str) -> None:
    for text in (f"{line}\n\n{BODY}", f"{BODY}\n\n{line}", f"{BODY}\n\n{line}\n\n{SHARE}"):
        source = source_of(item("n1", text=text))
        assert source is not None
        assert source.name == name


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY} The report was originally published in 2019 by nobody. {BODY}" * 3,
        "\n\n".join([BODY] * 4 + ["Originally published in Prism."] + [BODY] * 5),
        "Open source: what it means for tenants",
        "The source: a spring above the mill, and more of it",
        "Source: " + "a." * 190,  # each dot read in one way only: this once took for ever
        "First published in November 2025",
        "Originally published on November 3, 2026.",
        "Originally published in Spanish.",
        "Originally published on our blog.",
        "Originally published on Facebook",
        "Originally published in 2020 and updated since",
        "Publicado originalmente en noviembre de 2025",
        "Fuente: elaboración propia",
        "Source: Interview with the author",
        "Source: Photo by Ana",
        "When the paper first appeared, in 2001, I had the impression",
        "",
        "Via Zoom",
        "The hearing starts at nine (via Zoom).",
        "Via Microsoft Teams or by phone",
        "(via Google Meet)",
        "Join us via WhatsApp",
        "Send your comments (via email)",
        "Vía telefónica",
        "Vía Telefónica: 213-555-0100",
        "La consulta es por vía telefónica o vía Zoom.",
        "La audiencia será el lunes (vía Zoom)",
        "Vía Crucis en la calle 18",
        "Vía Campesina",
        "Via Rápida Poniente 1200",
        "Take the 7 bus to Otay (via Tijuana).",
        "El camión sale a las seis (vía Tijuana).",
        "Via our website",
        "Register via the form below",
        "Via Facebook",
        "She spoke to us (via her lawyer).",
        "Photo by Ana Ruiz via Getty Images",
        "(Ana Ruiz via AP)",
        "Via Campesina marched in Rome on Sunday.",
        "Thanks to Prism, rents are down.",
        "Gracias a La Voz aprendimos a leer.",
        "Seen on Main Street",
        "Via Eventbrite",
        "Via Webinar",
        "Vía Conferencia Telefónica",
        "Via Verdi 12",
        "Vía Verde Apartments",
        "Via PayPal: https://paypal.example/x",
        "Por via aérea",
        "Via Sacra na Lapa",
        "Per Zoom und via Telefon",
        "par téléphone ou via Zoom",
        "Height: 5 ft. (h/t 3.2)",
        "via " * 200,
        "Via ...",
        "(via (via (via " + "x " * 3_000,
    ],
)
def test_what_the_article_says_inside_is_its_own_affair(text: str) -> None:
    assert source_of(item("n1", text=text)) is None


def test_the_name_carries_the_address_that_it_is_linked_to() -> None:
    markup = (
        '<p>Originally published in <a href="https://prism.example/a?b=1&amp;c=2">Prism</a>.</p>'
    )
    one = item("n1", text="Originally published in Prism.", html=markup)
    assert source_of(one) == Source(name="Prism", url="https://prism.example/a?b=1&c=2")


def test_whom_it_thanks_is_linked_too() -> None:
    markup = '<p>We won.</p><p><em>Vía</em> <a href="https://prism.example/a">Prism</a></p>'
    one = item("n1", text="We won.\n\nVía Prism", html=markup)
    assert source_of(one) == Source(name="Prism", url="https://prism.example/a")
    two = item("n1", text="We won.\n\n(h/t Prism: https://prism.example/b)")
    assert source_of(two) == Source(name="Prism", url="https://prism.example/b")


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"source_name": "Prism"}, "Prism"),
        ({"source_url": "https://prism.example/rss"}, "prism.example"),
        ({"source_name": "Casa", "source_url": "https://casa.example/feed"}, "Casa"),
        ({"source_name": "Latest from", "source_url": "https://news.casa.example/x"}, "Casa"),
        ({"source_name": "Harbor » Feed"}, ""),
        ({"source_name": "News", "source_url": "https://harbor.example/feed"}, ""),
        ({"text": "The post X appeared first on Harbor - Legal Aid."}, ""),
        ({}, ""),
    ],
)
def test_only_somebody_else_is_credited_beside_the_member(
    changes: dict[str, object], name: str
) -> None:
    source = foreign_source(item("n1", **changes), ORGANISATIONS, SiteOwners(ORGANISATIONS))
    assert (source.name if source else "") == name


def test_a_line_that_names_a_member_gives_it_the_credit() -> None:
    def told(copy: Item) -> tuple[str, str]:
        (found,) = cluster([item("n1", "casa", text=BODY), copy], ORGANISATIONS)
        return found.origin.id, dict(found.evidence)[found.origin.id]

    lined = item("n2", text=f"{BODY}\n\nOriginal source: Casa", published_at=None)
    assert told(lined) == ("n1", "named as the source by harbor")
    key = item("n2", text=BODY, link=None, canonical_link="casa.example/n1")  # as pulling keeps it
    assert told(key) == ("n1", "harbor's own entry leads to its page")


def test_readers_see_who_published_it_first_and_whose_words_these_are(tmp_path: Path) -> None:
    text = "We love this.\n\nThe clinic opens.\n\nThis story was first published in Prism."
    at = desk(tmp_path, [piece("n1", text=text)], languages=("en",))
    at.draft()
    assert "- source: Prism" in at.text()
    assert "From Harbor · Source: Prism" in at.check().editions[0].text


@pytest.mark.parametrize("home", ["https://casa.example/1", "https://harbor.example/1"])
def test_a_feed_that_names_the_canonical_page_names_the_source(home: str) -> None:
    feed = (
        '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>H</title>'
        "<item><guid>1</guid><title>T</title><link>https://harbor.example/1</link>"
        f'<atom:link rel="canonical" href="{home}"/><description>Fuente: Prism</description>'
        "</item></channel></rss>"
    )
    url = "https://harbor.example/feed"
    answer = Fetched(url=url, body=feed.encode())
    read_feed = read(
        ReadJob(answer=answer, feed_url=url, organisation=ORGANISATIONS["harbor"], now=NOW)
    )
    assert isinstance(read_feed, ReadFeed)
    ((one, _),) = read_feed.items
    source = foreign_source(one, ORGANISATIONS, SiteOwners(ORGANISATIONS))
    assert source is not None
    assert source.name == ("Casa" if "casa" in home else "Prism")
