"""`issues/ID/sent.json`: what was sent, beside the issue and so apart from the database. [I/O]"""

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from newsletter.errors import ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.model.witness import Run, WentOn, Witnessed


class SentFiles:
    """One small file an issue, replaced whole; several senders change it in turn."""

    def __init__(self, files: WorkspaceFiles) -> None:
        self._files = files

    def read(self, issue_id: str) -> Witnessed:
        """Read what was written down; nothing where no file is. ConfigError when it is damaged."""
        name = _name(issue_id)
        if not self._files.exists(name):
            return Witnessed()
        try:
            data = json.loads(self._files.read(name))
            # Editors begin an issue with a copy of another one's folder: that says nothing of it.
            return _parsed(data) if data["issue"] == issue_id else Witnessed()
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise ConfigError(
                "this file is damaged: it no longer tells who got the issue",
                file=name,
                hint="restore its newest copy. Remove it only if the database was never set back "
                "to an earlier day",
            ) from error

    def note(self, issue_id: str, name: str, run: Run) -> None:
        """Write down where a run stands; the other runs stay."""
        self._change(issue_id, lambda old: replace(old, runs={**old.runs, name: run}))

    def go_on(self, issue_id: str, choice: WentOn) -> None:
        """Write down that somebody goes on with an older ledger; earlier runs no longer count."""
        self._change(issue_id, lambda old: Witnessed(went_on=(*old.went_on, choice)))

    def _change(self, issue_id: str, change: Callable[[Witnessed], Witnessed]) -> None:
        name = _name(issue_id)
        with self._files.locked(name):
            self._files.write(name, _text(issue_id, change(self.read(issue_id))))


def _name(issue_id: str) -> str:
    return f"issues/{issue_id}/sent.json"


def _text(issue_id: str, witnessed: Witnessed) -> str:
    data = {"issue": issue_id, **asdict(witnessed)}
    return json.dumps(data, ensure_ascii=False, indent=1, default=datetime.isoformat) + "\n"


def _parsed(data: Any) -> Witnessed:
    return Witnessed(
        runs={
            name: Run(started=datetime.fromisoformat(run["started"]), people=int(run["people"]))
            for name, run in data["runs"].items()
        },
        went_on=tuple(
            WentOn(
                by=str(choice["by"]),
                at=datetime.fromisoformat(choice["at"]),
                people=int(choice["people"]),
            )
            for choice in data["went_on"]
        ),
    )
