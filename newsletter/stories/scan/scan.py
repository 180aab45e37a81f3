"""Finds what may show who somebody is: for a person to look at, never for automatic blacking out.

It errs on the side of marking. No network, no model: shapes, lists of ours and odd words. Of a
language that it does not know it marks what has a shape; `languages` says which parts those are.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from newsletter.stories.scan.family_patterns import FAMILY_PATTERNS
from newsletter.stories.scan.languages import Passage, passages
from newsletter.stories.scan.lexicon import telling_words
from newsletter.stories.scan.marks import Mark, MarkKind
from newsletter.stories.scan.odd import odd_words
from newsletter.stories.scan.pattern_parts import COLOR
from newsletter.stories.scan.person_patterns import LABELLED, PERSON_PATTERNS
from newsletter.stories.scan.place_patterns import PLACE_AFTER, PLACE_BEFORE, PLACE_PATTERNS
from newsletter.stories.scan.sentences import is_abbreviation, sentence_ends
from newsletter.stories.scan.shapes import MEASURED, SHAPES
from newsletter.stories.scan.spelled import SPELLED
from newsletter.stories.scan.vocabulary import plain

# What holds one thing together: "Dyan van Gijn", "Magda K. Lind", "Home Depot on Slauson".
_PAUSE = re.compile(r"[\s,.;:'’\"\-–/()&#ºª>]{0,12}")
_LINK = re.compile(
    r"[\s,.'’\-]{0,4}(?:\b(?:of|on|and|the|van|von|der|nad|na|du|de|del|la|las|los|y|e|da|do|"
    r"dos|san|"
    r"santa|\w)\b[\s,.'’\-]{0,4}){0,3}",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:['’.][^\W\d_]+)*")  # "brother-in-law" is three
_FARTHEST = 30  # characters between two marks that are one
_BY_RANK = list(MarkKind)
_APART = frozenset({MarkKind.FAMILY, MarkKind.DATE, MarkKind.BODY, MarkKind.ORIGIN, MarkKind.JOB})
_NAMED = frozenset({MarkKind.NAME, MarkKind.PLACE, MarkKind.ADDRESS})
_LINKED = _NAMED | {MarkKind.ODD}
_AT = re.compile(r" (?:at|of|from|de|del)(?: (?:the|la|el|los|las))? ", re.IGNORECASE)
# "my dad is a deacon", "el tío de mi esposa"
_WHOSE = re.compile(
    r" (?:(?:is|was|es|era)(?: (?:an?|the|una?|el|la))?|(?:of|de)(?: (?:my|his|her|mi|su))?) ",
    re.IGNORECASE,
)
_BEFORE = " \t\r\n\u00a0,;:.!?؟۔।。！？…¿¡)]}\"'“”‘’«»>/-–—·*"
_AFTER = " \t\r\n\u00a0,;:.!?؟۔।。！？…¿¡([{\"'“”‘’«»<-–—·*"
_LEADING = re.compile(
    rf"(?<!\w)(?:{COLOR}|mr|mrs|ms|miss|judge|officer|agent|pastor|father|sister|"
    r"brother|coach|new|north|south|east|west|upstate|downtown|central|rural|mc|fort|port|mount|"
    r"lake|corner of|"
    r"doctora?|(?:la )?jueza?|(?:el )?juez|(?:el |la )?licenciad[oa]) \Z",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?<!\w)(?:the|this|el|la|los|las|este|esta) \Z", re.IGNORECASE)
_TRAILING = re.compile(
    rf" (?:{COLOR}|(?:patern|matern|femenin|masculin)[oa]s?|menor|mayor|jr|sr|i{{2,3}}|"
    r"town|city|county|village|valley|beach|springs|heights|hills|islands?|river|bridge|points?|"
    r"[b-df-hj-np-tv-xz]|[^\W\d_]{2}(?=[,.]?(?:[ \t]*\n|\s+\d|\s*\Z)))\b",
    re.IGNORECASE,
)
_OF_WHAT = re.compile(r" de (?:(?:la|los|las) )?\w{4,20}\b", re.IGNORECASE)
# What somebody or something of a name is: "the courthouse in" Modesto, "la obra de" Katy.
_NOUN = (
    r"(?!(?:was|were|is|are|went|came|got|left|took|day|year|ones?|only|[uú]nic[oa]|d[ií]a|mayor)\b|"
    r"\w+(?:ed|aron|ieron)\b)\w+"
)
_OF_A_NAME = re.compile(
    rf"(?<!\w)(?:(?:the|an?|same) (?:{_NOUN} ){{1,2}}(?:in|at|of|from|outside|near|named|called)|"
    rf"(?:el|la|los|las|una?) (?:{_NOUN} ){{1,2}}(?:de|del|llamad[oa]))"
    r"(?: (?:the|la|el|los|las))? \Z",
    re.IGNORECASE,
)
_SHORT = re.compile(r"[\s,]{1,3}\w{1,4}[\s,]{1,3}")


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
    pieces = (piece for mark in marks for piece in _in_sentences(mark, ends))
    trimmed = (one for piece in pieces if (one := _trimmed(piece, text)) is not None)
    return _merged((_extended(one, text) for one in trimmed), text, ends)


def _found(text: str, passage: Passage) -> Iterator[Mark]:
    """Marks of one passage, as they come."""
    measured = {match.start() for match in MEASURED.finditer(text)}
    yield from odd_words(text, passage.language, measured)
    patterns = (*SHAPES, *SPELLED)
    if passage.language is not None:
        patterns = (*patterns, *PLACE_PATTERNS, *FAMILY_PATTERNS, *PERSON_PATTERNS)
        tokens = [(one.start(), one.end(), plain(one[0])) for one in _WORD.finditer(text)]
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


def _extended(mark: Mark, text: str) -> Mark:
    """The mark with what belongs to it: an article, a title, the color of a car."""
    start, end = mark.start, mark.end
    if mark.kind in _NAMED and (before := _OF_A_NAME.search(text, max(0, start - 45), start)):
        start = before.start()
    if mark.kind in _LINKED and (before := PLACE_BEFORE.search(text, max(0, start - 30), start)):
        start = before.start()
    if mark.kind in _LINKED and (before := _LEADING.search(text, max(0, start - 14), start)):
        start = before.start()
    if mark.kind in _NAMED and (before := _ARTICLE.search(text, max(0, start - 5), start)):
        start = before.start()
    if mark.kind is MarkKind.PLACE and (after := PLACE_AFTER.match(text, end)):
        end = after.end()
    if mark.kind is MarkKind.JOB and (after := _OF_WHAT.match(text, end)):
        end = after.end()
    if mark.kind not in (MarkKind.DATE, MarkKind.NUMBER) and (after := _TRAILING.match(text, end)):
        end = after.end()
    return Mark(start=start, end=end, kind=mark.kind)


def _merged(marks: Iterable[Mark], text: str, ends: Sequence[int]) -> tuple[Mark, ...]:
    """The marks in order, without overlaps; neighbors that are one thing become one."""
    result: list[Mark] = []
    tail = MarkKind.ODD  # why the end of the last one was marked
    has_number = False
    for mark in sorted(marks):
        last = result[-1] if result else None
        number = any(map(str.isdigit, text[mark.start : mark.end]))
        if last is not None and (
            mark.start < last.end
            or (
                mark.start - last.end <= _FARTHEST
                and bisect_right(ends, last.end - 1) == bisect_right(ends, mark.start)
                and _joins(tail, mark.kind, text[last.end : mark.start], has_number, number)
            )
        ):
            kind = min(last.kind, mark.kind, key=_BY_RANK.index)
            result[-1] = Mark(start=last.start, end=max(last.end, mark.end), kind=kind)
            if mark.end > last.end:
                tail = mark.kind
            elif mark.end == last.end:
                tail = min(tail, mark.kind, key=_BY_RANK.index)
            has_number |= number
        else:
            result.append(mark)
            tail, has_number = mark.kind, number
    return tuple(result)


def _joins(
    left: MarkKind, right: MarkKind, between: str, left_number: bool, right_number: bool
) -> bool:
    """Whether two neighbors are one: a name in several words, an address in several lines."""
    if "\n" in between and not (left_number or right_number):
        return False
    if left is MarkKind.FAMILY and right in (left, MarkKind.JOB) and _WHOSE.fullmatch(between):
        return True
    if left is MarkKind.JOB and right in _LINKED and _AT.fullmatch(between):  # "coach at Garfield"
        return True
    if {left, right} & _APART:
        return between == " " or (between == " de " and left is right)
    if {left, right} <= _LINKED and _LINK.fullmatch(between):
        return True
    if left_number and _SHORT.fullmatch(between):
        return "," in between or "\n" in between
    return _PAUSE.fullmatch(between) is not None
