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
    assert found.left_out == ()
    assert "Marisol" not in repr(found)


@pytest.mark.parametrize("plain", [None, " \n"])
def test_a_mail_of_html_alone_keeps_its_lines_and_paragraphs(plain: str | None) -> None:
    message = EmailMessage()
    page = (
        "<head><title>My story</title><style>p {}</style></head><p>We were\n<b>four</b> &amp; more,"
        " 5 &lt; 6.</p><div>Then<br>we left.</div><div><br></div><div>Now I help.</div>"
    )
    if plain is None:
        message.set_content(page, subtype="html")
    else:
        message.set_content(plain)
        message.add_alternative(page, subtype="html")
    found = from_mail(message.as_bytes())
    assert found.answers["text"] == ("We were four & more, 5 < 6.\n\nThen\nwe left.\n\nNow I help.")
    assert found.left_out == ()


def test_what_is_not_taken_of_a_mail_is_named() -> None:
    letter = EmailMessage()
    letter.set_content("Two photos and the letter.")
    letter.add_alternative("<p>Two photos and the letter.</p>", subtype="html")
    for name in ("one.png", "two.png"):
        letter.add_attachment(picture(), maintype="image", subtype="png", filename=name)
    letter.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="letter.pdf")
    letter.add_attachment("We waited.", filename="more.txt")
    assert from_mail(letter.as_bytes()).left_out == ("two.png", "letter.pdf", "more.txt")
    forwarded = EmailMessage()
    forwarded.set_content("See below")
    forwarded.add_attachment(letter)
    assert from_mail(forwarded.as_bytes()).left_out[0] == "message/rfc822"


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
