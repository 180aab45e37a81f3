"""What a phone shows of a mail to anybody who looks at it: the words beside its subject.

Phones show the first words of a message. For readers who asked for discretion a mail begins with
its neutral subject once more, and with so much filling that nothing of what follows is shown.
"""

import html

# Mail clients show up to about 140 characters, and cut runs of plain spaces short. A grapheme
# joiner, a non-joiner and a space that does not break are seen as nothing and counted as something.
_FILLING = "\u034f\u200c\u00a0" * 120
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all"


def first_words_html(subject: str) -> str:
    """Return the element that a body of HTML begins with; it is not shown in the mail itself."""
    return f'<div style="{_HIDDEN}">{html.escape(subject)}{_FILLING}</div>'


def first_words_text(subject: str) -> str:
    """Return the line that a plain text begins with."""
    return f"{subject}{_FILLING}"
