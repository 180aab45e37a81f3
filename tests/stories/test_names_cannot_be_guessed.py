"""Who takes the server, its database and its backups cannot try names against what is kept."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from newsletter.model.consent import Channel
from newsletter.model.story import sha256_of
from newsletter.stories.consent.withdraw import withdraw_by_code
from newsletter.stories.recognition.bare_words import words_of
from newsletter.stories.recognition.fingerprints import NO_RUN, WIDTH, plain_runs, runs_of
from newsletter.stories.reviewing.read_back import record_agreement
from newsletter.stories.reviewing.replacing import Choice
from newsletter.stories.reviewing.review_edited import edited_session, write_reviewed
from newsletter.stories.services import StoryServices
from tests.stories.making import (
    NAME,
    TEXT,
    TODAY,
    decided,
    give_keys,
    review,
    take,
)

NAMES = (NAME, "Maria Quispe", "Rosa Huaman", "Ana Canahui")
ALGORITHMS = ("md5", "sha1", "sha256", "blake2b")
SHORTEST = 6  # bytes of a digest that are looked for


def guesses(name: str) -> Iterator[str]:
    """What somebody would hash who has the published text and thinks that this name was in it."""
    raw = TEXT.replace(NAME, name)
    bare = " ".join(re.findall(r"[^\W_]+", raw.casefold()))
    ours = words_of(raw)
    yield from (raw, raw.strip(), raw.casefold(), bare, " ".join(ours), name, name.casefold())
    for words in (raw.split(), bare.split(), ours):
        for size in (3, 4, 5, 8):
            for at in range(len(words) - size + 1):
                run = " ".join(words[at : at + size])
                if set(name.casefold().split()) & set(run.casefold().split()):
                    yield run
    yield from (run for run in plain_runs(ours) if set(words_of(name)) & set(run.split()))


@cache
def digests(name: str) -> frozenset[bytes]:
    """The first bytes of each digest of those."""
    made = {
        hashlib.new(algorithm, guess.encode()).digest()[:SHORTEST]
        for guess in guesses(name)
        for algorithm in ALGORITHMS
    }
    made |= {bytes.fromhex(sha256_of(guess))[:SHORTEST] for guess in guesses(name)}
    for key in (b"", bytes(32)):  # no key, or one that anybody would try
        line = "".join(runs_of(words_of(TEXT.replace(NAME, name)), key)).replace(NO_RUN, "")
        made |= {bytes.fromhex(line[at : at + 2 * SHORTEST]) for at in range(0, 600, WIDTH)}
    return frozenset(made)


def confirmed(folder: Path) -> set[str]:
    """The names of which a digest stands in a file there, in hexadecimal or as bytes."""
    found: set[bytes] = set()
    for path in folder.rglob("*"):
        if path.is_file():
            kept = path.read_bytes()
            found |= {kept[at : at + SHORTEST] for at in range(len(kept))}
            for run in re.findall(b"[0-9a-f]{12,}", kept.lower()):
                found |= {
                    bytes.fromhex(run[at : at + 2 * SHORTEST].decode())
                    for at in range(len(run) - 2 * SHORTEST + 1)
                }
    shared = frozenset.intersection(*map(digests, NAMES))  # runs without any name
    return {name for name in NAMES if found & (digests(name) - shared)}


def test_the_attack_finds_a_digest_where_there_is_one(tmp_path: Path) -> None:
    bare = " ".join(re.findall(r"[^\W_]+", TEXT.casefold()))
    (tmp_path / "withdrawn.jsonl").write_text(hashlib.sha256(bare.encode()).hexdigest())
    assert confirmed(tmp_path) == {NAME}


def test_no_removed_name_can_be_confirmed_from_workspace_database_or_chain(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    sealed = take(services)
    assert confirmed(tmp_path) == set()
    story = review(services, sealed, pair)
    record_agreement(services, story.id, language="en", method="read aloud", today=TODAY)
    assert confirmed(tmp_path) == set()
    withdraw_by_code(services, sealed.receipt.code, today=TODAY)
    unread = take(services, {"text": f"{TEXT} And more."})
    withdraw_by_code(services, unread.receipt.code, today=TODAY)
    assert confirmed(tmp_path) == set()


def test_an_agreed_form_outlives_its_words_only_under_the_key(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    sealed = take(services)
    story = review(services, sealed, pair)
    story = record_agreement(services, story.id, language="en", method="shown", today=TODAY)
    form = story.form_sha256(language="en", channel=Channel.EMAIL_EXCERPT)
    withdraw_by_code(services, sealed.receipt.code, today=TODAY)
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert form.encode() not in kept
    assert story.words_sha256.encode() not in kept
    notes = "".join(event.note for event in services.store.events())
    assert services.folder.recognizer.keyed(form) in notes


def test_a_name_that_an_edit_takes_out_after_a_yes_leaves_no_digest(
    services: StoryServices, tmp_path: Path
) -> None:
    pair, _ = give_keys(services)
    story = review(services, take(services), pair)
    path = tmp_path / story.path
    named = path.read_text().replace("The clinic", "Doctor Abarca's clinic")
    path.write_text(named)
    story = services.story(story.id)
    write_reviewed(services, story, decided(edited_session(story), Choice.KEEP, "x"))
    with_name = record_agreement(services, story.id, language="en", method="shown", today=TODAY)
    then = {yes.sha256 for yes in with_name.read_backs} | {with_name.words_sha256}
    path.write_text(path.read_text().replace("Doctor Abarca's clinic", "The clinic"))
    story = services.story(story.id)
    write_reviewed(services, story, decided(edited_session(story), Choice.KEEP, "x"))
    assert not [digest for digest in then if digest in path.read_text()]


def test_a_yes_that_still_fits_outlives_another_review(
    services: StoryServices,
) -> None:
    pair, _ = give_keys(services)
    story = review(services, take(services), pair)
    agreed = record_agreement(services, story.id, language="en", method="shown", today=TODAY)
    again = services.story(story.id)
    kept = write_reviewed(services, again, decided(edited_session(again), Choice.KEEP, "x"))
    assert kept.read_backs == agreed.read_backs
