"""Each change of docs/extending.md applies to this code, and does what the page says.

A change is applied to a copy of the tree, and the function of its name runs there, in a process.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.config import load
from newsletter.demo.dates import fill
from newsletter.issues.drafting import draft_file
from newsletter.model.issue import Edition
from newsletter.model.notice import Notice
from newsletter.model.section_kinds import KINDS, kind_of
from newsletter.model.subscriber import Subscriber, SubscriberState
from newsletter.pulling.parse.parse import parse
from newsletter.pulling.parse.parsed import ParsedFeed
from newsletter.sending.results.audit import audit
from newsletter.sending.send import run
from newsletter.sending.send_plan import plan
from newsletter.sending.transports.notices import NoticeWriter
from newsletter.sending.transports.outbox import Outbox
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from newsletter.wiring import Workspace
from newsletter.wiring.transports import TRANSPORTS
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML
from tests.design import test_render
from tests.design.samples import ZONE
from tests.issues.checking import test_rendered_checks
from tests.issues.desk import NOW, desk, item
from tests.issues.drafting import test_documentation
from tests.processes import PATIENCE, ROOT
from tests.sending import parts
from tests.sending.transports import test_kinds

PAGE = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
CHANGES = dict(re.findall(r"^## (.+?)\n.*?^```diff\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE))
NAMES = {
    "A transport": "transport",
    "A feed format": "feed_format",
    "A kind of section": "section_kind",
    "A check": "draft_check",
    "A language": "language",
    "A reason to leave somebody out": "exclusion_reason",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the changes touch or need, copied."""
    copy = tmp_path_factory.mktemp("tree")
    for name in ("newsletter", "templates", "docs", "demo", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def test_each_change_of_the_page_is_shown_here() -> None:
    assert set(CHANGES) == set(NAMES)
    assert PAGE.count("```diff") == len(NAMES)


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize("title", NAMES)
def test_a_change_applies_and_does_what_the_page_says(
    title: str, tree: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(tree, copy)
    run_in(copy, CHANGES[title], "git", "apply", "--whitespace=error", "-")
    call = f"from tests.test_extending import *; {NAMES[title]}(Path({str(tmp_path)!r}))"
    run_in(copy, "", sys.executable, "-c", call)


def run_in(folder: Path, words: str, *command: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(folder), "GIT_CEILING_DIRECTORIES": "/"}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        input=words,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def database(folder: Path) -> Engine:
    engine = open_engine("sqlite:///ledger.db", root=folder)
    migrate(engine)
    return engine


def transport(folder: Path) -> None:
    """An issue and a notice leave by the program that newsletter.toml names."""
    program = folder / "sendmail"
    program.write_text(f'#!/bin/sh\ncat > "{folder}/$3.eml"\n')
    program.chmod(0o700)
    table = f'[transport]\nkind = "sendmail"\npath = "{program}"\n'
    (folder / "newsletter.toml").write_text(NEWSLETTER_TOML + table)
    config = load(folder, ENVIRONMENT)
    made = TRANSPORTS[config.transport.kind]
    engine = database(folder)
    sending = parts.make_parts(engine, partial(made.transport, config))
    parts.add_people(engine, 2)
    parts.send_all(sending)
    assert audit(sending, parts.ISSUE).is_complete
    post = made.post(config, NoticeWriter(config.sender, lambda: datetime.now(UTC)))
    words = {"subject": "Please confirm", "text": "A link", "html": "<p>A link</p>"}
    post.send(Notice(address="new@example.org", language="en", **words))
    mail = {file.stem: file.read_text() for file in folder.glob("*.eml")}
    assert set(mail) == {"person1@example.org", "person2@example.org", "new@example.org"}
    assert "Subject: This week" in mail["person1@example.org"]
    assert "Subject: Please confirm" in mail["new@example.org"]
    test_kinds.test_every_kind_carries_issues_and_notices()
    for file in ("docs/configuration.md", "docs/sending.md"):
        test_kinds.test_every_kind_is_named_in_the_guides_and_the_settings(
            config.transport.kind, file
        )


def feed_format(folder: Path) -> None:
    """A table is recognized and read; one that is broken is said to be."""
    read = partial(parse, url="https://member.example/list.csv", now=NOW)
    feed = read(b'date,title,link\r\n2026-11-20,"Clinic, free",/clinic\r\n')
    assert isinstance(feed, ParsedFeed)
    (entry,) = feed.entries
    assert (feed.format, entry.title) == ("csv", "Clinic, free")
    assert entry.link == "https://member.example/clinic"
    assert entry.published == datetime(2026, 11, 20, tzinfo=UTC)
    assert not isinstance(read(b"date,title,link\nsoon,Clinic,/clinic\n"), ParsedFeed)


def section_kind(folder: Path) -> None:
    """The kind is explained, sampled, asks for its details and shows them in both parts."""
    assert "jobs" in KINDS
    test_documentation.test_each_key_and_kind_is_explained()
    test_documentation.test_what_a_kind_needs_is_printed_in_bold()
    test_render.test_each_kind_shows_the_facts_that_it_is_said_to_show()
    test_rendered_checks.test_an_issue_with_every_kind_has_no_problem()
    rendered = test_render.render(*test_render.everything(), test_render.TEMPLATES)
    for part in (rendered.html, rendered.text):
        assert "Night cook, paid" in part
        assert "Until November 30, 2026" in part
    demo = fill((ROOT / "demo/editing.toml").read_text(), now=NOW, timezone=ZONE, later=True)
    work = tomllib.loads(demo)
    for language in ("en", "es", "ar"):
        _, sections = draft_file.read_block(work[language]["sections"], file="editing.toml")
        assert "jobs" in {kind_of(section) for section in sections}, language


def draft_check(folder: Path) -> None:
    """A draft with the fault cannot be approved; without it, it can."""
    at = desk(folder, [item("n1")], languages=("en",))
    at.draft()
    assert at.codes(blocking=True) == []
    at.edit("https://harbor.example/n1", "https://bit.ly/3xyz")
    assert at.codes(blocking=True) == ["short-link"]


def language(folder: Path) -> None:
    """An edition is drafted and rendered with the language's words, and pages speak it."""
    at = desk(folder, [item("n1", language="vi")], languages=("en", "vi"))
    at.draft()
    assert "## Tin từ các thành viên {#news}" in at.text("vi")
    assert "frame-language" not in at.codes()
    edition = next(one for one in at.check().editions if one.language == "vi")
    assert '<html lang="vi" dir="ltr"' in edition.html
    for part in (edition.html, edition.text):
        assert "Hủy đăng ký" in part
        assert "View in your browser" in part or "Change what you get" in part
    toml = NEWSLETTER_TOML.replace('languages = ["en", "es"]', 'languages = ["en", "vi"]', 1)
    (folder / "newsletter.toml").write_text(toml)
    workspace = Workspace(config=load(folder, ENVIRONMENT))
    assert workspace.page_languages == ("en", "vi")
    assert workspace.page_words("vi").gettext("Subscribe") == "Đăng ký"


def exclusion_reason(folder: Path) -> None:
    """A bulletin leaves out who named no region, says why, and the audit adds up."""
    issue = f"{parts.ISSUE}-a"
    bulletin = parts.edition(issue_id=issue)
    engine = database(folder)
    outbox = partial(Outbox, folder / "outbox")
    sending = parts.make_parts(engine, outbox, editions=(bulletin,))
    draft = Edition(issue_id=issue, language="en", subject="", settings={"regions": "fresno"})
    sending = replace(sending, issues=replace(sending.issues, drafts=lambda issue_id: (draft,)))
    parts.add_people(engine, 2)
    local = Subscriber(
        id=3,
        address="local@example.org",
        language="en",
        state=SubscriberState.CONFIRMED,
        regions=frozenset({"fresno"}),
    )
    parts.add_subscribers(engine, [local])
    planned = plan(sending, issue)
    assert {str(why): count for why, count in planned.exclusions.items()} == {"no region": 2}
    run(sending, planned, on_settled=parts.ignore)
    outcome = audit(sending, issue)
    assert outcome.is_complete
    assert (outcome.send.audience, outcome.send.excluded) == (1, 2)
