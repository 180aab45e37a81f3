"""Characters that nobody meant to type: what Word, wrong charsets and exports leave behind.

These need no language.
"""

import re
from collections.abc import Iterator
from html import unescape

from newsletter.issues.checking.slips.passage import Passage, Slip

# UTF-8 read as Windows-1252: a lead byte's letter, then what its next bytes read as.
_CP1252_HIGH = "".join(
    bytes([code]).decode("cp1252", "replace").replace("\ufffd", chr(code))
    for code in range(0x80, 0xC0)
)
_GARBLED = re.compile(rf"(?:[\u00c2-\u00f4][{re.escape(_CP1252_HIGH)}]{{1,3}})+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufeff\ufff9-\ufffb]")
_C1 = re.compile(r"[\x80-\x9f]")  # Windows-1252 read as Latin-1
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_LOST = re.compile(r"\ufffd+")
# don?t, l?État: the apostrophe was lost on the way; no question mark stands inside a word.
_LOST_QUOTE = re.compile(r"(?<=[^\W\d_])\?(?=(?:s|t|re|ve|ll|d|m)\b)", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:amp;)?(?:nbsp|quot|apos|lt|gt|amp|[lr][sd]quo|[mn]dash|hellip|#\d+|#x[\da-f]+);",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"_x[0-9A-Fa-f]{4}_|</?[ovw]:[a-z]+|\[(?:if|endif)[^\]]*\]|\bmso-[a-z-]+|\bMsoNormal\b"
    r"|\\u[0-9a-fA-F]{4}"
)
_SYMBOLS = {
    "\uf0b7": "•",
    "\uf0a7": "▪",
    "\uf0d8": "➢",
    "\uf0fc": "✓",
    "\uf0e0": "→",
    "\uf0b0": "°",
}


def odd_characters(passage: Passage) -> Iterator[Slip]:
    """Yield what is left of another program's encoding in a passage, with what it was."""
    text = passage.text
    if text.isascii() and not any(mark in text for mark in "&?\\_<[\x7f") and text.isprintable():
        return
    for match in _GARBLED.finditer(text):
        if mend := _repaired(match[0]):
            yield passage.slip(match, "garbled", mend)
    for match in _C1.finditer(_GARBLED.sub(lambda one: " " * len(one[0]), text)):
        mend = match[0].encode("latin-1").decode("cp1252", "replace")
        why = "a character that cannot be seen"
        yield passage.slip(match, why, "" if mend == "\ufffd" else mend)
    for match in _CONTROL.finditer(text):
        yield passage.slip(match, "a character that cannot be seen")
    for match in _PRIVATE.finditer(text):
        why = "a sign that only one font has"
        yield passage.slip(match, why, _SYMBOLS.get(match[0], ""))
    for match in _LOST.finditer(text):
        yield passage.slip(match, "a character was lost here")
    for match in _LOST_QUOTE.finditer(text):
        yield passage.slip(match, "an apostrophe was lost here", "’")
    for match in _ENTITY.finditer(text):
        mend = unescape(unescape(match[0])).replace("\u00a0", " ")
        yield passage.slip(match, "left over from a web page", mend)
    for match in _OFFICE.finditer(text):
        yield passage.slip(match, "left over from another program")


def _repaired(garbled: str) -> str:
    """Return what was meant, where the bytes are UTF-8 read as Windows-1252, also twice over."""
    for _ in range(2):
        try:
            data = b"".join(_byte(char) for char in garbled)
            mended = data.decode("utf-8")
        except UnicodeError:
            return ""
        if not _GARBLED.fullmatch(mended):
            return mended
        garbled = mended
    return mended


def _byte(char: str) -> bytes:
    try:
        return char.encode("cp1252")
    except UnicodeEncodeError:
        return char.encode("latin-1")  # the five that Windows-1252 leaves out
