"""What is wrong with a workspace is said, each in a line with its mend; what is right is not."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from newsletter.config import Config
from newsletter.doctor.dkim_key import find_or_make_key
from newsletter.doctor.findings import Finding, Status, settings
from newsletter.doctor.key_files import key_files
from newsletter.doctor.sender_domain import NO_SUCH_NAME
from newsletter.doctor.unused import unused_database
from newsletter.doctor.worker import worker
from newsletter.doctor.workspace import _public_pages, examine
from newsletter.errors import ConfigError
from newsletter.model.job import Due
from newsletter.model.witness import Run as SendRun
from newsletter.sending.message.dkim_record import new_key
from newsletter.store.driver_errors import store_error
from newsletter.wiring import Workspace
from tests.cli.calling import FEEDS
from tests.conftest import NEWSLETTER_TOML, ROOT
from tests.container import NO_POWER
from tests.processes import until
from tests.sending.mail_server import mail_server
from tests.stories.making import give_keys

Make = Callable[..., Config]
DKIM = """[transport]
dkim_domain = "coalition.example"
dkim_selector = "digest"
dkim_key_file = "dkim.pem"
"""
POSTGRES = '[database]\nurl = "postgresql://digest@127.0.0.1:1/digest"\n'


@pytest.fixture(scope="module")
def pem() -> bytes:
    return new_key()


def found(config: Config, identity: Path = Path("none"), **environ: str) -> list[Finding]:
    findings = key_files(config, identity, {"PGPASSFILE": "/none", **environ})
    return [finding for finding in findings if finding.status is not Status.FINE]


def test_a_dkim_key_that_is_whole_and_ours_alone_is_fine(make_config: Make, pem: bytes) -> None:
    config = make_config(NEWSLETTER_TOML + DKIM)
    path = config.root / "dkim.pem"
    path.write_bytes(pem)
    path.chmod(0o600)
    assert found(config) == []
    path.chmod(0o644)
    (finding,) = found(config)
    assert f"chmod go-rwx {path}" in finding.hint
    path.write_text("no key")
    assert [finding.status for finding in found(config)] == [Status.MISSING]
    path.unlink()
    (finding,) = found(config)
    assert "No such file" in finding.message
    assert "newsletter doctor dkim" in finding.hint


def test_a_dkim_domain_without_the_rest_or_of_another_domain_is_named(
    make_config: Make, pem: bytes
) -> None:
    (finding,) = found(make_config(NEWSLETTER_TOML + DKIM.replace("dkim_selector", "helo")))
    assert "dkim_selector or dkim_key_file is not set" in finding.message
    config = make_config(NEWSLETTER_TOML + DKIM.replace("coalition.example", "other.example"))
    (config.root / "dkim.pem").write_bytes(pem)
    (config.root / "dkim.pem").chmod(0o600)
    (finding,) = found(config)
    assert "to DMARC it is unsigned" in finding.message


def test_keys_and_passwords_that_others_can_read_are_named(
    make_config: Make, tmp_path: Path
) -> None:
    """PostgreSQL's library passes over a file of passwords that others can read, silently."""
    identity, passwords = tmp_path / "identity.age", tmp_path / "pgpass"
    for path in (identity, passwords):
        path.touch(mode=0o600)
    config = make_config(NEWSLETTER_TOML + POSTGRES)
    assert found(config, identity, PGPASSFILE=str(passwords)) == []
    for path in (identity, passwords):
        path.chmod(0o640)
    parts = [finding.part for finding in found(config, identity, PGPASSFILE=str(passwords))]
    assert parts == ["your private key", "database password"]
    assert [finding.part for finding in found(make_config(), identity)] == ["your private key"]


def test_the_environment_of_the_service_is_not_for_everybody(
    make_config: Make, tmp_path: Path
) -> None:
    service = tmp_path / "newsletter.env"
    service.touch(mode=0o600)
    for mode, expected in ((0o600, []), (0o640, []), (0o644, ["secrets"])):
        service.chmod(mode)
        findings = key_files(make_config(), Path("none"), {}, service=service)
        assert [finding.part for finding in findings] == expected


def test_a_password_in_the_settings_is_named_and_not_repeated(make_config: Make) -> None:
    url = "postgresql://digest:s3cret@127.0.0.1:1/digest"
    config = make_config(f'{NEWSLETTER_TOML}[database]\nurl = "{url}"\n')
    (finding,) = found(config)
    assert "stands in newsletter.toml" in finding.message
    assert "s3cret" not in finding.message + finding.hint
    assert found(config, NEWSLETTER_DATABASE_URL=url) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("news.coalition.example", "is not an address"),
        ("https://news .coalition.example", "is not an address"),
        ("https://coalition.example/news", "more than a host name"),
        ("ftp://news.coalition.example", "is not an address"),
    ],
)
def test_a_web_address_that_is_none_stops_with_its_mend(
    make_config: Make, url: str, said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        make_config(NEWSLETTER_TOML.replace("https://news.coalition.example", url))
    assert "https://news.example.org" in error.value.hint


def test_the_coalitions_own_address_without_a_scheme_is_named(make_config: Make) -> None:
    toml = NEWSLETTER_TOML.replace('url = "https://coalition.example"', 'url = "coalition.example"')
    findings = settings(make_config(toml))
    (finding,) = [finding for finding in findings if finding.part == "coalition"]
    assert '"https://coalition.example"' in finding.hint


def test_a_database_that_nothing_uses_any_more_is_named(make_config: Make) -> None:
    for toml, expected in ((NEWSLETTER_TOML, 0), (NEWSLETTER_TOML + POSTGRES, 1)):
        config = make_config(toml)
        assert unused_database(config) == []
        (config.root / "newsletter.db").touch()
        assert len(unused_database(config)) == expected
        (config.root / "newsletter.db").unlink()


@pytest.mark.parametrize(
    ("reason", "mend"),
    [
        ("connection failed: fe_sendauth: no password supplied", "~/.pgpass"),
        ('connection failed: FATAL:  password authentication failed for user "u"', "~/.pgpass"),
        ('connection failed: FATAL:  database "digest" does not exist', "createdb"),
        ("failed to resolve host 'x': [Errno -2] Name or service not known", "[database] url"),
    ],
)
def test_what_postgresql_says_has_its_mend(reason: str, mend: str) -> None:
    error = store_error(RuntimeError(reason))
    assert mend in error.hint
    assert "Errno" not in error.message


def test_a_real_database_that_wants_a_password_names_the_file_for_it(
    postgres: Engine, make_config: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSFILE", "/none")
    with postgres.connect() as connection:
        hba = Path(connection.exec_driver_sql("SHOW hba_file").scalar_one())
        rules = hba.read_text(encoding="utf-8")
        connection.exec_driver_sql("CREATE ROLE needs_password LOGIN PASSWORD 'secret'")
        connection.commit()
        try:
            hba.write_text(f"local all needs_password scram-sha-256\n{rules}", encoding="utf-8")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            url = postgres.url.set(drivername="postgresql", username="needs_password")
            toml = f'[database]\nurl = "{url.render_as_string(hide_password=False)}"\n'
            workspace = Workspace(config=make_config(NEWSLETTER_TOML + toml))
            finding = wait_for_password(workspace)
        finally:
            hba.write_text(rules, encoding="utf-8")
            connection.exec_driver_sql("SELECT pg_reload_conf()")
            connection.exec_driver_sql("DROP ROLE needs_password")
            connection.commit()
    assert "~/.pgpass" in finding.hint, finding


def wait_for_password(workspace: Workspace) -> Finding:
    """What is said of the database once the server has read its rules again."""
    found: list[Finding] = []

    def is_refused() -> bool:
        found[:] = [f for f in examine(workspace, lookup=lambda _: []) if f.part == "database"]
        return "password" in found[0].message

    until(is_refused)
    return found[0]


def test_a_database_that_is_away_is_waited_for_once(make_config: Make) -> None:
    """Each of the seven questions waited for it again, ten seconds long."""
    workspace = Workspace(config=make_config(NEWSLETTER_TOML + POSTGRES))
    (workspace.root / "feeds.yaml").write_text("organisations: []\n")
    findings = examine(workspace, lookup=lambda _: [])
    away = [finding for finding in findings if "does not work" in finding.message]
    assert [finding.part for finding in away] == ["database"]
    assert not [one for one in findings if "run newsletter doctor" in one.hint]


def test_a_database_that_can_only_be_read_is_not_fine(workspace: Workspace) -> None:
    def found() -> list[str]:
        command = [*NO_POWER, sys.executable, "-m", "newsletter", "-w", str(workspace.root)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [*command, "doctor"], env=environment, capture_output=True, text=True, check=False
        )
        assert "Traceback" not in done.stderr
        return re.findall("(?:ok|MISSING)  database: (.*)", done.stdout)

    database = workspace.root / "newsletter.db"
    assert found() == ["sqlite, tables up to date and as they should be"]
    database.chmod(0o400)
    assert found() == [f"{database} cannot be written by this user"]


def test_what_may_not_be_read_is_a_finding_beside_the_others(
    workspace: Workspace, tmp_path: Path
) -> None:
    """A key in /root, a state folder that root made: named, and the rest is looked at too."""
    folder = workspace.state_folder.make(workspace.root).path
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "x.age").touch()
    command = [*NO_POWER, sys.executable, "-m", "newsletter", "-w", str(workspace.root), "doctor"]
    files = {"NEWSLETTER_IDENTITY": str(closed / "x.age"), "PGPASSFILE": str(closed / "x.age")}
    url = "postgresql://digest@127.0.0.1:1/digest"
    said = []
    for path, more in ((closed, {"NEWSLETTER_DATABASE_URL": url}), (folder, {})):
        path.chmod(0)
        environ = {**os.environ, **files, **more, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
        path.chmod(0o700)
        assert done.returncode == 1, done.stderr
        assert "transport: outbox" in done.stdout, "what comes last"
        said.append(done.stdout)
    assert f"your private key: {closed}/x.age cannot be read: Permission denied" in said[0]
    assert f"database password: {closed}/x.age cannot be read: Permission denied" in said[0]
    assert re.search(f"MISSING  state folder: .*{folder}.*Permission denied", said[1])


def test_an_older_ledger_is_named(workspace: Workspace) -> None:
    assert [f for f in examine(workspace, lookup=lambda _: []) if f.part == "ledger"] == []
    run = SendRun(started=workspace.now(), people=12)
    workspace.witness.note("2026-W47", "host 1", run)
    (finding,) = [f for f in examine(workspace, lookup=lambda _: []) if f.part == "ledger"]
    assert finding.status is Status.MISSING
    assert "at least 12 people" in finding.message


RECORDS = {
    "coalition.example": ["v=spf1 mx -all"],
    "_dmarc.coalition.example": ["v=DMARC1; p=none"],
    "news.coalition.example": [],
}


def test_a_healthy_workspace_has_nothing_wrong(make_config: Make) -> None:
    class Taking:
        """A mail server's inside, that is never handed anything."""

    with mail_server(Taking()) as port:
        smtp = f'kind = "smtp"\nhost = "127.0.0.1"\nsecurity = "none"\nport = {port}\n'
        workspace = Workspace(config=make_config(f"{NEWSLETTER_TOML}{DKIM}{smtp}"))
        key = find_or_make_key(workspace.config, domain="", selector="", file="")
        records = {**RECORDS, key.name: [key.record]}
        (workspace.root / "feeds.yaml").write_text(FEEDS, encoding="utf-8")
        give_keys(workspace.story_services)
        findings = examine(workspace, lookup=lambda name: records.get(name, NO_SUCH_NAME))
    workspace.engine.dispose()
    wrong = [finding for finding in findings if finding.status is not Status.FINE]
    assert {finding.part for finding in wrong} <= {"story languages"}, wrong  # a speaker's yes
    assert "mail server" in {finding.part for finding in findings}


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://[::1]:8000", "http://localhost"])
def test_the_pages_on_this_computer_have_no_domain_to_ask_for(make_config: Make, url: str) -> None:
    toml = NEWSLETTER_TOML.replace("https://news.coalition.example", url)
    workspace = Workspace(config=make_config(toml))
    asked: list[str] = []

    def lookup(name: str) -> list[str]:
        asked.append(name)
        return []

    examine(workspace, lookup=lookup, is_outside=False)
    assert [one.status for one in _public_pages(workspace.config, lookup)] == [Status.LOOK]
    workspace.engine.dispose()
    assert asked == []


def test_a_worker_that_is_seen_no_more_is_named_and_none_where_none_ever_was(
    workspace: Workspace,
) -> None:
    def said() -> dict[str, tuple[Status, str]]:
        return {one.part: (one.status, one.message) for one in worker(workspace)}

    assert said() == {}
    now, minute = workspace.now(), timedelta(minutes=1)
    workspace.job_work.take_tick(now - 3 * minute, every=minute)
    assert said()["worker"][0] is Status.FINE
    with workspace.engine.begin() as connection:
        connection.execute(text("DELETE FROM schedules"))
    workspace.job_work.take_tick(now - timedelta(hours=3), every=minute)
    assert said()["worker"] == (
        Status.LOOK,
        "no worker was seen for 3 hours: nothing runs by itself",
    )
    broken = Due(name="tick", keys=("pull",), due_at=now)
    workspace.job_work.fail(broken, error="feeds.yaml:2: bad id", held=minute)
    assert said()["what runs by itself"] == (
        Status.LOOK,
        "1 failed, the last one pull (what is due of it): feeds.yaml:2: bad id",
    )
