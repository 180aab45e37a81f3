"""An editor leaves: each step is asked about, done whole, and not done twice."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from newsletter.cli.main import cli
from newsletter.errors import UsageError
from newsletter.stories.keys.identity import KeyPair, new_pair, save
from newsletter.stories.keys.recipients import Recipient
from newsletter.stories.keys.rotate import add_key
from newsletter.wiring import Workspace
from tests.cli.calling import caller, two_pieces
from tests.conftest import NEWSLETTER_TOML
from tests.stories.making import take

PASSPHRASE = "seven quiet herons crossed our river"
BY_HAND = 5


@pytest.fixture
def pairs(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[KeyPair]:
    """Ana's key, whose file is here, Bo's, and one that lies in a safe; and a story."""
    pairs = [new_pair() for _ in range(3)]
    services = workspace.story_services
    for pair, name in zip(pairs, ("Ana", "Bo", "recovery"), strict=True):
        recipient = Recipient(key=pair.public, name=name)
        add_key(services.files, services.store, recipient, today=workspace.today())
    services.write_checkpoint()
    take(services, today=workspace.today())
    save(tmp_path / "ana.age", pairs[0].secret, PASSPHRASE)
    monkeypatch.setenv("NEWSLETTER_IDENTITY", str(tmp_path / "ana.age"))
    monkeypatch.setenv("NEWSLETTER_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", "a key for tests only, 32 bytes long")
    return pairs


def leave(workspace: Workspace, answers: str, *more: str, name: str = "bo") -> Result:
    arguments = ["-w", str(workspace.root), "editors", "remove", name, *more]
    result = CliRunner().invoke(cli, arguments, input=answers)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    return result


def keys(workspace: Workspace) -> list[str]:
    return [one.name for one in workspace.story_services.recipients()]


def test_bo_leaves_step_by_step_and_a_stop_leaves_nothing_half_done(
    workspace: Workspace, pairs: list[KeyPair]
) -> None:
    first = leave(workspace, "y\n")  # then the terminal is closed
    assert first.exit_code == 1
    assert keys(workspace) == ["Ana", "recovery"]
    settings = workspace.root / "newsletter.toml"
    assert settings.read_text(encoding="utf-8") == NEWSLETTER_TOML
    second = leave(workspace, "y\ny\ny\nn\n" + "y\n" * 3)
    # None of the keys that are left is his; out of the settings; five things by hand.
    assert second.exit_code == 1
    assert second.stdout.count("left to do") == 1
    assert "left to do  secrets: " in second.stdout
    assert '"Bo"' not in settings.read_text(encoding="utf-8")
    third = leave(workspace, "y\ny\n")
    assert third.exit_code == 0, third.output
    assert "NEWSLETTER_SECRET_KEY" in third.stderr
    assert "everything is done" in third.stdout


def test_a_yes_that_was_not_sent_yet_is_void(workspace: Workspace, pairs: list[KeyPair]) -> None:
    two_pieces(workspace)
    run = caller(workspace)
    run("draft")
    run("approve", "--no-links", "--as", "Bo", "--overrule", "a test")
    (issue_id,) = workspace.issues.approved_issues()
    result = leave(workspace, "n\ny\ny\n" + "y\n" * BY_HAND)
    assert f"Bo approved {issue_id}, not sent yet" in result.stderr
    settings = workspace.root / "newsletter.toml"
    assert '"Bo"' not in settings.read_text(encoding="utf-8")
    settings.write_text(NEWSLETTER_TOML, encoding="utf-8")  # he is back, or this is another machine
    with pytest.raises(UsageError, match="no issue is approved yet"):
        run("send", "--yes")
    run("approve", "--no-links", "--as", "Ana", "--overrule", "a test")
    assert run("send", "--dry-run").exit_code in (0, 1)


def test_who_comes_back_and_leaves_again_is_asked_about_again(workspace: Workspace) -> None:
    """What was confirmed once is true until the name is in the settings again."""
    settings = workspace.root / "newsletter.toml"
    before = settings.read_text(encoding="utf-8")
    assert "everything is done" in leave(workspace, "y\n" * 9).stdout
    assert "everything is done" in leave(workspace, "").stdout, "nothing is done twice"
    settings.write_text(before, encoding="utf-8")
    again = leave(workspace, "y\n" * 3 + "n\n" * (BY_HAND - 2))
    assert again.stdout.count("left to do") == BY_HAND - 2
    third = leave(workspace, "y\n" * (BY_HAND - 2))
    assert "everything is done" in third.stdout, third.output


def test_what_the_old_secret_key_still_opens_is_said_with_its_price(workspace: Workspace) -> None:
    said = leave(workspace, "y\n" * 9).stderr
    assert "so do links that Bo makes with it" in said
    assert "state confirm --new-secret-key" in said
    assert "who left until now is not known any more" in said


def test_their_own_key_does_not_take_itself_out(
    workspace: Workspace, pairs: list[KeyPair], tmp_path: Path
) -> None:
    save(tmp_path / "bo.age", pairs[1].secret, PASSPHRASE)
    result = leave(workspace, "y\n" * (2 + BY_HAND), "--identity", str(tmp_path / "bo.age"))
    assert "another editor has to run this" in result.stderr
    assert "Bo" in keys(workspace)
    assert result.exit_code == 1


def test_nobody_is_left_to_approve_is_said_first(workspace: Workspace) -> None:
    toml = NEWSLETTER_TOML.replace('[[editors]]\nname = "Ana"\nlanguages = ["en", "es"]\n', "")
    (workspace.root / "newsletter.toml").write_text(toml, encoding="utf-8")
    result = leave(workspace, "n\n" * (1 + BY_HAND))
    assert "Nobody would be left to approve issues" in result.stderr
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("typed", "hint"), [("Anna", "did you mean Ana?"), ("Xochitl", "known are: Ana, Bo, recovery")]
)
def test_a_name_that_nobody_has_is_told_before_any_question(
    workspace: Workspace, pairs: list[KeyPair], typed: str, hint: str
) -> None:
    arguments = ["-w", str(workspace.root), "editors", "remove", typed]
    result = CliRunner().invoke(cli, arguments, input="y\n" * 9)
    assert isinstance(result.exception, UsageError)
    assert typed in result.exception.message
    assert result.exception.hint == hint
    assert result.output == ""


def test_a_name_known_from_a_key_an_approval_or_a_first_try_alone_is_taken_out(
    workspace: Workspace, pairs: list[KeyPair]
) -> None:
    settings = workspace.root / "newsletter.toml"
    with settings.open("a", encoding="utf-8") as file:
        file.write('\n[[editors]]\nname = "Cleo"\nlanguages = ["en", "es"]\n')
    two_pieces(workspace)
    run = caller(workspace)
    run("draft")
    run("approve", "--no-links", "--as", "Cleo", "--overrule", "a test")
    settings.write_text(NEWSLETTER_TOML, encoding="utf-8")
    for name in ("Recovery", "cleo"):
        assert "is not in [[editors]]" in leave(workspace, "n\n" * (1 + BY_HAND), name=name).stderr
    assert leave(workspace, "n\n" * 9, "--key", "Bo", name="Roberto").stderr.count("Bo") > 0
    assert leave(workspace, "n\ny\ny\n" + "n\n" * BY_HAND).exit_code == 1
    keys_and_settings = leave(workspace, "y\n" * 9)
    assert "everything is done" in keys_and_settings.stdout
    assert "everything is done" in leave(workspace, "y\n").stdout
