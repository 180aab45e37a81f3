"""What of a workspace goes into a backup, and from where. [I/O]"""

import json
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from newsletter import __version__
from newsletter.files import WorkspaceFiles
from newsletter.lasting.back_up import BackupSource, Snapshot
from newsletter.lasting.backup_format import (
    CHAIN,
    DKIM_KEY,
    FILES,
    FOLDERS,
    SECRET_KEYS,
    SENT,
    SETTINGS,
    SINGLE,
    STATE,
    STATE_FILES,
    WITHDRAWN,
    Advance,
    Head,
    Part,
)
from newsletter.sending.sent_files import read_witnesses, sent_file, sent_issues, witness_text
from newsletter.wiring.workspace import Workspace

_CHAIN = "chain.txt"  # read before the database, the others after it
_SENT = re.compile(r"issues/([^/]+)/sent\.json")
_HALF = re.compile(r"\..+\.[0-9a-f]{16}")  # what a command writes beside, before it renames it


def backup_source(
    workspace: Workspace,
    *,
    with_secret_key: bool,
    begun: Callable[[Head], Advance],
) -> BackupSource:
    """Return where a backup of the workspace is read from."""

    def before() -> Iterator[Part]:
        root, state = workspace.root, workspace.state_folder.path
        yield _part(f"{FILES}{SETTINGS}", root / SETTINGS)
        yield from _if_there(f"{FILES}{CHAIN}", root / CHAIN)
        yield from _if_there(f"{STATE}{_CHAIN}", state / _CHAIN)
        places = WorkspaceFiles(root), WorkspaceFiles(state)
        for issue_id in sorted(sent_issues(places)):
            text = witness_text(issue_id, read_witnesses(places, issue_id))
            file = root / sent_file(issue_id)
            mode = stat.S_IMODE(file.stat().st_mode) if file.is_file() else 0o600
            yield Part(name=f"{SENT}{issue_id}.json", data=text.encode(), mode=mode)

    @contextmanager
    def snapshot() -> Iterator[Snapshot]:
        from newsletter.store.schema import HEAD
        from newsletter.store.sequences import given
        from newsletter.store.table_rows import rows, shapes
        from newsletter.store.table_rows import snapshot as begin

        with begin(workspace.engine) as connection:
            head = Head(
                program=__version__,
                schema=HEAD,
                made_at=workspace.now(),
                database=connection.dialect.name,
                tables=shapes(connection),
                last_numbers=given(connection),
                has_secret_key=with_secret_key,
            )
            yield Snapshot(head=head, rows=lambda table: rows(connection, table))

    def after() -> Iterator[Part]:
        state = workspace.state_folder.path
        for name in STATE_FILES:
            if name != _CHAIN:
                yield from _if_there(f"{STATE}{name}", state / name)
        yield from _if_there(WITHDRAWN, workspace.root / workspace.config.stories.withdrawn)
        if key_file := workspace.config.transport.dkim_key_file:
            yield from _if_there(DKIM_KEY, workspace.root / key_file)
        if with_secret_key:
            yield Part(name=SECRET_KEYS, data=json.dumps(workspace.secret_keys).encode())

    return BackupSource(
        before=before,
        snapshot=snapshot,
        files=lambda: _files(workspace.root),
        after=after,
        clock=workspace.now,
        begun=begun,
    )


def _if_there(name: str, path: Path) -> Iterator[Part]:
    if path.is_file():
        yield _part(name, path)


def _part(name: str, path: Path) -> Part:
    with path.open("rb") as file:
        mode = stat.S_IMODE(os.fstat(file.fileno()).st_mode)
        return Part(name=name, data=file.read(), mode=mode)


def _files(root: Path) -> Iterator[tuple[str, Path]]:
    for name in SINGLE:
        if name != SETTINGS and (root / name).is_file():
            yield name, root / name
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            is_apart = name == CHAIN or _SENT.fullmatch(name) or _HALF.fullmatch(path.name)
            if path.is_file() and not is_apart:
                yield name, path
