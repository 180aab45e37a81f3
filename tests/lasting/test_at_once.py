"""After a restore that was interrupted nobody has to wait to take something back, or to leave."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from newsletter.errors import AttentionError
from newsletter.lasting.aside import FOLDER, at_work
from newsletter.lasting.stage import WORKSPACE
from tests.conftest import url_of
from tests.lasting.digests import Digest
from tests.lasting.test_commands import WORDS, run, unpool
from tests.lasting.test_no_words_left import holding
from tests.stories.making import give_keys, publish

pytestmark = pytest.mark.usefixtures("processes")


def killed_at(name: str, act: Callable[[], object]) -> None:
    """Do it in a child that is gone before it puts that part of the workspace in place."""

    def heard(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "os.rename" and str(arguments[0]).endswith(f"{FOLDER}/new/{name}"):
            os._exit(9)

    pid = os.fork()
    if pid == 0:
        try:
            sys.addaudithook(heard)
            act()
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 9


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_a_story_is_taken_back_and_somebody_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, kind: str
) -> None:
    where = {}
    if kind == "postgres":
        postgres: Engine = request.getfixturevalue("postgres")
        unpool(monkeypatch)
        where = {"NEWSLETTER_DATABASE_URL": url_of(postgres)}
    digest = Digest.made(tmp_path, **where)
    for name, value in {**digest.environ, "NEWSLETTER_BACKUP_PASSPHRASE": WORDS}.items():
        monkeypatch.setenv(name, value)
    with digest.opened() as workspace:
        services, today = workspace.story_services, workspace.today()
        pair, _ = give_keys(services)
        _, story = publish(services, pair, today=today)
    file = tmp_path / "b"
    run(digest, "backup", str(file), "--passphrase")
    restore = ("restore", str(file), "--yes")
    killed_at("stories", lambda: run(digest, *restore))
    with pytest.raises(AttentionError, match="interrupted"):
        run(digest, "stories", "list")
    with at_work(digest.root / FOLDER, WORKSPACE), pytest.raises(AttentionError, match="at work"):
        run(digest, "stories", "withdraw", story.id)
    said = run(digest, "stories", "withdraw", story.id)
    assert "A restore of this workspace was interrupted" in said.stderr
    assert "Withdrawn." in said.stdout
    assert "bo" not in run(digest, "subscribers", "erase", "bo@example.org", "--yes").stdout
    if kind == "postgres":  # its database may be another one than the files are of
        with pytest.raises(AttentionError, match="interrupted"):
            run(digest, "stories", "list")
    again = run(digest, *restore)
    assert "withdrawals and limits of storytellers: 1" in again.stdout
    assert holding(digest) == []
    assert digest.addresses() == {"ana", "cy"}
    assert not (digest.root / FOLDER).exists()
