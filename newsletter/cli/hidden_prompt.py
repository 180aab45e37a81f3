"""Asks for a passphrase without showing it. Where there is no terminal it names the variable."""

import sys
import warnings
from getpass import GetPassWarning

import click

from newsletter.cli.output import note
from newsletter.errors import UsageError


def ask_hidden(label: str, variable: str, *, again: bool = False) -> str:
    """Return what is typed, or comes by a pipe. UsageError where nobody can type anything."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", GetPassWarning)
        try:
            return str(click.prompt(label, hide_input=True, confirmation_prompt=again, err=True))
        except GetPassWarning:
            note("")  # ends the line of the question
    piped = [sys.stdin.readline().rstrip("\r\n") for _ in range(1 + again)]
    if not all(piped):
        raise UsageError(
            "nobody can type a passphrase here (no terminal)",
            hint=f"set {variable} for this command",
        )
    if len(set(piped)) > 1:
        raise UsageError("the two passphrases are not the same")
    return piped[0]
