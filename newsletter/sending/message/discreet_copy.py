"""What a telephone shows of an issue to whoever looks at it, for readers who asked for discretion.

Beside the subject, phones show the first words of a message: the approved preheader, which may name
a story or a topic. A discreet copy begins with the neutral subject once more, and with so much
filling that nothing of what follows is shown. What follows are the approved bytes, unchanged.
"""

import html
import re
from dataclasses import replace

from newsletter.design.catalogues import translations
from newsletter.model.coalition import Sender
from newsletter.model.message import RenderedEdition

# Mail clients show up to about 140 characters, and cut runs of plain spaces short. A grapheme
# joiner, a non-joiner and a space that does not break are seen as nothing and counted as something.
_FILLING = "\u034f\u200c\u00a0" * 120
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)
_HIDDEN = "display:none;max-height:0;overflow:hidden;mso-hide:all"


def discreet_copy(edition: RenderedEdition, sender: Sender) -> RenderedEdition:
    """Return the edition under a neutral subject, which its two bodies begin with."""
    gettext = translations(edition.language).gettext
    subject = sender.discreet_subject or gettext("Your weekly update")
    first = f'<div style="{_HIDDEN}">{html.escape(subject)}{_FILLING}</div>'
    body = _BODY.search(edition.html)
    at = body.end() if body else 0
    return replace(
        edition,
        subject=subject,
        html=edition.html[:at] + first + edition.html[at:],
        text=f"{subject}{_FILLING}\n\n{edition.text}",
    )
