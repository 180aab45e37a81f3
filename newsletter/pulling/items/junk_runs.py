"""What a passage is beside its neighbors: headings over links, names in rows, what hangs below."""

from collections.abc import Sequence, Set

from newsletter.pulling.items.buttons import BUTTONS
from newsletter.pulling.items.junk_signs import Sign

PROSE = 12  # words: under the last passage that long, or sentence, comes what is hung below
LABEL = 4  # words at most before a colon and a link
_AT_THE_END = frozenset(
    {Sign.JUNK, Sign.SHARES, Sign.RELATED, Sign.TITLE, Sign.REPEATED, Sign.APPEAL}
)
_UNDER_RELATED = frozenset({Sign.LINKED, Sign.BUTTON, Sign.TITLE, Sign.JUNK})
_ROW = frozenset({Sign.SHARES, Sign.NETWORK, Sign.JUNK})


def judge(passages: Sequence[str], signs: list[Sign], leads_home: Sequence[bool]) -> None:
    """Make junk of the signs whose neighbors say so.

    `leads_home` says of each passage whether all its links lead to its own site.
    """
    _judge_runs(passages, signs, leads_home)
    _judge_edges(passages, signs)


def _judge_runs(passages: Sequence[str], signs: list[Sign], leads_home: Sequence[bool]) -> None:
    """Headings go with the links under them, names of networks with the row they stand in.

    A heading that only repeats goes where all of those lead to its own site: others are sources.
    """
    at = 0
    while at < len(signs):
        end = at + 1
        match signs[at]:
            case Sign.RELATED:
                end = _run(signs, at + 1, _UNDER_RELATED)
                if end == at + 1 and _are_titles(passages[end:]):
                    end = len(signs)
                is_junk = end > at + 1
            case Sign.REPEATED:
                last = _run(signs, at + 1, _UNDER_RELATED)
                is_junk = last > end and all(leads_home[at + 1 : last])
                end = last if is_junk else end
            case Sign.SHARES | Sign.NETWORK:
                end = _run(signs, at, _ROW)
                run = signs[at:end]
                is_row = run.count(Sign.NETWORK) > 1 and Sign.ARTICLE not in signs[end:]
                is_junk = Sign.SHARES in run or is_row
            case Sign.TITLE:
                end = _run(signs, at, {Sign.TITLE})
                is_junk = end > at + 1
            case Sign.BUTTON | Sign.LINKED:
                end = _run(signs, at, {Sign.BUTTON, Sign.LINKED})
                is_junk = end - at <= BUTTONS and Sign.LINKED not in signs[at:end]
            case _:
                is_junk = False
        if is_junk:
            signs[at:end] = [Sign.JUNK] * (end - at)
        at = end


def _judge_edges(passages: Sequence[str], signs: list[Sign]) -> None:
    for at in reversed(range(len(signs))):
        if signs[at] in _AT_THE_END:
            signs[at] = Sign.JUNK
        elif signs[at] is not Sign.ARTICLE or _is_prose(passages[at]):
            break
    for at, sign in enumerate(signs):
        if sign not in {Sign.JUNK, Sign.REPEATED}:
            break
        signs[at] = Sign.JUNK


def _is_prose(passage: str) -> bool:
    words = len(passage.split())
    return words >= PROSE or (words >= LABEL and passage[-1] in '.!?…؟。”»"')


def _run(signs: Sequence[Sign], start: int, of: Set[Sign]) -> int:
    """The index after the signs of those kinds that stand there in a row."""
    end = start
    while end < len(signs) and signs[end] in of:
        end += 1
    return end


def _are_titles(passages: Sequence[str]) -> bool:
    """Whether all are short and none is a sentence: titles whose links are lost."""
    return bool(passages) and all(
        len(passage) < 120 and passage[-1:] not in ".!?؟:" for passage in passages
    )
