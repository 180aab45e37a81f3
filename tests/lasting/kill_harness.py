"""Runs a backup or a restore in a child, and ends it, or fills the disk, at each step that writes.

A process of its own, for it forks. Reads a JSON plan on stdin, {folder, how, act, every, url}: in
`folder`/made a digest and its state folder, its database at the url if that is not empty. Prints a
JSON list of what stood there after each run.
"""

import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

from newsletter.errors import AttentionError, NewsletterError
from newsletter.lasting.age_stream import Openers
from newsletter.lasting.aside import FOLDER
from newsletter.lasting.stage import refuse_interrupted
from newsletter.wiring.restore import restore
from newsletter.wiring.restore_options import RestoreOptions
from tests.lasting.digests import Digest
from tests.stories.crash_harness import KILLED, Steps

ENDED, PASSED, REFUSED = 0, 4, 3  # before that step; over an error that does not matter
NEVER = 10**9
EMPTY = {".gitignore", "lock"}  # of a restore's folder that the next command removes


class Runs:
    """The runs of one plan."""

    def __init__(self, folder: str, how: str, act: str, every: int, url: str) -> None:
        self.how, self.act, self.every, self.url = how, act, every, url
        self.made, self.work = Path(folder) / "made", Path(folder) / "work"

    @property
    def digest(self) -> Digest:
        where = {"NEWSLETTER_DATABASE_URL": self.url} if self.url else {}
        return Digest(self.work / "digest", self.work / "state", **where)

    def all(self) -> list[dict[str, Any]]:
        """Try each step as the last one, until it ends before that."""
        found: list[dict[str, Any]] = []
        while not found or found[-1]["code"] != ENDED:
            last = 1 + self.every * len(found)
            shutil.copytree(self.made, self.work, symlinks=True)
            self._grow_old()
            code = self._child(last, self.how)
            run = {"step": last, "code": code, **self._stands()}
            if self.act == "backup":
                run["backup"] = (self.work / "new").exists()
                parts = [path.read_bytes() for path in self.work.glob("*new*")]
                run["clear"] = any(b"ana@example.org" in part for part in parts)
            elif code not in (ENDED, PASSED):
                run["again"] = {"code": self._child(NEVER, KILLED), **self._stands()}
            found.append(run)
            shutil.rmtree(self.work)
        return found

    def _grow_old(self) -> None:
        """The database that stands here can be told from the one that is restored."""
        with self.digest.opened() as workspace, workspace.engine.begin() as connection:
            connection.execute(text("UPDATE subscribers SET language = 'xx'"))

    def _child(self, last: int, how: str) -> int:
        """Run it in a child; return how it ended: 0, 4, 3 for an expected error, or -9."""
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                steps = Steps(str(self.work), last, how)
                self._act()
                code = ENDED if steps.count < last else PASSED
            except (NewsletterError, OSError):
                code = REFUSED
            finally:
                os._exit(code)
        _, status = os.waitpid(pid, 0)
        return os.waitstatus_to_exitcode(status)

    def _act(self) -> None:
        digest, secret = self.digest, (self.work / "secret").read_text()
        if self.act == "backup":
            digest.back_up("new")
            return
        options = RestoreOptions(
            root=digest.root,
            environ=digest.environ,
            openers=Openers(private_key=lambda: secret, passphrase=lambda: ""),
            now=lambda: datetime.now(UTC),
        )
        restore(self.work / "backup", options)

    def _stands(self) -> dict[str, Any]:
        """What is there: the issue's words, the people, or that a restore was interrupted."""
        digest = self.digest
        try:
            refuse_interrupted(digest.root)
        except AttentionError:
            return {"interrupted": True}
        signs = ("restor", ".part")
        with digest.opened() as workspace:
            people = workspace.subscribers.stream(0, 99)
        return {
            "interrupted": False,
            "words": (digest.root / "issues" / "2026-W47" / "en.md").read_text(),
            "languages": sorted({person.language for person in people}),
            "people": sorted(person.address.partition("@")[0] for person in people),
            "left": [
                path.name
                for path in self.work.rglob("*")
                if any(sign in path.name for sign in signs)
                and not (path.name == FOLDER and {one.name for one in path.iterdir()} <= EMPTY)
            ],
        }


if __name__ == "__main__":
    json.dump(Runs(**json.load(sys.stdin)).all(), sys.stdout)
