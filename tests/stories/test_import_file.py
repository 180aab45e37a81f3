"""Stories from files: Markdown with its answers, and saved mail."""

import contextlib
from email.message import EmailMessage

import pytest

from newsletter.errors import AttentionError, ConfigError
from newsletter.stories.taking.import_file import from_mail, from_markdown
from newsletter.stories.taking.intake import Intake, read_answers
from newsletter.stories.taking.questions import languages_asked
from tests.stories.making import ANSWERS, LANGUAGES, picture


def test_a_file_with_all_answers_needs_no_questions() -> None:
    front = "".join(f'{key}: "{value}"\n' for key, value in ANSWERS.items() if key != "text")
    found = from_markdown(
        f"---\n{front}---\n\nWe waited.\n\nThen we left.\n", file="s.md", published=LANGUAGES
    )
    assert isinstance(read_answers(found.answers, language="en", published=LANGUAGES), Intake)
    assert found.answers["text"] == "We waited.\n\nThen we left."


def test_a_file_may_be_older_than_an_edition_and_name_a_language_that_is_gone() -> None:
    front = "".join(f'{key}: "{value}"\n' for key, value in ANSWERS.items() if key != "text")
    text = f"---\n{front}language_fr: yes\n---\n\nWe waited.\n"
    found = from_markdown(text, file="s.md", published=("en", "ar"))
    published = languages_asked(("en", "ar"), found.answers)
    assert published == ("en", "ar", "es", "fr")
    intake = read_answers(found.answers, language="en", published=published)
    assert isinstance(intake, Intake)
    answered = {key: answer for key, answer in intake.answers.items() if "language_" in key}
    assert answered == {
        "language_en": "yes",
        "language_ar": "no",
        "language_es": "no",
        "language_fr": "yes",
    }


def test_yes_and_no_may_be_written_as_yaml_does() -> None:
    found = from_markdown(
        "---\nuse_press: true\nuse_social: false\nis_minor: no\n---\nx",
        file="s",
        published=LANGUAGES,
    )
    assert found.answers["use_press"] == "yes"
    assert found.answers["use_social"] == "no"
    assert found.answers["is_minor"] == "no"


def test_a_slip_in_a_key_is_named() -> None:
    with pytest.raises(ConfigError) as caught:
        from_markdown("---\nuse_pres: yes\n---\nx", file="s.md", published=LANGUAGES)
    assert caught.value.line == 2
    assert "'use_press'" in caught.value.hint


def test_a_mail_gives_its_text_sender_and_first_picture() -> None:
    message = EmailMessage()
    message["From"] = "Marisol Reyes <marisol@mail.example>"
    message.set_content("Here is my story: we waited, ñandú.")
    message.add_attachment(picture(), maintype="image", subtype="png", filename="me.png")
    found = from_mail(message.as_bytes())
    assert found.answers == {
        "text": "Here is my story: we waited, ñandú.",
        "name": "Marisol Reyes",
        "contact": "marisol@mail.example",
    }
    assert found.picture == picture()
    assert "Marisol" not in repr(found)


def test_a_mail_without_plain_text_says_what_to_do() -> None:
    message = EmailMessage()
    message.set_content("<p>hi</p>", subtype="html")
    with pytest.raises(AttentionError) as caught:
        from_mail(message.as_bytes())
    assert "stories take" in caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xff\xfe\x00",
        b"From: x\n\n",
        b"Content-Type: multipart/x\n\n",
        b"Content-Type: text/plain; charset=x-unknown\n\nhola \xe9\n",
    ],
)
def test_a_broken_mail_is_read_or_refused(data: bytes) -> None:
    with contextlib.suppress(AttentionError):
        assert set(from_mail(data).answers) == {"text", "name", "contact"}
