"""The consent notice: what is promised, and that what was promised before can still be proved."""

import hashlib
import re

import pytest
from babel.messages.pofile import read_po

from newsletter.design.catalogues import STORIES
from newsletter.stories.record.consent_notice import CURRENT, notice
from newsletter.stories.record.story_language import story_languages
from tests.processes import ROOT

FIRST = ROOT / "newsletter/stories/notices"
PAGE = "https://x.example/stories/yours"


@pytest.mark.parametrize(
    ("language", "kept", "shown"),
    [
        (
            "en",
            "56183986240fa1c482d91dc57c64f32d248f0ee4727ca85a82e93af0e41c00f5",
            "9b1b91ecc943de48d6967b4f3b297e1757c820e5fe0eee6bc5c923fdb5606928",
        ),
        (
            "es",
            "380b22b50ead5748b7eaf18b24ae7525c1a6927250b4fc1454019a12fd2b4104",
            "966fce6ffbe355b997f547616d53b016dbb2fd7600381188efd19d3ee9364e7e",
        ),
    ],
)
def test_what_people_agreed_to_first_is_still_here_to_the_letter(
    language: str, kept: str, shown: str
) -> None:
    raw = (FIRST / f"story-consent-1.{language}.txt").read_bytes()
    assert hashlib.sha256(raw).hexdigest() == kept
    text = raw.decode().strip()
    for place, value in (("coalition", "Test Coalition"), ("withdraw", PAGE), ("retention", "90")):
        text = text.replace("{" + place + "}", value)
    assert hashlib.sha256(text.encode()).hexdigest() == shown


def test_changed_words_are_a_new_notice() -> None:
    assert notice("en", coalition="C", page=PAGE).id == CURRENT == "story-consent-2"


def test_the_hash_is_of_the_words_as_shown() -> None:
    one = notice("en", coalition="One", page=PAGE)
    assert one.sha256 == hashlib.sha256(one.text.encode()).hexdigest()
    assert one.sha256 != notice("en", coalition="Two", page=PAGE).sha256
    assert one.sha256 != notice("en", coalition="One", page="").sha256
    assert notice("fr", coalition="One", page=PAGE) == one


def test_no_place_is_left_open() -> None:
    for language in story_languages():
        for page in ("", PAGE):
            assert "%" not in notice(language, coalition="C", page=page).text


def test_each_language_says_the_same_number_of_things() -> None:
    read = {tag: notice(tag, coalition="C", page=PAGE).paragraphs for tag in story_languages()}
    numbered = {tag: [one for one in said if one[0].isdigit()] for tag, said in read.items()}
    assert {len(said) for said in numbered.values()} == {10}
    for said in numbered.values():
        assert [one.split(".")[0] for one in said] == [str(number + 1) for number in range(10)]


def test_a_code_is_for_a_page_only_where_there_is_one() -> None:
    """Without an address the coalition's name stood as the code: "with the code: Lantern"."""
    with_page, without = (notice("en", coalition="Lantern", page=page).text for page in (PAGE, ""))
    assert f"the code that we give you on this page ({PAGE})" in with_page
    assert "on our page" not in without
    assert "tell any editor of Lantern" in without


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "es",
            "su permiso|huella|encontrarle|recuperar|Paramos|palabras finales|donde usted está",
        ),
        ("en", "fingerprint|recognise|only until|Until the day you choose|where you are|find you"),
    ],
)
def test_words_that_frighten_or_mislead_are_gone(language: str, words: str) -> None:
    """*Su permiso* is first of all the work permit, *huellas* are what the police take, and "from
    where you are" said of a slow page that somebody knows where they are."""
    with (STORIES / f"{language}.po").open("rb") as source:
        said = [str(one.string or one.id) for one in read_po(source) if one.id]
    said.append((ROOT / "docs/consent.md").read_text(encoding="utf-8"))
    assert [one for one in said if re.search(words, one)] == []


def test_the_rights_that_were_left_out_are_in() -> None:
    text = notice("en", coalition="C", page=PAGE).text
    for right in (
        "If you lose the code, tell any editor",
        "under 18",
        "6 months, 1 year or 2 years",
        "also stays in our record of that issue",
        "a code made from each text you agreed to",
        "If you took your story back, such a code also keeps it from coming back",
    ):
        assert right in text
