"""`newsletter serve`: a real process on a real port."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from contextlib import ExitStack
from pathlib import Path

import pytest

from newsletter.wiring import Workspace
from tests.conftest import ROOT

KEY = "a key for tests only, and of more than 32 characters"


def started(root: Path, *options: str, key: str = KEY) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "newsletter", "-w", str(root), "serve", *options],
        env={**os.environ, "NEWSLETTER_SECRET_KEY": key, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        number: int = free.getsockname()[1]
    return number


@pytest.mark.slow
def test_it_serves_until_it_is_told_to_stop(workspace: Workspace, port: int) -> None:
    process = started(workspace.root, "--port", str(port))
    assert process.stderr is not None
    try:
        assert process.stderr.readline().startswith("Serving https://news.coalition.example")
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz") as answer:
            assert answer.read() == b"ok\n"
            assert "waitress" not in str(answer.headers).lower()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/subscribe") as answer:
            assert b"Get the newsletter" in answer.read()
    finally:
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in errors


@pytest.mark.slow
def test_many_who_connect_and_say_little_keep_nobody_out(workspace: Workspace, port: int) -> None:
    process = started(workspace.root, "--port", str(port))
    assert process.stderr is not None
    try:
        assert process.stderr.readline()
        with ExitStack() as slow:
            for _ in range(200):
                half = slow.enter_context(socket.create_connection(("127.0.0.1", port)))
                half.sendall(b"POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\na")
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=20) as answer:
                assert answer.read() == b"ok\n"
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)


@pytest.mark.slow
@pytest.mark.parametrize("option", [["--host", "not a host"], ["--port", "99999"]])
def test_an_address_that_is_none_is_wrong_usage(workspace: Workspace, option: list[str]) -> None:
    process = started(workspace.root, *option)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "Traceback" not in errors


@pytest.mark.slow
@pytest.mark.parametrize("key", ["", "short"])
def test_it_does_not_start_without_a_good_key(workspace: Workspace, key: str) -> None:
    _, errors = started(workspace.root, key=key).communicate(timeout=20)
    assert "NEWSLETTER_SECRET_KEY" in errors
    assert "Traceback" not in errors


@pytest.mark.slow
def test_a_port_that_is_taken_is_named(workspace: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = started(workspace.root, "--port", str(port))
        _, errors = process.communicate(timeout=20)
    assert process.returncode == 3
    assert f"cannot listen on 127.0.0.1:{port}" in errors
