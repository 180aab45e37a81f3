"""Relatives, ages, groups of people and their feasts, by the words that stand around them."""

import re

from newsletter.stories.scan.marks import MarkKind
from newsletter.stories.scan.pattern_parts import NUMBER, PROPER, THE, WORD
from newsletter.stories.scan.spelled import NUMBER_WORDS

_CHILDREN = (
    "kids?|children|boys?|girls?|sons?|daughters?|brothers|sisters|siblings|babies|grandkids|"
    "grandchildren|nephews|nieces|cousins|uncles|aunts|grandsons|granddaughters|sobrin[oa]s|prim[oa]s|t[ií][oa]s|"
    "cu[nñ]ad[oa]s|"
    "hij[oa]s|hijit[oa]s|ni[nñ][oa]s|beb[eé]s|herman[oa]s|niet[oa]s|chamac[oa]s|muchach[oa]s|"
    "criaturas"
)
_SOMEBODY = (
    "girl|boy|woman|man|guy|lady|kid|couple|family|friend|neighbor|people|folks|guard|"
    "muchach[oa]|chic[oa]|chav[oa]|se[nñ]or|se[nñ]ora|ni[nñ][oa]|mujer|hombre|joven|pareja|"
    "familia|amig[oa]|vecin[oa]|paisan[oa]|compa[nñ]er[oa]|guardia"
)
_EVENTS_EN = (
    "quincea[nñ]era|quince|wedding|birthday|baptism|christening|graduation|funeral|wake|"
    "communion|confirmation|baby shower|party|burial"
)
_EVENTS_ES = (
    "quince(?:\\s+a[nñ]os)?|quincea[nñ]era|boda|casamiento|cumplea[nñ]os|bautizo|graduaci[oó]n|"
    "velorio|entierro|funeral|comuni[oó]n|confirmaci[oó]n|fiesta"
)
_IS = (
    r"is|are|am|was|were|turned|turning|aged?|tienen?|ten[ií]an?|ten[ií]amos|tengo|tenemos|"
    r"cumpl\w{1,5}"
)
_UNITS = r"years?|months?|weeks?|days?|yrs?|a[nñ]os?|a[nñ]itos|mes|meses|d[ií]as?|semanas?"
_AGE = (
    rf"{NUMBER}(?:\s+y\s+\w{{1,12}})?[\s\-]+(?:{_UNITS})\b"
    rf"(?:\s+(?:y|and)\s+{NUMBER}\s+(?:{_UNITS})\b)?"
)

_SPECS: tuple[tuple[MarkKind, str], ...] = (
    # An age, not a length of time: "three weeks old", "tiene cinco meses", but "for three weeks".
    (
        MarkKind.FAMILY,
        rf"\b(?:born\s+|naci[oó]\s+)?{_AGE}[\s\-]+(?:old|early|pregnant|premature|embarazada|"
        r"de (?:edad|vida|nacid[oa]|embarazo))\b",
    ),
    (
        MarkKind.FAMILY,
        r"(?:^|[^\W\d_]\s|[(,]\s?)(?P<mark>\d{1,3}(?:\s+y\s+\w{1,12})?\s+(?:a[nñ]os|a[nñ]itos|years)\b)",
    ),
    (
        MarkKind.FAMILY,
        rf"(?<!\bit )(?<!\bthere )\b(?:{_IS}|con|(?:a|desde|hasta)\s+los|naci[oó]|"
        r"(?<!m[aá]s )(?<!antes )(?<!despu[eé]s )(?<!cerca )(?<!dentro )(?:de|of))\s+"
        rf"(?P<mark>(?:de\s+)?{_AGE})",
    ),
    # "my son was two", "born at seven months"
    (
        MarkKind.FAMILY,
        rf"\b(?:my|our|mi|nuestr[oa])\s+(?!n[uú]m|phone|tel|cel|case|caso|file){WORD}\s+"
        rf"(?:{_IS})\s+(?:{_AGE}|{NUMBER})\b",
    ),
    (
        MarkKind.FAMILY,
        rf"\b{NUMBER}\s+(?:(?:little|young|small|older|younger|beautiful|peque[nñ][oa]s)"
        rf"\s+)?(?:{_CHILDREN})\b"
        rf"(?:\s+de\s+{NUMBER}(?:\s+y\s+{NUMBER})?(?:\s+(?:{_UNITS}))?\b)?",
    ),
    (
        MarkKind.FAMILY,
        rf"\b{NUMBER_WORDS}(?:,\s*{NUMBER_WORDS}){{0,5}},?\s+(?:and|y)\s+{NUMBER_WORDS}\b"
        rf"(?:\s+(?:{_UNITS})\b)?",
    ),
    (
        MarkKind.FAMILY,
        rf"(?<!\bit )(?<!\bthere )\b(?:{_IS}|(?:a|desde|hasta)\s+los)\s+"
        rf"(?P<mark>\d{{1,2}}|(?!uno?\b|una\b|one\b|cien\b){NUMBER_WORDS})\b(?!\s+(?:de|of|by|"
        rf"to)\b)",
    ),
    (
        MarkKind.FAMILY,
        r"\b(?:(?:the|my|la|el)\s+)?(?:oldest|youngest|eldest|middle child|menor|mayor)"
        r"\s+(?:of|de)\s+(?:\w+\s+)?"
        rf"(?:{NUMBER_WORDS}|{_CHILDREN})(?:\s+(?:{_CHILDREN}))?\b",
    ),
    # "my youngest", "la más chica"; "eleven people", "éramos once"
    (
        MarkKind.FAMILY,
        r"\b(?:my|our)\s+(?P<mark>oldest|eldest|youngest|middle\s+(?:one|child)|little\s+one)\b",
    ),
    (
        MarkKind.FAMILY,
        r"\b(?:mi|nuestr[oa]|(?:el|la)(?=\s+m[aá]s))\s+"
        r"(?P<mark>(?:m[aá]s\s+)?(?:mayor|menor|chic[oa]|grande|chiquit[oa]|peque[nñ][oa]))\b",
    ),
    (
        MarkKind.FAMILY,
        rf"\b(?!un[oa]?\b|one\b){NUMBER}\s+(?:people|persons|families|women|men|of\s+us|personas|"
        r"familias|mujeres|hombres|de\s+nosotr[oa]s|paisan[oa]s)\b"
        rf"(?:\s+(?:from|de)\s+{PROPER})?",
    ),
    (MarkKind.FAMILY, rf"\b(?!un[oa]?\b|one\b){NUMBER}\s+de\s+{PROPER}"),
    (
        MarkKind.FAMILY,
        r"\b(?:[eé]ramos|somos|fuimos|quedamos|"
        r"(?:agarraron|llevaron|detuvieron|arrestaron|bajaron|subieron)\s+a)\s+"
        rf"(?P<mark>(?!un[oa]?\b){NUMBER})\b",
    ),
    # "a girl from Intibucá"
    (
        MarkKind.FAMILY,
        rf"\b(?:{THE}|another\s+|otr[oa]\s+)?(?:{_SOMEBODY})\s+(?:from|de)\s+(?:(?:the|la|el)\s+)?"
        rf"(?!(?:all|different|other|here|there|many|todas?|otr[oa]s?|aqu[ií]|all[ií]|mi|my|edad)\b){WORD}"
        rf"(?:\s+{PROPER}){{0,2}}",
    ),
    (
        MarkKind.FAMILY,
        r"\b(?:neighbors?|people|woman|man|family|lady)\s+"
        r"(?:across|next|behind|above|below|upstairs|downstairs)(?:\s+(?:from|to|the|my|our)){0,2}(?:\s+(?:hall|street|road|door|us|me|house|building))?\b",
    ),
    # "my daughter's wedding", "los quince de mi hija"
    (MarkKind.FAMILY, rf"\b(?:{THE})?{WORD}['’]s\s+(?:{_EVENTS_EN})\b"),
    (
        MarkKind.FAMILY,
        rf"\b(?:{_EVENTS_ES})\s+(?:de\s+(?:la|los|mis?|sus?|nuestr[oa])|del)\s+{WORD}",
    ),
)  # fmt: skip

FAMILY_PATTERNS = tuple((kind, re.compile(spec, re.IGNORECASE)) for kind, spec in _SPECS)
