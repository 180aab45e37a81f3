"""[I/O] Writes what a server needs to run a workspace: units, their environment, a web server."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from newsletter.errors import ServiceError, UsageError
from newsletter.shipped import shipped

FOLDER = "server"
USER = "newsletter"
EXAMPLE_HOST = "news.example.org"
HTTPS = 443
_MODES = {"newsletter": 0o755, "newsletter.env": 0o600}
_HARDENING = "hardening"  # no file of its own: in each of the services
_PLAIN = re.compile(r"/[A-Za-z0-9_./+-]*")
_HOMES = ("/home", "/root", "/run/user")


class Written(NamedTuple):
    """Files of `FOLDER`, by name: `kept` were there already, and of these `outdated` would be
    written otherwise today."""

    new: list[str]
    kept: list[str]
    outdated: list[str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """Where the workspace, its state folder and the program are, who runs it, and its pages' host
    and port.

    All paths are absolute. A program that `is_interpreter` is Python, which runs our module.
    """

    workspace: Path
    state: Path
    program: Path
    is_interpreter: bool = False
    host: str = EXAMPLE_HOST
    port: int = HTTPS
    user: str = USER

    @property
    def site(self) -> str:
        """Return the host, and the port where it is not that of https."""
        return self.host if self.port == HTTPS else f"{self.host}:{self.port}"

    def files(self) -> dict[str, str]:
        """Return the text of each file by its name. UsageError as `refuse_if_special`."""
        paths = {"WORKSPACE": self.workspace, "STATE": self.state, "PROGRAM": self.program}
        for path in paths.values():
            refuse_if_special(path)
        is_at_home = any(path.is_relative_to(home) for path in paths.values() for home in _HOMES)
        run = f"{self.program} -m newsletter" if self.is_interpreter else str(self.program)
        words = {name: str(path) for name, path in paths.items()} | {
            "PROGRAM": run,
            "HOME": "read-only" if is_at_home else "yes",
            "HOST": self.host,
            "SITE": self.site,
            "PORT": str(self.port),
            "SAID": "$host" if self.port == HTTPS else "$host:$server_port",
            "USER": self.user,
        }
        source = shipped("scaffold") / "server"
        hardening = (source / _HARDENING).read_text(encoding="utf-8").rstrip()
        texts = {file.name: file.read_text(encoding="utf-8") for file in sorted(source.iterdir())}
        return {
            name: _filled(text, {"HARDENING": _filled(hardening, words)} | words)
            for name, text in texts.items()
            if name != _HARDENING
        }

    def write(self) -> Written:
        """Write the files into the workspace; those that are there already stay as they are."""
        folder = self.workspace / FOLDER
        texts = self.files()
        kept = [name for name in texts if (folder / name).exists()]
        new = [name for name in texts if name not in kept]
        outdated = [name for name in kept if _differs(folder / name, texts[name])]
        try:
            folder.mkdir(exist_ok=True)
            for name in new:
                mode = _MODES.get(name, 0o644)
                opened = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
                with os.fdopen(opened, "w", encoding="utf-8") as file:
                    file.write(texts[name])
        except OSError as error:
            raise ServiceError(f"cannot write in {folder}: {error.strerror}") from error
        return Written(new, kept, outdated)


def _differs(file: Path, text: str) -> bool:
    try:
        return file.read_bytes() != text.encode()
    except OSError:
        return False


def refuse_if_special(path: Path) -> None:
    """Raise UsageError where units and shells would read a path as something else."""
    if not _PLAIN.fullmatch(str(path)):
        raise UsageError(
            f"a service cannot be written for a path like {str(path)!r}",
            hint="choose one of plain letters, digits and -_. such as /srv/digest",
        )


def _filled(text: str, words: dict[str, str]) -> str:
    for name, value in words.items():
        text = text.replace(f"@{name}@", value)
    return text
