"""`newsletter serve`: a real process on a real port."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from newsletter.model.subscriber import Purpose
from newsletter.wiring import Workspace
from tests.container import NO_POWER
from tests.processes import PATIENCE, ROOT, free_ports, started

KEY = "a key for tests only, and of more than 32 characters"


# An address that no other test listens on: nobody takes a port there before the server has it.
HOST = "127.0.77.1"

pytestmark = pytest.mark.usefixtures("processes")


@contextmanager
def serving(root: Path, *options: str, key: str = KEY) -> Iterator[subprocess.Popen[str]]:
    with started(
        [*NO_POWER, sys.executable, "-m", "newsletter", "-w", str(root), "serve", *options],
        env={**os.environ, "NEWSLETTER_SECRET_KEY": key, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield process


def told(process: subprocess.Popen[str]) -> str:
    """What a process that ends by itself said on stderr."""
    return process.communicate(timeout=PATIENCE)[1]


@pytest.fixture
def port() -> int:
    (number,) = free_ports(1, HOST)
    return number


def test_it_serves_until_it_is_told_to_stop(workspace: Workspace, port: int) -> None:
    with serving(workspace.root, "--host", HOST, "--port", str(port)) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Serving https://news.coalition.example")
        with urlopen(f"http://{HOST}:{port}/healthz", timeout=PATIENCE) as answer:
            assert answer.read() == b"ok\n"
            assert "waitress" not in str(answer.headers).lower()
        with urlopen(f"http://{HOST}:{port}/subscribe", timeout=PATIENCE) as answer:
            assert b"Get the newsletter" in answer.read()
        process.send_signal(signal.SIGTERM)
        errors = told(process)
    assert process.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.parametrize("abstract", [False, True])
def test_it_tells_systemd_when_it_can_be_asked(
    workspace: Workspace, port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, abstract: bool
) -> None:
    name = f"@newsletter-{tmp_path.name}-{os.getpid()}" if abstract else f"{tmp_path}/notify"
    monkeypatch.setenv("NOTIFY_SOCKET", name)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name.replace("@", "\0"))
        systemd.settimeout(PATIENCE)
        with serving(workspace.root, "--host", HOST, "--port", str(port)):
            assert systemd.recv(100) == b"READY=1"
            with urlopen(f"http://{HOST}:{port}/healthz", timeout=PATIENCE) as answer:
                assert answer.read() == b"ok\n"


def test_without_its_state_folder_it_does_not_start_and_says_what_to_do(
    workspace: Workspace,
) -> None:
    (workspace.root / "stories").mkdir()
    (workspace.root / "stories" / "a.md").touch()
    shutil.rmtree(workspace.state_folder.path)
    with serving(workspace.root) as process:
        line, hint = told(process).splitlines()
    assert process.returncode == 1
    assert line.startswith("newsletter: the state folder is missing: ")
    assert "newsletter state confirm --by NAME" in hint


@contextmanager
def read_only(*places: Path) -> Iterator[None]:
    for place in places:
        place.chmod(place.stat().st_mode & 0o555)
    yield
    for place in places:
        place.chmod(place.stat().st_mode | 0o200)


def test_where_the_database_can_only_be_read_it_does_not_start(workspace: Workspace) -> None:
    workspace.subscribers.get(0)
    database = workspace.root / "newsletter.db"
    for place in (workspace.root, database):
        with read_only(place), serving(workspace.root) as process:
            errors = told(process)
        assert process.returncode == 1
        assert f"{place} cannot be written: nobody could subscribe or unsubscribe" in errors
        assert "Traceback" not in errors


def test_what_cannot_work_in_folders_that_can_only_be_read_is_said(
    workspace: Workspace, port: int
) -> None:
    stories, outbox = workspace.root / "stories", workspace.root / "outbox"
    stories.mkdir(exist_ok=True)
    outbox.mkdir(exist_ok=True)
    said = ""
    with (
        read_only(stories, outbox),
        serving(workspace.root, "--host", HOST, "--port", str(port)) as process,
    ):
        assert process.stderr is not None
        while "Stop with" not in said:
            said += process.stderr.readline()
    assert "here: stories/ (no story can be told), outbox/ (no mail leaves).\n" in said


def test_many_who_connect_and_say_little_keep_nobody_out(workspace: Workspace, port: int) -> None:
    with (
        serving(workspace.root, "--host", HOST, "--port", str(port)) as process,
        ExitStack() as slow,
    ):
        assert process.stderr is not None
        assert process.stderr.readline()
        for _ in range(200):
            half = slow.enter_context(socket.create_connection((HOST, port)))
            half.sendall(b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na")
        # They are let go after 30 s: who is asked within that time is not kept out.
        with urlopen(f"http://{HOST}:{port}/healthz", timeout=PATIENCE) as answer:
            assert answer.read() == b"ok\n"


@pytest.mark.parametrize("option", [["--host", "not a host"], ["--port", "99999"]])
def test_an_address_that_is_none_is_wrong_usage(workspace: Workspace, option: list[str]) -> None:
    with serving(workspace.root, *option) as process:
        errors = told(process)
    assert process.returncode == 2
    assert "Traceback" not in errors


@pytest.mark.parametrize("key", ["", "short"])
def test_it_does_not_start_without_a_good_key(workspace: Workspace, key: str) -> None:
    with serving(workspace.root, key=key) as process:
        errors = told(process)
    assert "NEWSLETTER_SECRET_KEY" in errors
    assert "Traceback" not in errors


def test_a_proxy_that_is_neither_address_nor_network_is_named(workspace: Workspace) -> None:
    with serving(workspace.root, "--proxy", "127.0.0.1", "--proxy", "localhost") as process:
        line, hint = told(process).splitlines()
    assert process.returncode == 2
    assert line == "newsletter: --proxy: 'localhost' is neither an address nor a network"
    assert "10.0.0.0/8" in hint


def test_counts_are_at_a_port_of_their_own_and_the_log_names_no_visitor_and_no_link(
    workspace: Workspace, port: int
) -> None:
    token, visitor = workspace.links.make(Purpose.LEAVE, 1), "192.0.2.77"
    link = f"/leave/{token}"
    options = ("--host", HOST, "--port", str(port), "--metrics", "0")
    options += ("--proxy", HOST, "--log-level", "debug")
    with serving(workspace.root, *options, key=workspace.secret_keys[0]) as process:
        assert process.stderr is not None
        counting = process.stderr.readline().split()[-1]
        for said in ("Serving", "Stop"):
            assert process.stderr.readline().startswith(said)
        assert counting.startswith("http://127.0.0.1:")
        with urlopen(counting, timeout=PATIENCE) as answer:
            assert b"newsletter_database_up 1\n" in answer.read()
        for forwarded in ({}, {"X-Forwarded-For": visitor}):
            with suppress(HTTPError):
                urlopen(Request(f"http://{HOST}:{port}{link}", headers=forwarded))
            with socket.create_connection((HOST, port), source_address=(HOST, 0)) as leaves:
                leaves.sendall(f"GET {link} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for path in workspace.root.glob("newsletter.db*"):
            with path.open("r+b") as file:  # cut short, its index would end a program that reads it
                file.write(b"\xff" * path.stat().st_size)
        with pytest.raises(HTTPError, match=r"50[03]"):
            urlopen(f"http://{HOST}:{port}{link}")
        process.send_signal(signal.SIGTERM)
        errors = told(process)
    assert process.returncode == 0
    lines = errors.splitlines()
    assert sum("all visitors share one limit" in line for line in lines) == 1
    for line in lines:
        assert re.match(r"\d{4}-\d\d-\d\dT[0-9:]{8}Z (debug|info|warning|error) ", line), line
    assert any("leaving.leaving failed" in line for line in lines)
    assert not [word for word in (token, visitor, HOST, "Traceback") if word in errors]


def test_a_port_that_is_taken_is_named(workspace: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with serving(workspace.root, "--port", str(port)) as process:
            errors = told(process)
    assert process.returncode == 3
    assert f"cannot listen on 127.0.0.1:{port}" in errors
