"""What came after a backup, by the files of this workspace and its state folder. [I/O]

Withdrawals, where the chain of consents stood and how far issues were sent are joined from all
places that know of them: none of them takes a word of another back.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from newsletter.config import Config
from newsletter.files import WorkspaceFiles, append_line, replace_file
from newsletter.lasting.backup_format import (
    CHAIN,
    DKIM_KEY,
    FOLDERS,
    SENT,
    STATE,
    STATE_FILES,
    WITHDRAWN,
    Part,
)
from newsletter.lasting.read_backup import issue_of
from newsletter.model.consent import Revocation
from newsletter.sending.sent_files import read_witnesses, sent_file, sent_issues, witness_text
from newsletter.stories.record.revocation_file import RevocationFile
from newsletter.wiring.named_files import place_of

_KEY, _WITHDRAWN = "recognition.key", "withdrawn.jsonl"


@dataclass(frozen=True, kw_only=True, slots=True)
class Merging:
    """The workspace's folder, the one in which the new one is made, its state folder, the settings
    that come and those that stand here, the backup's small parts, what the databases knew of
    withdrawals, and the sends that came back unfinished."""

    root: Path
    stage: Path
    state: Path
    config: Config
    present: Config | None
    parts: Mapping[str, Part]
    revocations: tuple[Revocation, ...]
    put_back: Mapping[str, datetime]
    unfinished: Collection[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class MergedFiles:
    """How many withdrawals and limits came after the backup; which issues a person has to end or
    go on with, since this restore or an earlier one; what else a person has to know."""

    withdrawals: int
    put_back: tuple[str, ...]
    notes: tuple[str, ...]


def merge_files(merging: Merging) -> MergedFiles:
    """Fill what the state folder lacks, and add to what is staged what came after the backup."""
    _fill_state(merging)
    count = _withdrawals(merging)
    _chain(merging)
    put_back = _sent(merging)
    return MergedFiles(withdrawals=count, put_back=put_back, notes=tuple(_dkim(merging)))


def _fill_state(merging: Merging) -> None:
    merging.state.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in STATE_FILES:
        part, file = merging.parts.get(f"{STATE}{name}"), merging.state / name
        if part is not None and name != _WITHDRAWN and not file.exists():  # what is there is newer
            replace_file(file, part.data, mode=0o600)


def _withdrawals(merging: Merging) -> int:
    """Bring every place to all that any of them says; return how many the backup did not have."""
    named = place_of(merging.root, merging.config.stories.withdrawn)
    coming, outside = _coming(merging, named), merging.state / _WITHDRAWN
    there = _read(coming) if coming.is_relative_to(merging.stage) else []
    saved = (merging.parts.get(name) for name in (WITHDRAWN, f"{STATE}{_WITHDRAWN}"))
    backed_up = [*there, *(line for part in saved if part for line in _lines(part.data))]
    places = [outside, named]
    if merging.present is not None:
        places.append(merging.root / merging.present.stories.withdrawn)
    since = [line for path in places for line in _read(path)]
    for path in (coming, outside):
        _add(path, [*backed_up, *since])
    new = set(since) - set(backed_up)
    if merging.revocations and (merging.state / _KEY).is_file():
        file = RevocationFile(coming, outside, key=(merging.state / _KEY).read_bytes())
        file.complete(merging.revocations)
        new |= set(_read(coming)) - set(backed_up)
    return len(new)


def _coming(merging: Merging, named: Path) -> Path:
    """Where a file that the settings name is being made; in place, where no folder of it is."""
    if not named.is_relative_to(merging.root):
        return named
    inside = named.relative_to(merging.root)
    return merging.stage / inside if inside.parts[0] in FOLDERS else named


def _read(path: Path) -> list[str]:
    return _lines(path.read_bytes()) if path.is_file() else []


def _lines(data: bytes) -> list[str]:
    return [line for line in data.decode(errors="surrogateescape").split("\n") if line]


def _add(path: Path, lines: Iterable[str]) -> None:
    known = set(_read(path))
    if missing := [line for line in dict.fromkeys(lines) if line not in known]:
        append_line(path, "\n".join(missing))


def _chain(merging: Merging) -> None:
    """A chain that was longer here than in the backup must show."""
    _add(merging.stage / CHAIN, _read(merging.root / CHAIN))


def _sent(merging: Merging) -> tuple[str, ...]:
    """Join what is written down of each send; return those of which nobody can tell how far they
    went."""
    unknown = []
    coming, outside = WorkspaceFiles(merging.stage), WorkspaceFiles(merging.state)
    known = sent_issues((WorkspaceFiles(merging.root), outside))
    for name, part in merging.parts.items():
        if name.startswith(SENT):
            file = merging.stage / sent_file(issue_of(name))
            replace_file(file, part.data, mode=part.mode)  # which later changes keep
    places = (coming, WorkspaceFiles(merging.root), outside)
    for issue_id in sorted(sent_issues(places) | set(merging.put_back)):
        joined = read_witnesses(places, issue_id)
        if issue_id not in known:  # nothing here tells what came after the backup
            joined = replace(joined, restored=True)
        outside.write(sent_file(issue_id), witness_text(issue_id, joined))
        if issue_id in merging.put_back:
            marks = joined.put_back | {merging.put_back[issue_id]}
            joined = replace(joined, put_back=marks)
        if joined.put_back and issue_id in merging.unfinished:
            unknown.append(issue_id)
        coming.write(sent_file(issue_id), witness_text(issue_id, joined))
    return tuple(unknown)


def _dkim(merging: Merging) -> list[str]:
    """Put the DKIM key where the settings name it, if it is not there."""
    part, named = merging.parts.get(DKIM_KEY), merging.config.transport.dkim_key_file
    if part is None or not named:
        return []
    path = _coming(merging, place_of(merging.root, named))
    try:
        if not path.exists():
            replace_file(path, part.data, mode=0o600)
        elif path.read_bytes() != part.data:
            return [f"the DKIM key in {path} is another one than in the backup, and was left"]
    except OSError as error:
        return [f"the DKIM key could not be written to {path}: {error.strerror}"]
    return []
