"""pull against lemon24/reader 3.26: the same feeds from the same loopback server, in one run.

`python bench/pull.py [--quick]`. The peer gets an environment of its own below build/.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import venv
from operator import itemgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PEER = ROOT / "build" / "bench-reader"
CORPORA = Path(os.environ.get("NEWSLETTER_CORPORA", ROOT.parent / "shared" / "corpora"))
PER_FEED = 20  # entries
Figures = dict[str, Any]  # what a measuring script prints as JSON
TOML = """\
[coalition]
name = "Bench"
url = "https://bench.example"
timezone = "UTC"
languages = ["en"]
postal_address = "1 Bench Street"
[sender]
name = "Bench"
address = "bench@bench.example"
[fetch]
allow_private = ["127.0.0.0/8"]
host_pause_seconds = 0
"""


def bodies(folder: Path) -> None:
    """The real feeds cut to 20 entries, or without them made ones of the same size."""
    real = CORPORA / "real-feeds"
    if real.is_dir():
        for path in sorted(real.iterdir()):
            (folder / path.name).write_bytes(cut(path.read_bytes()))
        return
    paragraph = '<p>A <a href="/more">paragraph</a> of a <em>member\'s</em> news, as it is. </p>\n'
    for number in range(87):
        items = "".join(
            f"<item><title>News {number} {entry}</title><guid>{number}-{entry}</guid>"
            f"<link>https://member.example/{number}/{entry}</link>"
            f"<pubDate>Fri, {entry + 1:02d} Nov 2026 10:00:00 GMT</pubDate>"
            f"<description><![CDATA[{paragraph * 80}]]></description></item>"
            for entry in range(PER_FEED)
        )
        head = "<title>Member</title><link>https://member.example</link>"
        text = f'<rss version="2.0"><channel>{head}{items}</channel></rss>'
        (folder / f"{number:03d}").write_text(text)


def cut(body: bytes) -> bytes:
    """The same feed with its first 20 entries."""
    entries = list(re.finditer(rb"<(item|entry)[\s>].*?</\1>", body, re.DOTALL))
    if len(entries) <= PER_FEED:
        return body
    return body[: entries[PER_FEED].start()] + body[entries[-1].end() :]


def peer() -> Path:
    """The Python that has the peer; made on first use."""
    python = PEER / "bin" / "python"
    if not python.exists():
        venv.create(PEER, with_pip=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "reader==3.26", "sgmllib3k"], check=True
        )
    return python


def run(python: Path | str, script: str, *arguments: object, **environment: str) -> Figures:
    done = subprocess.run(
        [python, ROOT / "bench" / script, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
    )
    figures: Figures = json.loads(done.stdout)
    return figures


def urls(count: int, port: int) -> str:
    """One host a feed: nothing is fetched in parallel on one host."""
    return "\n".join(
        f"http://127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250}:{port}/{number}"
        for number in range(count)
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--quick", action="store_true", help="without the 3,000 feeds")
    options.add_argument("--no-peer", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        (place / "feeds").mkdir()
        bodies(place / "feeds")
        server = subprocess.Popen(
            [sys.executable, ROOT / "bench" / "_feed_server.py", place / "feeds", place / "port"]
        )
        try:
            while not (place / "port").exists() or not (place / "port").read_text():
                time.sleep(0.05)
            measure(place, int((place / "port").read_text()), chosen)
        finally:
            server.terminate()
            server.wait()


def measure(place: Path, port: int, chosen: argparse.Namespace) -> None:
    files = sorted((place / "feeds").iterdir())
    size = sum(files[number % len(files)].stat().st_size for number in range(300))
    (place / "urls").write_text(urls(300, port))
    theirs = None
    if not chosen.no_peer:
        theirs = run(peer(), "_pull_reader.py", place / "reader.db", place / "urls", 8)
    cold, warm = ours(place, "a", 300, port)
    print(
        f"pull, cold: 300 feeds, {size / 1e6:.0f} MB, {cold['new']} entries:"
        f" {cold['seconds']:.2f} s,"
        f" {cold['cpu']:.1f} s of CPU ({cold['cpu_own']:.1f} ours, the rest workers),"
        f" peak {cold['peak'] / 1e6:.0f} MB (limit 200)"
    )
    rate = 300 / warm["seconds"]
    print(f"pull, warm (all 304): {warm['seconds']:.3f} s, {rate:.0f} feeds/s (1,500)")
    if theirs is not None:
        print(
            f"reader 3.26, 8 workers: cold {theirs['seconds']:.2f} s ({theirs['entries']} entries),"
            f" {theirs['cpu']:.1f} s of CPU"
        )
        print(f"ratio, cold: {theirs['seconds'] / cold['seconds']:.1f} times (5)")
    if not chosen.quick:
        for count in (100, 1000, 3000):
            cold, warm = ours(place, f"n{count}", count, port)
            print(
                f"{count} feeds: cold {cold['seconds']:.2f} s,"
                f" {cold['seconds'] / count * 1000:.1f} ms a feed;"
                f" warm {count / warm['seconds']:.0f} feeds/s; peak {cold['peak'] / 1e6:.0f} MB"
            )


def ours(place: Path, name: str, count: int, port: int) -> tuple[Figures, Figures]:
    """A cold pull into a new workspace, then the warm one of five that is in the middle."""
    root = place / name
    root.mkdir()
    (root / "newsletter.toml").write_text(TOML)
    (place / f"{name}.urls").write_text(urls(count, port))
    cold = run(sys.executable, "_pull_ours.py", root, place / f"{name}.urls")
    warm = [run(sys.executable, "_pull_ours.py", root, place / f"{name}.urls") for _ in range(5)]
    for measured, expected in ((cold, {"new"}), *((one, {"unchanged"}) for one in warm)):
        if set(measured["results"]) - expected:
            print(f"unexpected: {measured['results']}", file=sys.stderr)
    return cold, sorted(warm, key=itemgetter("seconds"))[2]


if __name__ == "__main__":
    main()
