"""Where sentences end, in any script; no mark goes on over such an end."""

import re

_END = re.compile(r"[.!?…؟۔।。！？]{1,9}[\"'”’»)\]]{0,3}(?=\s|$)|\n[ \t\r]*\n|[。！？।]")
_ABBREVIATED = re.compile(
    r"(?<![\w'’])(?:inc|ltd|co|corp|llc|jr|sr|sra|srta|dr|dra|mr|mrs|ms|prof|lic|ing|rev|st|str|"
    r"ave|avda|av|"
    r"blvd|rd|ln|hwy|apt|depto|dpto|urb|col|pza|ctra|no|n[ºo°]|n[uú]m|tel|tlf|ext|esq|hnos|km|"
    r"nnal|dto|izq|dcha|pta|c/|ul|ee|uu|ste|sta|(?![aeiouy]\b)[^\W\d_]|(?-i:[AEOUY]))"
    r"\Z",
    re.IGNORECASE,
)

_NO = re.compile(r"(?<!\w)no\Z", re.IGNORECASE)


def sentence_ends(text: str) -> tuple[int, ...]:
    """Return the offsets at which sentences and paragraphs are over, in order."""
    return tuple(match.end() for match in _END.finditer(text) if not _shortens(text, match))


def is_abbreviation(text: str, end: int) -> bool:
    """Return whether the characters before `end` are one that is written with a period."""
    return _ABBREVIATED.search(text, max(0, end - 8), end) is not None


def _shortens(text: str, match: re.Match[str]) -> bool:
    if match[0] != "." or not is_abbreviation(text, match.start()):
        return False
    # "No. 5" goes on, "they said no." does not.
    is_number = text[match.end() : match.end() + 2].strip()[:1].isdigit()
    return is_number or not _NO.search(text, max(0, match.start() - 3), match.start())
