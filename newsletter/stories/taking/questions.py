"""What a storyteller is asked, in which order and in which words: on the page and in the terminal.

No question asks why. What is optional says so. Every use has its own yes or no, with none chosen
beforehand (WITNESS, ICRC; GDPR 4(11)).
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from newsletter.model.consent import Channel
from newsletter.stories.record.story_language import (
    ENGLISH,
    fill,
    language_name,
    story_gettext,
    story_language,
)
from newsletter.stories.taking.question import Group, Kind, Question

USE_QUESTIONS = tuple(
    Question(id=f"use_{channel.value}", kind=Kind.YES_NO, required=True, label=label)
    for channel, label in (
        (Channel.EMAIL_EXCERPT, "A short part of it in the email newsletter"),
        (Channel.EMAIL_FULL, "All of it in the email newsletter"),
        (
            Channel.WEB_ARCHIVE,
            "On our website. It can be taken down, but someone may keep a copy",
        ),
        (Channel.SOCIAL, "On our social media"),
        (Channel.PRESS, "In news media: we give it to journalists who ask us for it"),
    )
)

IN_LANGUAGE = "language_"
_REACH_BY_CODE = (
    "So that we can show you or read you the final text. Without it, you can see the text on our "
    "page with your code."
)
_REACH = (
    "So that we can show you or read you the final text. Without it we cannot reach you, and your "
    "story is not published unless you come to us."
)

_GROUPS = (
    Group(
        id="story",
        title="Your story",
        questions=(
            Question(
                id="text",
                kind=Kind.LONG_TEXT,
                label="What would you like to tell?",
                explanation="As much or as little as you like, in any language. "
                "Leave out anything you prefer not to say.",
                required=True,
                most=20_000,
            ),
            Question(id="title", kind=Kind.TEXT, label="A title (optional)", most=120),
        ),
    ),
    Group(id="uses", title="Where may it appear?", questions=USE_QUESTIONS),
    Group(id="languages", title="In which languages?", questions=()),  # asked by language
    Group(
        id="name",
        title="Your name in the newsletter",
        questions=(
            Question(
                id="attribution",
                kind=Kind.ONE_OF,
                label="How should we name you?",
                choices=(
                    ("anonymous", "Without a name"),
                    ("pseudonym", "With another name"),
                    ("first_name", "With my first name"),
                    ("full_name", "With my full name"),
                ),
                required=True,
            ),
            Question(
                id="attribution_words", kind=Kind.TEXT, label="The name to print (if any)", most=80
            ),
        ),
    ),
    Group(
        id="limits",
        title="Changes and time",
        questions=(
            Question(
                id="edits",
                kind=Kind.ONE_OF,
                label="What may the editors change?",
                explanation="What could show who you are is always taken out or changed. "
                "You see the result first.",
                choices=(
                    ("none", "Nothing else"),
                    ("shorten", "They may make it shorter"),
                    ("full", "They may make it shorter and change words"),
                ),
                required=True,
            ),
            Question(
                id="months",
                kind=Kind.ONE_OF,
                label="For how long?",
                choices=(("6", "6 months"), ("12", "1 year"), ("24", "2 years")),
                required=True,
            ),
        ),
    ),
    Group(
        id="people",
        title="You and others",
        questions=(
            Question(
                id="is_minor",
                kind=Kind.YES_NO,
                label="Is the person whose story this is under 18?",
                required=True,
            ),
            Question(
                id="guardian_consent",
                kind=Kind.TICK,
                label="If under 18: a parent or guardian says yes",
            ),
            Question(
                id="child_assent",
                kind=Kind.TICK,
                label="If under 18: the young person says yes too",
            ),
            Question(
                id="others",
                kind=Kind.TEXT,
                label="Other people in the story (optional)",
                explanation="For example: my sister, she agrees.",
                most=500,
            ),
        ),
    ),
    Group(
        id="contact",
        title="How to reach you (optional)",
        questions=(
            Question(
                id="name",
                kind=Kind.TEXT,
                label="What should we call you? (optional)",
                explanation="Locked at once. Never printed.",
            ),
            Question(
                id="contact",
                kind=Kind.TEXT,
                label="Phone or email (optional)",
                explanation=_REACH_BY_CODE,
            ),
            Question(
                id="contact_safely",
                kind=Kind.TEXT,
                label="When and how is it safe to contact you? (optional)",
            ),
        ),
    ),
    Group(
        id="picture",
        title="A picture (optional)",
        questions=(
            Question(
                id="picture",
                kind=Kind.PICTURE,
                label="Choose a picture",
                explanation="We remove the place, the date and the phone's name from the file.",
            ),
            Question(
                id="picture_kind",
                kind=Kind.ONE_OF,
                label="What may we show?",
                choices=(
                    ("none", "No picture"),
                    ("no_face", "A picture without faces"),
                    ("artwork", "A drawing or other artwork"),
                    ("face", "A picture with my face"),
                ),
                required=True,
            ),
        ),
    ),
    Group(
        id="yes",
        title="Your yes",
        questions=(
            Question(
                id="capacity_attested",
                kind=Kind.TICK,
                label="This is my story, or I have permission to speak for the person who "
                "lived it.",
                required=True,
            ),
            Question(
                id="service_guarantee_read",
                kind=Kind.TICK,
                label="I know that saying no costs me nothing, and that I can change my mind.",
                required=True,
            ),
        ),
    ),
)


def groups_in(language: str, published: Sequence[str], *, has_page: bool) -> tuple[Group, ...]:
    """Return what is asked, in a language (BCP 47); in English for one we do not ask in.

    `published` are the tags that the newsletter appears in: each is a question. `has_page` says
    whether storytellers have a page on which their code works.
    """
    gettext = story_gettext(language)
    return tuple(
        replace(group.translated(gettext), questions=_languages(language, published))
        if group.id == "languages"
        else (group if has_page else _without_page(group)).translated(gettext)
        for group in _GROUPS
    )


def languages_asked(published: Sequence[str], answers: Iterable[str]) -> tuple[str, ...]:
    """Return the tags that there are questions for: the newsletter's, and those of `answers`.

    A file, or an interview that was not finished, may be older than an edition and name others.
    """
    named = (key.removeprefix(IN_LANGUAGE) for key in answers if key.startswith(IN_LANGUAGE))
    return tuple(dict.fromkeys([*published, *named]))


def questions(published: Sequence[str]) -> dict[str, Question]:
    """Return every question by its id, in English and in the order they are asked."""
    return {
        one.id: one
        for group in groups_in(ENGLISH, published, has_page=True)
        for one in group.questions
    }


def _languages(language: str, published: Sequence[str]) -> tuple[Question, ...]:
    asked_in = story_language(language)
    label = story_gettext(asked_in)("In %(language)s")
    return tuple(
        Question(
            id=f"{IN_LANGUAGE}{tag}",
            kind=Kind.YES_NO,
            required=True,
            label=fill(label, language=language_name(asked_in, tag)),
        )
        for tag in published
    )


def _without_page(group: Group) -> Group:
    return replace(
        group,
        questions=tuple(
            replace(one, explanation=_REACH) if one.explanation == _REACH_BY_CODE else one
            for one in group.questions
        ),
    )
