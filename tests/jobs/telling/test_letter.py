"""The words of the mails to editors: short, plain, in their language, without a name or a link."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import Environment

from newsletter.design.catalogues import EDITORS
from newsletter.design.localizer import Localizer
from newsletter.design.notice import NoticeRenderer
from newsletter.design.templates import Templates, shipped_folder
from newsletter.doctor.trial_mail import trial_words
from newsletter.jobs.telling import letter, to_mailbox
from newsletter.jobs.telling.letter import write_letter
from newsletter.jobs.telling.mail_parts import MOST_LINES, Speech, part_of
from newsletter.model.coalition import Editor
from newsletter.model.notice import Notice
from newsletter.model.reminder import KeptReminder, Reminder, ReminderKind
from newsletter.sending import changed_sources
from tests.jobs.telling.samples import EACH, changed, feed
from tests.sending.parts import COALITION, SENDER

RENDERER = NoticeRenderer(
    templates=Templates((shipped_folder(),)), coalition=COALITION, sender=SENDER
)
MADE = datetime(2026, 11, 30, tzinfo=UTC)


def kept(told: Sequence[Reminder]) -> list[KeptReminder]:
    return [
        KeptReminder(id=number, key=one.key, editor="Ana", made_at=MADE, tries=0)
        for number, one in enumerate(told, 1)
    ]


def written(*told: Reminder, name: str = "Ana", languages: tuple[str, ...] = ("en",)) -> Notice:
    editor = Editor(name=name, languages=languages, address="ana@x.example")
    return write_letter(told, kept(told), editor, RENDERER)


def catalogue(language: str) -> Catalog:
    with (EDITORS / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language)


_STYLE = re.compile(r"<style.*?</style>|<!--.*?-->|xmlns(:\w)?=\S+", re.DOTALL)


class Asked(NullTranslations):
    """Writes down every sentence that it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.sentences: set[str] = set()

    def gettext(self, message: str) -> str:
        self.sentences.add(message)
        return message

    def ngettext(self, one: str, many: str, number: int) -> str:
        self.sentences.add(one)
        return one if number == 1 else many


def sentences() -> set[str]:
    asked = Asked()
    localizer = Localizer(language="en", zone=COALITION.zone, translations=asked)
    speech = Speech(localizer=localizer, editor="Ana")
    for one in EACH:
        part_of([one], speech)
    part_of([feed(f"member {number}") for number in range(MOST_LINES + 2)], speech)
    trial_words(speech, COALITION)
    files = (Path(module.__file__) for module in (letter, to_mailbox))
    source = "".join(path.read_text(encoding="utf-8") for path in files)
    return asked.sentences | set(re.findall(r'say\(\s*"([^"]+)"\s*\)', source)) | pages()


def pages() -> set[str]:
    """What the pages that show editors an issue and the gallery say."""
    environment = Environment(autoescape=True, extensions=["jinja2.ext.i18n"])
    templates = Templates((shipped_folder(),))
    return {
        message if isinstance(message, str) else str(message[0])
        for name in ("preview/index.html", "preview/gallery.html")
        for _, _, message in environment.extract_translations(templates.source(name))
    }


def test_every_kind_has_a_sample() -> None:
    assert {one.key.kind for one in EACH} == set(ReminderKind)


@pytest.mark.parametrize("language", sorted(path.stem for path in EDITORS.glob("*.po")))
def test_a_catalogue_has_every_sentence_and_nothing_else(language: str) -> None:
    said = {
        one.id[0] if isinstance(one.id, tuple) else one.id
        for one in catalogue(language)
        if one.id and one.string and not one.fuzzy
    }
    assert said == sentences()


@pytest.mark.parametrize("language", sorted(path.stem for path in EDITORS.glob("*.po")))
def test_a_translation_keeps_its_places(language: str) -> None:
    for one in catalogue(language):
        ids = one.id if isinstance(one.id, tuple) else (one.id,)
        for string in one.string if isinstance(one.string, tuple) else (one.string,):
            places = set(re.findall(r"%\((\w+)\)s", string)) if one.id else set()
            assert places <= set(re.findall(r"%\((\w+)\)s", " ".join(ids)))
            assert len(ids) > 1 or places == set(re.findall(r"%\((\w+)\)s", ids[0]))


def test_what_changes_at_a_source_is_said_as_pull_says_it() -> None:
    source = Path(changed_sources.__file__).read_text(encoding="utf-8")
    known = re.findall(r'f?"((?:was|is) [^"{,]+)', source)
    assert len(known) == 5
    for what in known:
        assert "is different at its source" not in written(changed("k", f"{what}, X")).text


@pytest.mark.parametrize("one", EACH, ids=lambda one: f"{one.key.kind}-{one.said}")
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_mail_says_one_thing_to_do_and_has_no_link(one: Reminder, language: str) -> None:
    notice = written(one, languages=(language,))
    commands = re.findall(r"^    (newsletter \S.*)$", notice.text, re.MULTILINE)
    assert len(commands) == 1
    assert commands[0] in notice.html.replace("&#39;", "'")
    assert not re.search(r"https?://|href|src=|@", notice.text + re.sub(_STYLE, "", notice.html))
    assert len(notice.subject) < 70
    assert "%(" not in notice.text + notice.html


def test_the_subject_names_the_issue_where_there_is_one() -> None:
    for one in EACH:
        assert ("Week of November 30, 2026" in written(one).subject) == ("issue" in one.said)
        assert "2026-W" not in written(one).subject


def test_a_members_words_are_text_and_no_markup() -> None:
    notice = written(changed("k3f9", "was edited at its source"))
    assert "March on &lt;Saturday&gt; &amp; after" in notice.html
    assert "March on <Saturday> & after" in notice.text


@pytest.mark.parametrize(
    ("languages", "tag", "subject"),
    [
        (("es",), "es", "El borrador está listo · Semana del 30 de noviembre de 2026"),
        (("es-MX", "en"), "es-MX", "El borrador está listo · Semana del 30 de noviembre de 2026"),
        (("ar", "es"), "en", "The draft is ready · Week of November 30, 2026"),
        ((), "en", "The draft is ready · Week of November 30, 2026"),
    ],
)
def test_it_is_in_their_first_language_else_the_coalitions_else_in_english(
    languages: tuple[str, ...], tag: str, subject: str
) -> None:
    (draft,) = (one for one in EACH if one.key.kind is ReminderKind.DRAFT)
    notice = written(draft, languages=languages)
    assert (notice.language, notice.subject) == (tag, subject)
    assert f'<html lang="{tag}" dir="ltr"' in notice.html


def test_an_editors_name_is_one_word_to_the_shell() -> None:
    approval = next(one for one in EACH if one.key.kind is ReminderKind.APPROVAL)
    assert "--as 'Ana; María $HOME'\n" in written(approval, name="Ana; María $HOME").text


def test_a_long_list_is_cut_and_counted_and_a_member_is_in_it_once() -> None:
    text = written(*(feed(f"member {number}") for number in range(MOST_LINES + 4))).text
    assert text.count("\n- member") == MOST_LINES
    assert "\n- and 4 more\n" in text
    assert written(feed("Harbor"), feed("Harbor")).text.count("\n- Harbor") == 1


def test_a_mail_of_several_things_has_each_under_its_heading() -> None:
    told = [one for one in EACH if one.key.kind in (ReminderKind.DRAFT, ReminderKind.JOBS)]
    notice = written(*told)
    assert notice.subject == "What there is to do: 2 things"
    assert notice.html.count("<h1") == 1
    assert notice.html.count("<h2") == 2
    assert "The draft is ready · Week of November 30, 2026\n----" in notice.text


def test_the_same_reminders_have_the_same_name_and_others_have_another() -> None:
    draft, stories = (
        next(one for one in EACH if one.key.kind is kind)
        for kind in (ReminderKind.DRAFT, ReminderKind.STORIES)
    )
    assert written(draft).id == written(draft).id
    assert len({written(draft).id, written(stories).id, written(draft, stories).id}) == 3
