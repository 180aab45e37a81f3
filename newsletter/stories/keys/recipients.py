"""Whom stories are sealed to: public keys with names, one a line, also readable by `age -R`."""

from dataclasses import dataclass

import pyrage

from newsletter.errors import ConfigError

FILE = "stories/recipients.txt"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """A public key and whose it is. A recovery key is kept offline, in case editors lose theirs."""

    key: str
    name: str
    is_recovery: bool = False


def read(text: str, *, file: str = FILE) -> tuple[Recipient, ...]:
    """The recipients of the file: each key below a comment that names it."""
    found: list[Recipient] = []
    name, recovery = "", False
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("#"):
            name = line.lstrip("# ").strip()
            recovery = name.endswith("(recovery)")
            name = name.removesuffix("(recovery)").strip()
        elif line:
            check_key(line, file=file, line=number)
            if line in {one.key for one in found}:
                raise ConfigError("this key is there twice", file=file, line=number)
            found.append(Recipient(key=line, name=name, is_recovery=recovery))
            name, recovery = "", False
    return tuple(found)


def write(recipients: tuple[Recipient, ...]) -> str:
    """The file's text."""
    return "".join(
        f"# {one.name}{' (recovery)' if one.is_recovery else ''}\n{one.key}\n" for one in recipients
    )


def check_key(key: str, *, file: str = "", line: int | None = None) -> None:
    """ConfigError when it is no public key of age."""
    if key.upper().startswith("AGE-SECRET-KEY"):
        raise ConfigError(
            "this is a PRIVATE key",
            file=file,
            line=line,
            hint="delete it from here at once, make a new key and rotate; only age1… belongs here",
        )
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise ConfigError(
            "this is no public key",
            file=file,
            line=line,
            hint="a public key starts with age1 and has 62 characters",
        ) from error
