"""What must outlive a restored workspace, kept outside it: one folder a workspace. [I/O]

`.newsletter-id` beside newsletter.toml names the folder: random, no secret, the same in each copy
of the workspace, so that a clone, or a backup unpacked elsewhere, finds what came after it.
"""

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from newsletter.errors import AttentionError, ConfigError, ServiceError
from newsletter.files import append_line, replace_file
from newsletter.model.keyed import keyed
from newsletter.model.submission import CHAIN_START
from newsletter.system import is_writable

ID_FILE = ".newsletter-id"
KEY_LENGTH = 32  # bytes
_KEY = "recognition.key"
WHOLE = "workspace"  # the paths of the workspace, one a line; written when the folder is whole
ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, kw_only=True, slots=True)
class StateFolder:
    """The folder of one workspace. No backup of the workspace or the database holds it."""

    path: Path

    @classmethod
    def of(cls, root: Path, base: Path, *, is_first: bool = False) -> Self:
        """Return the folder that a workspace's id names, whether or not it is there. Without an
        id it is the one that knows the workspace's path, or a new one, and gets its id now.

        `is_first` says that no workspace was here before: a folder that knows the path is of one
        that was deleted. ConfigError when the id is damaged or the folder would lie inside the
        workspace, ServiceError when the id cannot be written.
        """
        named = _read_id(root)
        name = named or (None if is_first else _known_by_path(root, base)) or secrets.token_hex(16)
        if (base / name).resolve().is_relative_to(root.resolve()):
            raise ConfigError(
                f"the state folder lies inside the workspace: {base / name}",
                hint="a restored backup would undo what is kept there: name another folder in "
                "NEWSLETTER_STATE",
            )
        if named is None:
            with _told(root / ID_FILE):
                replace_file(root / ID_FILE, f"{name}\n".encode())
        return cls(path=base / name)

    @property
    def chain(self) -> Path:
        """Return the file of where the chain of events stood."""
        return self.path / "chain.txt"

    @property
    def withdrawn(self) -> Path:
        """Return the file of what was taken back."""
        return self.path / "withdrawn.jsonl"

    @property
    def confirmations(self) -> Path:
        """Return the file of who went on when something was lost."""
        return self.path / "confirmed.jsonl"

    @property
    def lost(self) -> str:
        """Return what is not there of it, in words; empty when it is whole."""
        if not (self.path / WHOLE).is_file():
            return "the state folder is missing"
        needed = (_KEY, self.chain.name)
        gone = [name for name in needed if not (self.path / name).is_file()]
        if gone:
            return f"the state folder lacks {' and '.join(gone)}"
        is_whole = (self.path / _KEY).stat().st_size == KEY_LENGTH
        return "" if is_whole else f"{_KEY} in the state folder is damaged"

    def insist(self) -> Self:
        """Return it. AttentionError when it is not whole: it may have held withdrawals."""
        if self.lost:
            raise AttentionError(
                f"{self.lost}: {self.path}",
                hint="it keeps withdrawals and what was sent apart from backups. Copy it from its "
                "backup, or from another machine of yours; if there is none, "
                "newsletter state confirm --by NAME goes on from what is left",
            )
        return self

    def insist_writable(self) -> Self:
        """Return it. AttentionError also where it can only be read: a withdrawal that comes by the
        web would be written inside the workspace alone."""
        here = self.insist().path
        if not all(is_writable(path) for path in (here, *here.glob("*"))):
            raise AttentionError(
                f"the state folder cannot be written: {here}",
                hint="let the user that runs this write there (in a systemd unit: ReadWritePaths)",
            )
        return self

    def make(self, root: Path) -> Self:
        """Make what is missing of it; what is there stays. ServiceError when that fails."""
        with _told(self.path):
            self._make_key()
            if not self.chain.exists():
                append_line(self.chain, f"0 {CHAIN_START}")
            here = str(root.absolute())
            if here not in _paths(self.path):
                append_line(self.path / WHOLE, here)
        return self

    def _make_key(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (self.path / _KEY).exists():
            replace_file(self.path / _KEY, secrets.token_bytes(KEY_LENGTH), mode=0o600)

    def recognition_key(self) -> bytes:
        """Return the key under which texts are compared by HMAC; made when it is first asked for.

        Whoever has only the database and its backups cannot try names against what is kept. Where
        it was lost from a whole folder, one for this moment: a withdrawal works by ids alone, and
        only a person makes another key.
        ConfigError when the file holds something else, ServiceError when it cannot be made.
        """
        file = self.path / _KEY
        with _told(file):
            if not file.exists() and (self.path / WHOLE).exists():
                return secrets.token_bytes(KEY_LENGTH)
            if not file.exists():
                self._make_key()
            key = file.read_bytes()
        if len(key) != KEY_LENGTH:
            raise ConfigError(
                f"not a key: {len(key)} bytes instead of {KEY_LENGTH}",
                file=str(file),
                hint="copy it from a backup of the state folder. Only if there is none, delete "
                "it: withdrawn stories are then known again by their ids alone",
            )
        return key

    def key_for_now(self) -> bytes:
        """Return the key, or where it is damaged one for this moment: a withdrawal works by ids
        alone, and all else stops (`insist`). ServiceError when it cannot be read or made."""
        try:
            return self.recognition_key()
        except ConfigError:
            return secrets.token_bytes(KEY_LENGTH)

    def key_mark(self) -> str:
        """Return what tells one key from another (64 bits, 16 hex digits), too little to find it
        by; empty where there is none yet."""
        if not (self.path / _KEY).is_file():
            return ""
        return keyed(self.recognition_key(), "newsletter/recognition key mark/1")[:16]


def _read_id(root: Path) -> str | None:
    """Return the workspace's id, None where it has none. ConfigError when it is damaged."""
    file = root / ID_FILE
    if not file.exists() and not file.is_symlink():
        return None
    with _told(file), file.open("rb") as opened:
        name = opened.read(100).decode("ascii", "replace").strip()
    if not ID.fullmatch(name):
        raise ConfigError(
            "this is not the workspace's id: 32 letters and digits",
            file=str(file),
            hint="restore the file, or delete it: the state folder is then found by this "
            "workspace's path",
        )
    return name


def _known_by_path(root: Path, base: Path) -> str | None:
    here = str(root.absolute())
    with _told(base):
        names = [path.name for path in base.iterdir()] if base.is_dir() else []
    known = [name for name in names if ID.fullmatch(name) and here in _paths(base / name)]
    if len(known) > 1:
        raise ConfigError(
            f"several state folders know this workspace: {', '.join(sorted(known))}",
            file=str(base),
            hint=f"write the right one's name in {root / ID_FILE}",
        )
    return known[0] if known else None


def _paths(folder: Path) -> list[str]:
    file = folder / WHOLE
    return file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """What the disk refuses becomes a ServiceError about the file."""
    try:
        yield
    except OSError as error:
        raise ServiceError(
            f"cannot be used: {error.strerror}",
            file=os.fsdecode(error.filename or file),
            hint="NEWSLETTER_STATE names another folder for what must outlive a restore",
        ) from error
