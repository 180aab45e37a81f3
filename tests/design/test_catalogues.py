"""The frame's words: complete catalogues, no word outside them, plurals by the language's rule."""

import re
from collections.abc import Iterator
from datetime import datetime
from gettext import NullTranslations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment

from newsletter.design import catalogues
from newsletter.design.build_view import edition_view
from newsletter.design.catalogues import languages, translations
from newsletter.design.localizer import Localizer, localizer_for
from newsletter.design.render import html_of, text_of
from newsletter.design.templates import Templates, shipped_folder
from newsletter.issues.checking.page import read_page
from newsletter.model.coalition import USUAL_SECTIONS
from newsletter.model.issue import Edition
from newsletter.model.item import Event
from newsletter.model.material import Material
from tests.design.samples import everything

TEMPLATES = Templates((shipped_folder(),))
PACKAGE = Path(catalogues.__file__).parents[1]
# The folders whose words are the frame's; pages, members and stories have catalogues of their own.
FOLDERS = ("design", "archive", "issues", "sending")
_CALL = re.compile(r'gettext\(\s*"((?:[^"\\]|\\.)*)"')
_CLDR = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Nov(?:ember)?|[AP]M|P[SD]T|and)\b"
)


def messages() -> set[str]:
    """Every sentence that the templates and the code ask the catalogues for."""
    found = set()
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    environment.filters |= {"wrap": str, "underline": str}
    for name in TEMPLATES.names():
        if name.startswith(("web/", "notices/", "preview/")):
            continue  # words of the public pages, and of what editors see, in other catalogues
        if name.endswith((".mjml", ".txt", ".html", ".xml")):
            for _, _, message in environment.extract_translations(TEMPLATES.source(name)):
                found.add(message if isinstance(message, str) else message[0])
    for path in (path for folder in FOLDERS for path in (PACKAGE / folder).rglob("*.py")):
        found |= set(_CALL.findall(path.read_text(encoding="utf-8")))
    return found | {rule.title("en") for rule in USUAL_SECTIONS}


def catalogue(language: str) -> Catalog:
    with (catalogues.LOCALES / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language)


def test_sentences_are_found_in_templates_and_in_code() -> None:
    assert {"Unsubscribe", "From %(source)s", "%(num)d minute"} <= messages()


@pytest.mark.parametrize("language", [tag for tag in languages() if tag != "en"])
def test_a_catalogue_has_every_sentence_and_nothing_else(language: str) -> None:
    read = catalogue(language)
    translated = {
        one.id[0] if isinstance(one.id, tuple) else one.id
        for one in read
        if one.id and one.string and not one.fuzzy
    }
    assert messages() - translated == set()
    assert translated - messages() == set()


@pytest.mark.parametrize("language", [tag for tag in languages() if tag != "en"])
def test_a_translation_keeps_its_places(language: str) -> None:
    for one in catalogue(language):
        ids = one.id if isinstance(one.id, tuple) else (one.id,)
        strings = one.string if isinstance(one.string, tuple) else (one.string,)
        for string in strings if one.id else ():
            places = set(re.findall(r"%\((\w+)\)[sd]", string))
            assert places <= set(re.findall(r"%\((\w+)\)[sd]", " ".join(ids)))
            assert len(ids) > 1 or places == set(re.findall(r"%\((\w+)\)[sd]", ids[0]))


def test_plurals_follow_the_language() -> None:
    def minutes(language: str, number: int) -> str:
        form = translations(language).ngettext("%(num)d minute", "%(num)d minutes", number)
        return form % {"num": number}

    assert [minutes("en", n) for n in (1, 2)] == ["1 minute", "2 minutes"]
    assert [minutes("es-MX", n) for n in (1, 2)] == ["1 minuto", "2 minutos"]
    assert [minutes("ar", n) for n in (1, 2, 3, 11)] == [
        "دقيقة واحدة",
        "دقيقتان",
        "3 دقائق",
        "11 دقيقة",
    ]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Saturday, November 21, 10:00\u202fAM – 12:00\u202fPM PST"),
        ("es", "sábado, 21 de noviembre, 10:00\u202fa.m. – 12:00\u202fp.m., hora del Pacífico"),
        ("es-ES", "sábado, 21 de noviembre, 10:00 – 12:00, hora del Pacífico"),
        ("ar", "السبت، 21 نوفمبر، 10:00 ص – 12:00 م بتوقيت المحيط الهادي"),
        ("vi", "10:00 – 12:00 Giờ Thái Bình Dương Thứ Bảy, 21 tháng 11"),
    ],
)
def test_a_day_and_its_hours_stand_as_the_language_has_them(language: str, said: str) -> None:
    zone = ZoneInfo("America/Los_Angeles")
    starts = datetime(2026, 11, 21, 10, 0, tzinfo=zone)
    localizer = Localizer(language=language, zone=zone, translations=translations(language))
    event = Event(starts=starts, ends=starts.replace(hour=12))
    assert localizer.when(event).replace("\u00a0", " ") == said


class Pseudo(NullTranslations):
    """Every sentence of the frame in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return f"⟦{one if number == 1 else many}⟧"


def content(edition: Edition, material: Material) -> Iterator[str]:
    """What editors, members and feeds wrote."""
    yield from (edition.subject, edition.preheader, edition.letter)
    for section in edition.sections:
        yield from (section.title, section.intro)
        for placement in section.placements:
            yield from (placement.title, placement.blurb, *placement.details.values())
    for organisation in material.organisations.values():
        yield organisation.name
    for item in material.items.values():
        yield " ".join([*item.authors, item.event.place if item.event else ""])
    yield f"{material.coalition.name} {material.coalition.postal_address}"
    yield "Español العربية Spanish English"  # CLDR's names of languages


def test_no_word_of_the_frame_is_outside_the_catalogues() -> None:
    edition, material = everything()
    real = localizer_for("en", material.coalition)
    pseudo = Localizer(language="en", zone=real.zone, translations=Pseudo())
    view = edition_view(edition, material, pseudo)
    ours = set(re.findall(r"[^\W\d_]+", " ".join(content(edition, material))))
    html = " ".join(read_page(html_of(view, pseudo, TEMPLATES)).words)
    text = re.sub(r"\S+://\S+|@@\w+@@|\S*@\S+", "", text_of(view, pseudo, TEMPLATES))
    for shown in (html, text):
        frame = _CLDR.sub("", re.sub(r"⟦[^⟦⟧]*⟧", "", shown))
        assert set(re.findall(r"[^\W\d_]+", frame)) - ours == set()


def test_spanish_says_usted_in_every_catalogue() -> None:
    """Two headings of the mail said *tú*: "Actúa", "Conoce tus derechos"."""
    files = [*catalogues.LOCALES.rglob("es.po")]
    assert len(files) == 5
    for path in files:
        with path.open("rb") as source:
            said = [str(one.string) for one in read_po(source, locale="es") if one.id]
        familiar = r"\b(?:tú|tus?|te|ti|contigo|vos|actúa)\b"
        assert [one for one in said if re.search(familiar, one, re.IGNORECASE)] == [], path
