"""[I/O] Writes the files of a new workspace."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from newsletter.errors import NewsletterError, ServiceError, UsageError
from newsletter.shipped import shipped

GITIGNORE = ".gitignore"
_TEXTS = {"newsletter.toml": "newsletter.toml", "feeds.yaml": "feeds.yaml"}
_FOLDERS = ("stories", "blocks", "issues")


def scaffold(root: Path, *, name: str, editor: str) -> tuple[str, ...]:
    """Write a new workspace, and return the names of what was made. UsageError for a second one."""
    there = [file for file in _TEXTS if (root / file).exists()]
    if there:
        raise UsageError(
            f"{root.absolute()} is already a workspace: it has {' and '.join(there)}",
            hint="name another folder: newsletter init FOLDER",
        )
    try:
        return _write(root, {"name": _toml(name), "editor": _toml(editor)})
    except OSError as error:
        raise ServiceError(f"cannot write in {root.absolute()}: {error.strerror}") from error


@contextmanager
def whole_or_nothing(root: Path, *more: str) -> Iterator[None]:
    """Delete again what was made of a workspace, and files named `more`, when making it fails;
    what was there before stays."""
    names = (*_TEXTS, GITIGNORE, *more, *_FOLDERS)
    new = [root / name for name in names if not (root / name).exists()]
    is_new = not root.exists()
    try:
        yield
    except NewsletterError:
        for path in [*new, *([root] if is_new else ())]:
            with suppress(OSError):  # it was not made, or somebody put something into it
                path.rmdir() if path.is_dir() else path.unlink()
        raise


def gitignore() -> bytes:
    """Return what keeps readers, stories and keys out of Git."""
    return (shipped("scaffold") / "gitignore").read_bytes()


def _write(root: Path, fields: dict[str, str]) -> tuple[str, ...]:
    made = []
    for folder in _FOLDERS:
        private = 0o700 if folder == "stories" else 0o777  # less what the umask takes
        (root / folder).mkdir(mode=private, parents=True, exist_ok=True)
        made.append(f"{folder}/")
    source = shipped("scaffold")
    settings = (source / "newsletter.toml").read_text(encoding="utf-8").format(**fields)
    (root / "newsletter.toml").write_bytes(settings.encode())  # the same bytes on any system
    (root / "feeds.yaml").write_bytes((source / "feeds.yaml").read_bytes())
    if not (root / GITIGNORE).exists():
        (root / GITIGNORE).write_bytes(gitignore())
        made.append(GITIGNORE)
    return tuple(sorted([*made, *_TEXTS]))


def _toml(text: str) -> str:
    """Return the text as it may stand between double quotes in TOML."""
    kept = "".join(char for char in text if char.isprintable())
    return kept.replace("\\", "\\\\").replace('"', '\\"')
