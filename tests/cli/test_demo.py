"""`newsletter demo`, run as a user runs it: in a process of its own, in a folder of its own."""

import email
import email.policy
import os
import re
import signal
import subprocess
import sys
import tomllib
from pathlib import Path
from urllib.request import urlopen

import pytest

from newsletter.config import load
from newsletter.demo.folder import new_folder
from newsletter.errors import UsageError
from newsletter.issues.drafting.draft_file import read
from newsletter.model.section_kinds import KINDS, kind_of
from tests.processes import PATIENCE, started
from tests.stories.keys import KEY

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ran(
    processes: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, "subprocess.CompletedProcess[str]"]:
    folder = tmp_path_factory.mktemp("anywhere")
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("NEWSLETTER_")
    }
    environment |= {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "160"}
    done = subprocess.run(
        [sys.executable, "-m", "newsletter", "demo"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return folder / "newsletter-demo", done


def test_the_demo_runs_the_week_through(
    ran: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    _, done = ran
    assert done.returncode == 0, done.stdout + done.stderr
    commands = re.findall(r"^\$ newsletter (\w+)", done.stderr, re.MULTILINE)
    week = ["pull", "draft", "check", "preview", "approve", "send", "audit"]
    assert [word for word in dict.fromkeys(commands) if word in week] == week


def test_each_trouble_of_a_feed_has_its_own_word(
    ran: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    _, done = ran
    for word in ("new", "unchanged", "gone", "refused", "challenge page"):
        assert re.search(rf"\b{word}\b", done.stdout), word


def test_it_names_files_that_are_there(
    ran: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, done = ran
    named = re.findall(r"^  (newsletter-demo/\S+)$", done.stdout, re.MULTILINE)
    assert len(named) >= 3
    assert [name for name in named if not (folder.parent / name).exists()] == []


def test_every_reader_of_the_week_got_one_message_in_their_language(
    ran: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, _ = ran
    messages = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in (folder / "outbox" / "new").iterdir()
    ]
    assert len({message["To"] for message in messages}) == len(messages) == 10
    assert {message["Subject"] for message in messages} >= {
        "Crayons at the clinic, and 84 warm kitchens",
        "Crayones en la clínica y 84 cocinas calientes",
        "ألوان للأطفال في العيادة، والدفء يعود إلى 84 بيتا",
    }


def test_the_editors_prepared_work_is_all_used(
    ran: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, _ = ran
    work = tomllib.loads((ROOT / "demo/editing.toml").read_text(encoding="utf-8"))
    for language, edits in work.items():
        (file,) = folder.glob(f"issues/*/{language}.md")
        placed = [one.link or "" for one in read(file.read_text(), file=str(file)).placements]
        for piece in edits["pieces"]:
            assert any(link.endswith(piece["link"]) for link in placed), (language, piece["link"])


def test_the_demo_has_a_sample_of_every_kind(
    ran: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, done = ran
    for file in folder.glob("issues/*/*.md"):
        shown = {kind_of(one) for one in read(file.read_text(), file=str(file)).sections}
        assert set(KINDS) - shown <= ({"stories"} if file.stem == "ar" else set())
    assert "not-shown" not in done.stdout + done.stderr


def test_what_is_hostile_expired_or_kept_out_is_in_no_message(
    ran: tuple[Path, "subprocess.CompletedProcess[str]"],
) -> None:
    folder, _ = ran
    for path in (folder / "outbox" / "new").iterdir():
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(("html",))  # type: ignore[attr-defined]
        page = body.get_content()
        for word in ("<script", "onclick", "evil.example", "tracker.example", "refund", "Julián"):
            assert word not in page, word


@pytest.mark.usefixtures("processes")
def test_with_keep_serving_the_members_sites_stay_until_interrupted(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "newsletter", "demo", "--keep-serving", "served"]
    with started(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    ) as running:
        assert running.stderr is not None
        said = (re.search(r"sites are at (http://\S+)", line) for line in running.stderr)
        address = next(found[1] for found in said if found)
        with urlopen(f"{address}casa-del-rio/feed.xml", timeout=PATIENCE) as answer:
            assert "Casa del Río" in answer.read().decode()
        running.send_signal(signal.SIGINT)
        assert running.wait(PATIENCE) == 0


def test_the_demo_never_writes_into_a_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError):
        new_folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_each_run_gets_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [new_folder(None).name for _ in range(3)]
    assert names == ["newsletter-demo", "newsletter-demo-2", "newsletter-demo-3"]


def test_the_repository_is_a_workspace() -> None:
    assert load(ROOT, {}).coalition.name == "Lantern Coalition"


def test_the_demo_stories_have_different_consents_and_one_is_over() -> None:
    from datetime import UTC, datetime

    from newsletter.model.consent import ConsentState
    from newsletter.stories.record.folder import StoryFolder

    stories, problems = StoryFolder(ROOT, key=KEY).load()
    assert problems == ()
    today = datetime.now(UTC).date()
    states = [story.consent.state(today) for story in stories]
    assert sorted(states) == sorted([ConsentState.VALID, ConsentState.VALID, ConsentState.EXPIRED])
    assert len({story.consent.channels for story in stories}) > 1
    valid = [story for story in stories if story.consent.state(today) is ConsentState.VALID]
    assert [story.safety_flags for story in valid] == [(), ()]
