"""Finds what may show who somebody is: for a person to look at, never for automatic blacking out.

It errs on the side of marking. No network, no model: shapes, lists of ours and odd words. Of a
language that it does not know it marks what has a shape; `languages` says which parts those are.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from newsletter.stories.scan.languages import Passage, passages
from newsletter.stories.scan.lexicon import telling_words
from newsletter.stories.scan.marks import Mark, MarkKind
from newsletter.stories.scan.odd import TOKEN, odd_words
from newsletter.stories.scan.person_patterns import LABELLED, PERSON_PATTERNS
from newsletter.stories.scan.place_patterns import PLACE_PATTERNS
from newsletter.stories.scan.sentences import is_abbreviation, sentence_ends
from newsletter.stories.scan.shapes import MEASURED, SHAPES
from newsletter.stories.scan.spelled import SPELLED
from newsletter.stories.scan.vocabulary import plain

# What holds one thing together: "Dyan van Gijn", "Magda K. Lind", "Home Depot on Slauson".
_PAUSE = re.compile(r"[\s,.;:'’\"\-–/()&#ºª>]{0,12}")
_LINK = re.compile(
    r"[\s,.'’\-]{0,4}(?:\b(?:of|on|and|the|van|von|der|nad|na|du|de|del|la|las|los|y|e|da|do|dos|san|"
    r"santa|\w)\b[\s,.'’\-]{0,4}){0,3}",
    re.IGNORECASE,
)
_BY_RANK = list(MarkKind)
_APART = frozenset(
    {MarkKind.FAMILY, MarkKind.DATE, MarkKind.BODY, MarkKind.ORIGIN, MarkKind.JOB}
)
_LINKED = frozenset({MarkKind.NAME, MarkKind.PLACE, MarkKind.ADDRESS, MarkKind.ODD})
_IN_LINES = frozenset({MarkKind.ADDRESS, MarkKind.NUMBER, MarkKind.ID, MarkKind.CONTACT})
_BEFORE = " \t\r\n\u00a0,;:.!?…¿¡)]}\"'“”‘’«»>/-–—·*"
_AFTER = " \t\r\n\u00a0,;:.!?…¿¡([{\"'“”‘’«»<-–—·*"
_COLORS = re.compile(
    r"(?:white|black|red|blue|green|gr[ae]y|silver|brown|yellow|gold|tan|orange|purple|"
    r"blanc[oa]|negr[oa]|roj[oa]|azul|verde|gris|platead[oa]|caf[eé]|amarill[oa]|dorad[oa]|guind[oa])",
    re.IGNORECASE,
)


def scan(text: str, language: str) -> tuple[Mark, ...]:
    """Find marks, in order, without overlaps; `language` is BCP 47, what the text is said to be in.

    A mark neither begins nor ends with a space, and never goes on over the end of a sentence.
    """
    ends = sentence_ends(text)
    marks: list[Mark] = []
    for passage in passages(text, language):
        part = text[passage.start : passage.end]
        marks += (
            Mark(start=passage.start + one.start, end=passage.start + one.end, kind=one.kind)
            for one in _found(part, passage)
        )
    whole = (piece for mark in marks for piece in _in_sentences(mark, ends))
    return _merged((one for mark in whole if (one := _trimmed(mark, text)) is not None), text, ends)


def _found(text: str, passage: Passage) -> Iterator[Mark]:
    """Marks of one passage, as they come."""
    measured = {match.start() for match in MEASURED.finditer(text)}
    yield from odd_words(text, passage.language, measured)
    patterns = SHAPES
    if passage.language is not None:
        patterns = (*SHAPES, *SPELLED, *PLACE_PATTERNS, *PERSON_PATTERNS)
        tokens = [(one.start(), one.end(), plain(one[0])) for one in TOKEN.finditer(text)]
        yield from telling_words(tokens, passage.language)
    for kind, pattern in patterns:
        for match in pattern.finditer(text):
            start, end = match.span("mark") if "mark" in pattern.groupindex else match.span()
            if not (match.start() in measured and kind is MarkKind.CONTACT):
                yield Mark(start=start, end=end, kind=kind)
    for match in LABELLED.finditer(text):
        yield Mark(start=match.start("mark"), end=match.end("mark"), kind=MarkKind.NAME)


def _in_sentences(mark: Mark, ends: Sequence[int]) -> Iterator[Mark]:
    """The mark, cut where sentences end."""
    at = mark.start
    for end in ends[bisect_right(ends, mark.start) :]:
        if end >= mark.end:
            break
        yield Mark(start=at, end=end, kind=mark.kind)
        at = end
    yield Mark(start=at, end=mark.end, kind=mark.kind)


def _trimmed(mark: Mark, text: str) -> Mark | None:
    """The mark without spaces and punctuation around it, with an abbreviation's period."""
    words = text[mark.start : mark.end]
    before, after = _BEFORE, _AFTER
    if ")" not in words:
        before += "("
    if "(" not in words:
        after += ")"
    start = mark.start + len(words) - len(words.lstrip(before))
    end = start + len(words.lstrip(before).rstrip(after))
    if start == end:
        return None
    if text[end : end + 1] == "." and is_abbreviation(text, end):
        end += 1
    return Mark(start=start, end=end, kind=mark.kind)


def _merged(marks: Iterable[Mark], text: str, ends: Sequence[int]) -> tuple[Mark, ...]:
    """The marks in order, without overlaps; neighbors that are one thing become one."""
    result: list[Mark] = []
    for mark in sorted(marks):
        last = result[-1] if result else None
        if last is not None and (
            mark.start < last.end
            or (
                bisect_right(ends, last.end - 1) == bisect_right(ends, mark.start)
                and _joins(last, mark, text[last.end : mark.start])
            )
        ):
            kind = min(last.kind, mark.kind, key=_BY_RANK.index)
            result[-1] = Mark(start=last.start, end=max(last.end, mark.end), kind=kind)
        else:
            result.append(mark)
    return tuple(result)


def _joins(left: Mark, right: Mark, between: str) -> bool:
    """Whether two neighbors are one: a name in several words, an address in several lines."""
    if "\n" in between and not {left.kind, right.kind} & _IN_LINES:
        return False
    if {left.kind, right.kind} & _APART:
        return between == " "
    if {left.kind, right.kind} <= _LINKED | {MarkKind.CONTACT} and _LINK.fullmatch(between):
        return True
    return _PAUSE.fullmatch(between) is not None
