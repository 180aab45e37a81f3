"""The app for somebody's own WSGI server."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.usefixtures("processes")
def test_a_wrong_installation_is_a_line_and_a_hint_there_too(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import newsletter.web.wsgi"],
        env=os.environ | {"NEWSLETTER_WORKSPACE": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "there is no newsletter.toml" in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
