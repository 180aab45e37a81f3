"""The cells of a line: what is written in them, as a value; or in words why it is none."""

import re
from datetime import UTC, date, datetime

from newsletter.model.subscriber import Frequency
from newsletter.people.language_names import language_tag


class WrongCellError(Exception):
    """A cell that cannot be read; the text is the reason, and repeats nothing of it."""


def names(text: str) -> frozenset[str]:
    """Short names of topics or regions: `Los Angeles; Housing` is los-angeles and housing."""
    slugs = (re.sub(r"\W+", "-", piece.casefold()).strip("-") for piece in re.split("[,;|]", text))
    return frozenset(slug for slug in slugs if slug)


def language(text: str, otherwise: str) -> str:
    """A BCP 47 tag; `otherwise` for an empty cell. None is ever guessed."""
    if not text:
        if not otherwise:
            raise WrongCellError("no language; name one for such lines with --language")
        return otherwise
    tag = language_tag(text)
    if tag is None:
        raise WrongCellError("its language is not one that is known")
    return tag


def frequency(text: str) -> Frequency:
    """Weekly where nothing is said."""
    if not text:
        return Frequency.WEEKLY
    try:
        return Frequency(text.casefold())
    except ValueError:
        raise WrongCellError("its frequency is not weekly, monthly or urgent") from None


def yes(text: str) -> bool:
    """No where nothing is said."""
    if text.casefold() not in {"", "yes", "no", "true", "false", "1", "0", "sí", "si"}:
        raise WrongCellError("discreet is yes or no")
    return text.casefold() in {"yes", "true", "1", "sí", "si"}


def day(text: str) -> date | None:
    """The day on which a pause ends."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise WrongCellError("its pause does not end on a date such as 2026-12-31") from None


def moment(text: str) -> datetime | None:
    """A time as the export says it; without a zone it is UTC, as Mailchimp and listmonk write."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        raise WrongCellError("a date in it is not written as 2026-12-31 10:00:00") from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
