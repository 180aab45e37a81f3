"""The reader's own links: the templates bring them in, and nothing that a template shows can.

Whoever holds a reader's link can act as that reader, so `https://elsewhere/?@@leave_url@@` in a
member's feed must stay words. It may come in many spellings (`\\@@…`, `&#64;@…`, a link's target)
that only Markdown and MJML resolve, so what counts is the finished document: templates write marks
that nobody outside could guess, and every placeholder found beside them is somebody's words.
"""

import re
import secrets

from newsletter.model.message import LEAVE_URL, PERSONAL_FIELDS, PREFERENCES_URL

_FIELD = re.compile("|".join(re.escape(field) for field in PERSONAL_FIELDS))


class OwnLinks:
    """The marks of one document. `placed` leaves no trace of them: same inputs, same bytes."""

    def __init__(self) -> None:
        self.leave = _mark(LEAVE_URL)
        self.preferences = _mark(PREFERENCES_URL)

    def placed(self, document: str) -> str:
        """The document with the personal fields where the templates have them, and only there."""
        return (
            as_words(document)
            .replace(self.leave, LEAVE_URL)
            .replace(self.preferences, PREFERENCES_URL)
        )


def as_words(text: str) -> str:
    """The text with every personal field made into plain words."""
    return _FIELD.sub(lambda match: match[0].replace("@@", "__"), text)


def _mark(field: str) -> str:
    """As long as the field, so that lines wrap alike."""
    inside = len(field) - 4
    return f"@@{secrets.token_hex(inside)[:inside]}@@"
