"""Whether another process of this machine still runs."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter.store.processes import is_gone, this_process
from tests.processes import until


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs Linux")
def test_one_that_was_killed_is_gone_also_before_anybody_asked_for_its_exit_code() -> None:
    """In a container whose first process asks for none, its number stays for ever."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        began = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[19]
        known = replace(this_process(), pid=process.pid, started=began)
        assert is_gone(known) is False
        process.kill()
        until(lambda: is_gone(known) is True)
        assert process.returncode is None


def test_this_one_runs_and_one_elsewhere_cannot_be_seen() -> None:
    assert is_gone(this_process()) is False
    assert is_gone(replace(this_process(), started="before")) is True
    assert is_gone(replace(this_process(), host="elsewhere")) is None
