"""What a passage is by itself: words of the article, a row of links, a banner or a notice."""

import re
from collections.abc import Sequence
from enum import Enum, auto

from newsletter.pulling.items.around_phrases import AROUND
from newsletter.pulling.items.chrome_words import BESIDE as CHROME
from newsletter.pulling.items.chrome_words import CALLS, STOP
from newsletter.pulling.items.endings import APPEAL, LAST_CAPTION, LEAVING, SIGNS, URGENT
from newsletter.pulling.items.junk_phrases import (
    ACCIDENT,
    BESIDE,
    FOLLOW,
    FOOTER,
    GIVE,
    LAWYER,
    NETWORKS,
    NOTICE,
    OURS,
    READ_MORE,
    RELATED,
    SHARE,
    WORD,
)
from newsletter.pulling.items.link_rows import Links

BANNER, BUTTON, ROW, FORM = 45, 4, 30, 60  # words at most
FEW = 3  # words: fewer may be a heading
ENOUGH = 5  # words of a kind that leave no doubt, one other among them
LONGEST = 500  # characters: what is longer is no banner, and is not searched
EDGES = " \t\u200b¡»«→>›|·•*_=~–—-:.!…“”\"'"
DIVIDER = " \t\u200b*_=~–—-·•|"
# A page builder's marks (WordPress shortcodes) that its feed does not render: [vc_row css="…"].
SHORTCODE = re.compile(r"\[(?:/[a-z]+_\w{1,60}|[a-z]+_\w{1,60}\s[^\[\]=]{0,60}=[^\[\]]*+)\]")
# With what hangs on a word: "inscreva-se", the marks of Arabic vowels.
_CAPTION_WORD = re.compile(
    r"[^\W_]+(?:['’\u064b-\u0652][^\W_]*|-(?:se|me|nos|vous|nous|moi|toi)\b)*", re.IGNORECASE
)
BUTTON_CODE = re.compile(r"\[(\w*(?:button|btn)\w*)\b[^\[\]]{0,300}\][^\[\]]{0,80}\[/\1\]")
ENDING = re.compile(r"[.!?…»”\"؟\]]\s+|\n")


class Sign(Enum):
    """What a passage is by itself; its neighbors decide the rest."""

    ARTICLE = auto()
    JUNK = auto()
    NETWORK = auto()  # the name of one: part of a row, or a word
    SHARES = auto()  # a row of them
    RELATED = auto()  # a heading over links
    LINKED = auto()  # nothing but a link
    BUTTON = auto()  # nothing but a short link, in no list
    APPEAL = auto()  # for gifts, or to leave a list: under an article none of its words
    TITLE = auto()  # that of another piece
    REPEATED = auto()  # a short one that others of its member's pieces have too


def sign_of(passage: str, links: Links | None, own: str) -> Sign:
    """Return what a passage says and links to, whatever its organisation's habits are.

    `own` is the piece's title, casefolded: "Continue reading" is often followed by it.
    """
    if len(passage) > LONGEST or passage.startswith("|"):  # a table's row
        return Sign.ARTICLE
    if not passage.strip(DIVIDER):
        return Sign.JUNK
    words = words_of(passage)
    bare = passage.strip(EDGES)
    if len(words) <= ROW:
        row = _linked_row(bare, links) if links else None
        row = row or row_of(words)
        if row is not None:
            return row
        if RELATED.fullmatch(bare):
            return Sign.RELATED
    if re.fullmatch(r"(?:#\w+[\s,]*){2,}", passage):
        return Sign.JUNK
    if len(words) <= FORM and (_reads_on(bare, own) or _is_notice(bare, words, links)):
        return Sign.JUNK
    if len(words) <= ROW and _is_chrome(words):
        return Sign.RELATED if len(words) < FEW else Sign.JUNK
    if len(words) <= BANNER and _appeals(bare, words):
        return Sign.APPEAL
    if links and links.is_all:
        is_short = len(_CAPTION_WORD.findall(bare)) <= BUTTON or (
            len(words) <= FEW + ENOUGH and URGENT.search(bare) and OURS.search(bare)
        )
        is_caption = is_short and not re.search(r"\d|[.,;]", bare)
        return Sign.BUTTON if is_caption and not links.is_listed else Sign.LINKED
    return Sign.ARTICLE


def row_of(words: Sequence[str]) -> Sign | None:
    """Return what a passage is that only names networks, or asks to share; None when it does not.

    Words are casefolded.
    """
    if not words or not all(map(_is_of_a_row, words)):
        return None
    networks = sum(_is_network(word) for word in words)
    if networks > 1 or (networks and not SHARE.union(FOLLOW).isdisjoint(words)):
        return Sign.SHARES
    if networks:
        return Sign.NETWORK if len(words) <= 2 else None
    return None if SHARE.isdisjoint(words) else Sign.SHARES


def _is_of_a_row(word: str) -> bool:
    return word in BESIDE or word in SHARE or word in FOLLOW or _is_network(word)


def _is_network(word: str) -> bool:
    return word in NETWORKS or word.removeprefix("و") in NETWORKS  # Arabic writes "and" onto it


def without_marks(passage: str, own: str) -> str:
    """Return the passage without what software hangs on its end: footer, "read more", a row."""
    if passage.startswith("|"):
        return passage
    footer = FOOTER.search(passage, max(0, len(passage) - LONGEST))
    if footer:
        passage = passage[: footer.start()].rstrip()
    while True:
        tail = max(0, len(passage) - LONGEST)
        cut = max((ending.end() for ending in ENDING.finditer(passage, tail)), default=0)
        if not cut or not _is_mark(passage[cut:].strip(EDGES), own):
            return passage
        passage = passage[:cut].rstrip()


def words_of(passage: str) -> list[str]:
    """Return a passage's words, casefolded."""
    return WORD.findall(passage.casefold())


def _linked_row(bare: str, links: Links) -> Sign | None:
    around = links.around.strip(EDGES)
    if links.shares and len(around.split()) <= BUTTON:
        return Sign.SHARES
    return Sign.JUNK if RELATED.fullmatch(around) and around != bare else None


def _is_notice(bare: str, words: Sequence[str], links: Links | None) -> bool:
    if NOTICE.fullmatch(bare) or FOOTER.match(bare) or AROUND.fullmatch(bare):
        return True
    if len(words) > BANNER:
        return False
    if links and links.gives and GIVE.match(bare):
        return True
    asks = LAWYER.match(bare) and ("?" in bare or "؟" in bare)
    if asks and OURS.search(bare) and (links or re.search(r"\d{3}", bare)):
        return True
    return ACCIDENT.match(bare) is not None


def _appeals(bare: str, words: Sequence[str]) -> bool:
    if not SIGNS.isdisjoint(words) and (
        LEAVING.search(bare) or (APPEAL.fullmatch(bare) and OURS.search(bare))
    ):
        return True
    return LAST_CAPTION.fullmatch(bare) is not None


def _is_chrome(words: Sequence[str]) -> bool:
    """Whether a passage speaks of nothing but what sites put around articles."""
    calls = sum(word in CALLS for word in words)
    if not calls:
        return False
    chrome = calls + sum(word in CHROME for word in words)
    strange = sum(
        not (word in CALLS or word in CHROME or word in STOP or word in NETWORKS or word.isdigit())
        for word in words
    )
    return strange == 0 or (strange == 1 and (calls > 1 or chrome >= ENOUGH))


def _is_mark(last: str, own: str) -> bool:
    words = words_of(last)
    is_row = 1 < len(words) <= ROW and row_of(words) is Sign.SHARES
    return is_row or _reads_on(last, own) or NOTICE.fullmatch(last) is not None


def _reads_on(bare: str, own: str) -> bool:
    more = READ_MORE.match(bare)
    return more is not None and bare[more.end() :].strip(EDGES).casefold() in ("", own)
