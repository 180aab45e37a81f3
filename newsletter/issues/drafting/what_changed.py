"""Two versions of an edition -> what differs, piece by piece: what a correction has to say."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import NamedTuple

from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.plain import unescape
from newsletter.model.issue import Edition, Placement

_LONGEST = 8  # words: more in a row is no slip, but another text
_MOST = 3  # slips in one text
_COMPARED = 2000  # words: comparing takes the square of it
_BRIDGE = 2  # words that are right, between wrong ones: "Saturday, December 5"
_LINK = re.compile(r"\[([^\]]*)\]\(([^)\s]+)\)")
_NUMBER = r"[+(]?\d[\d().-]*(?: [(\d][\d().-]*)+[,;!?]?(?!\S)"  # "(213) 555-0100" is one word
_WORD = re.compile(rf"{_NUMBER}|\S+")
_MARKS = re.compile(r"(?<!\\)\*+|(?<![\w\\])_+|(?<!\\)_+(?!\w)")
_SENTENCE_ENDS = tuple(".;:!?؟؛。")
_EDGES = re.compile(r"^(?:[\s*_>#\[\]){}“”\"'.,;:!?]|\((?!\d+\)))+|[\s*_>#\[\](){}“”\"'.,;:!?]+$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Swap:
    """Words, and the wrong ones that stood there; one of them may be empty. `key` is the detail
    that they are of, empty in running text."""

    right: str
    wrong: str
    key: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A piece that differs; without a `title` it is the letter, the subject or the like.

    `before` and `after` are the placement as it was and as it is. A text that differs in more than
    a few words is `rewritten`: as it is now, else empty.
    """

    title: str = ""
    before: Placement | None = None
    after: Placement | None = None
    swaps: tuple[Swap, ...] = ()
    rewritten: str = ""


def words_of(edition: Edition) -> str:
    """Return everything that an edition says, in one text; whom it is for is no part of it."""
    return draft_file.write(replace(edition, settings=edition.opening))


def what_changed(before: Edition, after: Edition) -> tuple[Change, ...]:
    """Return what differs between two versions of one edition, in reading order."""
    texts = [(before.subject, after.subject), (before.preheader, after.preheader)]
    intros = {section.id: (section.title, section.intro) for section in before.sections}
    for section in after.sections:
        texts += zip(intros.get(section.id, ("", "")), (section.title, section.intro), strict=True)
    texts.insert(2, (before.letter, after.letter))
    changes = [_of_text(*pair) for pair in texts if pair[0] != pair[1] and any(pair)]
    return (*changes, *_of_pieces(before, after))


def _of_text(wrong: str, right: str) -> Change:
    swaps = _swaps(wrong, right)
    known = wrong.split("\n\n")
    new = "\n\n".join(one for one in right.split("\n\n") if one not in known)
    return Change(swaps=swaps or (), rewritten="" if swaps else new)


def _of_pieces(before: Edition, after: Edition) -> Iterator[Change]:
    was = dict(_named(before))
    now = dict(_named(after))
    renamed = _renamed(was, now)
    for name, placement in now.items():
        old = was.pop(renamed.get(name, name), None)
        if old is None:
            yield Change(title=placement.title, after=placement)
        elif replace(old, line=0) != replace(placement, line=0):
            yield _of_piece(old, placement)
    for placement in was.values():
        yield Change(title=placement.title, before=placement)


_Name = tuple[str, str, int]  # the section, the item's id or the piece's title, which one of those


def _named(edition: Edition) -> Iterator[tuple[_Name, Placement]]:
    """Each piece under a name of its own: an item keeps it wherever it is moved."""
    seen: dict[tuple[str, str], int] = {}
    for section, placement in edition.placed:
        key = ("", placement.item_id) if placement.item_id else (section.id, placement.title)
        seen[key] = seen.get(key, -1) + 1
        yield (*key, seen[key]), placement


def _renamed(was: Mapping[_Name, Placement], now: Mapping[_Name, Placement]) -> dict[_Name, _Name]:
    """Editors' own pieces whose title is another now: the n-th of those that a section lacks."""
    gone = [name for name in was if name[0] and name not in now]
    new = [name for name in now if name[0] and name not in was]
    return {
        name: old
        for section in {name[0] for name in new}
        for name, old in zip(
            (one for one in new if one[0] == section),
            (one for one in gone if one[0] == section),
            strict=False,
        )
    }


def _of_piece(old: Placement, new: Placement) -> Change:
    keys = dict.fromkeys((*new.details, *old.details))
    swaps = [
        Swap(right=new.details.get(key, ""), wrong=old.details.get(key, ""), key=key)
        for key in keys
        if new.details.get(key) != old.details.get(key)
    ]
    if new.link != old.link:
        swaps.append(Swap(right=new.link or "", wrong=old.link or "", key="link"))
    rewritten = ""
    for wrong, right in ((old.title, new.title), (old.blurb, new.blurb)):
        found = _swaps(wrong, right)
        swaps += found or ()
        rewritten = rewritten or ("" if found is not None else right)
    return Change(title=new.title, before=old, after=new, swaps=tuple(swaps), rewritten=rewritten)


def _swaps(wrong: str, right: str) -> tuple[Swap, ...] | None:
    """The words that took the place of others; None where that is no answer."""
    old, new = _words(wrong), _words(right)
    if len(old) + len(new) > _COMPARED:
        return None if old != new else ()
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    differ = [_Block(*block[1:]) for block in blocks if block[0] != "equal"]
    if len(differ) > _MOST or any(max(b - a, d - c) > _LONGEST for a, b, c, d in differ):
        return None
    return tuple(
        Swap(right=_trimmed(new[c:d]), wrong=_trimmed(old[a:b]))
        for a, b, c, d in _bridged(differ, old, new)
    )


class _Block(NamedTuple):
    """Words that differ: from where to where in the old text, and in the new one."""

    old_from: int
    old_to: int
    new_from: int
    new_to: int

    @property
    def is_swap(self) -> bool:
        """Return whether words took the place of others."""
        return self.old_from < self.old_to and self.new_from < self.new_to


def _bridged(blocks: Iterable[_Block], old: list[str], new: list[str]) -> list[_Block]:
    """Make one of two that the same sentence has close to each other; what was only left out, or
    only put in, stays apart."""
    whole: list[_Block] = []
    for block in blocks:
        last = whole[-1] if whole else None
        if (
            last
            and last.is_swap
            and block.is_swap
            and block.old_from - last.old_to <= _BRIDGE
            and not _ends_sentence(old[last.old_from : block.old_from])
            and not _ends_sentence(new[last.new_from : block.new_from])
        ):
            block = _Block(last.old_from, block.old_to, last.new_from, block.new_to)
            whole.pop()
        whole.append(block)
    return whole


def _ends_sentence(words: list[str]) -> bool:
    return any(word.endswith(_SENTENCE_ENDS) for word in words)


def _words(text: str) -> list[str]:
    return _WORD.findall(_LINK.sub(r"\1 \2", text))


def _trimmed(words: list[str]) -> str:
    """The words as they read, without what Markdown puts around them."""
    text = unescape(_MARKS.sub("", " ".join(words)))
    return _EDGES.sub("", text) or text
