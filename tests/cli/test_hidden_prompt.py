"""A passphrase that nobody can type: one line that says what to set, as a cron job needs it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.stories.keys.identity import new_pair, save
from tests.conftest import ENVIRONMENT, NEWSLETTER_TOML, ROOT
from tests.stories.quick_seal import seal_quickly

WORDS = "walnut ferry cobalt lantern drizzle"


@pytest.mark.parametrize(
    ("command", "variable"),
    [
        (["backup", "b", "--passphrase"], "NEWSLETTER_BACKUP_PASSPHRASE"),
        (["keys", "test", "--identity", "ana.age"], "NEWSLETTER_PASSPHRASE"),
    ],
)
def test_without_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], variable: str
) -> None:
    (tmp_path / "newsletter.toml").write_text(NEWSLETTER_TOML, encoding="utf-8")
    (tmp_path / "feeds.yaml").write_text("organisations: []\n", encoding="utf-8")
    seal_quickly(monkeypatch.setattr)
    save(tmp_path / "ana.age", new_pair().secret, WORDS)
    environ = {name: value for name, value in os.environ.items() if "PASSPHRASE" not in name}
    done = subprocess.run(
        [sys.executable, "-m", "newsletter", *command],
        cwd=tmp_path,
        env={**environ, **ENVIRONMENT, "NEWSLETTER_STATE": str(tmp_path.parent / "state"),
             "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,  # getpass asks the terminal of the session, where there is one
    )  # fmt: skip
    assert done.returncode == 2
    assert "nobody can type a passphrase here (no terminal)" in done.stderr
    assert f"set {variable}" in done.stderr
    assert "Warning" not in done.stderr
    assert "Aborted" not in done.stderr
    assert not (tmp_path / "b").exists()
