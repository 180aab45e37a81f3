"""What is not the article: banners, share rows, "read the rest", related posts, author boxes.

Whatever an organisation says under most of what it publishes is found by its repetition, in any
language; the few phrases below are the marks that publishing software leaves on single entries.
"""

import re
from collections import Counter
from collections.abc import Iterable, Set

from newsletter.pulling.items.tables import table_rows

LEAST_TIMES = 3
LEAST_SHARE = 0.2  # of the organisation's pieces
LEAST_LENGTH = 15  # characters: shorter ones ("PHP", "2.") are anybody's words
LEAST_LEFT = 12  # words: if stripping leaves less, the text is kept as it was

_SENTENCE = re.compile(r"(?<=[.!?…。！？؟۔»”\"])\s+")
_MARKS = re.compile(
    r"(?:the post .{1,300} (?:first )?appeared first on .{1,120}"
    r"|la entrada .{1,300} (?:se publicó primero|aparece primero) en .{1,120}"
    r"|(?:continue reading|read (?:the rest|more|the full|the original)|keep reading|click here"
    r"|seguir leyendo|sigue leyendo|leer más|lee más|ver más|continuar leyendo|اقرأ المزيد"
    r"|lire la suite|weiterlesen|leia mais)\b.{0,120}"
    r"|(?:share|compartir|comparte)(?: this| esto| en| on)?:?.{0,80}"
    r"|like this:?.{0,40}|like loading.*"
    r"|(?:related|relacionado|relacionados|related (?:posts|articles|stories))\s*:?"
    r"|(?:filed under|tagged|tags|posted in|etiquetas|categorías|publicado en)\s*:.{0,200}"
    r"|(?:follow|find|síguenos)\b.{0,40}\b(?:facebook|twitter|instagram|x|youtube|tiktok)\b.{0,80}"
    r"|(?:sign up|subscribe|suscríbete)\b.{0,120}\b(?:newsletter|list|boletín)\b.{0,80})",
    re.IGNORECASE,
)
# One mark at a time, with bounded repeats: what a feed says never decides how long we look at it.
_CUT_OFF = re.compile(
    r"\s?(?:\[(?:…|\.\.\.|&hellip;)\]"
    r"|(?:continue reading|read more|leer más|seguir leyendo)[^.!?]{0,80})$",
    re.IGNORECASE,
)
_MOST_CUTS = 4


def repeated_passages(texts: Iterable[str]) -> frozenset[str]:
    """Find the passages (as `_key` makes them) that several of an organisation's texts carry.

    The same text published twice counts once: what it repeats is itself.
    """
    different = {" ".join(text.casefold().split()): text for text in texts}
    counts = Counter(
        key
        for text in different.values()
        for key in {_key(passage) for passage in _sentences(text)}
    )
    least = max(LEAST_TIMES, LEAST_SHARE * len(different))
    return frozenset(
        key for key, times in counts.items() if len(key) >= LEAST_LENGTH and times >= least
    )


def stripped(text: str, *, title: str, repeated: Set[str], titles: Set[str]) -> str:
    """Return the text without its title, what is repeated, the marks of software, other titles.

    `titles` are the organisation's other pieces, as `_key` makes them (`title_keys`). Paragraphs
    stay. A text of which next to nothing would be left is kept as it is.
    """
    gone = {*repeated, *(titles - {_key(title)})}
    paragraphs = [
        kept for paragraph in re.split(r"\n\s*\n", text) if (kept := _kept(paragraph, gone))
    ]
    if paragraphs and _key(paragraphs[0]) == _key(title):
        del paragraphs[0]
    left = _with_cut_shown("\n\n".join(paragraphs).strip())
    has_enough, had_enough = (len(words.split()) >= LEAST_LEFT for words in (left, text))
    return left if has_enough or not had_enough else text


def _kept(paragraph: str, gone: Set[str]) -> str:
    """What is left of a paragraph, in its lines; a table is left as it is."""
    if table_rows(paragraph):
        return paragraph
    lines = (
        " ".join(one for one in _sentences(line) if not _is_noise(one, gone))
        for line in paragraph.split("\n")
    )
    return "\n".join(line for line in lines if line)


def _with_cut_shown(text: str) -> str:
    left = text
    for _ in range(_MOST_CUTS):
        left = _CUT_OFF.sub("", left).rstrip()
    return text if left == text else f"{left.rstrip('… ')} …"


def title_keys(titles: Iterable[str]) -> frozenset[str]:
    """Return titles as they are looked for in paragraphs; short ones could be anybody's words."""
    return frozenset(key for title in titles if len(key := _key(title)) >= 20)


def _is_noise(passage: str, gone: Set[str]) -> bool:
    return _key(passage) in gone or _MARKS.fullmatch(passage.strip(" \t»→>|·•-")) is not None


def _sentences(text: str) -> list[str]:
    lines = (sentence for line in text.split("\n") for sentence in _SENTENCE.split(line))
    return [sentence.strip() for sentence in lines if sentence.strip()]


def _key(passage: str) -> str:
    return " ".join(passage.casefold().split())
