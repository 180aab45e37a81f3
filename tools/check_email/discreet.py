"""Discreet copies: what a phone shows of one, and the approved message behind its neutral words."""

import re
from collections.abc import Iterator
from dataclasses import replace

from newsletter.design.first_words import without_filling
from newsletter.issues.checking.page import read_page
from newsletter.issues.checking.rendered_words import SHOWN_BESIDE_SUBJECT
from tests.design import samples
from tools.check_email.finding import Finding, counted
from tools.check_email.letters import Letter
from tools.check_email.week import COALITION

NAMES = (samples.COALITION.name, COALITION)
_FILLING = "\u034f\u200c\u00a0"
_NEUTRAL_HTML = re.compile(rf"<div style=[^>]*>[^<]*[{_FILLING}]+</div>")
_NEUTRAL_TEXT = re.compile(rf"\A[^\n]*[{_FILLING}]+\n\n")


def is_discreet(letter: Letter) -> bool:
    """Whether it is a copy that begins with neutral words."""
    return _NEUTRAL_TEXT.match(letter.text) is not None


def as_approved(letter: Letter) -> Letter:
    """The letter without the neutral words, which the checks of an edition know nothing of."""
    if not is_discreet(letter):
        return letter
    return replace(
        letter,
        html=_NEUTRAL_HTML.sub("", letter.html, count=1),
        text=_NEUTRAL_TEXT.sub("", letter.text, count=1),
    )


def as_checked(letter: Letter) -> Letter:
    """The letter as the checks of an edition know it. A notice's neutral words are its own."""
    if not letter.is_notice:
        return as_approved(letter)
    first, _, rest = letter.text.partition("\n")
    return replace(letter, text=f"{without_filling(first)}\n{rest}")


def discreet_findings(letters: list[Letter]) -> Iterator[Finding]:
    """For discreet copies: From, subject and what a phone shows of either part are neutral."""
    for letter in letters:
        if is_discreet(letter):
            yield counted(letter.name, "23", "discreet: words given away", list(_given(letter)))


def _given(letter: Letter) -> Iterator[str]:
    subject = str(letter.message["Subject"])
    if letter.is_notice:
        yield from _given_by_notice(letter)
        return
    approved = read_page(as_approved(letter).html)
    told = [next(one.text for one in approved.all("h1")), approved.words[1]]  # title, coalition
    for header in (subject, str(letter.message["From"])):
        yield from (f"a header says {words!r}" for words in told if words.strip() in header)
    words = "".join(read_page(letter.html).words).lstrip()
    for part, first in (("text", letter.text), ("HTML", words)):
        if not first.startswith(subject) or first[len(subject) : SHOWN_BESIDE_SUBJECT].strip(
            _FILLING
        ):
            yield f"the {part} shows {first[:SHOWN_BESIDE_SUBJECT].rstrip(_FILLING)!r}"


def _given_by_notice(letter: Letter) -> Iterator[str]:
    """No word of it names the coalition; what a phone shows is its neutral beginning."""
    html = "".join(read_page(letter.html).words)
    parts = {
        "From": str(letter.message["From"].addresses[0].display_name),
        "Subject": str(letter.message["Subject"]),
        "the text": letter.text,
        "the HTML": html,
    }
    for where, words in parts.items():
        yield from (f"{where} names {name!r}" for name in NAMES if name in words)
    for where, words in (("text", letter.text), ("HTML", html)):
        if re.search(r"https?://", words.lstrip()[:SHOWN_BESIDE_SUBJECT]):
            yield f"a phone shows an address of the {where}"
    if without_filling(read_page(letter.html).words[0]) == read_page(letter.html).words[0]:
        yield "no filling behind the preheader"
