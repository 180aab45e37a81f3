"""The commands of docs/backup.md, as they would be typed: on SQLite, then moved to PostgreSQL."""

import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from newsletter.model.subscriber import SuppressionReason
from tests.conftest import ROOT, url_of
from tests.lasting.digests import Digest

TEXT = (ROOT / "docs" / "backup.md").read_text(encoding="utf-8")
SECRET = "a key for tests only, 32 bytes long"


@pytest.mark.usefixtures("processes")
def test_the_guide_can_be_typed(tmp_path: Path, postgres: Engine) -> None:
    postgres.dispose()
    url = url_of(postgres)
    digest = Digest.made(tmp_path)
    blocks = re.findall(r"```console\n(.*?)```", TEXT, re.S)
    assert len(blocks) == 5
    commands = "\n".join(
        block.replace("export NEWSLETTER_SECRET_KEY=…", f'export NEWSLETTER_SECRET_KEY="{SECRET}"')
        .replace("postgresql://newsletter@db.internal/newsletter", f"'{url}'")
        .replace("newsletter restore", "newsletter restore --yes")
        for block in blocks
    )
    home = tmp_path / "home"
    home.mkdir()
    script = f'set -e\nnewsletter() {{ "{sys.executable}" -m newsletter "$@"; }}\n{commands}'
    assert shutil.which("bash")
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=digest.root,
        env={
            **os.environ,
            "HOME": str(home),
            "PYTHONPATH": str(ROOT),
            "NEWSLETTER_STATE": str(digest.state),
            "NEWSLETTER_BACKUP_PASSPHRASE": "walnut ferry cobalt lantern drizzle",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("3 people in all") == 2 or done.stderr.count("3 people in all") == 2
    assert "a key for tests" not in done.stdout + done.stderr
    moved = Digest(home / "restored", digest.state)
    assert "postgresql" in (moved.root / "newsletter.toml").read_text(encoding="utf-8")
    with moved.opened() as workspace:
        assert workspace.engine.dialect.name == "postgresql"
        workspace.subscribers.suppress("bo@example.org", SuppressionReason.LEFT, datetime.now(UTC))
    assert moved.addresses() == {"ana", "cy"}
