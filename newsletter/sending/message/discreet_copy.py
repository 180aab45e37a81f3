"""What an issue looks like for readers who asked for discretion: a neutral name and subject.

The approved preheader, which phones show, may name a story or a topic: a discreet copy begins with
other words (newsletter/design/first_words.py). It has no logo: mail programs show what is attached
beside the subject. All else are the approved bytes, unchanged.
"""

import re
from dataclasses import replace

from newsletter.design.first_words import first_words_html, first_words_text
from newsletter.design.names import discreet_subject
from newsletter.model.coalition import Sender
from newsletter.model.logo import LOGO
from newsletter.model.message import RenderedEdition

_LOGO = re.compile(rf'<img\b[^>]*\bsrc="cid:[^"]*{re.escape(LOGO)}"[^>]*>')
_BODY = re.compile(r"<body\b[^>]*>", re.IGNORECASE)


def discreet_copy(edition: RenderedEdition, sender: Sender) -> RenderedEdition:
    """Return the edition without its logo; its neutral subject begins its two bodies too."""
    subject = discreet_subject(sender, edition.language)
    body = _BODY.search(edition.html)
    at = body.end() if body else 0
    return replace(
        edition,
        subject=subject,
        html=edition.html[:at] + first_words_html(subject) + _LOGO.sub("", edition.html[at:]),
        pictures=tuple(one for one in edition.pictures if not one.cid.endswith(LOGO)),
        text=f"{first_words_text(subject)}\n\n{edition.text}",
    )
