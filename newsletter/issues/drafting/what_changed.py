"""Two versions of an edition -> what differs, piece by piece: what a correction has to say."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from newsletter.issues.drafting import draft_file
from newsletter.model.issue import Edition, Placement

_LONGEST = 8  # words: more in a row is no slip, but another text
_MOST = 3  # slips in one text
_COMPARED = 2000  # words: comparing takes the square of it
_EDGES = re.compile(r"^[\s*_>#\[\](){}“”\"'.,;:!?]+|[\s*_>#\[\](){}“”\"'.,;:!?]+$")


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
    return draft_file.write(replace(edition, settings={}))


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
    old, new = wrong.split(), right.split()
    if len(old) + len(new) > _COMPARED:
        return None if old != new else ()
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    differ = [block for block in blocks if block[0] != "equal"]
    if len(differ) > _MOST or any(max(a - b, c - d) > _LONGEST for _, b, a, d, c in differ):
        return None
    return tuple(
        Swap(right=_trimmed(new[d:c]), wrong=_trimmed(old[b:a])) for _, b, a, d, c in differ
    )


def _trimmed(words: list[str]) -> str:
    text = " ".join(words)
    return _EDGES.sub("", text) or text
