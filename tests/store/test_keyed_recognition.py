"""The upgrade from 0.2 leaves no digest of words that needs no key, and forgets no withdrawal."""

import fcntl
import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text

from newsletter.errors import ConfigError
from newsletter.files import append_line, replace_file
from newsletter.model.consent import Revocation
from newsletter.model.keyed import keyed, with_keyed
from newsletter.store.schema import alembic_settings, migrate
from newsletter.store.stories import SqlStories
from newsletter.stories.recognition.recognizer import Recognizer
from newsletter.stories.record.revocation_file import RevocationFile

KEY = bytes(range(32))
STORY = (
    "my name is maria quispe and for eleven years i cleaned offices at night until the company "
    "stopped paying us for our last hour and then we were all too afraid to ask them about it"
)


def sha256(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


WORDS = STORY.split()
RUNS = sorted(sha256(" ".join(WORDS[at : at + 5]))[:12] for at in range(len(WORDS) - 4))[:5]
WHOLE = sha256(STORY)
TAKEN_BACK = {"withdrawn": True, "fingerprints": [RUNS], "text_hash": WHOLE}


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest) -> Engine:
    """A database as 0.2 left it, with a story that waits and one that was withdrawn."""
    made: Engine = request.getfixturevalue(request.param)
    with made.begin() as connection:
        command.upgrade(alembic_settings(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO story_submissions VALUES ('s', 'r', 'waiting', '2026-11-01', "
                "'2027-11-01', 'en', '', '', :whole, :consent, :blob, :blob, :blob)"
            ),
            {"whole": WHOLE, "consent": "{}", "blob": b""},
        )
        connection.execute(
            text("INSERT INTO story_stops VALUES (1, 'w', 'told', '2026-11-02', :taken_back)"),
            {"taken_back": json.dumps(TAKEN_BACK)},
        )
    return made


def test_the_upgrade_leaves_no_unkeyed_digest_in_a_database_and_knows_the_story_still(
    old: Engine, tmp_path: Path
) -> None:
    migrate(old, lambda: KEY)
    with old.connect() as connection:
        for table in ("story_submissions", "story_stops"):
            rows = str(connection.execute(text(f"SELECT * FROM {table}")).all())
            assert not [digest for digest in (WHOLE, *RUNS) if digest in rows]
    if old.dialect.name == "sqlite":
        old.dispose()
        kept = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
        assert not [digest for digest in (WHOLE, *RUNS) if digest.encode() in kept]
    revocations = SqlStories(old).revocations()
    for quote in (STORY, f"They wrote: {STORY}"):
        assert Recognizer(KEY).find_withdrawal(quote, revocations) is not None
    assert Recognizer(KEY).find_withdrawal("the council votes on tuesday", revocations) is None
    assert Recognizer(bytes(32)).find_withdrawal(STORY, revocations) is None


def test_a_database_that_holds_no_such_digest_is_upgraded_without_a_key(sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        command.upgrade(alembic_settings(connection), "0001")
    migrate(sqlite)
    assert SqlStories(sqlite).revocations() == ()


def test_a_long_story_that_0_2_kept_few_runs_of_does_not_come_back_under_a_new_id() -> None:
    words = [f"word{number}" for number in range(900)]
    runs = sorted(sha256(" ".join(words[at : at + 5]))[:12] for at in range(len(words) - 4))[:24]
    limits = with_keyed({"withdrawn": True, "fingerprints": [runs]}, KEY)
    stop = Revocation.of_limits(limits, record_id="w", story_id="told", on=date(2026, 11, 2))
    assert Recognizer(KEY).withdrawn_again(" ".join(words), (stop,)) is stop


LINES = [
    {"record": "w", "story": "told", "on": "2026-11-02", "withdrawn": True, "text": WHOLE},
    {"record": "w", "on": "2026-11-02", "withdrawn": True, "fingerprints": [RUNS]},
    {"record": "n", "on": "2026-11-03", "channels": ["press"]},
]


def written(path: Path) -> RevocationFile:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in LINES))
    return RevocationFile(path, key=KEY)


def test_the_file_of_withdrawals_is_put_under_the_key_when_it_is_first_read(tmp_path: Path) -> None:
    path = tmp_path / "withdrawn.jsonl"
    first = written(path).read()
    left = path.read_text()
    assert not [digest for digest in (WHOLE, *RUNS) if digest in left]
    assert keyed(KEY, WHOLE) in left
    again = RevocationFile(path, key=KEY).read()
    assert again == first
    assert [one.record_id for one in again] == ["w", "w", "n"]
    assert Recognizer(KEY).find_withdrawal(STORY, again) is not None
    assert path.stat().st_mode & 0o777 == 0o644


def test_a_file_that_cannot_be_written_is_read_under_the_key_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("newsletter.files.replace_file", full)
    path = tmp_path / "withdrawn.jsonl"
    read = written(path).read()
    assert WHOLE in path.read_text()  # nothing is lost
    assert WHOLE not in str(read)
    assert Recognizer(KEY).find_withdrawal(STORY, read) is not None


def test_a_damaged_line_stops_and_stays_for_a_person_to_mend(tmp_path: Path) -> None:
    path = tmp_path / "withdrawn.jsonl"
    file = written(path)
    with path.open("a") as out:
        out.write('{"record": "x", "on')
    with pytest.raises(ConfigError, match="damaged"):
        file.read()
    assert path.read_text().endswith('{"record": "x", "on')


def test_a_withdrawal_written_while_the_file_is_rewritten_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The writer holds the old file open while it is replaced, and notices."""
    path = tmp_path / "withdrawn.jsonl"
    path.write_text("old\n")
    locked = fcntl.flock
    turns = iter([True])

    def replaced_meanwhile(handle: int, how: int) -> None:
        locked(handle, how)
        if next(turns, False):
            replace_file(path, b"new\n")

    monkeypatch.setattr(fcntl, "flock", replaced_meanwhile)
    append_line(path, "withdrawn")
    assert path.read_text() == "new\nwithdrawn\n"
