"""Story files: what they say, and what is wrong with them, line by line."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.model.consent import Channel, ThirdParty
from newsletter.model.story import PICTURE_CHECKS, Story, StoryPicture
from newsletter.stories.record.document import read, write

ROOT = Path(__file__).resolve().parents[2]


def changed(story: Story, old: str, new: str) -> str:
    text = write(story)
    assert old in text
    return text.replace(old, new, 1)


def test_a_written_story_is_read_back_as_it_was(story: Story) -> None:
    picture = StoryPicture(path="m4rq7tz2xd.jpg", alt='A "door"', sha256="0" * 64)
    parties = (ThirdParty(role="sister", settled="agreed"),)
    full = replace(
        story,
        picture=replace(picture, checked=PICTURE_CHECKS),
        consent=replace(story.consent, third_parties=parties, is_minor=True, child_assent=True),
    )
    assert read(write(full), file=full.path) == full


def test_the_excerpt_ends_at_the_more_line_and_the_body_is_the_whole(story: Story) -> None:
    text = read(write(story), file=story.path).text_in("en")
    assert text is not None
    assert text.body.startswith(text.excerpt)
    assert "seven months" in text.body
    assert "seven months" not in text.excerpt


def test_the_demo_stories_are_readable_and_one_is_expired() -> None:
    demo = [
        read(path.read_text(encoding="utf-8"), file=str(path))
        for path in sorted((ROOT / "stories").glob("*.md"))
    ]
    day = date(2026, 11, 23)
    allowed = [
        story.id
        for story in demo
        if type(story.answer(channel=Channel.EMAIL_EXCERPT, language="en", on=day)).__name__
        == "Allowed"
    ]
    assert len(demo) == 3
    assert len(allowed) == 2
    assert any(story.consent.expires_on < day for story in demo)


WRONG = [
    # what is changed, into what, the message, the hint, what stands on the line it names
    ("expires_on: 2027-09-14", "expires_on: soon", "expires_on is not a date", "2026-11-20", ""),
    (
        "  expires_on: 2027-09-14\n",
        "",
        "expires_on is missing",
        "expires_on: 2026-11-20",
        "record_id:",
    ),
    ("expires_on: 2027-09-14", "expires_on: 2020-01-01", "before valid_from", "", ""),
    ("email_full", "email_ful", "channels cannot be 'email_ful'", "'email_full'", ""),
    ("languages:", "langages:", "unknown key 'langages' in consent", "'languages'", ""),
    (
        "method: phone",
        "method: phone\n  methd: x",
        "unknown key 'methd' in consent",
        "'method'",
        "methd",
    ),
    ("  attribution_words: Marisol\n", "", "needs attribution_words", "", "attribution:"),
    ("attribution: pseudonym", "attribution: anonymous", "prints a name", "", "_words"),
    ("id: m4rq7tz2xd", "id: ../../etc", "6 to 32 small letters", "", ""),
    ("# The night shift {en}", "# The night shift", "names no language", "# Title {en}", ""),
    ("# El turno de noche {es}", "# Day {en}", "a second text in en", "", ""),
    ("topics: [work]", "topics: work", "topics must be a list", "", ""),
    ("topics: [work]", "topcs: [work]", "unknown key 'topcs'", "'topics'", ""),
]


@pytest.mark.parametrize(("old", "new", "message", "hint", "line"), WRONG)
def test_what_cannot_be_understood_names_its_line(
    story: Story, old: str, new: str, message: str, hint: str, line: str
) -> None:
    text = changed(story, old, new)
    with pytest.raises(ConfigError) as caught:
        read(text, file="stories/x.md")
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert caught.value.file == "stories/x.md"
    assert (line or new) in text.splitlines()[(caught.value.line or 0) - 1]


def test_broken_yaml_names_its_line(story: Story) -> None:
    text = changed(story, "topics: [work]", "topics: [work")
    with pytest.raises(ConfigError, match="not valid YAML") as caught:
        read(text, file="stories/x.md")
    assert caught.value.line


def test_a_file_without_front_matter_is_refused() -> None:
    with pytest.raises(ConfigError, match="does not begin with ---"):
        read("# Hello {en}\n\nWords", file="stories/x.md")


def test_a_picture_outside_the_folder_is_refused(story: Story) -> None:
    picture = StoryPicture(path="../newsletter.db", alt="x", sha256="0" * 64)
    with pytest.raises(ConfigError, match="beside the story"):
        read(write(replace(story, picture=picture)), file=story.path)
