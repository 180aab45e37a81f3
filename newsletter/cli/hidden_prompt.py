"""Asks for a passphrase without showing it. Where there is no terminal it names the variable."""

import warnings
from getpass import GetPassWarning

import click

from newsletter.errors import UsageError


def ask_hidden(label: str, variable: str, *, again: bool = False) -> str:
    """Return what is typed, or comes by a pipe. UsageError where nobody can type anything."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always", GetPassWarning)
        try:
            return str(click.prompt(label, hide_input=True, confirmation_prompt=again, err=True))
        except click.Abort:
            if not any(issubclass(one.category, GetPassWarning) for one in heard):
                raise
            click.echo(err=True)  # ends the line of the question
    raise UsageError(
        "nobody can type a passphrase here (no terminal)", hint=f"set {variable} for this command"
    )
