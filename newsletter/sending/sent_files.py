"""`issues/ID/sent.json`: what was sent, beside the issue and outside the workspace. [I/O]"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, replace
from datetime import datetime
from functools import reduce
from pathlib import Path
from typing import Any

from newsletter.errors import ConfigError
from newsletter.files import WorkspaceFiles
from newsletter.model.witness import Run, WentOn, Witnessed


class SentFiles:
    """One small file an issue, in the workspace and again outside it, where no restore of the
    workspace undoes it; replaced whole. Several senders change them in turn.

    `outside` raises where the place outside was lost: then nobody can tell who got an issue.
    """

    def __init__(self, files: WorkspaceFiles, outside: Callable[[], WorkspaceFiles]) -> None:
        self._files = files
        self._outside = outside

    def read(self, issue_id: str) -> Witnessed:
        """Read what was written down in either place; nothing where no file is.

        ConfigError when one is damaged.
        """
        return read_witnesses(self._places(), issue_id)

    def note(self, issue_id: str, name: str, run: Run) -> None:
        """Write down where a run stands; the other runs stay."""
        self._change(issue_id, lambda old: replace(old, runs={**old.runs, name: run}))

    def go_on(self, issue_id: str, choice: WentOn) -> None:
        """Write down that somebody goes on with an older ledger; earlier runs no longer count."""
        self._change(
            issue_id,
            lambda old: Witnessed(went_on=(*old.went_on, choice), restored=old.restored),
        )

    def give_back(self, issue_id: str, people: int) -> None:
        """Write down that so many wait again for whom there was an answer."""

        def lowered(old: Witnessed) -> Witnessed:
            fewer = max(0, old.people - people)
            return replace(
                old,
                runs={
                    name: replace(run, people=min(run.people, fewer))
                    for name, run in old.runs.items()
                },
            )

        if people:
            self._change(issue_id, lowered)

    def copy(self, issue_id: str) -> None:
        """Write into each place what either has."""
        self._change(issue_id, lambda old: old)

    def _places(self) -> tuple[WorkspaceFiles, WorkspaceFiles]:
        return self._files, self._outside()

    def _change(self, issue_id: str, change: Callable[[Witnessed], Witnessed]) -> None:
        name = sent_file(issue_id)
        inside, outside = self._places()
        with inside.locked(name), outside.locked(name):
            text = witness_text(issue_id, change(self.read(issue_id)))
            for files in (outside, inside):
                files.write(name, text)


def sent_issues(places: Iterable[WorkspaceFiles]) -> set[str]:
    """Return the ids of the issues of which something is written down in any of the places."""
    names = (name for files in places for name in files.names("issues", "*/sent.json"))
    return {Path(name).parent.name for name in names}


def read_witnesses(places: Iterable[WorkspaceFiles], issue_id: str) -> Witnessed:
    """Read what the places say together, as `read_witness` does each."""
    said = (read_witness(files, issue_id) for files in places)
    return reduce(Witnessed.joined, said, Witnessed())


def read_witness(files: WorkspaceFiles, issue_id: str) -> Witnessed:
    """Read what is written down in one place; nothing where no file is.

    ConfigError when it is damaged.
    """
    name = sent_file(issue_id)
    if not files.exists(name):
        return Witnessed()
    try:
        data = json.loads(files.read(name))
        # Editors begin an issue with a copy of another one's folder: that says nothing of it.
        return _parsed(data) if data["issue"] == issue_id else Witnessed()
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise ConfigError(
            "this file is damaged: it no longer tells who got the issue",
            file=str(files.root / name),
            hint="restore its newest copy. Remove it only if the database was never set back "
            "to an earlier day",
        ) from error


def insist_on_witness(data: bytes, issue_id: str) -> None:
    """Raise one of ValueError, TypeError, LookupError, AttributeError and ArithmeticError where it
    is not what `witness_text` makes of that issue."""
    said = json.loads(data)
    if said["issue"] != issue_id:
        raise ValueError("of another issue")
    witness_text(issue_id, _parsed(said)).encode()


def sent_file(issue_id: str) -> str:
    """Return the name of the file, in either place."""
    return f"issues/{issue_id}/sent.json"


def witness_text(issue_id: str, witnessed: Witnessed) -> str:
    """Return the text of the file that says so."""
    data = {"issue": issue_id, **asdict(witnessed), "put_back": sorted(witnessed.put_back)}
    if not witnessed.restored:  # the usual file says nothing of it
        del data["restored"]
    return json.dumps(data, ensure_ascii=False, indent=1, default=datetime.isoformat) + "\n"


def _parsed(data: Any) -> Witnessed:
    return Witnessed(
        restored=bool(data.get("restored", False)),
        put_back=frozenset(map(_moment, data.get("put_back", ()))),
        runs={
            name: Run(started=_moment(run["started"]), people=int(run["people"]))
            for name, run in data["runs"].items()
        },
        went_on=tuple(
            WentOn(
                by=str(choice["by"]),
                at=_moment(choice["at"]),
                people=int(choice["people"]),
            )
            for choice in data["went_on"]
        ),
    )


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:  # it could not be held against others
        raise ValueError("no moment")
    return moment
