"""newsletter feeds: the options that say what a member is and what may be reprinted."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from functools import partial, wraps
from typing import Any

import click

from newsletter.cli.completing import regions, topics
from newsletter.cli.output import repeatable
from newsletter.model.organisation import Terms, TextTerms

TEXT = click.Choice(["link", "excerpt", "full"])
_TERMS = (
    click.option(
        "--terms",
        "text",
        type=TEXT,
        callback=lambda _ctx, _option, text: text and TextTerms(text),
        help="Reprint only the link, an excerpt, or the full text.",
    ),
    click.option(
        "--words", type=click.IntRange(1, 100_000), help="How many words an excerpt may have."
    ),
    click.option(
        "--pictures/--no-pictures", default=None, help="Whether their pictures may be reprinted."
    ),
    click.option(
        "--pages/--no-pages", default=None, help="Whether we may read the articles' own web pages."
    ),
)
_DETAILS = (
    click.option("--name", help="The organisation's name."),
    repeatable("--language", "languages", help="A language it publishes in, the main one first."),
    repeatable("--region", "regions", help="A region it serves.", shell_complete=regions),
    repeatable("--topic", "topics", help="A topic it covers.", shell_complete=topics),
    click.option("--contact", help="The email address that gets reports about its feeds."),
)


def _with(options: Sequence[Callable[[Any], Any]], command: Any) -> Any:
    for option in reversed(options):
        command = option(command)
    return command


def with_terms(command: Callable[..., None]) -> Any:
    """Add the options of terms; hand those that were given to the command as `typed`."""

    @wraps(command)
    def gathered(**options: Any) -> None:
        terms = {field.name: options.pop(field.name) for field in fields(Terms)}
        typed = {name: value for name, value in terms.items() if value is not None}
        command(typed=typed, **options)

    return _with(_TERMS, gathered)


with_details = partial(_with, _DETAILS)
