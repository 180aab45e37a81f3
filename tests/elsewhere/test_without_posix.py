"""What the program does where there is no POSIX: as far as Linux can be made like Windows.

`make elsewhere` runs the whole quick tier so; here is a part of it, of each kind that differs.
"""

import ast
import os
import subprocess
import sys

import pytest

from tests.processes import PATIENCE, ROOT

pytestmark = pytest.mark.usefixtures("processes")
GONE = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "syslog", "readline", "curses"}
HERE = ROOT / "tests" / "elsewhere"
LIKE_WINDOWS = {
    **os.environ,
    "PYTHONPATH": os.pathsep.join((str(HERE), str(ROOT))),
    "PYTEST_ADDOPTS": "",
    "REQUIRE_ALL": "",  # what needs POSIX is left out
}
# Files and locks, processes that read feeds, settings, a workspace, a database, mail that leaves.
PART = (
    "tests/test_files.py",
    "tests/config/test_reader.py",
    "tests/pulling/parse/test_pool.py::test_answers_come_back_to_those_who_asked",
    "tests/pulling/parse/test_pool.py::test_large_jobs_and_answers_pass",
    "tests/cli/test_init.py::test_doctor_says_when_the_state_folder_was_lost_or_others_read_it",
    "tests/cli/test_send_verbs.py::test_a_send_from_the_dry_run_to_the_report",
)


def python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=LIKE_WINDOWS,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_a_part_of_the_quick_tier_passes_without_posix() -> None:
    soft = "ignore:only soft file lock:UserWarning"
    python("-m", "pytest", "-p", "no:xdist", "-p", "no:cacheprovider", "-W", soft, *PART)


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("import fcntl", "this is no POSIX"),
        ("import os; os.open('/tmp', os.O_RDONLY)", "a folder cannot be opened"),
        ("import os; os.kill(os.getpid(), 0)", "sends a Ctrl-C"),
        ("import signal; signal.setitimer", "no attribute"),
    ],
)
def test_what_stands_in_for_windows_is_like_it(code: str, error: str) -> None:
    with pytest.raises(AssertionError, match=error):
        python("-c", code)


def test_what_only_posix_has_is_imported_in_one_place() -> None:
    """And `readline` where terminals cut long lines, if it is there."""
    importing = {
        (str(path.relative_to(ROOT)), name.name.partition(".")[0])
        for path in (ROOT / "newsletter").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (node.names if isinstance(node, ast.Import) else [ast.alias(node.module or "")])
    }
    assert {(path, name) for path, name in importing if name in GONE} == {
        ("newsletter/system.py", "fcntl"),
        ("newsletter/system.py", "resource"),
        ("newsletter/cli/story_input.py", "readline"),
    }
