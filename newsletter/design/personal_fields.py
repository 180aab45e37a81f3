"""The fields of a reader's own links: templates bring them in, nothing that they show can.

Whoever holds a reader's link can act as that reader, so `https://elsewhere/?@@leave_url@@` in a
member's feed must stay words. It may come in many spellings (`\\@@…`, `&#64;@…`, a link's target)
that only Markdown and MJML resolve, so what counts is the finished document: templates write marks
that nobody outside could guess, and every placeholder found beside them is somebody's words.
"""

import re
import secrets

from newsletter.model.message import LEAVE_URL, PERSONAL_FIELDS, PREFERENCES_URL

_FIELD = re.compile("|".join(re.escape(field) for field in PERSONAL_FIELDS))


class PersonalFields:
    """The marks of one document. `insert` leaves no trace of them: same inputs, same bytes."""

    def __init__(self) -> None:
        self.leave = _mark(LEAVE_URL)
        self.preferences = _mark(PREFERENCES_URL)

    def insert(self, document: str) -> str:
        """Return the document with the fields where the templates have them, and only there."""
        return (
            neutralize(document)
            .replace(self.leave, LEAVE_URL)
            .replace(self.preferences, PREFERENCES_URL)
        )


def neutralize(text: str) -> str:
    """Make every personal field in the text into plain words."""
    return _FIELD.sub(lambda match: match[0].replace("@@", "__"), text)


def _mark(field: str) -> str:
    """As long as the field, so that lines wrap alike."""
    inside = len(field) - 4
    return f"@@{secrets.token_hex(inside)[:inside]}@@"
