"""[I/O] Whom stories are sealed to: named public keys, one a line, also readable by `age -R`."""

from dataclasses import dataclass

import pyrage

from newsletter.errors import ConfigError
from newsletter.files import WorkspaceFiles

FILE = "stories/recipients.txt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A public key and whose it is. A recovery key is kept offline, in case editors lose theirs."""

    key: str
    name: str
    is_recovery: bool = False


def read_recipients(files: WorkspaceFiles) -> tuple[Recipient, ...]:
    """Return whom this workspace's stories are sealed to; none while nobody made a key."""
    return parse(files.read(FILE)) if files.exists(FILE) else ()


def write_recipients(
    files: WorkspaceFiles, recipients: tuple[Recipient, ...]
) -> tuple[Recipient, ...]:
    """Replace the workspace's file, and return what it now holds."""
    files.write(FILE, as_text(recipients))
    return recipients


def parse(text: str, *, file: str = FILE) -> tuple[Recipient, ...]:
    """Read a file's text: each key below a comment that names it. ConfigError with the line."""
    recipients: list[Recipient] = []
    name, recovery = "", False
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("#"):
            name = line.lstrip("# ").strip()
            recovery = name.endswith("(recovery)")
            name = name.removesuffix("(recovery)").strip()
        elif line:
            check_key(line, file=file, line=number)
            if line in {recipient.key for recipient in recipients}:
                raise ConfigError("this key is in the file twice", file=file, line=number)
            recipients.append(Recipient(key=line, name=name, is_recovery=recovery))
            name, recovery = "", False
    return tuple(recipients)


def as_text(recipients: tuple[Recipient, ...]) -> str:
    """Return the text of the file that holds these recipients."""
    return "".join(
        f"# {recipient.name}{' (recovery)' if recipient.is_recovery else ''}\n{recipient.key}\n"
        for recipient in recipients
    )


def check_key(key: str, *, file: str = "", line: int | None = None) -> None:
    """Refuse what is no public key of age, with a ConfigError."""
    if key.upper().startswith("AGE-SECRET-KEY"):
        raise ConfigError(
            "this is a PRIVATE key",
            file=file,
            line=line,
            hint="delete it now, make a new key and rotate; only age1… keys belong here",
        )
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise ConfigError(
            "this is not a public key",
            file=file,
            line=line,
            hint="a public key starts with age1 and has 62 characters",
        ) from error
