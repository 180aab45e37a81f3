"""What a storyteller is asked, in which order and in which words: on the page and in the terminal.

No question asks why. What is optional says so. Every use has its own yes or no, with none chosen
beforehand (WITNESS, ICRC; GDPR 4(11)).
"""

from newsletter.model.consent import Channel
from newsletter.stories.record.story_language import story_gettext
from newsletter.stories.taking.question import Group, Kind, Question

USE_QUESTIONS = tuple(
    Question(id=f"use_{channel.value}", kind=Kind.YES_NO, required=True, label=label)
    for channel, label in (
        (Channel.EMAIL_EXCERPT, "A short part of it in the email newsletter"),
        (Channel.EMAIL_FULL, "All of it in the email newsletter"),
        (Channel.WEB_ARCHIVE, "On our website, where it can be taken down"),
        (Channel.SOCIAL, "On our social media"),
        (Channel.PRESS, "To journalists who ask us"),
    )
)

LANGUAGE_QUESTIONS = (
    Question(id="language_en", kind=Kind.YES_NO, required=True, label="In English"),
    Question(id="language_es", kind=Kind.YES_NO, required=True, label="In Spanish"),
)

GROUPS = (
    Group(
        id="story",
        title="Your story",
        questions=(
            Question(
                id="text",
                kind=Kind.LONG_TEXT,
                label="What would you like to tell?",
                explanation="As much or as little as you like. "
                "Leave out anything you prefer not to say.",
                required=True,
                most=20_000,
            ),
            Question(id="title", kind=Kind.TEXT, label="A title (optional)", most=120),
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
    Group(id="uses", title="Where may it appear?", questions=USE_QUESTIONS),
    Group(id="languages", title="In which languages?", questions=LANGUAGE_QUESTIONS),
    Group(
        id="limits",
        title="Changes and time",
        questions=(
            Question(
                id="edits",
                kind=Kind.ONE_OF,
                label="What may the editors change?",
                explanation="What could show who you are is always taken out or changed, with you.",
                choices=(
                    ("none", "Nothing else"),
                    ("shorten", "They may shorten it"),
                    ("full", "They may edit it"),
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
                explanation="So that we can read you the final words. Without it, use your code.",
            ),
            Question(
                id="contact_safely", kind=Kind.TEXT, label="When and how is it safe? (optional)"
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
                label="This is my story, or I may speak for the person whose story it is.",
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

QUESTIONS = {question.id: question for group in GROUPS for question in group.questions}


def groups_in(language: str) -> tuple[Group, ...]:
    """Return GROUPS as they are asked in a language (BCP 47); English for one we do not ask in."""
    gettext = story_gettext(language)
    return tuple(group.translated(gettext) for group in GROUPS)
