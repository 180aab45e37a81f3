"""`newsletter stories` and `keys`, as editors type them."""

import json
import re
import socket
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from newsletter.cli.main import cli
from newsletter.cli.picture_viewer import shown_locally
from newsletter.doctor.workspace import examine
from newsletter.errors import AttentionError, NewsletterError
from newsletter.model.consent import Channel
from newsletter.model.story import ReadBack
from newsletter.stories.keys.identity import KeyPair, new_pair, public_of, unlock
from newsletter.stories.letters.answer import answer_proposal
from newsletter.stories.letters.by_code import Opened, open_by_code
from newsletter.stories.letters.from_storyteller import Says
from newsletter.stories.record import document
from newsletter.stories.reviewing.review_story import open_submission
from newsletter.stories.reviewing.session import ReviewSession
from newsletter.wiring import Workspace
from tests.cli.calling import FEEDS
from tests.processes import PATIENCE
from tests.stories.making import (
    ANSWERS,
    NAME,
    PHONE,
    TEXT,
    TODAY,
    picture,
    publish,
    review,
    take,
    typed_review,
)
from tests.stories.quick_seal import seal_quickly

PASSPHRASE = "copper lantern orchard violin"
RECOVERY_PASSPHRASE = "meadow turbine sapphire nine kites"
OTHER_TEXT = "We waited at the door from four in the morning, and nobody came to open it for us."


@dataclass
class Editor:
    """Somebody at a terminal, in one workspace."""

    workspace: Workspace
    environ: dict[str, str]
    runner: CliRunner = field(default_factory=CliRunner)

    def run(self, *arguments: str, typed: str = "", code: int = 0) -> Result:
        result = self.runner.invoke(
            cli,
            ["-w", str(self.workspace.root), *arguments],
            input=typed,
            env=self.environ,
        )
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            if isinstance(result.exception, NewsletterError):
                assert result.exception.exit_code == code, result.exception
                return result
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    def refused(self, *arguments: str, typed: str = "", code: int) -> NewsletterError:
        error = self.run(*arguments, typed=typed, code=code).exception
        assert isinstance(error, NewsletterError)
        return error


@pytest.fixture
def editor(
    workspace: Workspace,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Editor:
    seal_quickly(monkeypatch.setattr)
    home = tmp_path_factory.mktemp("home")
    environ = {
        "NEWSLETTER_IDENTITY": str(home / "identity.age"),
        "NEWSLETTER_PASSPHRASE": PASSPHRASE,
        "NEWSLETTER_RECOVERY_PASSPHRASE": RECOVERY_PASSPHRASE,
        "NEWSLETTER_SECRET_KEY": "a key for tests only, 32 bytes long",
        "COLUMNS": "200",
    }
    made = Editor(workspace=workspace, environ=environ)
    made.run("keys", "init", "--name", "Ana", "--recovery", str(home / "recovery.age"))
    return made


def told(**changes: str) -> str:
    """What is typed for a story told by phone, in the form's order."""
    lines = ["y", TEXT, ".", "The night shift", "y", "n", "y", "n", "n", "y", "n"]
    lines += ["pseudonym", "Marisol", "shorten", "12", "n", "", NAME, PHONE, "", "none"]
    return "\n".join([*lines, changes.get("attest", "y"), "y", ""])


def test_keys_are_made_listed_and_tested(editor: Editor) -> None:
    rows = json.loads(editor.run("keys", "list", "--json").stdout)
    assert [(row["name"], row["recovery"]) for row in rows] == [
        ("Ana", False),
        ("Ana recovery", True),
    ]
    assert "AGE-SECRET" not in editor.run("keys", "list").output
    assert "0 submissions opened" in editor.run("keys", "test").stdout
    assert "PRIVATE" in str(
        editor.refused("keys", "add", "AGE-SECRET-KEY-1X", "--name", "B", code=2)
    )
    assert "already in the list" in str(
        editor.refused("keys", "add", rows[0]["key"], "--name", "Ben", code=2)
    )
    editor.environ["NEWSLETTER_PASSPHRASE"] = "a wrong passphrase"
    assert "does not open this key" in str(editor.refused("keys", "test", code=1))


def test_the_recovery_key_has_a_passphrase_of_its_own(editor: Editor, tmp_path: Path) -> None:
    home = Path(editor.environ["NEWSLETTER_IDENTITY"]).parent
    assert unlock(home / "recovery.age", RECOVERY_PASSPHRASE)
    with pytest.raises(AttentionError, match="does not open"):
        unlock(home / "recovery.age", PASSPHRASE)
    command = ("keys", "init", "--name", "Bo", "--recovery", str(tmp_path / "stick.age"))
    editor.environ["NEWSLETTER_RECOVERY_PASSPHRASE"] = PASSPHRASE
    assert "a passphrase of its own" in str(editor.refused(*command, code=2))
    editor.environ["NEWSLETTER_RECOVERY_PASSPHRASE"] = f"{PASSPHRASE} 2"
    assert "could be guessed" in str(editor.refused(*command, code=1))
    del editor.environ["NEWSLETTER_RECOVERY_PASSPHRASE"]
    asked = editor.run(*command, typed=f"{RECOVERY_PASSPHRASE}\n" * 2)
    assert "Passphrase of the recovery key" in asked.stderr
    assert RECOVERY_PASSPHRASE not in asked.output


def test_a_recovery_key_is_not_written_where_no_stick_is(editor: Editor, tmp_path: Path) -> None:
    missing = tmp_path / "stick" / "recovery.age"
    error = editor.refused("keys", "init", "--name", "Bo", "--recovery", str(missing), code=2)
    assert "plugged in" in error.hint
    assert not missing.parent.exists()


def test_making_keys_again_changes_nothing_and_mends_what_stopped_half_way(
    editor: Editor,
) -> None:
    keys = editor.workspace.root / "stories" / "recipients.txt"
    before = keys.read_text()
    recovery = str(Path(editor.environ["NEWSLETTER_IDENTITY"]).with_name("recovery.age"))
    editor.run("keys", "init", "--name", "Ana", "--recovery", recovery)
    assert keys.read_text() == before
    keys.write_text("".join(before.splitlines(keepends=True)[:2]))
    editor.run("keys", "init", "--name", "Ana", "--recovery", recovery)
    assert keys.read_text() == before


def test_a_story_told_by_phone_is_taken_reviewed_agreed_and_withdrawn(editor: Editor) -> None:
    taken = editor.run("stories", "take", "--method", "phone", "--json", typed=told())
    receipt = json.loads(taken.stdout[taken.stdout.index("{") :])
    assert receipt["consent"]["collection_method"] == "phone"
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    typed = typed_review(session_of(editor, waiting["id"]))
    reviewed = editor.run("stories", "review", waiting["id"], typed=typed)
    story_id = re.search(r"stories/(\w+)\.md written", reviewed.output)
    assert story_id is not None
    written = (editor.workspace.root / "stories" / f"{story_id[1]}.md").read_text()
    assert NAME not in written
    back = editor.run("stories", "send-back", story_id[1])
    assert "cleaned offices" in back.stdout
    editor.run("stories", "agreed", story_id[1], "--language", "en", "--method", "read aloud")
    (row,) = json.loads(editor.run("stories", "list", "--json").stdout)
    assert (row["state"], row["needs"]) == ("valid", "")
    assert "Marisol" not in editor.run("stories", "list").output
    done = editor.run("stories", "withdraw", receipt["withdrawal_code"])
    assert "nobody can call them back" in done.stdout
    assert json.loads(editor.run("stories", "list", "--json").stdout) == []
    editor.run("stories", "log", "--verify")
    assert "Withdrawn" in editor.run("stories", "withdraw", story_id[1]).output, "twice is once"


def test_a_withdrawal_holds_while_the_database_is_away_and_it_learns_of_it_later(
    editor: Editor,
) -> None:
    today = datetime.now(UTC).date()
    waiting = take(editor.workspace.story_services, {"text": OTHER_TEXT}, today=today)
    submitted, story = publish(editor.workspace.story_services, _pair(editor))
    settings = editor.workspace.root / "newsletter.toml"
    usual = settings.read_text()
    settings.write_text(usual + '[database]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n')
    unknown = editor.refused("stories", "withdraw", waiting.receipt.code, code=3)
    assert "the database" in unknown.message
    done = editor.run("stories", "withdraw", submitted.receipt.code, code=1)
    assert "Withdrawn. It will not appear in anything sent or published from now on." in done.stdout
    assert "Still to do: update the database" in done.stderr
    assert not (editor.workspace.root / story.path).exists()
    (stop,) = editor.workspace.story_folder.revocation_file.read()
    assert (stop.story_id, stop.withdrawn) == (story.id, True)

    settings.write_text(usual)
    assert "not in the database" in editor.run("stories", "log", "--verify", code=1).stderr
    editor.run("stories", "purge")
    editor.run("stories", "log", "--verify")
    (left,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    assert left["id"] == waiting.submission_id
    done = json.loads(editor.run("stories", "withdraw", waiting.receipt.code, "--json").stdout)
    assert (done["removed_from"], done["left_to_do"]) == ([], [])


def test_without_the_storytellers_yes_nothing_is_kept(editor: Editor) -> None:
    stopped = editor.refused("stories", "take", typed=told(attest="n"), code=1)
    assert "stopped" in str(stopped)
    assert json.loads(editor.run("stories", "inbox", "--json").stdout) == []


def test_stopping_a_review_writes_nothing(editor: Editor) -> None:
    editor.run("stories", "take", typed=told())
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    stopped = editor.refused(
        "stories", "review", waiting["id"], typed="k she wants it\ns\n", code=1
    )
    assert "undecided" in str(stopped)
    assert list((editor.workspace.root / "stories").glob("*.md")) == []


def test_a_story_comes_from_a_file_with_a_picture(editor: Editor, tmp_path: Path) -> None:
    front = "".join(f'{key}: "{value}"\n' for key, value in ANSWERS.items() if key != "text")
    (tmp_path / "in.md").write_text(f"---\n{front}---\n\n{TEXT}\n")
    (tmp_path / "me.png").write_bytes(picture())
    arguments = [
        "stories",
        "import",
        str(tmp_path / "in.md"),
        "--picture",
        str(tmp_path / "me.png"),
    ]
    first = editor.run(*arguments)
    assert "Your code:" in first.stdout
    assert "delete the original" in first.stderr
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    session = session_of(editor, waiting["id"])
    review = ("stories", "review", waiting["id"])
    typed = typed_review(session, after="y\nn\nn\nn\nn\nn\ns\nTwo hands\n")
    assert "not checked for uniforms" in str(editor.refused(*review, typed=typed, code=1))
    editor.run(*review, typed=typed.replace("\ns\nTwo", "\nn\nTwo"))
    (shown,) = (editor.workspace.root / "stories").glob("*.jpg")
    assert shown.read_bytes().startswith(b"\xff\xd8")


def session_of(editor: Editor, submission_id: str) -> ReviewSession:
    secret = unlock(Path(editor.environ["NEWSLETTER_IDENTITY"]), PASSPHRASE)
    return open_submission(
        editor.workspace.story_services, submission_id, secret, today=TODAY
    ).session()


def test_consents_are_narrowed_and_renewed_at_the_terminal(editor: Editor) -> None:
    desk = editor.workspace.story_services
    _, story = publish(desk, _pair(editor))
    said = editor.run("stories", "narrow", story.id, "--channel", "web-archive").stdout
    assert "email excerpt" in said
    assert "web archive" not in said
    assert "is not a valid" in str(
        editor.refused("stories", "narrow", story.id, "--channel", "radio", code=2)
    )
    (editor.workspace.root / "feeds.yaml").write_text(FEEDS)
    until = f"{datetime.now(UTC).date() + timedelta(days=300)}"
    nobody = ["--until", until, "--reuse-by", "nobody"]
    assert "nobody" in str(editor.refused("stories", "renew", story.id, *nobody, code=2))
    renewed = editor.run(
        "stories",
        "renew",
        story.id,
        "--until",
        until,
        "--channel",
        "web-archive",
        "--reuse-by",
        "harbor",
        typed="y\ny\ny\n",
    )
    assert "may harbor reprint it" in renewed.stderr
    assert "here: web archive" in renewed.stderr
    assert editor.workspace.story_services.story(story.id).consent.reuse_by == {"harbor"}
    editor.run("stories", "send-back", story.id)  # its file says what was given
    withdrawn = editor.run("stories", "withdraw", story.id)
    assert "Tell harbor" in withdrawn.stdout
    assert f"until {until}" in renewed.stdout
    rows = json.loads(editor.run("stories", "log", "--json").stdout)
    assert [event["what"] for event in rows["events"]][-5:-2] == ["narrowed", "opened", "widened"]
    assert {one["note"] for one in rows["events"] if one["what"] == "opened"} == {"Ana"}


def test_doctor_names_a_file_that_allows_more_than_its_storyteller(editor: Editor) -> None:
    def found() -> str:
        findings = examine(editor.workspace, lookup=lambda name: [])
        return next(one.message for one in findings if one.part == "story files")

    _, story = publish(editor.workspace.story_services, _pair(editor))
    assert found() == "no file of 1 allows more than the storyteller did"
    file = editor.workspace.root / story.path
    file.write_text(file.read_text().replace("edits: ", "reuse_by: [harbor]\n  edits: "))
    assert "what the storyteller did not: a reprint by harbor" in found()
    assert story.path in found()


def test_doctor_names_a_yes_that_somebody_wrote_into_a_file(editor: Editor) -> None:
    desk = editor.workspace.story_services
    story = review(desk, take(desk), _pair(editor))
    by_hand = ReadBack(
        sha256=story.form_sha256(language="en", channel=Channel.WEB_ARCHIVE),
        language="en",
        channel=Channel.WEB_ARCHIVE,
        on=TODAY,
        method="phone",
    )
    file = editor.workspace.root / story.path
    file.write_text(document.write(replace(story, read_backs=(by_hand,))))
    findings = examine(editor.workspace, lookup=lambda name: [])
    (found,) = (one for one in findings if one.part == "story files")
    assert found.message == f"{story.path}: the log knows of no such yes of its storyteller"


def test_a_key_written_into_the_file_by_hand_shows_in_the_list_and_in_the_log(
    editor: Editor,
) -> None:
    keys = editor.workspace.root / "stories" / "recipients.txt"
    keys.write_text(f"{keys.read_text()}# Thief\n{new_pair().public}\n")
    assert "'Thief'" in editor.run("keys", "list", code=1).stderr
    assert "'Thief'" in editor.run("stories", "log", "--verify", code=1).stderr


def test_narrowing_at_the_terminal_writes_the_website_again_and_names_other_hosts(
    editor: Editor,
) -> None:
    (editor.workspace.root / "feeds.yaml").write_text(FEEDS)
    _, story = publish(editor.workspace.story_services, _pair(editor))
    elsewhere = editor.workspace.root / "elsewhere"
    assert "Upload: index.html" in editor.run("archive", "--folder", str(elsewhere)).stderr
    editor.run("archive")
    done = editor.run("stories", "narrow", story.id, "--channel", "web-archive")
    assert "another host" in done.stderr
    (elsewhere / ".newsletter-archive").write_text("index.html\nstories/x/en/index.html\n")
    (elsewhere / "stories/x/en").mkdir(parents=True)
    (elsewhere / "stories/x/en/index.html").write_text("old")
    again = editor.run("archive", "--folder", str(elsewhere), "--without", "x").stderr
    assert "Delete there: stories/x/en/index.html" in again
    assert "Upload" not in again


def test_back_and_forth_with_a_storyteller_at_the_terminal(editor: Editor) -> None:
    desk, today = editor.workspace.story_services, editor.workspace.today()
    submitted, story = publish(desk, _pair(editor), today=today)
    contact = editor.run("stories", "contact", story.id).stdout
    assert (NAME in contact, PHONE in contact) == (True, True)
    assert "When and how it is safe: Only after nine at night" in contact
    assert "wait on their page" in editor.run("stories", "send-back", story.id).stderr
    said = editor.run("stories", "write", story.id, typed="Shall we call?\n.\n").stdout
    assert "waits on their page" in said
    assert editor.refused("stories", "write", "nobody", code=2).hint
    opened = open_by_code(desk, submitted.receipt.code)
    assert isinstance(opened, Opened)
    assert [one.text for one in opened.messages] == ["Shall we call?"]
    proof = opened.proposals[0].proposal.proof
    answer_proposal(desk, opened, proof, Says.CHANGE, text="The spring, please.", today=today)
    for place in ("inbox", "list"):
        told_of = editor.run("stories", place).stderr
        assert "1 letter from storytellers" in told_of
        assert "spring" not in told_of
    (letter,) = json.loads(editor.run("stories", "messages", "--json").stdout)
    assert (letter["story"], letter["says"]) == (story.id, "change this")
    assert letter["text"] == "The spring, please."
    assert "0 letters" in editor.run("stories", "messages").stderr
    assert "The spring, please." in editor.run("stories", "messages", story.id, "--all").stdout
    rows = json.loads(editor.run("stories", "log", "--json").stdout)["events"]
    assert [row["note"] for row in rows if row["what"] == "opened"] == ["Ana"] * 4


def _pair(editor: Editor) -> KeyPair:
    secret = unlock(Path(editor.environ["NEWSLETTER_IDENTITY"]), PASSPHRASE)
    return KeyPair(public=public_of(secret), secret=secret)


def test_rotating_says_what_it_cannot_undo(editor: Editor) -> None:
    editor.run("stories", "take", typed=told())
    said = editor.run("keys", "rotate").stdout
    assert "Encrypted 1 submission again" in said
    assert "still open with the old keys" in said
    assert "at least two" in str(editor.refused("keys", "rotate", "--remove", "Ana", code=2))


def test_refusing_and_purging(editor: Editor) -> None:
    editor.run("stories", "take", typed=told())
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    editor.run("stories", "refuse", waiting["id"])
    assert json.loads(editor.run("stories", "inbox", "--json").stdout) == []
    assert json.loads(editor.run("stories", "purge", "--json").stdout) == {
        "erased": [],
        "withdrawn_again": [],
        "files": [],
    }


def test_an_unreadable_story_is_listed_with_its_line(editor: Editor) -> None:
    (editor.workspace.root / "stories" / "broken123.md").write_text("---\nid: broken123\n---\n")
    result = editor.run("stories", "list", code=1)
    assert "stories/broken123.md:2" in result.stderr


def test_a_picture_is_shown_from_memory_at_an_address_nobody_guesses() -> None:
    with shown_locally(b"\x89PNG", "image/png") as address:
        with urlopen(address) as answer:
            assert answer.read() == b"\x89PNG"
            assert answer.headers["Cache-Control"] == "no-store"
        with pytest.raises(OSError, match="404"):
            urlopen(address.rsplit("/", 1)[0] + "/other")
    with pytest.raises(OSError, match="refused"):
        urlopen(address)


def test_a_browser_that_connects_ahead_and_says_nothing_holds_nobody_up() -> None:
    with ExitStack() as ahead, shown_locally(b"\x89PNG", "image/png") as address:
        place = urlsplit(address)
        ahead.enter_context(socket.create_connection((place.hostname, place.port)))
        with urlopen(address, timeout=PATIENCE) as answer:
            assert answer.read() == b"\x89PNG"
