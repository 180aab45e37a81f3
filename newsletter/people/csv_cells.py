"""The cells of a line: what is written in them, as a value; or in words why it is none."""

import re
from datetime import UTC, date, datetime

from newsletter.model.subscriber import Frequency
from newsletter.people.language_names import language_tag


class WrongCellError(Exception):
    """A cell that cannot be read; the text is the reason, and repeats nothing of it."""


# What a spreadsheet takes for a formula (OWASP, CSV injection); the wide ones in East Asia.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(text: str) -> str:
    """Return the text so that no spreadsheet runs it as a formula."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def unguarded(text: str) -> str:
    """Return what `guarded` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith((*_FORMULA, "'")) else text


def read_names(text: str) -> frozenset[str]:
    """Read short names of topics or regions: `Los Angeles; Housing` is los-angeles and housing."""
    slugs = (re.sub(r"\W+", "-", piece.casefold()).strip("-") for piece in re.split("[,;|]", text))
    return frozenset(slug for slug in slugs if slug)


def read_language(text: str, otherwise: str) -> str:
    """Read a BCP 47 tag; `otherwise` for an empty cell. None is ever guessed."""
    if not text:
        if not otherwise:
            raise WrongCellError("no language; set one for such lines with --language")
        return otherwise
    tag = language_tag(text)
    if tag is None:
        raise WrongCellError("the language is not known")
    return tag


def read_frequency(text: str) -> Frequency:
    """Read how often; weekly where nothing is said."""
    if not text:
        return Frequency.WEEKLY
    try:
        return Frequency(text.casefold())
    except ValueError:
        raise WrongCellError("the frequency is not weekly, monthly or urgent") from None


def read_yes_no(text: str) -> bool:
    """Read yes or no; no where nothing is said."""
    if text.casefold() not in {"", "yes", "no", "true", "false", "1", "0", "sí", "si"}:
        raise WrongCellError("discreet is neither yes nor no")
    return text.casefold() in {"yes", "true", "1", "sí", "si"}


def read_date(text: str) -> date | None:
    """Read the day on which a pause ends."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongCellError("the end of the pause is not a date such as 2026-12-31") from None


def read_moment(text: str) -> datetime | None:
    """Read a time; without a zone it is UTC, as Mailchimp and listmonk write."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        raise WrongCellError("a date is not written like 2026-12-31 10:00:00") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
