"""A backup that is sealed as it should be and wrong inside: one clear line, and nothing changed.

Whoever has an editor's public key can seal one; a bad disk or another program can spoil one before.
"""

import itertools
import json
import os
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import NewsletterError, ServiceError
from newsletter.lasting.backup_format import HEAD, SECRET_KEYS
from newsletter.model.ledger import NewSend
from newsletter.model.subscriber import SuppressionReason
from newsletter.wiring.state_report import look_at_state
from tests.lasting.digests import Digest
from tests.lasting.mutations import (
    Members,
    mutations,
    put_together,
    taken_apart,
    with_changed,
    with_rows,
)
from tests.lasting.test_restore import ISSUE, end
from tests.stories.making import give_keys, publish

TRIED = int(os.environ.get("NEWSLETTER_SOAK_MUTATIONS", "60"))
SEED = int(os.environ.get("NEWSLETTER_SOAK_SEED", "14"))


@pytest.fixture
def digest(tmp_path: Path) -> Digest:
    """One with a bit of everything."""
    digest = Digest.made(tmp_path)
    with digest.opened() as workspace:
        services, today = workspace.story_services, workspace.today()
        pair, _ = give_keys(services)
        publish(services, pair, today=today)
        new = NewSend(issue_id=ISSUE, digest="0" * 64, editions={"en": "0" * 64})
        workspace.ledger.freeze(new, lambda traits: "en", now=workspace.now())
        workspace.witness.give_back(ISSUE, 1)
    end(digest, "bo", SuppressionReason.LEFT)
    return digest


def files(digest: Digest) -> dict[str, str]:
    """All but the database, whose journal a restore that is refused may have closed."""
    return {name: made for name, made in digest.tree().items() if ".db" not in name}


def fault_of(digest: Digest, file: Path) -> str:
    """What a restore of it does that it must not: anything but one line and nothing changed, or a
    workspace that works."""
    before = files(digest)
    try:
        digest.restore(file)
    except NewsletterError as error:
        is_clear = "\n" not in str(error) and ".newsletter-restore" not in str(error)
        return "" if is_clear and files(digest) == before else f"{error.file} {error}"
    except Exception as error:
        return repr(error)
    try:
        with digest.opened() as workspace:
            assert list(workspace.subscribers.stream(0, 99))
            look_at_state(workspace)
    except Exception as error:
        return f"restored, and then {error!r}"
    return ""


def test_whatever_is_wrong_in_it_is_said_in_one_line(digest: Digest, tmp_path: Path) -> None:
    members = taken_apart(digest.back_up(with_secret_key=True))
    kept, there = tmp_path / "kept", files(digest)
    shutil.copytree(digest.root, kept)
    faults = []
    for name, mutated in itertools.islice(mutations(members, SEED), TRIED):
        with suppress(UnicodeError):  # no tar can say that
            file = put_together(tmp_path / "mutated", mutated)
            if fault := fault_of(digest, file):
                faults.append(f"{name}: {fault}")
            if files(digest) != there:
                shutil.rmtree(digest.root)
                shutil.copytree(kept, digest.root)
    assert not faults, "\n".join(faults)
    assert digest.addresses() == {"ana", "cy"}


@pytest.mark.parametrize("name", ["issues", "feeds.yaml", "issues/2026-W47"])
def test_a_file_in_the_place_of_another_or_of_a_folder(
    name: str, digest: Digest, tmp_path: Path
) -> None:
    members = taken_apart(digest.back_up())
    at = next(at for at, (info, _) in enumerate(members) if info.name == "sums.json")
    file = put_together(tmp_path / "mutated", with_changed(members, at, name=f"files/{name}"))
    with pytest.raises(ServiceError) as refused:
        digest.restore(file)
    damaged = "the backup is damaged: it does not hold what it says"
    assert str(refused.value) == f"{file}: {damaged} ({name})"


def changed(members: Members, name: str, change: Callable[[Any], None]) -> Members:
    """With one value in a part that is JSON changed."""
    at = next(at for at, (info, _) in enumerate(members) if info.name == name)
    said = json.loads(members[at][1])
    change(said)
    return with_changed(members, at, data=json.dumps(said).encode())


def numbers(last: object) -> Callable[[Any], None]:
    return lambda said: said["last_numbers"].update(subscribers=last)


HEADS: tuple[tuple[Callable[[Any], None], str], ...] = (
    (lambda said: said.update(schema="abcd"), "head.json"),
    (lambda said: said.update(schema="0000"), "head.json"),
    (lambda said: said.update(program="9\n\x1b[2J"), "head.json"),
    (lambda said: said.update(made_at="2026-11-20"), "head.json"),
    (lambda said: said.update(tables=said["tables"] * 2), "head.json"),
    (lambda said: said["tables"][0].update(name="sqlite_master"), "sqlite_master"),
    (lambda said: said["tables"][0]["columns"].update(more="text"), "more"),
    (numbers(10**30), "last_numbers.subscribers must be a whole number"),
    (numbers(-1), "last_numbers.subscribers must be a whole number"),
    (numbers(True), "last_numbers.subscribers must be a whole number"),
)


@pytest.mark.parametrize(("change", "said"), HEADS)
def test_what_a_backup_says_of_itself(
    tmp_path: Path, change: Callable[[Any], None], said: str
) -> None:
    digest = Digest.made(tmp_path)
    members = changed(taken_apart(digest.back_up()), HEAD, change)
    with pytest.raises(ServiceError, match="the backup is damaged") as refused:
        digest.restore(put_together(tmp_path / "b", members))
    assert said in str(refused.value)


def test_secret_keys_that_are_none(digest: Digest, tmp_path: Path) -> None:
    members = taken_apart(digest.back_up(with_secret_key=True))
    at = next(at for at, (info, _) in enumerate(members) if info.name == SECRET_KEYS)
    for data in (b"[3]", b'["a", ""]', b'"key"', b"{", b"\xff", b"null", b'["\\ud800"]'):
        file = put_together(tmp_path / "b", with_changed(members, at, data=data))
        with pytest.raises(ServiceError, match=r"damaged.*\(secret-key.json"):
            digest.restore(file)


def test_an_issue_that_leads_out_of_the_workspace(digest: Digest, tmp_path: Path) -> None:
    """No part of a file's name: it stands in the table of sends, unfinished."""
    members = taken_apart(digest.back_up())
    at = next(at for at, (info, _) in enumerate(members) if info.name.startswith("rows/sends/"))
    row = json.loads(members[at][1])
    row[row.index(ISSUE)] = "../../out"
    with pytest.raises(ServiceError, match="damaged"):
        digest.restore(put_together(tmp_path / "b", with_rows(members, at, [row])))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("table", "column"), [("subscribers", "state"), ("story_events", "actor")])
def test_a_word_that_the_program_does_not_know(
    digest: Digest, tmp_path: Path, table: str, column: str
) -> None:
    members = taken_apart(digest.back_up())
    shapes = {one["name"]: [*one["columns"]] for one in json.loads(members[0][1])["tables"]}
    at = next(at for at, (info, _) in enumerate(members) if info.name.startswith(f"rows/{table}/"))
    rows = [json.loads(line) for line in members[at][1].splitlines()]
    rows[0][shapes[table].index(column)] = "wandering"
    with pytest.raises(ServiceError, match=rf"a word in {table}\.{column}"):
        digest.restore(put_together(tmp_path / "b", with_rows(members, at, rows)))
