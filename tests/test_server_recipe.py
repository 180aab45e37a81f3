"""The recipe of docs/running.md, "On a server", followed to the first mail: its lines, in order.

What needs root, Debian's archive or the world outside is taken as done (`AS_IF`), and all places
are below a folder of the test's; lines that begin with another command are really run. The rest of
the page is in tests/test_running_recipe.py. nginx and Caddy read their files in
tests/web/test_web_servers.py, systemd its units in tests/cli/test_init_server.py.
"""

import configparser
import getpass
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.processes import PATIENCE, ROOT, free_ports, started, until
from tests.sending.mail_server import recording_mail_server

HOST = "127.0.79.1"  # where nobody else listens
PLACES = ("/srv/digest", "/var/lib/newsletter", "/opt/newsletter", "/etc/", "/usr/local/bin")
AS_IF = "apt-get adduser certbot systemctl nginx postconf pip python3 curl createuser createdb"
ASKS_DNS = "newsletter doctor"
RUN = {"cd", "export", "install", "ln", "newsletter", "rm", "runuser"}
LOST = "When the server is lost"
SECRET = "export NEWSLETTER_SECRET_KEY=…"

# `install` may not give a file to another user; `runuser` has no other user to run as.
PREAMBLE = """\
set -euo pipefail
install() {
  local left=()
  while (($#)); do case $1 in -o|-g) shift 2;; *) left+=("$1"); shift;; esac; done
  command install "${left[@]}"
}
runuser() { shift 3; "$@"; }
"""

pytestmark = pytest.mark.usefixtures("processes")


def blocks(heading: str) -> list[tuple[str, str]]:
    """The kind and text of each block of a section of docs/running.md, in order."""
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    section = re.split(rf"^##+ {heading}\n", page, flags=re.MULTILINE)[1]
    return re.findall(r"```(\w*)\n(.*?)```", re.split("\n##+ ", section)[0], re.DOTALL)


def recipe() -> list[tuple[str, str]]:
    """Those of "On a server", to the first mail."""
    return blocks("On a server")


def command_of(line: str) -> str:
    return Path(shlex.split(line, comments=True)[0]).name


def moved(text: str, root: Path) -> str:
    """The text with all its places below `root`."""
    for place in PLACES:
        text = re.sub(rf"(?<![\w/]){re.escape(place)}", f"{root}{place}", text)
    return text


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return a_machine(tmp_path)


def a_machine(tmp_path: Path) -> Path:
    """What Debian's packages and pip bring: folders, and the program."""
    for folder in ("etc/systemd/system", "usr/local/bin", "opt/newsletter/bin", "etc/caddy"):
        (tmp_path / folder).mkdir(parents=True)
    for folder in ("etc/nginx/sites-available", "etc/nginx/sites-enabled"):
        (tmp_path / folder).mkdir(parents=True)
    program = tmp_path / "opt/newsletter/bin/newsletter"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m newsletter "$@"\n')
    program.chmod(0o755)
    (program.parent / "pip").symlink_to("/bin/true")
    return tmp_path


def run(lines: list[str], machine: Path, *, real: str = "", stdin: str = "", **more: str) -> str:
    """What those lines say. `real` are commands of AS_IF that are run all the same."""
    as_if = [name for name in AS_IF.split() if name not in real.split()]
    script = PREAMBLE + "".join(f"{name}() {{ :; }}\n" for name in as_if)
    for line in lines:
        script += f"{line}\n" if not line.startswith(ASKS_DNS) else ""
    done = subprocess.run(
        ["bash", "-c", moved(script, machine)],
        cwd=machine,
        env={
            "PATH": f"{machine}/usr/local/bin:{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT),
            **more,
        },
        input=stdin,
        start_new_session=True,  # no terminal: what asks for a password reads it from `stdin`
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def fill_in(file: Path, wanted: str) -> None:
    """Write each value of the recipe's TOML over the one that `init` left."""
    text, table = file.read_text(), ""
    for line in wanted.splitlines():
        if line.startswith("["):
            table = line
        elif "=" in line:
            key = line.partition(" =")[0]
            found = re.search(rf"{re.escape(table)}\n(?:(?!\[).*\n)*?#? ?{key} = .*", text)
            assert found is not None, (table, line)
            old = found[0].rpartition("\n")[2]
            text = text.replace(found[0], found[0].removesuffix(old) + line)
    file.write_text(text)


@contextmanager
def service(machine: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The service as its unit starts it, but for the ports: others test here too."""
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.read(machine / "etc/systemd/system/newsletter.service")
    read = unit["Service"]
    environment = dict(
        shlex.split(line)[0].split("=", 1)
        for line in Path(read["EnvironmentFile"]).read_text().splitlines()
        if line and not line.startswith("#")
    )
    ours = ["--host", HOST, "--port", str(port), "--metrics", "0"]
    with started(
        [*shlex.split(read["ExecStart"]), *ours],
        cwd=Path(read["WorkingDirectory"]),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("Counting at http://127.0.0.1:")
        assert process.stderr.readline().startswith("Serving https://news.example.org at")
        yield process
        process.terminate()


def test_a_line_of_the_recipe_is_run_or_named_here_as_done() -> None:
    for kind, block in [*recipe(), *blocks(LOST)]:
        for line in block.splitlines():
            assert kind == "toml" or command_of(line) in RUN | set(AS_IF.split()), line


def test_the_recipe_leads_to_the_first_mail(machine: Path) -> None:
    (toml,) = (text for kind, text in recipe() if kind == "toml")
    lines: list[str] = []
    for kind, block in recipe():
        if kind == "toml":
            break
        lines += block.splitlines()
    before = len(lines)
    key = re.search(r"NEWSLETTER_SECRET_KEY=(\S+)", run(lines, machine))
    assert key is not None, "init shows it"
    consoles = [line for kind, text in recipe() if kind == "console" for line in text.splitlines()]
    with recording_mail_server() as (smtp, taken):
        settings = machine / "srv/digest/newsletter.toml"
        fill_in(settings, toml.replace("port = 25", f"port = {smtp}"))
        rest = consoles[before:]
        doctor = next(n for n, line in enumerate(rest) if line.startswith(ASKS_DNS))
        run(rest[:doctor], machine)
        environment = machine / "etc/newsletter.env"
        assert environment.stat().st_mode & 0o777 == 0o600
        text = environment.read_text()
        environment.write_text(text.replace("SECRET_KEY=''", f"SECRET_KEY='{key[1]}'"))
        command = machine / "usr/local/bin/newsletter"
        text = command.read_text().replace("!= newsletter ]", f"!= {getpass.getuser()} ]")
        command.write_text(moved(text, machine))
        unit = machine / "etc/systemd/system/newsletter.service"
        unit.write_text(unit.read_text().replace("/etc/newsletter.env", str(environment)))
        said = run(
            [*rest[doctor:], "newsletter subscribers list", "newsletter state show"], machine
        )
        assert "0 people in all" in said
        assert str(machine / "var/lib/newsletter") in said
        enabled = machine / "etc/nginx/sites-enabled/newsletter"
        assert "server_name news.example.org;" in enabled.read_text()
        assert "news.example.org {" in (machine / "etc/caddy/Caddyfile").read_text()
        (port,) = free_ports(1, HOST)
        with service(machine, port) as process:
            base = f"http://{HOST}:{port}"
            with urlopen(f"{base}/healthz", timeout=PATIENCE) as answer:
                assert answer.read() == b"ok\n"
            subscribe(base, "ana@people.example")
            until(lambda: bool(taken), process)
    is_put_back(machine, key[1])
    assert isinstance(taken[0].content, bytes)
    message = message_from_bytes(taken[0].content, policy=default)
    assert message["To"] == "ana@people.example"
    assert "digest@news.example.org" in message["From"]
    body = message.get_body(("plain",))
    assert body is not None
    assert "https://news.example.org/confirm/" in body.get_content()


def is_put_back(machine: Path, key: str) -> None:
    """Lose the machine, and follow what the page says about that on a new one."""
    backup, passphrase = machine / "media/stick/digest.backup", "walnut ferry cobalt lantern"
    backup.parent.mkdir(parents=True)
    secret = {"NEWSLETTER_BACKUP_PASSPHRASE": passphrase}
    run([f"newsletter backup {backup}"], machine, **secret)
    new = a_machine(machine / "new")
    backup.rename(new / "digest.backup")
    programs = recipe()[0][1].splitlines()
    ((_, lost),) = blocks(LOST)
    assert SECRET in lost
    lines = lost.replace("/media/stick", str(new)).replace(
        SECRET, f"export NEWSLETTER_SECRET_KEY={key}"
    )
    run([*programs, *lines.splitlines()], new, **secret)
    shown = run(
        ["cd /srv/digest", "/opt/newsletter/bin/newsletter subscribers list"],
        new,
        NEWSLETTER_STATE=f"{new}/var/lib/newsletter",
        NEWSLETTER_SECRET_KEY=key,
    )
    assert "1 person in all" in shown


def subscribe(base: str, address: str) -> None:
    """Fill in the form, as a browser behind the web server would: its cookie is for https."""
    with urlopen(f"{base}/subscribe", timeout=PATIENCE) as answer:
        page, cookie = answer.read().decode(), answer.headers["Set-Cookie"].partition(";")[0]
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    typed = {"address": address, "edition": "en", "frequency": "weekly", "csrf_token": token[1]}
    form = Request(f"{base}/subscribe", urlencode(typed).encode(), {"Cookie": cookie})
    with urlopen(form, timeout=PATIENCE) as answer:
        assert answer.url.endswith("/subscribe/sent")
