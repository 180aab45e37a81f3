"""Words counted in any script, and the beginning of a text cut to so many of them."""

import re

from newsletter.pulling.items.tables import table_spans

# Scripts that put no spaces between words count each character: an excerpt stays an excerpt.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_INSIDE = rf"(?:(?![{_UNSPACED}])\w|['’.:@/-](?=\w))"  # don't, 3.5, a@b.example: one word each
_WORD = re.compile(rf"[{_UNSPACED}]|(?![{_UNSPACED}])[^\W_]{_INSIDE}*")
# Begins where its run of marks begins and gives nothing back: a feed may send a million dots.
_SENTENCE_END = re.compile(
    r"(?<![.!?…؟۔])[.!?…؟۔]++[\"'”’»)\]]*+(?=\s)|(?<![。！？])[。！？]++[”’」』）]*+"
)
RUN = 5  # so many words in a row that are the source's own are a quotation, not a coincidence


def words_of(text: str) -> list[str]:
    """Return the words of a text."""
    return _WORD.findall(text)


def first_words(text: str, limit: int | None) -> str:
    """Return the beginning of a text, at most `limit` words; paragraphs stay.

    A cut comes at the end of a sentence where the last third has one, else is shown by an ellipsis.
    A table is whole, or not there.
    """
    text = text.strip()
    cut = _cut(text, limit)
    at = len(cut.removesuffix(" …"))
    for start, end in table_spans(text) if cut != text else ():
        if start < at < end:
            if not text[at:end].strip(" |"):
                return text[:end]
            before = text[:start].strip()
            return f"{before} …" if before else first_words(text[end:], limit)
    return cut


def _cut(text: str, limit: int | None) -> str:
    if limit is None:
        return text
    spans = [match.end() for match in _WORD.finditer(text)]
    if len(spans) <= limit:
        return text
    if limit <= 0:
        return ""
    end = spans[limit - 1]
    following = _SENTENCE_END.match(text, end)
    if following:
        return text[: following.end()]
    earliest = spans[max(0, limit * 2 // 3 - 1)]
    ends = [match.end() for match in _SENTENCE_END.finditer(text, 0, end)]
    if ends and ends[-1] >= earliest:
        return text[: ends[-1]]
    return text[:end].rstrip(" ,;:–—-") + " …"


def reprinted_words(blurb: str, source: str) -> int:
    """Count the blurb's words that stand in the source in runs of five or more.

    A source shorter than that is counted when the blurb has all of it.
    """
    theirs = [word.casefold() for word in words_of(source)]
    ours = [word.casefold() for word in words_of(blurb)]
    run = min(RUN, len(theirs))
    if not run or len(ours) < run:
        return 0
    known = {tuple(theirs[at : at + run]) for at in range(len(theirs) - run + 1)}
    taken = [False] * len(ours)
    for at in range(len(ours) - run + 1):
        if tuple(ours[at : at + run]) in known:
            taken[at : at + run] = [True] * run
    return sum(taken)
