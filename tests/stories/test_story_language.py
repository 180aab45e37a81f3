"""What a storyteller reads: one whole catalogue a language, and every line of the code in it."""

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from newsletter.design.catalogues import STORIES
from newsletter.design.localizer import name_in
from newsletter.doctor.findings import Status
from newsletter.doctor.story_languages import story_languages as doctors_findings
from newsletter.model.consent import Channel
from newsletter.model.story import Story
from newsletter.stories.record import story_language as languages
from newsletter.stories.record.consent_notice import notice
from newsletter.stories.record.story_language import (
    fill,
    is_read_by_a_speaker,
    language_name,
    listed,
    story_gettext,
    story_language,
    story_languages,
    unfinished_languages,
)
from newsletter.stories.reviewing.read_back_text import read_back_text
from newsletter.stories.taking.intake import MESSAGES
from newsletter.stories.taking.questions import groups_in
from tests.processes import ROOT
from tests.stories.test_receipt import make

SHIPPED = ("en", "ar", "es")
SLICE = [*(ROOT / "newsletter/stories").rglob("*.py")]
PAGES = [path for path in (ROOT / "newsletter/web").glob("*.py") if "stor" in path.name]
TEMPLATES = [path for path in (ROOT / "templates/web").glob("*.html") if "stor" in path.name]
_IN_TEMPLATE = re.compile(r'frame\.gettext\(\s*"((?:[^"\\]|\\.)*)"\s*\)')


def catalogue(language: str) -> Catalog:
    with (STORIES / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language)


def sentences(language: str = "en") -> set[str]:
    return {str(one.id) for one in catalogue(language) if one.id}


def asked_in_code() -> Iterator[str]:
    """Every sentence that a call of gettext names: itself, by a constant, or as one of a table."""
    for path in [*SLICE, *PAGES]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args and _translates(node.func, path):
                yield from _texts(node.args[0], constants)


def _texts(named: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(named, ast.Constant) and isinstance(named.value, str):
        yield named.value
    elif isinstance(named, ast.Name) and named.id in constants:
        yield from _texts(constants[named.id], constants)
    elif isinstance(named, ast.IfExp):
        yield from _texts(named.body, constants)
        yield from _texts(named.orelse, constants)
    elif isinstance(named, ast.Subscript):
        yield from _texts(named.value, constants)
    elif isinstance(named, ast.Dict):
        for value in named.values:
            yield from _texts(value, constants)


def _translates(called: ast.expr, path: Path) -> bool:
    if isinstance(called, ast.Name):  # in `web`, that is the words of the other pages
        return called.id == "gettext" and path in SLICE
    return isinstance(called, ast.Attribute) and called.attr == "gettext"


def literals() -> set[str]:
    """Every text that stands in the code and templates of stories."""
    found = {
        sentence
        for path in TEMPLATES
        for sentence in _IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
    }
    for path in [*SLICE, *PAGES]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def test_every_sentence_of_the_code_is_in_the_list_of_sentences() -> None:
    asked = {sentence for sentence in asked_in_code() if sentence} | set(MESSAGES.values())
    for has_page in (True, False):
        for group in groups_in("en", ("en",), has_page=has_page):
            asked.add(group.title)
            for question in group.questions:
                if not question.id.startswith("language_"):
                    asked |= {question.label, *(label for _, label in question.choices)}
                    asked |= {question.explanation} - {""}
    for path in TEMPLATES:
        asked |= set(_IN_TEMPLATE.findall(path.read_text(encoding="utf-8")))
    in_english = {str(one.string or one.id) for one in catalogue("en") if one.id}
    assert asked - sentences() - in_english == set()


def test_no_sentence_is_listed_that_nobody_asks_for() -> None:
    assert sentences() - literals() == set()


@pytest.mark.parametrize("language", SHIPPED[1:])
def test_a_catalogue_has_every_sentence_and_nothing_else(language: str) -> None:
    read = catalogue(language)
    assert sentences(language) == sentences()
    assert unfinished_languages() == {}
    assert not [one.id for one in read if one.fuzzy or (one.id and not one.string)]
    assert not read.obsolete


def test_spanish_and_arabic_do_not_leave_english_standing() -> None:
    for language in SHIPPED[1:]:
        same = {str(one.id) for one in catalogue(language) if one.id == one.string}
        assert same <= {"Error", "No", "no"}


def test_the_languages_are_those_with_a_whole_catalogue() -> None:
    assert story_languages() == SHIPPED


@pytest.mark.parametrize(
    ("tag", "language"),
    [("en", "en"), ("es", "es"), ("es-MX", "es"), ("ar-EG", "ar"), ("fr", "en"), ("", "en")],
)
def test_a_storyteller_is_asked_in_their_language_or_in_english(tag: str, language: str) -> None:
    assert story_language(tag) == language
    assert notice(tag, coalition="C", page="W").language == language
    assert story_gettext(tag)("Your story") == story_gettext(language)("Your story")


@pytest.fixture
def fourth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of catalogues with one more, `mam`, which CLDR does not know."""
    for path in STORIES.glob("*.po"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.setattr(languages, "STORIES", tmp_path)
    write(tmp_path / "mam.po", {})
    (tmp_path / "es copy.po").write_bytes((tmp_path / "es.po").read_bytes())
    return tmp_path


def write(path: Path, changes: dict[str, str]) -> None:
    """A catalogue whose every sentence is the English one in guillemets."""
    lines = ['msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"']
    lines.append('"X-Read-By-A-Speaker: no\\n"\n"X-Language-Name: Qyool Mam\\n"\n')
    for sentence in sorted(sentences()):
        said = changes.get(sentence, f"«{sentence}»")
        quoted = [text.replace("\\", "\\\\").replace('"', '\\"') for text in (sentence, said)]
        lines.append('msgid "{}"\nmsgstr "{}"\n'.format(*quoted))
    path.write_text("\n".join(lines), encoding="utf-8")


@pytest.mark.usefixtures("fourth")
def test_a_fourth_language_is_one_file(story: Story) -> None:
    assert story_languages() == (*SHIPPED, "mam")
    assert language_name("es", "mam") == "Qyool Mam"
    assert name_in("en", "mam") == "mam"  # it was called English
    assert listed(["A", "B", "C"], "mam") == "A, B, C"  # "A, B, and C" stood in its page
    assert listed(["A", "B"], "es") == "A y B"
    shown = notice("mam", coalition="Test Coalition", page="https://x.example/w")
    receipt = make("mam").text()
    asked = [
        one.label for group in groups_in("mam", ("en",), has_page=True) for one in group.questions
    ]
    assert shown.language == "mam"
    assert all(part.startswith("«") for part in (shown.title, *shown.paragraphs, receipt, *asked))
    assert "Test Coalition" in shown.text
    assert "https://x.example/w" in receipt
    assert "2027-11-20" in receipt  # a date that everybody reads, where CLDR has none
    told = read_back_text(
        _told_in(story, "mam"), language="en", channels=list(Channel), agreed_before=False
    )
    assert told.startswith("«This is the text")


def _told_in(story: Story, language: str) -> Story:
    return replace(story, consent=replace(story.consent, notice_language=language))


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Your story", ""),
        ("Your code: %(code)s", "«Your code»"),
        ("Your code", "«Your code: %(code)s»"),
    ],
)
def test_half_a_catalogue_is_not_offered_and_its_lines_are_named(
    fourth: Path, sentence: str, said: str
) -> None:
    """A catalogue with a line less mixed English into what people agreed to."""
    write(fourth / "kjb.po", {sentence: said})
    assert "kjb" not in story_languages()
    assert unfinished_languages() == {"kjb": (sentence,)}
    assert story_language("kjb") == "en"
    assert notice("kjb", coalition="C", page="") == notice("en", coalition="C", page="")
    (unfinished,) = [one for one in doctors_findings() if "kjb" in one.message]
    assert unfinished.status is Status.LOOK
    assert repr(sentence) in unfinished.message
    assert "kjb.po" in unfinished.hint


@pytest.mark.parametrize(
    ("old", "new", "encoding"),
    [
        ("«Your story»", "«Your story»", "latin-1"),
        ('msgstr "«Your story»"', 'msgstr "«Your story»', "utf-8"),
    ],
)
def test_a_damaged_catalogue_is_not_offered_and_ends_no_page(
    fourth: Path, old: str, new: str, encoding: str
) -> None:
    """One saved as Latin-1 ended every page; one without a quotation mark lost a letter."""
    write(fourth / "kek.po", {})
    text = (fourth / "kek.po").read_text("utf-8").replace(old, new)
    (fourth / "kek.po").write_bytes(text.encode(encoding))
    assert story_languages() == (*SHIPPED, "mam")
    assert language_name("es", "kek") == "Qyool Mam"
    assert any("kek is not offered" in one.message for one in doctors_findings())


def test_a_byte_order_mark_is_no_word(fourth: Path) -> None:
    write(fourth / "kek.po", {})
    (fourth / "kek.po").write_bytes(b"\xef\xbb\xbf" + (fourth / "kek.po").read_bytes())
    assert "kek" in story_languages()


def test_a_stray_brace_or_percent_in_a_translation_breaks_nothing(fourth: Path) -> None:
    """`str.format` on translated words failed at a brace, and could reach into objects."""
    stray = "«50 % {coalition.__class__} {} %s %(coalition)s %%»"
    sentence = next(one for one in sentences() if one.startswith("1. Who asks."))
    write(fourth / "quc.po", {sentence: stray})
    shown = notice("quc", coalition="100 % {Ours} %(days)s", page="")
    assert "«50 % {coalition.__class__} {} %s 100 % {Ours} %(days)s %%»" in shown.text
    assert fill("%(gone)s %", other=1) == "%(gone)s %"


@pytest.mark.usefixtures("fourth")
def test_a_translation_that_no_speaker_has_read_says_so() -> None:
    """Spanish said that a speaker had read it; only those who wrote it had."""
    unread = [tag for tag in story_languages() if not is_read_by_a_speaker(tag)]
    assert unread == ["ar", "es", "mam"]
    for tag, warning in (("ar", "لم يراجع هذه الترجمة"), ("es", "Todavía nadie que hable")):
        assert notice(tag, coalition="C", page="W").paragraphs[0].startswith(warning)
    said = " ".join(one.message for one in doctors_findings())
    for name in ("Arabic", "Spanish", "Qyool Mam"):
        assert f"nobody who speaks {name} has read its translation yet" in said


def test_english_is_no_translation_and_a_language_that_was_read_needs_no_warning(
    fourth: Path,
) -> None:
    file = fourth / "mam.po"
    file.write_text(file.read_text("utf-8").replace("Speaker: no", "Speaker: Yes, Rosa"), "utf-8")
    for tag in ("en", "mam"):
        assert notice(tag, coalition="C", page="W").paragraphs[0].strip("«").startswith("1. ")


def test_the_leaflet_says_which_of_its_languages_no_speaker_has_read() -> None:
    _, spanish, arabic = (ROOT / "docs/consent.md").read_text("utf-8").split("\n# ")
    for tag, half, warning in (
        ("es", spanish, "*Nadie que hable español ha revisado todavía esta traducción.*"),
        ("ar", arabic, "*لم يراجع هذه الترجمة بعدُ أحد ممن يتكلمون العربية.*"),
    ):
        assert (warning in half) is not is_read_by_a_speaker(tag)


def test_a_read_back_stands_in_the_language_that_the_storyteller_reads(story: Story) -> None:
    """Somebody who gave their consent in Spanish was asked in English about an English text."""
    told = read_back_text(
        _told_in(story, "es"), language="en", channels=[Channel.PRESS], agreed_before=False
    )
    assert told.startswith("Este es el texto que queremos publicar. Todavía no se ha publicado")
    assert "Idioma: inglés" in told
    assert "Si no lee este idioma" in told
    assert "– medios de comunicación (periodistas)" in told


def test_what_may_have_been_published_is_not_said_to_be_new(story: Story) -> None:
    """ "Nothing has been published yet" stood above a story that had been mailed."""
    told = read_back_text(
        _told_in(story, "en"), language="en", channels=[Channel.PRESS], agreed_before=True
    )
    assert "Nothing has been published" not in told
    assert "You said yes to a text of this story before" in told
    assert "If you do not read this language" not in told
