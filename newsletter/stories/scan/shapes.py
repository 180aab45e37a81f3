"""What can be told by its shape in any language: numbers of people and cases, contacts, dates."""

import re

from newsletter.stories.scan.marks import MarkKind

# Letters before a number that are no word: "G 22871045", "ktr cuatro cuatro".
LETTERS = r"(?:(?-i:[A-Z]{1,3})|[b-df-hj-np-tv-xz]{1,3})"
_SEP = r"[ .\-\u00a0]?"
_SPECS: tuple[tuple[MarkKind, str], ...] = (
    # An alien registration number: A and 7 to 9 digits, with spaces or hyphens anywhere.
    (MarkKind.ID, r"\bA(?:lien)?[ #\-]{0,3}(?:\d[ \-]?){6,8}\d\b"),
    # A USCIS receipt: three letters and ten digits.
    (MarkKind.ID, r"\b[A-Z]{3}[ \-]?(?:\d[ \-]?){9}\d\b"),
    (MarkKind.ID, r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"),  # IBAN
    # Plates and codes: letters and digits in one word.
    (
        MarkKind.ID,
        r"\b(?!\d{1,9}(?:st|nd|rd|th)\b)(?=[a-z0-9\-]{0,40}\d)(?=[a-z0-9\-]{0,40}[a-z])"
        r"[a-z0-9\-]{4,}\b",
    ),
    (MarkKind.ID, rf"\b{LETTERS}[ \-]\d{{5,12}}\b"),
    (MarkKind.NUMBER, r"\b\d[\d\-/. ]{4,40}\d[A-Z]?\b"),
    (MarkKind.CONTACT, r"[\w.+\-]{1,64}\s?@\s?[\w\-]{1,63}(?:\.[\w\-]{1,63})+"),
    (MarkKind.CONTACT, r"(?:https?://|www\.)\S+"),
    (MarkKind.CONTACT, r"(?<!\w)@\w[\w.]+"),
    # A name in a network: "yoli.cruz.la", "chapin_soccer22".
    (MarkKind.CONTACT, r"(?<![\w.@])(?=\w{0,40}_)[^\W_]\w{3,40}(?:\.\w{1,40}){0,5}(?!\w)"),
    (MarkKind.CONTACT, r"(?<![\w.@])[^\W_]{2,30}(?:\.[^\W_]{2,30}){1,5}(?!\w)"),
    (MarkKind.CONTACT, r"\b[\w\-]{1,63}\.(?:com|org|net|edu|gov|info|mx|es|us)(?:/\S*)?\b"),
    (
        MarkKind.CONTACT,
        rf"(?<![\d/])(?=(?:\D{{0,3}}\d){{7}})(?:\+|\()?\d{{1,4}}\)?(?:{_SEP}\(0\))?"
        rf"(?:{_SEP}\(?\d{{2,4}}\)?){{1,5}}(?!\d)",
    ),
    (MarkKind.CONTACT, r"\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){4,7}\b"),
    (MarkKind.DATE, r"\b\d{1,4}[/.\-]\d{1,2}[/.\-]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?\b"),
    (MarkKind.DATE, r"\b\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]\.?m\b\.?)?"),
    (MarkKind.DATE, r"\b(?:1[89]|20)\d{2}\b"),
)  # fmt: skip

SHAPES = tuple((kind, re.compile(spec, re.IGNORECASE)) for kind, spec in _SPECS)
MEASURED = re.compile(
    r"(?<![\d.,])\d{1,9}(?:[.,]\d{1,9}){0,2}(?:\s?(?:-|–|x|a|y|/)"
    r"\s?\d{1,9}(?:[.,]\d{1,9}){0,2}){0,3}\s?"
    r"(?:%|‰|º|°|mm|cm|m|km|kg|g|gr|mg|µg|"
    r"mcg|ng|pg|ml|dl|cc|l|u|ui|mu|meq|mmol|µmol|nmol|mosm|mmhg|cmh2o|hz|gy|cgy|fl|kcal|lpm|"
    r"rpm|ppm|"
    r"horas?|h|min|minutos?|segundos?|seg|veces|hours?|minutes?|seconds?|times|dollars?|"
    r"d[oó]lares|"
    r"pesos|euros?|miles|millas|pounds|libras|percent)\b(?:/\w{1,9}){0,3}",
    re.IGNORECASE,
)
