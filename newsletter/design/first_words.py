"""What a phone shows of a mail to anybody who looks at it: the words beside its subject.

Phones show the first words of a message. An issue begins with its preheader, and with so much
filling that nothing of what follows is shown; for readers who asked for discretion it begins with
its neutral subject once more, and more of that. Screen readers, which say it all, skip both.
"""

import html
import re

from markupsafe import Markup

# Mail clients show up to about 140 characters, and cut runs of plain spaces short. A grapheme
# joiner, a non-joiner and a space that does not break are seen as nothing and counted as something.
_NOTHING = "\u034f\u200c\u00a0"
_FILLING = _NOTHING * 120
_LONGEST_SHOWN = 240
_MOST_SHOWN = 140
_UNSHOWN = re.compile(r"<head\b.*?</head>|<!--.*?-->|<[^>]*>", re.DOTALL | re.IGNORECASE)
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all"


def preheader_html(words: str) -> Markup:
    """Return the element that an issue's HTML begins with; it is not shown in the mail itself."""
    room = max(0, _LONGEST_SHOWN - len(words))
    filling = _NOTHING * -(-room // len(_NOTHING))
    return Markup('<div style="{}" aria-hidden="true">{}{}</div>').format(_HIDDEN, words, filling)


def without_filling(text: str) -> str:
    """Return the words of such an element."""
    return text.rstrip(_NOTHING)


def first_words_html(subject: str) -> str:
    """Return the element that a body of HTML begins with; it is not shown in the mail itself."""
    return f'<div style="{_HIDDEN}" aria-hidden="true">{html.escape(subject)}{_FILLING}</div>'


def first_words_text(subject: str) -> str:
    """Return the line that a plain text begins with."""
    return f"{subject}{_FILLING}"


def first_shown(document: str) -> str:
    """Return what phones show of an HTML part: its first words, as far as the filling."""
    words = " ".join(html.unescape(_UNSHOWN.sub(" ", document)).split())
    return words.partition(_NOTHING[0])[0][:_MOST_SHOWN].strip()
