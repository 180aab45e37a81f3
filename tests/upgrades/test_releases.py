"""Workspaces of each release, opened by today's code: what was entrusted to them is all there."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from newsletter.config import load
from newsletter.model.issue import issue_id_for
from newsletter.store.schema import what_differs
from newsletter.stories.keys.vault import unseal
from newsletter.wiring import Workspace
from tests.cli.calling import Run, caller, closing_workspaces
from tests.upgrades.make import WORDS, ics, rss
from tests.upgrades.old_database import (
    Rows,
    comparable,
    fill_postgres,
    fill_sqlite,
    rows_of,
)
from tests.web_server import Reply, WebServer

HERE = Path(__file__).parent
RELEASES = sorted(path.name for path in HERE.iterdir() if (path / "expected.json").is_file())
# What upgrades change on purpose, each held by a test of its own.
CHANGED = {
    "alembic_version": {"version_num"},
    "story_events": {"note", "previous", "sha256"},  # 0004 puts them under the key
    "story_stops": {"taken_back"},
    "story_submissions": {"text_hash"},
}
DRAFT = """---
language: en
subject: The second week
preheader: What our members did, and what comes
---

Dear friends, this is the second week.

## Member news {#news}

### Free clinics

Three of them, all week long, in the old library.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """An upgraded workspace, and what its release told of it."""

    workspace: Workspace
    run: Run
    expected: dict[str, Any]
    rows: Rows
    files: dict[str, str]


@pytest.fixture(params=RELEASES)
def digest(
    request: pytest.FixtureRequest,
    url: str,
    tmp_path: Path,
    server: WebServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Digest]:
    now = datetime.now(UTC)
    server.pages |= {"/feed.xml": Reply(body=rss(now)), "/events.ics": Reply(body=ics(now))}
    made, root = HERE / request.param, tmp_path / "digest"
    expected = json.loads((made / "expected.json").read_text("utf-8"))
    old, new = f"127.0.0.1:{expected['port']}", f"127.0.0.1:{server.port}"
    sql = (made / "sqlite.sql").read_text("utf-8").replace(old, new)
    shutil.copytree(made / "files", root)
    if (made / "state").is_dir():
        shutil.copytree(made / "state", tmp_path / "state")
    for name in ("feeds.yaml", "newsletter.toml"):
        words = (root / name).read_text("utf-8").replace(str(expected["port"]), str(server.port))
        (root / name).write_text(words, "utf-8")
    rows = rows_of(sql)
    if url.startswith("sqlite"):
        fill_sqlite(root / "newsletter.db", sql)
    else:
        engine = request.getfixturevalue("postgres")
        fill_postgres(engine, (made / "postgres.sql").read_text("utf-8"), rows)
    for name, value in {
        "NEWSLETTER_SECRET_KEY": expected["key"],
        "NEWSLETTER_DATABASE_URL": url,
        "NEWSLETTER_STATE": str(tmp_path / "state"),
    }.items():
        monkeypatch.setenv(name, value)
    files = {
        str(path.relative_to(root)): path.read_text("utf-8")
        for path in root.rglob("*")
        if path.suffix in (".md", ".yaml", ".toml", ".txt") and path.name != "chain.txt"
    }
    workspace = Workspace(config=load(root, os.environ))
    with closing_workspaces(monkeypatch):
        yield Digest(
            workspace=workspace, run=caller(workspace), expected=expected, rows=rows, files=files
        )
    workspace.database_as_it_is.dispose()


def test_each_release_has_a_workspace_here() -> None:
    changelog = (HERE.parents[1] / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## (\d\S*) - ", changelog, re.MULTILINE)
    assert sorted(released) == RELEASES, (
        "make one in a checkout of the release, see tests/upgrades/make.py, and commit it"
    )


def test_all_that_was_kept_is_kept_word_for_word(digest: Digest) -> None:
    run, expected, workspace = digest.run, digest.expected, digest.workspace
    assert run("state", "confirm", "--by", "Ana", "--yes").exit_code == 0
    assert what_differs(workspace.engine) == ()
    assert_rows_are_there(digest)
    for name, words in digest.files.items():
        assert (workspace.root / name).read_text("utf-8") == words
    assert_stories_are_safe(digest)
    assert_people_are_there(digest)
    items = json.loads(run("items", "list", "--json").stdout)
    assert sorted([item["id"], item["title"]] for item in items) == expected["items"]
    assert run("audit", expected["issue"]).exit_code == 0


def assert_rows_are_there(digest: Digest) -> None:
    with digest.workspace.engine.connect() as connection:
        for table, rows in digest.rows.items():
            now = connection.execute(text(f"SELECT * FROM {table}")).mappings().all()
            names = set(rows[0] if rows else ()) - CHANGED.get(table, set())
            told = {tuple(comparable(row[name]) for name in sorted(names)) for row in now}
            for row in rows:
                assert tuple(comparable(row[name]) for name in sorted(names)) in told, table


def assert_stories_are_safe(digest: Digest) -> None:
    run, expected, services = digest.run, digest.expected, digest.workspace.story_services
    recipients = (digest.workspace.root / "stories/recipients.txt").read_text("utf-8")
    is_logged = run("stories", "log", "--verify").exit_code == 0  # since 0.3
    for name, key in [] if is_logged else re.findall(r"# (\w+).*\n(age1\w+)", recipients):
        run("keys", "add", key, "--name", name, *["--recovery"] * (name == "recovery"))
    found = run("stories", "log", "--verify")
    assert found.exit_code == 0, found.output
    kinds = [event.kind.value for event in services.store.events()]
    assert kinds[: len(expected["events"])] == expected["events"]
    assert expected["story"] in run("stories", "list").output
    waits = services.store.get(expected["sealed"])
    assert waits is not None
    assert WORDS in unseal(waits.sealed.text, expected["identity"])["text"]
    gone = services.store.get(expected["withdrawn"])
    assert gone is not None
    assert not gone.sealed.text
    assert any(stop.record_id == gone.consent.record_id for stop in services.all_stops())


def assert_people_are_there(digest: Digest) -> None:
    run, expected, root = digest.run, digest.expected, digest.workspace.root
    export = run("subscribers", "export").stdout
    assert sorted(set(re.findall(r"[\w.]+@[\w.]+", export))) == expected["addresses"]
    again = root.parent / "again.csv"
    out = (expected["left"], expected["bounced"])
    again.write_text("address,language\n" + "".join(f"{one},en\n" for one in out), "utf-8")
    run("subscribers", "import", str(again), "--proof", "an old list")
    assert digest.workspace.subscribers.suppressed(out) == set(out)
    export = run("subscribers", "export").stdout
    assert sorted(set(re.findall(r"[\w.]+@[\w.]+", export))) == expected["addresses"]


@pytest.mark.parametrize(
    ("digest", "url"),
    [(RELEASES[0], "sqlite"), (RELEASES[-1], "postgres")],
    indirect=True,
)
def test_the_week_goes_on(digest: Digest) -> None:
    run, root = digest.run, digest.workspace.root
    assert run("state", "confirm", "--by", "Ana", "--yes").exit_code == 0
    issue = issue_id_for(digest.workspace.today() + timedelta(days=7))
    assert run("pull").exit_code == 0
    titles = [item["title"] for item in json.loads(run("items", "list", "--json").stdout)]
    assert [titles.count(title) for title in ("A clinic opens", "The rent board met")] == [1, 1]
    run("draft", issue)
    draft = root / "issues" / issue / "en.md"
    assert draft.is_file()
    draft.write_text(DRAFT, "utf-8")
    checked = run("check", issue, "--no-links")
    assert checked.exit_code == 0, checked.output
    run("preview", issue, "--no-open")
    run("approve", issue, "--as", "Ana", "--no-links", "--overrule", "a test")
    run("send", issue, "--yes", "--anyway", "--by", "Ana")
    assert run("audit", issue).exit_code == 0
    got = [path.read_text("utf-8", "replace") for path in (root / "outbox").rglob("*.eml")]
    assert len(got) == 3
    assert not any(digest.expected["left"] in mail for mail in got)
    run("report")
    assert run("archive").exit_code == 0
    assert run("stories", "list").exit_code == 0
    assert run("feeds", "list").exit_code == 0
    assert run("doctor").exit_code in (0, 1)
