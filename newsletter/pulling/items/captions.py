"""What stands beside a picture: no part of the article, and never how it begins."""

import re

# The classes of WordPress, and those that other software and themes use for the same.
_CAPTION = re.compile(
    r"<(p|div|span|dd|small|cite|em|figcaption)\b[^<>]{0,300}?\bclass\s*=\s*[\"']?[^\"'<>]{0,200}?"
    r"(?:wp-caption-(?:text|dd)|(?:image|photo|img|media|picture|entry)-?(?:caption|credit)"
    r"|caption-?text)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
_WORD = re.compile("caption|credit")  # in each tag that _CAPTION knows: quick to look for
_LONGEST_TAG = 600  # characters up to that word
_SHOWN = re.compile(r"<(?:img|picture|video|iframe|svg)\b")
_OTHER = re.compile(r"<(?:table|blockquote|pre)\b")  # whose caption says what, or who said it
_CREDIT = re.compile(
    r"[(\[]?(?:(?:photo|foto|image|imagen|picture|imagem|bild)s?|photograph(?:y|s)?|photographie"
    r"|fotograf(?:ía|ia|ie)|illustration|ilustraci[oó]n|cr[eé]dit(?:o|os|s)?|الصورة|صورة|تصوير)"
    r"(?: (?:credit|crédit|crédito)s?)?"
    r"(?P<mark> ?[:/©|–—] ?| (?:courtesy|cortes[ií]a|courtoisie) (?:of |del? )?"
    r"| (?:by|de|por|par|von) )(?P<who>[^\n]{2,120})",
    re.IGNORECASE,
)
_MOST_WORDS = 20
_IN_NAMES = frozenset({"de", "la", "del", "y", "and", "for", "the", "von", "van", "da", "dos", "e"})
LONGEST = 1000  # characters of a caption: what is longer is an article


def without_captions(markup: str) -> str:
    """Return HTML, not cleaned yet, without what it marks as a picture's caption or credit."""
    if "aption" not in markup and "credit" not in markup and "CAPTION" not in markup:
        return markup
    is_small = not any(word in markup for word in ("CAPTION", "Caption", "Credit", "FIG"))
    lowered = markup if is_small else markup.lower()
    if len(lowered) != len(markup):
        return markup
    gone = sorted([*_figcaptions(lowered), *_marked(lowered)])
    kept: list[str] = []
    end = 0
    for start, stop in gone:
        if start >= end:
            kept.append(markup[end:start])
            end = stop
    return "".join((*kept, markup[end:]))


def without_credit(text: str) -> str:
    """Return a text without the photo credits that it begins with, unless that is all there is."""
    first, _, rest = text.partition("\n\n")
    while rest.strip() and _is_credit(first):
        text = rest
        first, _, rest = text.partition("\n\n")
    return text


def _is_credit(first: str) -> bool:
    match = _CREDIT.fullmatch(first.strip()) if len(first) < 200 else None
    if not match:
        return False
    words = match["who"].strip(" ()[]").split()
    is_name = all(word[:1].isupper() or word in _IN_NAMES for word in words)
    has_sentences = re.search(r"[.!?]\S*\s+\S", match["who"]) is not None
    is_said = len(match["mark"].strip()) not in (2, 3)  # "Fotos de" begins many a sentence
    return len(words) <= _MOST_WORDS and not has_sentences and (is_said or is_name)


def _figcaptions(lowered: str) -> list[tuple[int, int]]:
    """Where the captions of figures are that show something."""
    found = []
    at = lowered.find("<figure")
    while at >= 0 and (end := lowered.find("</figure", at)) >= 0:
        start, stop = lowered.find("<figcaption", at, end), lowered.rfind("</figcaption", at, end)
        rest = lowered[at:end]
        if 0 <= start < stop and _SHOWN.search(rest) and not _OTHER.search(rest):
            found.append((start, lowered.find(">", stop) + 1 or end))
        at = lowered.find("<figure", end)
    return found


def _marked(lowered: str) -> list[tuple[int, int]]:
    """Where elements are whose class says that they are captions."""
    found = []
    for tag in dict.fromkeys(
        lowered.rfind("<", max(0, word.start() - _LONGEST_TAG), word.start())
        for word in _WORD.finditer(lowered)
    ):
        match = _CAPTION.match(lowered, tag) if tag >= 0 else None
        if match is None:
            continue
        end = lowered.find(f"</{match[1]}", match.end(), match.end() + LONGEST)
        if end >= 0:
            found.append((match.start(), lowered.find(">", end) + 1 or len(lowered)))
    return found
