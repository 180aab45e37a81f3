"""The demo's week, run for real: what went to the outbox, the archive, and the pages behind it."""

import email
import email.policy
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.check_email.finding import Finding, counted
from tools.check_email.letters import Letter

COALITION = "Lantern Coalition"  # who has another name in From writes discreetly
ONE_CLICK = b"List-Unsubscribe=One-Click"  # RFC 8058


@dataclass(frozen=True, kw_only=True)
class Week:
    """The demo's workspace after its week. `messages` is one reader's message a language, and one
    discreet copy a language."""

    folder: Path
    secret_key: str
    messages: tuple[Path, ...]


def run_week(folder: Path) -> Week:
    """`newsletter demo` and `newsletter archive` in a new folder."""
    said = _newsletter(["demo", str(folder)], where=folder.parent, key="")
    key = re.search(r"NEWSLETTER_SECRET_KEY=(\S+)", said)
    assert key is not None
    _newsletter(["archive"], where=folder, key=key[1])
    found: dict[str, Path] = {}
    for path in sorted((folder / "outbox" / "new").iterdir()):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        part = message.get_body(("html",))
        language = part.get_content().partition('lang="')[2].partition('"')[0] if part else ""
        sender = str(message["From"].addresses[0].display_name)
        kind = "demo" if sender == COALITION else "discreet"
        found.setdefault(f"{kind}-{language}", path)
    messages = []
    for name, path in sorted(found.items()):
        eml = folder.parent / f"{name}.eml"
        eml.write_bytes(path.read_bytes())
        messages.append(eml)
    return Week(folder=folder, secret_key=key[1], messages=tuple(messages))


@contextmanager
def serving(week: Week) -> Iterator[str]:
    """`newsletter serve` on a free port; its address, no final slash."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "newsletter", "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, cwd=week.folder, env=_environment(week.secret_key), stderr=subprocess.DEVNULL
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/archive/")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def leaving_findings(letters: list[Letter], address: str) -> Iterator[Finding]:
    """7: asking for the page of a message's own link changes nothing; one POST leaves."""
    for letter in letters:
        link = str(letter.message["List-Unsubscribe"]).strip("<>")
        page = address + re.sub(r"^https?://[^/]+", "", link)
        faults = []
        _ask(page)
        if "<form" not in _ask(page):
            faults.append("a GET leaves")
        _ask(page, ONE_CLICK)
        if "<form" in _ask(page):
            faults.append("a POST does not leave")
        yield counted(letter.name, "7", "GET leaves, POST does not", faults)


def _ask(url: str, data: bytes | None = None) -> str:
    with urllib.request.urlopen(url, data=data, timeout=30) as answer:
        return str(answer.read().decode())


def _wait_for(url: str) -> None:
    for _ in range(120):
        try:
            _ask(url)
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise SystemExit("newsletter serve did not start")


def _newsletter(words: list[str], *, where: Path, key: str) -> str:
    command = [sys.executable, "-m", "newsletter", *words]
    run = subprocess.run(
        command, cwd=where, env=_environment(key), capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise SystemExit(f"newsletter {words[0]} ended with {run.returncode}\n{run.stderr}")
    return run.stdout


def _environment(key: str) -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": root, "NEWSLETTER_SECRET_KEY": key}
