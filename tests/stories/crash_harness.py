"""Runs each command about stories in a child of its own, and looks at the disk at every write.

Before each write the child waits until this process has looked: what it finds is what a kill at
that moment would leave, for no end of a process but its own code changes a file. `crash` says that
the command is also ended early: killed once, to hold that, and with a full disk at every fourth
write, which it may handle.

A process of its own, for it forks. Reads a JSON plan on stdin, {root, secrets, steps}, and prints a
JSON report: for each run and each look, at which write it was, how it ended, what it said, and
which secrets were found on disk.
"""

import importlib
import io
import json
import os
import pkgutil
import re
import shutil
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

import newsletter
from newsletter.cli.main import main
from newsletter.store.schema import load_tables
from newsletter.stories.taking.steps import LAST
from tests.stories.quick_seal import seal_quickly
from tests.web.telling import press

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
KILLED, RAISED, SEEN = "killed", "raised", "seen"
WHOLE = -1  # in place of the write at which a run ended


class Steps:
    """Counts what touches the disk below a folder, with a call before each; ends the process at the
    chosen count."""

    def __init__(
        self, folder: str, last: int, how: str, before: Callable[[], object] = lambda: None
    ) -> None:
        self.count = 0
        self._before = before
        self._folder = folder
        self._last = last
        self._how = how
        sys.addaudithook(self._audit)
        event.listen(Engine, "before_cursor_execute", self._sql)
        event.listen(Engine, "commit", lambda _connection: self._step())

    def _audit(self, name: str, arguments: tuple[Any, ...]) -> None:
        if name == "open":
            path, _, flags = arguments
            if isinstance(flags, int) and flags & WRITING and self._is_ours(path):
                self._step()
        elif name in ("os.rename", "os.remove", "os.mkdir") and self._is_ours(arguments[0]):
            self._step()

    def _sql(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            self._step()

    def _is_ours(self, path: object) -> bool:
        return isinstance(path, str | Path) and str(path).startswith(self._folder)

    def _step(self) -> None:
        self.count += 1
        self._before()
        if self.count == self._last:
            if self._how == KILLED:
                os.kill(os.getpid(), signal.SIGKILL)
            raise OSError(28, "No space left on device")


def run(
    step: dict[str, Any], folder: Path, last: int, how: str, look: Callable[[], object]
) -> dict[str, Any]:
    """One command in a child, with a look before each of its writes: how it ended, what it said."""
    writing, answer = socket.socketpair()
    said = folder.parent / "said.txt"
    child = os.fork()
    if child == 0:
        writing.close()
        with said.open("w") as out:
            os.dup2(out.fileno(), 1)
            os.dup2(out.fileno(), 2)
        sys.stdin = io.StringIO(step.get("stdin", ""))
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        Steps(str(folder), last, how, lambda: answer.send(b"?") and answer.recv(1))
        code = 0
        try:
            perform(step)
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        except BaseException:
            traceback.print_exc()
            code = 99
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    answer.close()
    with writing:
        while writing.recv(1):
            look()
            writing.send(b"!")
    _, status = os.waitpid(child, 0)
    return {
        "step": step["name"],
        "at": last,
        "how": how,
        "code": os.waitstatus_to_exitcode(status),
        "said": said.read_text(errors="replace"),
    }


def perform(step: dict[str, Any]) -> None:
    if "args" in step:
        main(step["args"])
    elif "edit" in step:
        path = Path(os.environ["NEWSLETTER_WORKSPACE"], step["edit"])
        path.write_text(re.sub(step["old"], step["new"], path.read_text(), flags=re.MULTILINE))
    else:
        web(step["post"], step["data"])


def web(path: str, data: dict[str, str]) -> None:
    """The same form through the app itself, as a browser sends it."""
    from newsletter.config import load
    from newsletter.web.app import create_app
    from newsletter.wiring import Workspace

    root = Path(os.environ["NEWSLETTER_WORKSPACE"])
    app = create_app(Workspace(config=load(root, os.environ)))
    client = app.test_client()
    client.environ_base["wsgi.url_scheme"] = "https"
    page = press(client, client.get(path), "next")
    answer = press(client, page, "next", **data, step=str(LAST))  # all answers at once
    if answer.status_code >= 400:
        raise SystemExit(answer.status_code - 300)
    found = re.search(r'class="code"[^>]*>([^<]+)<', answer.text)
    sys.stdout.write(f"code: {found[1]}\n" if found else "")


def import_all() -> None:
    """Import the program once, in the parent: each child starts quickly, and its own opens are
    what counts."""
    for module in pkgutil.walk_packages(newsletter.__path__, "newsletter."):
        if "migrations" not in module.name and not module.name.endswith("__main__"):
            importlib.import_module(module.name)


def found_on_disk(folder: Path, secrets: list[str]) -> list[str]:
    """The secrets that stand in any file, in small letters or not, as text or as UTF-16."""
    needles = {
        form: secret
        for secret in secrets
        for form in (secret.lower().encode(), secret.lower().encode("utf-16-le"))
    }
    hits = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes().lower()
            hits += [f"{secret} in {path.name}" for form, secret in needles.items() if form in data]
    return hits


def copied(root: Path, to: Path) -> None:
    """`root` as `to` is. Moved away before it is removed: removing may come upon a busy folder."""
    if root.exists():
        aside = root.with_name(f"{root.name}.{os.getpid()}.{time.monotonic_ns()}")
        root.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(to, root)


def each_step(plan: dict[str, Any], report: Callable[[dict[str, Any]], None]) -> None:
    root, kept, after = (Path(plan["root"] + end) for end in ("", ".kept", ".after"))
    for step in plan["steps"]:
        step = filled(step, root)
        copied(kept, root)
        looks: list[list[str]] = []

        def find() -> list[str]:
            return found_on_disk(root, plan["secrets"])

        def look(found: list[list[str]] = looks) -> None:
            found.append(find())

        report({**run(step, root, WHOLE, SEEN, look), "found": find()})
        for at, found in enumerate(looks, 1):
            report({"step": step["name"], "at": at, "how": SEEN, "said": "", "found": found})
        if not step.get("crash"):
            continue
        copied(after, root)
        ends = [(at, RAISED) for at in range(2, len(looks) + 1, 4)]
        for last, how in [*ends, (len(looks) // 2 + 1, KILLED)]:
            copied(root, kept)
            report({**run(step, root, last, how, lambda: None), "found": find()})
        copied(root, after)


def filled(step: dict[str, Any], root: Path) -> dict[str, Any]:
    """The step with the ids that only exist now: {submission} and {story}."""
    import sqlite3

    values = {"story": "", "submission": ""}
    stories = sorted((root / "workspace" / "stories").glob("*.md"))
    values["story"] = stories[-1].stem if stories else ""
    database = root / "workspace" / "newsletter.db"
    if database.exists():
        with sqlite3.connect(database) as connection:
            try:
                row = connection.execute(
                    "SELECT id FROM story_submissions WHERE state = 'waiting' LIMIT 1"
                ).fetchone()
            except sqlite3.OperationalError:
                row = None
        connection.close()
        values["submission"] = row[0] if row else ""
    if "args" in step:
        step = {**step, "args": [part.format(**values) for part in step["args"]]}
    return step


if __name__ == "__main__":
    rows: list[dict[str, Any]] = []
    given = json.load(sys.stdin)
    import_all()
    load_tables()
    seal_quickly()
    each_step(given, rows.append)
    json.dump(rows, sys.stdout)
