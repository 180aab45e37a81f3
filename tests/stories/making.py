"""Desks, answers and submissions for the tests of stories."""

import io
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image

from newsletter.files import WorkspaceFiles
from newsletter.model.consent import Allowed, Channel, Denied
from newsletter.model.story import PICTURE_CHECKS, Story
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from newsletter.store.stories import SqlStories
from newsletter.stories.keys.identity import KeyPair, new_pair
from newsletter.stories.keys.recipients import Recipient
from newsletter.stories.keys.rotate import add_key
from newsletter.stories.record.checkpoint_file import CheckpointFile
from newsletter.stories.record.folder import StoryFolder
from newsletter.stories.record.revocation_file import RevocationFile
from newsletter.stories.reviewing.read_back import record_agreement
from newsletter.stories.reviewing.replacing import Choice, Decision
from newsletter.stories.reviewing.review_story import (
    PictureDecision,
    make_publishable,
    open_submission,
)
from newsletter.stories.reviewing.session import IN_ONE_GO, ReviewSession
from newsletter.stories.services import StoryServices
from newsletter.stories.taking.intake import Intake, read_answers
from newsletter.stories.taking.submit import Submitted, submit
from tests.state import state_of
from tests.stories.keys import KEY

TODAY = date(2026, 11, 20)
NAME = "Canarina Quetzalcoatl"
PHONE = "+1 323 555 0147"
A_NUMBER = "A 209-447-318"
TEXT = (
    f"My name is {NAME} and my number is {A_NUMBER}. For eleven years I cleaned offices at night, "
    "and when the company stopped paying us for our last hour we were all afraid to ask. "
    "The clinic drew the whole law on one sheet of paper and I took it home to read to the others. "
    "We read it in the kitchen, line by line, until the youngest could say it without looking. "
    "Then we went back and asked for every hour, all of us together, and this time they listened. "
    "It took a long time, but we were paid, and now nobody there works an hour for nothing."
)
LANGUAGES = ("en", "es")
ANSWERS = {
    "text": TEXT,
    "title": "The night shift",
    "picture_kind": "no_face",
    "attribution": "pseudonym",
    "attribution_words": "Marisol",
    "use_email_excerpt": "yes",
    "use_email_full": "no",
    "use_web_archive": "yes",
    "use_social": "no",
    "use_press": "no",
    "language_en": "yes",
    "language_es": "no",
    "edits": "shorten",
    "months": "12",
    "is_minor": "no",
    "name": NAME,
    "contact": PHONE,
    "contact_safely": "Only after nine at night",
    "capacity_attested": "yes",
    "service_guarantee_read": "yes",
}


def make_services(root: Path, *, url: str = "sqlite:///newsletter.db") -> StoryServices:
    """A workspace's stories without any key."""
    engine = open_engine(url, root=root)
    migrate(engine)
    store, state = SqlStories(engine), state_of(root)
    stories = root / "stories"
    return StoryServices(
        files=WorkspaceFiles(root),
        folder=StoryFolder(
            root,
            key=KEY,
            revocation_file=RevocationFile(stories / "withdrawn.jsonl", state.withdrawn, key=KEY),
        ),
        open_store=lambda: store,
        checkpoints=CheckpointFile(stories / "chain.txt", state.chain),
        coalition="Test Coalition",
        withdraw_at="https://news.example/stories/withdraw",
        languages=LANGUAGES,
        recognition_key=lambda: KEY,
    )


def give_keys(services: StoryServices, *names: str) -> list[KeyPair]:
    """A key for each name, added to the workspace."""
    pairs = []
    for name in names or ("Ana", "recovery"):
        pair = new_pair()
        added = Recipient(key=pair.public, name=name, is_recovery=name == "recovery")
        add_key(services.files, services.store, added, today=TODAY)
        pairs.append(pair)
    return pairs


def make_intake(**changes: str) -> Intake:
    intake = read_answers({**ANSWERS, **changes}, language="en", published=LANGUAGES)
    assert isinstance(intake, Intake), intake
    return intake


def take(
    services: StoryServices,
    answers: Mapping[str, str] | None = None,
    *,
    picture: bytes = b"",
    today: date = TODAY,
) -> Submitted:
    done = submit(
        services,
        make_intake(**(answers or {})),
        picture=picture,
        notice=services.notice("en"),
        method="web",
        today=today,
    )
    assert isinstance(done, Submitted), done
    return done


def review(
    services: StoryServices, submitted: Submitted, pair: KeyPair, *, with_picture: bool = False
) -> Story:
    """The submission reviewed: every detail becomes "someone"."""
    opened = open_submission(services, submitted.submission_id, pair.secret, today=TODAY)
    session = decided(opened.session(), Choice.GENERALISE, "someone")
    picture = PictureDecision(alt="Two hands and a sheet of paper", checked=PICTURE_CHECKS)
    return make_publishable(services, opened, session, picture=picture if with_picture else None)


def decided(session: ReviewSession, choice: Choice, words: str = "") -> ReviewSession:
    """The session finished: every detail decided alike, nobody else in the story."""
    session = session.decide(Decision(choice=choice, words=words), session.open)
    return session.settle(session.others or ()).confirm_unrecognizable()


def typed_review(session: ReviewSession, answer: str = "g someone", *, after: str = "") -> str:
    """What an editor types to decide every detail alike; then nobody else, and not recognizable.

    `after` is typed before the question about the short part: about a picture, or a title.
    """
    single = [detail for detail in session.open if detail.why not in IN_ONE_GO]
    listed = [detail for detail in session.open if detail.why in IN_ONE_GO]
    lines = [answer] * len(single)
    for start in range(0, len(listed), 15):
        count = len(listed[start : start + 15])
        lines += [" ".join(map(str, range(1, count + 1))), *[answer] * count]
    return "\n".join([*lines, "", "", "n"]) + f"\n{after}\n"


def publish(
    services: StoryServices, pair: KeyPair, *, today: date = TODAY
) -> tuple[Submitted, Story]:
    """A story taken, reviewed and agreed to: it may be used."""
    submitted = take(services, today=today)
    story = review(services, submitted, pair)
    return submitted, record_agreement(
        services, story.id, language="en", method="read aloud", today=today
    )


def asked(services: StoryServices, story_id: str, **changes: Any) -> Allowed | Denied:
    """Whether the story may be in an English mail's excerpt today, or elsewhere by `changes`."""
    how = {"channel": Channel.EMAIL_EXCERPT, "language": "en", "on": TODAY} | changes
    story = next((one for one in services.consents.stories() if one.id == story_id), None)
    return Denied(reason="unknown") if story is None else story.answer(**how)


def picture(size: tuple[int, int] = (60, 40), kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind)
    return out.getvalue()
