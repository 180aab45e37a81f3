"""`newsletter stories take`, `import` and `notice`: nothing is lost, and the record is true."""

import email
import email.policy
import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter.config import load
from newsletter.errors import AttentionError, NewsletterError
from newsletter.model.consent import Channel, Consent, Denied
from newsletter.model.submission import EventKind
from newsletter.stories.keys.identity import new_pair, unlock
from newsletter.stories.record.pictures import PictureError
from newsletter.stories.reviewing.replacing import Choice
from newsletter.stories.reviewing.review_story import (
    OpenedSubmission,
    make_publishable,
    open_submission,
)
from newsletter.stories.taking.unfinished import Interview, UnfinishedInterviews
from newsletter.wiring import Workspace
from tests.cli.test_stories import PASSPHRASE, Editor, editor, told
from tests.processes import PATIENCE
from tests.stories.making import ANSWERS, NAME, PHONE, TEXT, TODAY, decided, picture

__all__ = ["editor"]

SPANISH = (
    "Llegamos a la puerta a las cuatro de la mañana y nadie vino a abrirnos. Esperamos todo el "
    "día, y al final nos pagaron cada hora que nos debían."
)


def state(editor: Editor) -> Path:
    """Where the commands keep the state of this workspace."""
    workspace = Workspace(config=load(editor.workspace.root, os.environ))
    return workspace.state_folder.path


def unfinished(editor: Editor) -> UnfinishedInterviews:
    return UnfinishedInterviews(state(editor))


def secret(editor: Editor) -> str:
    return unlock(Path(editor.environ["NEWSLETTER_IDENTITY"]), PASSPHRASE)


def kept(editor: Editor) -> Interview:
    (wanted,) = unfinished(editor).ids()
    return unfinished(editor).open(wanted, secret(editor))


def in_clear(*folders: Path) -> list[str]:
    words = [word.encode() for word in (*NAME.split(), PHONE, "cleaned offices", "night shift")]
    return [
        str(path)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in words)
    ]


def reopened(editor: Editor) -> OpenedSubmission:
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    services = editor.workspace.story_services
    return open_submission(services, waiting["id"], secret(editor), today=TODAY)


def consent(editor: Editor) -> Consent:
    return editor.workspace.story_services.store.all()[-1].consent


def mail(text: str = SPANISH) -> bytes:
    message = EmailMessage()
    message["From"] = "Marisol <marisol@mail.example>"
    message.set_content(text)
    return message.as_bytes()


ANSWERED = "A title\ny\nn\nn\nn\nn\ny\ny\nanonymous\nshorten\n12\nn\n\n\nnone\ny\ny\n"


def test_a_refused_answer_is_asked_again_and_no_other_one_is_lost(editor: Editor) -> None:
    typed = told().replace("The night shift", "x" * 130 + "\nThe night shift", 1)
    typed = typed.replace("\npseudonym\nMarisol\n", "\npseudonym\n\nMarisol\n", 1)
    out = editor.run("stories", "take", typed=typed).output
    assert "130 of 120 characters" in out
    assert "which name we may print" in out
    assert "Your code:" in out
    assert unfinished(editor).ids() == ()


def test_a_quoted_address_in_angle_brackets_is_no_fault(editor: Editor) -> None:
    quoted = f"{TEXT} On Monday Ana <ana@x.example> wrote: <b>come</b>"
    editor.run("stories", "take", typed=told().replace(TEXT, quoted))
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    opened = open_submission(
        editor.workspace.story_services, waiting["id"], secret(editor), today=TODAY
    )
    assert opened.identifying.text == quoted


def test_keys_and_picture_are_looked_at_before_the_first_question(
    editor: Editor, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    refused = editor.refused("stories", "take", "--picture", str(bad), typed="", code=1)
    assert isinstance(refused, PictureError)
    (editor.workspace.root / "stories" / "recipients.txt").unlink()
    refused = editor.refused("stories", "take", typed="", code=2)
    assert "at least two keys" in str(refused)


@pytest.mark.parametrize("answers", [2, 4, 8, 20])
def test_an_interview_that_ends_early_is_kept_sealed_and_gone_on_with(
    editor: Editor, answers: int
) -> None:
    typed = told().split("\n")
    stopped = editor.refused("stories", "take", typed="\n".join([*typed[:answers], ""]), code=1)
    assert "kept, sealed" in str(stopped)
    assert in_clear(editor.workspace.root, state(editor)) == []
    (wanted,) = unfinished(editor).ids()
    again = typed[max(answers, 2) :]
    out = editor.run("stories", "take", "--resume", wanted, typed="\n".join(again)).output
    assert "Your code:" in out
    assert unfinished(editor).ids() == ()
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    opened = open_submission(
        editor.workspace.story_services, waiting["id"], secret(editor), today=TODAY
    )
    assert opened.identifying.text == TEXT
    assert opened.identifying.contact == PHONE


def test_an_unfinished_story_can_be_deleted_and_is_after_two_weeks(editor: Editor) -> None:
    editor.refused("stories", "take", typed="\n".join(told().split("\n")[:4]), code=1)
    (wanted,) = unfinished(editor).ids()
    editor.run("stories", "take", "--forget", wanted)
    assert unfinished(editor).ids() == ()
    assert "no unfinished story" in str(
        editor.refused("stories", "take", "--forget", wanted, code=2)
    )
    editor.refused("stories", "take", typed="\n".join(told().split("\n")[:4]), code=1)
    today = editor.workspace.today()
    assert unfinished(editor).purge(today + timedelta(days=14)) == 0
    assert unfinished(editor).purge(today + timedelta(days=15)) == 1


def test_a_removed_key_opens_no_unfinished_story(editor: Editor) -> None:
    bo = new_pair()
    editor.run("keys", "add", bo.public, "--name", "Bo")
    editor.refused("stories", "take", typed="\n".join(told().split("\n")[:4]), code=1)
    (wanted,) = unfinished(editor).ids()
    before = unfinished(editor).open(wanted, bo.secret)
    editor.run("keys", "rotate", "--remove", "Bo")
    with pytest.raises(AttentionError, match="does not open"):
        unfinished(editor).open(wanted, bo.secret)
    assert unfinished(editor).open(wanted, secret(editor)) == before


def test_nothing_is_kept_when_they_do_not_want_to_begin(editor: Editor) -> None:
    editor.run("stories", "take", typed="n\n", code=1)
    assert unfinished(editor).ids() == ()


def test_a_disk_that_takes_nothing_is_said_and_the_story_is_taken_all_the_same(
    editor: Editor,
) -> None:
    state(editor).mkdir(parents=True, exist_ok=True)
    (state(editor) / "unfinished").write_text("in the way")
    out = editor.run("stories", "take", typed=told()).output
    assert "in memory only" in out
    assert "Your code:" in out


def test_a_database_that_is_away_at_the_end_loses_nothing(editor: Editor) -> None:
    settings = editor.workspace.root / "newsletter.toml"
    usual = settings.read_text()
    settings.write_text(usual + '[database]\nurl = "postgresql://nobody@127.0.0.1:1/none"\n')
    stopped = editor.refused("stories", "take", typed=told() + "\ny\nn\n", code=1)
    assert "kept, sealed" in str(stopped)
    assert kept(editor).answers["text"] == TEXT


@pytest.mark.usefixtures("processes")
def test_a_line_longer_than_terminals_take_and_a_kill_lose_nothing(
    editor: Editor, tmp_path: Path
) -> None:
    line = "We waited there. " * 400
    environ = {**os.environ, **editor.environ, "TERM": "dumb", "PYTHONPATH": str(Path.cwd())}
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "newsletter", "-w", str(editor.workspace.root)]
    with subprocess.Popen(
        [*command, "stories", "take"], stdin=follower, stdout=follower, stderr=follower, env=environ
    ) as process:
        os.close(follower)
        _until(leader, b"continue?")
        os.write(leader, b"y\n")
        _until(leader, b"only a period.)")
        typed = line.encode() + b"\n"
        while typed:
            typed = typed[os.write(leader, typed[:512]) :]
            _drain(leader)
        deadline = time.monotonic() + PATIENCE
        while not unfinished(editor).ids() or not kept(editor).begun:
            _drain(leader)
            assert time.monotonic() < deadline
        process.send_signal(signal.SIGKILL)
    os.close(leader)
    assert kept(editor).begun == line.rstrip() + line[len(line.rstrip()) :]
    assert in_clear(editor.workspace.root, state(editor)) == []


def _until(leader: int, wanted: bytes) -> None:
    seen = b""
    while wanted not in seen:
        assert select.select([leader], [], [], PATIENCE)[0]
        seen += os.read(leader, 65536)


def _drain(leader: int) -> None:
    while select.select([leader], [], [], 0.02)[0]:
        os.read(leader, 65536)


def test_of_a_story_that_is_too_long_only_the_last_line_is_told_again(editor: Editor) -> None:
    lines = "\n".join([TEXT, "x" * 19_900, "The end."])
    out = editor.run("stories", "take", typed=told().replace(TEXT, lines, 1)).output
    assert f"NOT taken: with this line it has {len(TEXT) + 19_901} of 20000 characters" in out
    assert reopened(editor).identifying.text == f"{TEXT}\nThe end."


def test_a_mailed_story_says_how_the_notice_was_shown_and_in_which_language(
    editor: Editor, tmp_path: Path
) -> None:
    (tmp_path / "mail.eml").write_bytes(mail())
    editor.run(
        "stories", "import", str(tmp_path / "mail.eml"), "--notice-language", "es",
        typed=f"\nsent\n2020-01-31\n{ANSWERED}",
    )  # fmt: skip
    given = consent(editor)
    assert (given.notice_shown, given.notice_language, given.method) == ("sent", "es", "email")
    assert str(given.notice_shown_on) == "2020-01-31"
    assert given.notice_sha256 == editor.workspace.story_services.notice("es").sha256
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    opened = open_submission(
        editor.workspace.story_services, waiting["id"], secret(editor), today=TODAY
    )
    assert opened.identifying.language == "es"


def test_a_story_in_another_language_than_the_questions_is_asked_about(
    editor: Editor, tmp_path: Path
) -> None:
    (tmp_path / "mail.eml").write_bytes(mail())
    out = editor.run(
        "stories", "import", str(tmp_path / "mail.eml"), typed=f"\nsent\n\n\n{ANSWERED}"
    ).output
    assert "reads as Spanish" in out
    assert "Quién" in out, "the notice that was shown is the one in their language"
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    opened = open_submission(
        editor.workspace.story_services, waiting["id"], secret(editor), today=TODAY
    )
    assert opened.identifying.language == "es"
    assert consent(editor).notice_language == "es"


def test_a_mailed_story_in_a_language_nobody_guesses_is_asked_about(
    editor: Editor, tmp_path: Path
) -> None:
    (tmp_path / "mail.eml").write_bytes(mail("Hm. Hm hm."))
    editor.run(
        "stories", "import", str(tmp_path / "mail.eml"), typed=f"mam\nsent\nes\n\n{ANSWERED}"
    )
    assert reopened(editor).identifying.language == "mam"
    assert consent(editor).notice_language == "es"


def test_a_file_that_is_not_utf_8_is_named(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "story.md").write_bytes("---\ntitle: x\n---\nEsperé".encode("latin-1"))
    refused = editor.refused("stories", "import", str(tmp_path / "story.md"), code=2)
    assert "story.md: not UTF-8" in str(refused)


def test_a_mail_without_words_is_told_and_what_is_not_taken_of_it_is_named_before_it_is_deleted(
    editor: Editor, tmp_path: Path
) -> None:
    message = email.message_from_bytes(mail(), policy=email.policy.default)
    message.set_content("")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="letter.pdf")
    (tmp_path / "mail.eml").write_bytes(message.as_bytes())
    words = "Esperamos cuatro horas en la cocina y después nos pagaron todo."
    out = editor.run(
        "stories", "import", str(tmp_path / "mail.eml"),
        typed=f"sent\nen\n\n{words}\n.\n{ANSWERED}\n",
    ).output  # fmt: skip
    assert out.index("NOT taken from this mail: letter.pdf") < out.index("delete the original")
    assert reopened(editor).identifying.text == words
    assert reopened(editor).identifying.language == "es"


def test_a_files_notice_is_in_the_storys_language_unless_it_says_another(
    editor: Editor, tmp_path: Path
) -> None:
    front = "".join(f'{key}: "{value}"\n' for key, value in ANSWERS.items() if key != "text")
    path = tmp_path / "in.md"
    for number, language in enumerate(("", "language: es\n")):
        said = f"notice_shown: read aloud\n{language}"
        path.write_text(f"---\n{front}{said}---\n\n{SPANISH} {number}\n")
        editor.run("stories", "import", str(path))
        assert {one.consent.notice_language for one in editor.workspace.story_store.all()} == {"es"}


def test_a_picture_that_is_not_kept_is_asked_for_again(editor: Editor, tmp_path: Path) -> None:
    (tmp_path / "hands.png").write_bytes(picture())
    stopped = editor.refused(
        "stories", "take", "--picture", str(tmp_path / "hands.png"), typed=f"y\n{TEXT}\n.\n", code=1
    )
    assert isinstance(stopped, NewsletterError)
    assert "--picture FILE" in stopped.hint
    (wanted,) = unfinished(editor).ids()
    assert (
        "Go on without it?"
        in editor.run("stories", "take", "--resume", wanted, typed="n\n", code=1).output
    )
    assert unfinished(editor).ids() == (wanted,)


def test_a_consent_without_a_notice_is_none_until_it_was_shown(
    editor: Editor, tmp_path: Path
) -> None:
    (tmp_path / "mail.eml").write_bytes(mail())
    arguments = ("--language", "es")
    out = editor.run(
        "stories", "import", str(tmp_path / "mail.eml"), *arguments, typed=f"no\n{ANSWERED}"
    ).output
    (waiting,) = json.loads(editor.run("stories", "inbox", "--json").stdout)
    assert f"newsletter stories notice {waiting['id']}" in out
    given = consent(editor)
    assert (given.notice_id, given.notice_sha256, given.notice_language) == ("", "", "")
    services = editor.workspace.story_services
    assert EventKind.GIVEN not in [event.kind for event in services.store.events()]
    opened = reopened(editor)
    story = make_publishable(services, opened, decided(opened.session(), Choice.REMOVE))
    today = editor.workspace.today()
    how = {"channel": Channel.EMAIL_EXCERPT, "language": "es", "on": today}
    answer = services.story(story.id).consent.answer(**how)
    assert isinstance(answer, Denied)
    assert "notice" in answer.reason
    assert "notice" in str(editor.refused("stories", "send-back", story.id, code=1))
    editor.run("stories", "notice", story.id, "--language", "es", typed="y\n")
    informed = services.story(story.id).consent
    assert not isinstance(informed.answer(**how), Denied)
    assert (informed.notice_shown, informed.notice_language) == ("read aloud", "es")
    assert consent(editor).notice_id
    assert services.store.events()[-1].kind is EventKind.GIVEN
    assert "already" in str(editor.refused("stories", "notice", story.id, typed="y\n", code=1))


def test_a_file_says_how_the_notice_was_shown_or_it_was_not(editor: Editor, tmp_path: Path) -> None:
    front = "".join(f'{key}: "{value}"\n' for key, value in ANSWERS.items() if key != "text")
    path = tmp_path / "in.md"
    path.write_text(f"---\n{front}---\n\n{TEXT}\n")
    assert "do not know the consent notice" in editor.run("stories", "import", str(path)).output
    assert not consent(editor).was_informed
    said = "notice_shown: on paper\nnotice_shown_on: 2020-01-31\nform_language: es\n"
    path.write_text(f"---\n{front}{said}---\n\nOne more. {SPANISH} {TEXT}\n")
    editor.run("stories", "import", str(path), "--language", "en")
    given = next(
        one.consent
        for one in editor.workspace.story_services.store.all()
        if one.consent.notice_shown
    )
    assert (given.notice_shown, str(given.notice_shown_on)) == ("on paper", "2020-01-31")
    assert given.notice_language == "es"
    path.write_text(f"---\n{front}notice_shown: somehow\n---\n\n{TEXT}\n")
    assert "notice_shown" in str(editor.refused("stories", "import", str(path), code=2))


def test_a_mail_that_is_too_long_is_refused_before_the_first_question(
    editor: Editor, tmp_path: Path
) -> None:
    (tmp_path / "mail.eml").write_bytes(mail("We waited. " * 2000))
    refused = editor.refused("stories", "import", str(tmp_path / "mail.eml"), typed="", code=1)
    assert "characters" in str(refused)
