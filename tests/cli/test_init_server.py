"""`newsletter init --server`: units, an environment file, a command and web servers' settings."""

import configparser
import getpass
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from click.testing import CliRunner

from newsletter.cli.main import cli
from newsletter.errors import UsageError
from newsletter.server_files import Server
from tests.cli.test_init import Run
from tests.conftest import ENVIRONMENT

MADE = {
    *("newsletter.service", "newsletter-worker.service"),
    *("newsletter.env", "newsletter", "nginx.conf", "Caddyfile"),
}
EXPOSED = "30"  # tenths: what `systemd-analyze security` says has to stay below


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(tmp_path / "bin" / "newsletter")])
    return lambda *args, **environment: CliRunner().invoke(cli, args, env=environment)


def test_a_new_workspace_and_what_its_server_needs_are_made_at_once(
    run: Run, tmp_path: Path
) -> None:
    result = run("init", "--server", "digest")
    assert result.exit_code == 0, result.output
    folder = tmp_path / "digest" / "server"
    assert {path.name for path in folder.iterdir()} == MADE
    assert (folder / "newsletter.env").stat().st_mode & 0o777 == 0o600
    assert os.access(folder / "newsletter", os.X_OK)
    assert not any(re.search("@[A-Z]+@", path.read_text()) for path in folder.iterdir())
    assert "NEWSLETTER_SECRET_KEY=" in result.stderr
    assert "NEWSLETTER_SECRET_KEY=''" in (folder / "newsletter.env").read_text()
    ignored = (tmp_path / "digest" / ".gitignore").read_text()
    assert "/server/*.env" in ignored


def test_a_workspace_that_is_there_gets_them_for_its_own_host_and_nothing_is_overwritten(
    run: Run, tmp_path: Path
) -> None:
    run("init")
    settings = tmp_path / "newsletter.toml"
    text = settings.read_text().replace('[web]\nurl = ""', '[web]\nurl = "https://news.a.example"')
    settings.write_text(text)
    server = tmp_path / "server"
    server.mkdir()
    (server / "nginx.conf").write_text("mine")
    result = run("init", "--server")
    assert result.exit_code == 0, result.output
    assert "Left server/nginx.conf as it is" in result.stdout
    assert "SECRET_KEY" not in result.stderr, "it has a key"
    assert (server / "nginx.conf").read_text() == "mine"
    assert "news.a.example {" in (server / "Caddyfile").read_text()
    assert settings.read_text() == text
    assert run("init").exit_code != 0, "without --server it is a second workspace"


def test_files_for_another_host_are_not_said_to_be_for_this_one(run: Run, tmp_path: Path) -> None:
    """Who ran it before [web] url was set, and again, was told that all is for the new host."""
    first = run("init", "--server")
    assert "They are for https://news.example.org, until" in first.stderr
    assert "written now" not in run("init", "--server").stdout
    settings = tmp_path / "newsletter.toml"
    text = settings.read_text().replace('[web]\nurl = ""', '[web]\nurl = "https://news.a.example"')
    settings.write_text(text)
    again = run("init", "--server")
    assert "Left server/nginx.conf as it is, and not as it would be written now:" in again.stdout
    assert "Left server/newsletter.service as it is: " in again.stdout
    assert "All others are for https://news.a.example." in again.stderr


@pytest.mark.parametrize(
    ("url", "site", "port"),
    [
        ("https://news.a.example:8443", "news.a.example:8443", 8443),
        ("https://news.a.example:443", "news.a.example", 443),
        ("http://news.a.example:8080", "news.a.example", 443),
    ],
)
def test_the_port_of_the_public_pages_is_the_one_that_the_web_server_listens_on(
    run: Run, tmp_path: Path, url: str, site: str, port: int
) -> None:
    run("init")
    settings = tmp_path / "newsletter.toml"
    text = settings.read_text().replace('[web]\nurl = ""', f'[web]\nurl = "{url}"')
    settings.write_text(text)
    said = run("init", "--server").stderr
    assert f"They are for https://{site}." in said
    assert ("serve https: set" in said) == url.startswith("http:")
    nginx = (tmp_path / "server" / "nginx.conf").read_text()
    assert f"return 301 https://{site}$request_uri;" in nginx
    assert f"listen {port} ssl;" in nginx
    assert f"listen [::]:{port} ssl;" in nginx
    assert f"\n{site} {{\n" in (tmp_path / "server" / "Caddyfile").read_text()


def test_a_path_with_a_way_back_in_it_is_written_plainly(run: Run, tmp_path: Path) -> None:
    assert run("init", "--server", "a/../digest").exit_code == 0
    unit = (tmp_path / "digest" / "server" / "newsletter.service").read_text()
    assert f"WorkingDirectory={tmp_path}/digest\n" in unit


@pytest.mark.parametrize("folder", ["my digest", "a%b", "it's", "$HOME", "a;b", "a\nb"])
def test_a_path_that_a_unit_or_a_shell_reads_otherwise_is_refused(
    run: Run, tmp_path: Path, folder: str
) -> None:
    refused = run("init", "--server", folder).exception
    assert isinstance(refused, UsageError)
    assert "/srv/digest" in refused.hint
    assert not (tmp_path / folder).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a server is none")
def test_where_no_program_is_installed_python_runs_it(tmp_path: Path) -> None:
    bare, folder = tmp_path / "bare", tmp_path / "digest"
    venv.create(bare, symlinks=True)
    env = {**os.environ, **ENVIRONMENT, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}

    def run(*command: str) -> str:
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(str(bare / "bin" / "python"), "-m", "newsletter", "init", "--server", str(folder))
    unit = (folder / "server" / "newsletter-worker.service").read_text()
    (begins,) = (line for line in unit.splitlines() if line.startswith("ExecStart="))
    command = begins.removeprefix("ExecStart=").removesuffix(" work").split(" ")
    assert command == [str(bare / "bin" / "python"), "-m", "newsletter"]
    assert "newsletter" in run(*command, "--version")


def unit(name: str, tmp_path: Path, home: str = "/srv/digest") -> Path:
    """A unit as it is written for a program that is there."""
    server = Server(
        workspace=Path(home), state=Path("/var/lib/newsletter"), program=Path(sys.executable)
    )
    path = tmp_path / name
    path.write_text(server.files()[name])
    return path


def has_systemd() -> str:
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("systemd is not installed")
    return found


@pytest.mark.parametrize("name", sorted(name for name in MADE if name.endswith(".service")))
def test_a_service_is_confined(name: str, tmp_path: Path) -> None:
    command = [has_systemd(), "security", "--offline=true", f"--threshold={EXPOSED}"]
    done = subprocess.run(
        [*command, unit(name, tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    names = [name for name in MADE if name.endswith(".service")]
    paths = [unit(name, tmp_path) for name in names]
    done = subprocess.run(
        [has_systemd(), "verify", "--man=no", *paths], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "newsletter" in line]


def test_what_runs_by_itself_can_be_enabled_and_waits_for_the_network(tmp_path: Path) -> None:
    for name, target in (
        ("newsletter.service", "multi-user.target"),
        ("newsletter-worker.service", "multi-user.target"),
    ):
        read = configparser.ConfigParser(strict=False, interpolation=None)
        read.optionxform = str  # type: ignore[assignment, method-assign]
        read.read(unit(name, tmp_path))
        assert read["Install"]["WantedBy"] == target
    read.read(unit("newsletter.service", tmp_path))
    assert "network-online.target" in read["Unit"]["After"]
    assert read["Service"]["UMask"] == "0077"


def test_a_workspace_at_home_is_seen_by_its_service(tmp_path: Path) -> None:
    assert (
        "ProtectHome=read-only" in unit("newsletter.service", tmp_path, "/home/ana/d").read_text()
    )


def test_the_command_runs_any_other_with_the_environment_of_the_service(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text(
        '#!/bin/sh\necho "$NEWSLETTER_WORKSPACE|$NEWSLETTER_SECRET_KEY|$2|$(umask)"\n'
    )
    program.chmod(0o755)
    server = Server(workspace=tmp_path, state=tmp_path, program=program, user=getpass.getuser())
    texts = server.files()
    environment = tmp_path / "newsletter.env"
    environment.write_text(
        texts["newsletter.env"].replace("SECRET_KEY=''", "SECRET_KEY='a $key of \"32\"'")
    )
    command = tmp_path / "newsletter"
    command.write_text(texts["newsletter"].replace("/etc/newsletter.env", str(environment)))
    command.chmod(0o755)
    done = subprocess.run(
        [command, "send", "two words"], capture_output=True, text=True, check=True, cwd="/"
    )
    assert done.stdout == f'{tmp_path}|a $key of "32"|two words|0077\n'
