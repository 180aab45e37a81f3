"""Runs a backup or a restore in a child, and ends it, or fills the disk, at each step that writes.

A process of its own, for it forks. `python -m tests.lasting.kill_harness FOLDER HOW ACT EVERY`: in
FOLDER a digest and its state folder; prints a JSON list of what stood there after each run.
"""

import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from newsletter.errors import AttentionError, NewsletterError
from newsletter.lasting.age_stream import Openers
from newsletter.lasting.stage import refuse_interrupted
from tests.lasting.digests import Digest
from tests.stories.crash_harness import KILLED, Steps

ENDED, REFUSED = 0, 3


def child(work: Path, last: int, how: str, act: str) -> int:
    """Run it in a child; return how it ended: 0, 3 for an expected error, or -9."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            digest = Digest(work / "digest", work / "state")
            digest.state.mkdir(exist_ok=True)
            if act == "restore":
                from datetime import UTC, datetime

                from newsletter.wiring.restore import restore
                from newsletter.wiring.restore_options import RestoreOptions

                secret = (work / "secret").read_text()
                options = RestoreOptions(
                    root=digest.root,
                    environ=digest.environ,
                    openers=Openers(private_key=lambda: secret, passphrase=lambda: ""),
                    now=lambda: datetime.now(UTC),
                )
                Steps(str(work), last, how)
                restore(work / "backup", options)
            else:
                Steps(str(work), last, how)
                digest.back_up("new")
            code = ENDED
        except (NewsletterError, OSError):
            code = REFUSED
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def stands(work: Path) -> dict[str, Any]:
    """What is there: the issue's words, the people, or that a restore was interrupted."""
    root = work / "digest"
    signs = ("restor", ".part", ".newsletter-staged")
    names = sorted(
        path.name for path in work.rglob("*") if any(sign in path.name for sign in signs)
    )
    try:
        refuse_interrupted(root)
    except AttentionError:
        return {"interrupted": True, "left": names}
    digest = Digest(root, work / "state")
    return {
        "interrupted": False,
        "words": (root / "issues" / "2026-W47" / "en.md").read_text(),
        "people": sorted(digest.addresses()),
        "left": names,
    }


def main(folder: Path, how: str, act: str, every: int) -> None:
    """Try each step as the last one, until it ends before that."""
    runs = []
    last = 1
    while True:
        work = folder / "work"
        shutil.copytree(folder / "made", work, symlinks=True)
        code = child(work, last, how, act)
        found = {"step": last, "code": code, **stands(work)}
        if act == "backup":
            found["backup"] = (work / "new").exists()
            found["clear"] = [
                p.name for p in work.glob(".new*") if b"ana@example.org" in p.read_bytes()
            ]
        elif code != ENDED:
            again = child(work, 10**9, KILLED, act)
            found["again"] = {"code": again, **stands(work)}
        runs.append(found)
        shutil.rmtree(work)
        if code == ENDED:
            break
        last += every
    json.dump(runs, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]))
