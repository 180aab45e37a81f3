"""Numbers and addresses that are spelled out, as when they are dictated: "cinco cero tres"."""

import re

from newsletter.stories.scan.marks import MarkKind
from newsletter.stories.scan.shapes import LETTERS

NUMBER_WORDS = (
    "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|"
    "fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|"
    "ninety|hundred|double|triple|"
    "cero|uno|una|un|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|"
    "quince|diecis[eé]is|diecisiete|dieciocho|diecinueve|veinte|veinti\\w{2,8}|treinta|cuarenta|"
    "cincuenta|sesenta|setenta|ochenta|noventa|cien|ciento|(?:dos|tres|cuatro|seis|ocho)cientos|"
    "quinientos|setecientos|novecientos|doble)"
)
ORDINALS = (
    r"(?:\d{1,4}(?:st|nd|rd|th|[ªºa])|first|second|third|fourth|fifth|sixth|seventh|eighth|"
    r"ninth|tenth|"
    r"eleventh|twelfth|primer[ao]?|segund[ao]|tercer[ao]?|cuart[ao]|quint[ao]|sext[ao]|"
    r"s[eé]ptim[ao]|octav[ao]|noven[ao]|d[eé]cim[ao])"
)
_NUMBER = rf"(?:{NUMBER_WORDS}|\d{{1,4}})"
_DOT = r"(?:\.|dot|period|punto|point)"
_AT = r"(?:@|at|arroba|\(at\)|\[at\])"
_JOINT = r"(?:underscore|gui[oó]n(?:\s+bajo)?|dash)"
_PART = r"[\w\-]{1,40}"

_SPECS: tuple[tuple[MarkKind, str], ...] = (
    (
        MarkKind.CONTACT,
        rf"\b{_PART}(?:\s+(?:dot|punto|{_JOINT})\s+{_PART}){{0,4}}"
        rf"\s+{_AT}\s+"
        rf"{_PART}(?:\s+(?:dot|punto)\s+{_PART}){{1,3}}\b"
        rf"(?:\s+{_AT}\s+{_PART}(?:\s+(?:dot|punto)\s+{_PART}){{1,3}}\b)?",  # "me at rosa dot ..."
    ),
    (MarkKind.CONTACT, rf"\b{_PART}\s+arroba\s+{_PART}(?:\s*{_DOT}\s*{_PART}){{0,3}}\b"),
    (MarkKind.CONTACT, rf"\b{_PART}\s+at\s+(?:gmail|hotmail|yahoo|outlook|icloud|proton)\b"),
    # A handle, "at luz underscore nc", or the same without the first word.
    (MarkKind.CONTACT, rf"\b(?:(?:at|arroba)\s+)?{_PART}(?:\s+{_JOINT}\s+{_PART}){{1,4}}\b"),
    (
        MarkKind.CONTACT,
        rf"\b{NUMBER_WORDS}(?:(?:,|\s+y|\s+and|\s*-)?\s*\b{_NUMBER}\b){{3,20}}",
    ),
    (
        MarkKind.ID,
        rf"\b(?:A|{LETTERS})[\s\-]+{_NUMBER}(?:(?:,|\s+y|\s*-)?\s*\b{_NUMBER}\b){{2,20}}",
    ),
    (MarkKind.DATE, rf"\b(?:dos\s+mil|two\s+thousand(?:\s+and)?|nineteen|twenty)\s+{NUMBER_WORDS}"
     rf"(?:[\s\-]+(?:y\s+)?{NUMBER_WORDS})?\b"),
    (MarkKind.NAME, r"\b(?:[^\W\d_][\s\-]){3,20}[^\W\d_]\b"),  # K-E-V-I-N
    (MarkKind.NUMBER, rf"\b{NUMBER_WORDS}(?:,?\s+\b{_NUMBER}\b){{2,3}}"),
)  # fmt: skip

SPELLED = tuple((kind, re.compile(spec, re.IGNORECASE)) for kind, spec in _SPECS)
