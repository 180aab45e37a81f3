"""What a storyteller reads: one catalogue, complete, in each language of the consent notice."""

import re
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from newsletter.design.catalogues import STORIES, translations
from newsletter.model.consent import Channel
from newsletter.model.story import Story, StoryPicture
from newsletter.stories.record import story_language as languages
from newsletter.stories.record.consent_notice import notice
from newsletter.stories.record.story_language import story_gettext, story_language
from newsletter.stories.reviewing.read_back_text import read_back_text
from newsletter.stories.taking.intake import MESSAGES
from newsletter.stories.taking.questions import groups_in
from newsletter.stories.taking.receipt import Receipt
from newsletter.web import stories, stories_tell
from tests.processes import ROOT

_CALL = re.compile(r'gettext\(\s*(?:"((?:[^"\\]|\\.)*)"|([A-Z_]+))\s*\)')


class Recorder(NullTranslations):
    """Keeps every sentence that is asked for."""

    asked: set[str]

    def gettext(self, message: str) -> str:
        self.asked.add(message)
        return message


def asked(story: Story, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Every sentence of the questions, the receipt, the read-back and the pages."""
    recorder = Recorder()
    recorder.asked = set(MESSAGES.values())
    monkeypatch.setattr(languages, "translations", lambda *_: recorder)
    groups_in("en")
    shown = notice("en", coalition="C", withdraw="W")
    nameless = replace(story.consent, attribution_words="")
    for channels in (frozenset(), frozenset(Channel)):
        consent = replace(nameless, channels=channels)
        Receipt(consent=consent, notice=shown, code="", controller="C", withdraw_at="W").text()
    pictured = replace(story, consent=nameless, picture=StoryPicture(path="", alt="", sha256=""))
    read_back_text(pictured, language="en", channels=tuple(Channel))
    recorder.asked |= {*stories_tell.NOTES.values(), *stories.PROBLEMS.values()}
    recorder.asked |= {"Tell your story", "Take your story back"}  # the links of every page's foot
    names = {**vars(stories_tell), **vars(stories)}
    templates = (ROOT / "templates/web").glob("stories_*.html")
    for source in (*templates, Path(stories_tell.__file__), Path(stories.__file__)):
        for sentence, name in _CALL.findall(source.read_text(encoding="utf-8")):
            recorder.asked.add(sentence or names[name])
    return recorder.asked


def catalogue(language: str) -> Catalog:
    with (STORIES / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language)


def test_the_catalogue_has_every_sentence_and_nothing_else(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentences = asked(story, monkeypatch)
    translated = {one.id for one in catalogue("es") if one.id and one.string and not one.fuzzy}
    assert sentences - translated == set()
    assert translated - sentences == set()


def test_a_translation_keeps_its_places() -> None:
    for one in catalogue("es"):
        places = re.findall(r"%\(\w+\)s", str(one.id))
        assert sorted(places) == sorted(re.findall(r"%\(\w+\)s", str(one.string))) or not one.id


def test_what_has_a_notice_has_a_catalogue_and_the_other_way_round() -> None:
    notices = ROOT / "newsletter/stories/notices"
    assert {path.name.split(".")[1] for path in notices.glob("*.txt")} == set(languages.LANGUAGES)
    assert {path.stem for path in STORIES.glob("*.po")} == set(languages.LANGUAGES) - {"en"}


@pytest.mark.parametrize(
    ("tag", "language"), [("en", "en"), ("es", "es"), ("es-MX", "es"), ("ar", "en"), ("", "en")]
)
def test_a_storyteller_is_asked_in_their_language_or_in_english(tag: str, language: str) -> None:
    assert story_language(tag) == language
    assert notice(tag, coalition="C", withdraw="W").language == language
    assert story_gettext(tag)("Your story") == translations(language, STORIES).gettext("Your story")
