"""What stands beside a picture: no part of the article, and never how it begins."""

import re
from collections.abc import Iterable

# The classes of WordPress, and those that other software and themes use for the same.
_CAPTION = re.compile(
    r"<(p|div|span|dd|small|cite|em|figcaption)\b[^<>]{0,300}?\bclass\s*=\s*[\"']?[^\"'<>]{0,200}?"
    r"(?:wp-caption-(?:text|dd)|(?:image|photo|img|media|picture|entry)-?(?:caption|credit)"
    r"|caption-?text)\b[^<>]{0,300}>",
    re.IGNORECASE,
)
_MARKS = ("aption", "redit")  # in each tag that _CAPTION knows: quick to look for
_LONGEST_TAG = 600  # characters up to that word
_SHOWN = re.compile(r"<(?:img|picture|video|iframe|svg)\b")
_OTHER = re.compile(r"<(?:table|blockquote|pre)\b")  # whose caption says what, or who said it
_CREDIT = re.compile(
    r"[(\[]?(?:(?:photo|foto|image|imagen|picture|imagem|bild)s?|photograph(?:y|s)?|photographie"
    r"|fotograf(?:ía|ia|ie)|illustration|ilustraci[oó]n|cr[eé]dit(?:o|os|s)?|الصورة|صورة|تصوير)"
    r"(?: (?:credit|crédit|crédito|photo|foto|de la foto)s?)?"
    r"(?P<mark> ?[:/©|–—] ?| (?:courtesy|cortes[ií]a|courtoisie) (?:of |del? )?"
    r"| (?:by|de|por|par|von|via|vía) )(?P<who>[^\n]{2,120})",
    re.IGNORECASE,
)
_MOST_WORDS = 20
_IN_NAMES = frozenset(
    {"de", "la", "del", "y", "and", "for", "the", "von", "van", "da", "dos", "e", "on", "en", "sur"}
)
# A caption as agencies write it: "Marchers on the bridge. (AP Photo/Ana Paz)".
_AGENCY = re.compile(
    r"\((?:AP Photo/[^()\n]{2,60}|[^()\n]{2,60}/ ?(?:AP|AFP|EFE|Reuters|Getty Images)"
    r"(?: via [^()\n]{2,40})?)\)\.?$"
)
LONGEST = 1000  # characters of a caption: what is longer is an article


def without_captions(markup: str) -> str:
    """Return HTML, not cleaned yet, without what it marks as a picture's caption or credit."""
    lowered, tags = markup, _tags_with_marks(markup)
    if "CAPTION" in markup or any(
        markup[tag + 1 : tag + 3].strip("/")[:1].isupper() for tag in tags
    ):
        lowered = markup.lower()
        tags = _tags_with_marks(lowered)
    if not tags or len(lowered) != len(markup):
        return markup
    figures = any(lowered.startswith("<figc", tag) for tag in tags)
    gone = sorted([*(_figcaptions(lowered) if figures else ()), *_marked(lowered, tags)])
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
    if first.endswith((")", ").")) and len(first) < LONGEST and _AGENCY.search(first):
        return True
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


def _tags_with_marks(text: str) -> set[int]:
    """Where the tags begin that may mark a caption."""
    tags = set()
    for mark in _MARKS:
        at = text.find(mark)
        while at >= 0:
            tags.add(text.rfind("<", max(0, at - _LONGEST_TAG), at))
            at = text.find(mark, at + len(mark))
    return tags - {-1}


def _marked(text: str, tags: Iterable[int]) -> list[tuple[int, int]]:
    """Where elements are whose class says that they are captions."""
    found = []
    for tag in tags:
        match = _CAPTION.match(text, tag)
        end = text.find(f"</{match[1]}", match.end(), match.end() + LONGEST) if match else -1
        if end >= 0:
            found.append((tag, text.find(">", end) + 1 or len(text)))
    return found
