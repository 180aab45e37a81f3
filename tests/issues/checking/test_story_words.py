"""Words of a story that nobody said yes to are found wherever they would leave."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from newsletter.model.consent import Channel, Revocation
from newsletter.model.story import Story, StoryText
from newsletter.stories.record import document
from newsletter.stories.record.revocation_file import RevocationFile
from tests.issues.desk import ISSUE, NOW, Desk, desk, item, story
from tests.stories.keys import KEY, RECOGNIZER

EXCERPT = "For eleven years I cleaned offices at night, and nobody there knew my name."
REST = (
    "In the third winter the company stopped paying our last hour, and we were afraid to ask. The "
    "clinic drew the whole law on one sheet of paper, and I took it home to read to the others."
)
QUOTE = "the company stopped paying our last hour, and we were"
SPANISH = "Durante once años limpié oficinas de noche, y nadie sabía allí cómo me llamaba yo."


def told(**changes: object) -> Story:
    """A story with a longer text than its excerpt, agreed to as `story` is."""
    plain = story(**changes)
    text = StoryText(
        language="en", title="The night shift", excerpt=EXCERPT, body=f"{EXCERPT}\n\n{REST}"
    )
    return replace(plain, texts=(text,))


def agreed(one: Story) -> Story:
    """Reviewed and agreed to, in every form."""
    review = one.review and replace(one.review, words_sha256=one.words_sha256)
    reviewed = replace(one, review=review)
    yeses = tuple(
        replace(
            yes,
            sha256=reviewed.form_sha256(language=text.language, channel=yes.channel),
            language=text.language,
        )
        for text in one.texts
        for yes in one.read_backs
    )
    return replace(reviewed, read_backs=yeses)


BOTH = frozenset({Channel.EMAIL_EXCERPT, Channel.EMAIL_FULL})
WHOLE = agreed(told(channels=BOTH))
UNAPPROVED = replace(WHOLE, read_backs=())
UNREVIEWED = replace(UNAPPROVED, review=None)
EXCERPT_ONLY = agreed(told())
EXPIRED = agreed(told(channels=BOTH, expires_on=NOW.date() - timedelta(1)))


def with_file(root: Path, one: Story, **blocks: str) -> Desk:
    """A week's drafts that do not place the story whose file is there."""
    at = desk(root, [item("n1"), item("n2", "casa")], languages=("en",))
    for name, text in blocks.items():
        at.write(f"blocks/{name}.en.md", text)
    at.draft()
    at.write(f"stories/{one.id}.md", document.write(one))
    return at


def letter(at: Desk, words: str) -> None:
    rewrite(at, lambda text: text.replace("\n## ", f"\n{words}\n\n## ", 1))


def rewrite(at: Desk, change: Callable[[str], str]) -> None:
    at.write(f"issues/{ISSUE}/en.md", change(at.text()))


def in_an_address(at: Desk) -> None:
    letter(at, f"Read [this](https://a.example/?q={quote(QUOTE)}).")


def stopped(at: Desk) -> list[tuple[str, str]]:
    return [(one.code, one.message) for one in at.check().blocking]


def in_letter(at: Desk) -> None:
    letter(at, f"As one of us said: {QUOTE}.")


def in_subject(at: Desk) -> None:
    rewrite(at, lambda text: re.sub("(?m)^subject: .*$", f'subject: "{QUOTE}"', text))


def in_preheader(at: Desk) -> None:
    rewrite(at, lambda text: re.sub("(?m)^(subject: .*)$", rf'\1\npreheader: "{QUOTE}"', text))


def in_blurb(at: Desk) -> None:
    at.edit("First words of n1.", f"{QUOTE}.")


def in_title(at: Desk) -> None:
    at.edit("Title n1", f"“{QUOTE}”")


@pytest.mark.parametrize(
    "put", [in_letter, in_subject, in_preheader, in_blurb, in_title, in_an_address]
)
def test_words_of_an_unapproved_story_block_wherever_they_stand(
    tmp_path: Path, put: Callable[[Desk], None]
) -> None:
    at = with_file(tmp_path, UNAPPROVED)
    assert stopped(at) == []
    put(at)
    ((code, message),) = stopped(at)
    assert code == "story-words"
    assert "the storyteller has not agreed to this text" in message
    assert f"story {UNAPPROVED.id} in the " in message


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (UNAPPROVED, "not agreed"),
        (UNREVIEWED, "nobody has reviewed"),
        (EXCERPT_ONLY, "no consent for email full"),
        (EXPIRED, "consent ended"),
    ],
    ids=["unapproved", "unreviewed", "excerpt only", "expired"],
)
def test_a_quote_blocks_by_the_state_and_channel_of_its_story(
    tmp_path: Path, one: Story, why: str
) -> None:
    at = with_file(tmp_path, one)
    letter(at, REST)
    ((code, message),) = stopped(at)
    assert code == "story-words"
    assert why in message
    assert "in the letter" in message


def test_what_a_consent_allows_may_be_quoted(tmp_path: Path) -> None:
    at = with_file(tmp_path, WHOLE)
    letter(at, f"{EXCERPT} {REST}")
    assert stopped(at) == []


def test_an_excerpt_may_be_quoted_where_only_an_excerpt_is_allowed(tmp_path: Path) -> None:
    at = with_file(tmp_path, EXCERPT_ONLY)
    letter(at, EXCERPT)
    assert stopped(at) == []


def test_a_language_without_consent_blocks_in_an_edition_of_another(tmp_path: Path) -> None:
    english = WHOLE.texts[0]
    spanish = StoryText(language="es", title="La noche", excerpt=SPANISH, body=SPANISH)
    at = with_file(tmp_path, agreed(replace(WHOLE, texts=(english, spanish))))
    letter(at, SPANISH)
    ((_, message),) = stopped(at)
    assert "no consent for the language es" in message


def test_words_in_a_standing_block_are_compared_too(tmp_path: Path) -> None:
    block = f"## Rights {{#rights}}\n\n### At the door\n\n{REST}\n"
    at = with_file(tmp_path, UNAPPROVED, **{"2-rights": block})
    assert "story-words" in [code for code, _ in stopped(at)]


def test_a_story_that_came_in_twice_may_be_shown_as_the_one_that_was_agreed_to(
    tmp_path: Path,
) -> None:
    at = with_file(tmp_path, WHOLE)
    twice = replace(UNAPPROVED, id="an0therid2", consent=replace(WHOLE.consent, record_id="2nd"))
    at.write(f"stories/{twice.id}.md", document.write(twice))
    letter(at, f"{EXCERPT} {REST}")
    assert stopped(at) == []


@pytest.mark.parametrize("every", [0, 7])
def test_a_withdrawn_storys_words_block_with_every_seventh_changed(
    tmp_path: Path, every: int
) -> None:
    at = with_file(tmp_path, WHOLE)
    RevocationFile(tmp_path / "stories/withdrawn.jsonl", key=KEY).append(
        Revocation(
            record_id="8k2v5n0q4d",
            on=date(2026, 11, 19),
            story_id=WHOLE.id,
            withdrawn=True,
            fingerprints=RECOGNIZER.fingerprints(WHOLE.texts),
        )
    )
    (tmp_path / f"stories/{WHOLE.id}.md").unlink()
    words = REST.split()
    if every:
        words[every - 1 :: every] = ["other"] * len(words[every - 1 :: every])
    letter(at, " ".join(words))
    ((code, message),) = stopped(at)
    assert code == "story-words"
    assert "withdrawn on 2026-11-19" in message
