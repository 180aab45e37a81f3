"""Whether Git keeps, or a remote has, what storytellers and readers entrusted to us. [I/O]"""

import os
import subprocess
from fnmatch import fnmatchcase
from pathlib import Path

from newsletter.doctor.findings import Finding, look

# What is private, as Git names it, and an example of each that .gitignore must cover.
PRIVATE = {
    "stories": "stories/a.md",
    "issues": "issues/a/en.md",
    "site": "site/a.html",
    "preview": "preview/a.html",
    "outbox": "outbox/new/a",
    "*.db*": "newsletter.db",
    "*.eml": "a.eml",
    "*.csv": "a.csv",
    "*.age": "a.age",
    "*.pem": "dkim.pem",
    ".env": ".env",
}
_SECONDS = 20.0  # a long history on a slow disk
_PATHS = [f":(icase){name}" for name in PRIVATE]


def git_history(root: Path) -> list[Finding]:
    """Find private files that Git tracks or once had, and those that no .gitignore covers.

    Asks the `git` program, not the network. Nothing where there is no repository or no `git`.
    """
    top = _git(root, "rev-parse", "--show-toplevel")
    if top is None or top.returncode:
        unsure = top is not None and "dubious ownership" in top.stderr
        return [_unknown(top.stderr)] if top is not None and unsure else []
    return [*_kept(root), *_not_ignored(root)]


def _kept(root: Path) -> list[Finding]:
    tracked = _private(_lines(root, "ls-files", "--", *_PATHS))
    past = _lines(root, "log", "--all", "--relative", "--name-only", "--format=", "--", *_PATHS)
    once = [name for name in _private(past) if name not in tracked]
    if not tracked and not once:
        return []
    remotes = _lines(root, "remote")
    where = f"the remote {', '.join(remotes)} can have" if remotes else "Git keeps every version of"
    words = [f"{', '.join(tracked)}"] if tracked else []
    words += [f"{', '.join(once)} (in the history)"] if once else []
    return [
        look(
            "git",
            f"{where} {' and '.join(words)}: also of stories that were taken back",
            "git rm -r --cached them, add them to .gitignore, and remove them from the history "
            "(git filter-repo); then ask whoever runs the remote to delete the old commits, and "
            "treat what was there as read",
        )
    ]


def _private(files: list[str]) -> list[str]:
    """Return which kinds of private files are among these, relative to the workspace."""
    parts = {part for file in files for part in (file.split("/")[0], file.rsplit("/", 1)[-1])}
    return [name for name in PRIVATE if any(fnmatchcase(part.casefold(), name) for part in parts)]


def _not_ignored(root: Path) -> list[Finding]:
    open_ones = []
    for name, example in PRIVATE.items():
        asked = _git(root, "check-ignore", "-q", "--no-index", "--", example)
        if asked is not None and asked.returncode == 1:
            open_ones.append(name)
    if not open_ones:
        return []
    return [
        look(
            "git",
            f"no .gitignore covers {', '.join(open_ones)}: the next commit may take them along",
            f"add these lines to .gitignore: {' '.join(open_ones)}",
        )
    ]


def _unknown(said: str) -> Finding:
    reason = said.strip().splitlines()[0] if said.strip() else "no reason given"
    return look(
        "git",
        f"Git does not tell what it keeps of this workspace: {reason}",
        "run newsletter doctor as the owner of the repository",
    )


def _lines(root: Path, *words: str) -> list[str]:
    done = _git(root, *words)
    return done.stdout.splitlines() if done is not None else []


def _git(root: Path, *words: str) -> "subprocess.CompletedProcess[str] | None":
    """Run it, with nothing that a hook's environment or the repository's settings would start."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = [
        "git",
        "-c",
        "core.fsmonitor=false",
        "-c",
        "core.quotePath=false",
        "-C",
        str(root),
        *words,
    ]
    try:
        return subprocess.run(
            command,
            env={**environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=_SECONDS,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return None
