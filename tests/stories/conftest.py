"""One story that may be used, to be changed by each test; one private key under a passphrase."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from newsletter.model.consent import Attribution, Channel, Consent, Edits
from newsletter.model.story import ReadBack, Review, Story, StoryText
from newsletter.stories.keys.identity import KeyPair, new_pair, save
from newsletter.stories.services import StoryServices
from tests.stories.making import make_services

GIVEN = date(2026, 9, 14)
ENDS = date(2027, 9, 14)
PASSPHRASE = "copper lantern orchard violin"


def make_consent() -> Consent:
    return Consent(
        record_id="8k2v5n0q4d",
        notice_id="story-consent-1",
        notice_sha256="ab" * 32,
        notice_language="es",
        method="phone",
        valid_from=GIVEN,
        expires_on=ENDS,
        channels=frozenset({Channel.EMAIL_EXCERPT, Channel.EMAIL_FULL, Channel.WEB_ARCHIVE}),
        languages=frozenset({"en", "es"}),
        attribution=Attribution.PSEUDONYM,
        attribution_words="Marisol",
        edits=Edits.SHORTEN,
    )


EXCERPT = "For eleven years I cleaned offices at night, and nobody there knew my name."
REST = "It took seven months. We were paid for every hour, and now they all know my name."


def agreed(story: Story, *, on: date = GIVEN) -> Story:
    """The story reviewed, and each of its forms agreed to."""
    story = replace(story, review=Review(words_sha256=story.words_sha256))
    yes = tuple(
        ReadBack(
            sha256=story.form_sha256(language=text.language, channel=channel),
            language=text.language,
            channel=channel,
            on=on,
            method="read aloud",
        )
        for text in story.texts
        for channel in sorted(story.consent.channels)
    )
    return replace(story, read_backs=yes)


@pytest.fixture
def story() -> Story:
    texts = (
        StoryText(
            language="en",
            title="The night shift",
            excerpt=EXCERPT,
            body=f"{EXCERPT}\n\n{REST}",
        ),
        StoryText(
            language="es",
            title="El turno de noche",
            excerpt="Limpié oficinas de noche durante once años y nadie sabía mi nombre.",
            body="Limpié oficinas de noche durante once años y nadie sabía mi nombre.",
        ),
    )
    return agreed(
        Story(
            id="m4rq7tz2xd",
            consent=make_consent(),
            texts=texts,
            topics=("work",),
            path="stories/m4rq7tz2xd.md",
        )
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class PrivateKey:
    """A key pair, and the file that holds its private half under PASSPHRASE."""

    path: Path
    pair: KeyPair


@pytest.fixture(scope="session")
def private_key(tmp_path_factory: pytest.TempPathFactory) -> PrivateKey:
    """Sealed as editors' keys are: a second of scrypt, and another each time it is opened."""
    path = tmp_path_factory.mktemp("home") / "keys" / "identity.age"
    key = PrivateKey(path=path, pair=new_pair())
    save(key.path, key.pair.secret, PASSPHRASE)
    return key


@pytest.fixture
def services(tmp_path: Path) -> StoryServices:
    """The stories of an empty workspace, with keys of nobody yet."""
    return make_services(tmp_path)
