"""What is not the article: banners, share rows, "read the rest", related posts, buttons, forms.

An item keeps all its words; this is the one place that says which of them are the article, for
drafts, for comparing and for guessing languages. What an organisation says under most of what it
publishes is found by its repetition, and rows of links by where they lead, both in any language;
a vocabulary (chrome_words.py) and phrases (junk_phrases.py) are what is left for single entries.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from newsletter.model.address import host_of
from newsletter.model.item import Item
from newsletter.pulling.items.junk_runs import LABEL, judge
from newsletter.pulling.items.junk_signs import BUTTON_CODE, SHORTCODE, Sign, sign_of, without_marks
from newsletter.pulling.items.link_rows import Links, links_by_passage
from newsletter.pulling.items.tables import table_rows

LEAST_TIMES = 3
LEAST_SHARE = 0.2  # of the organisation's pieces
LEAST_LENGTH = 15  # characters: shorter sentences ("PHP.", "2.") are anybody's words
LEAST_LINE = 5  # characters of a whole passage: a short one counts only under the article
LEAST_LEFT = 12  # words: if leaving out what repeats leaves less, it is the article
LEAST_WORDS = 8  # a shorter passage that repeats inside of articles is a heading of its series
EDGE = 3  # so many first and last passages are compared by sentences
TITLE = 20  # characters: a shorter title could be anybody's words
_SENTENCE = re.compile(r"(?<=[.!?…。！？؟۔»”\"])\s+")
# One mark at a time, with bounded repeats: what a feed says never decides how long we look at it.
_CUT_OFF = re.compile(
    r"\s?(?:\[(?:…|\.\.\.|&hellip;)\]"
    r"|(?:continue reading|read more|leer más|seguir leyendo)[^.!?]{0,80})$",
    re.IGNORECASE,
)
_MOST_CUTS, _LONGEST_CUT = 4, 110


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """What an organisation's pieces have in common: repeated passages, and their titles."""

    repeated: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()


NO_HABITS = Habits()


def habits_of(items: Iterable[Item]) -> Habits:
    """Return what the items, all of one organisation, have in common.

    The same text published twice counts once: what it repeats is itself.
    """
    items = list(items)
    different = {_key(item.text): item.text for item in items}
    counts = Counter(key for text in different.values() for key in _passage_keys(text))
    least = max(LEAST_TIMES, LEAST_SHARE * len(different))
    return Habits(
        repeated=frozenset(key for key, times in counts.items() if times >= least),
        titles=frozenset(key for item in items if len(key := _key(item.title)) >= TITLE),
    )


def article_texts(items: Sequence[Item], among: Iterable[Item] = ()) -> list[str]:
    """Return what `article_text` makes of each item, by the habits of its organisation.

    Those are seen in the items themselves and in others that it published (`among`).
    """
    published: defaultdict[str | None, dict[str, Item]] = defaultdict(dict)
    for item in (*among, *items):
        published[item.organisation_id][item.id] = item
    habits = {
        organisation_id: habits_of(published[organisation_id].values())
        for organisation_id in {item.organisation_id for item in items} - {None}
    }
    return [article_text(item, habits.get(item.organisation_id, NO_HABITS)) for item in items]


def article_text(item: Item, habits: Habits = NO_HABITS) -> str:
    """Return the item's text without its title, what is repeated, rows, banners and notices.

    Paragraphs and lines stay. Where what repeats would leave next to nothing, it stays; a story's
    words are nobody's to leave out.
    """
    if item.organisation_id is None:
        return item.text
    passages = _passages(item.text)
    links = links_by_passage(item.html)
    left = _article(passages, links, item, habits)
    if habits.repeated and len(left.split()) < LEAST_LEFT:
        left = _article(passages, links, item, Habits(titles=habits.titles))
    return left or item.text


def _article(
    passages: Sequence[str], links: Mapping[str, Links], item: Item, habits: Habits
) -> str:
    own, home = _key(item.title), host_of(item.link)
    signs = [_sign(passage, links.get(passage), own, habits) for passage in passages]
    leads_home = [
        links[passage].lead_to(home) if passage in links else False for passage in passages
    ]
    judge(passages, signs, leads_home)
    kept = [passage for passage, sign in zip(passages, signs, strict=True) if sign is not Sign.JUNK]
    if kept and _key(kept[0]) == own:
        del kept[0]
    if kept and habits.repeated:
        kept[-1] = _without_end(kept[-1], habits.repeated)
        kept[0] = _without_beginning(kept[0], habits.repeated)
    for at, passage in enumerate(kept):
        if (passage in links or at == len(kept) - 1) and not table_rows(passage):
            kept[at] = without_marks(passage, own)
    return _with_cut_shown("\n\n".join(filter(None, kept)).strip())


def _sign(passage: str, links: Links | None, own: str, habits: Habits) -> Sign:
    if table_rows(passage):
        return Sign.ARTICLE
    sign = sign_of(passage, links, own)
    if sign not in {Sign.ARTICLE, Sign.LINKED, Sign.BUTTON}:
        return sign
    key = _key(passage)
    if key != own and key in habits.titles:
        return Sign.TITLE
    if _is_repeated(passage, key, habits.repeated):
        is_heading = links.is_listed if links else len(key.split()) < LEAST_WORDS
        return Sign.REPEATED if is_heading else Sign.JUNK
    is_label = links and _label(passage) == f"{_key(links.around).rstrip(' :')}:"
    return Sign.REPEATED if is_label and _label(passage) in habits.repeated else sign


def _is_repeated(passage: str, key: str, repeated: Set[str]) -> bool:
    return bool(repeated) and (
        key in repeated or all(_key(part) in repeated for part in _SENTENCE.split(passage))
    )


def _without_end(passage: str, repeated: Set[str]) -> str:
    sentences = _SENTENCE.split(passage)
    while sentences and _key(sentences[-1]) in repeated:
        passage = passage[: passage.rindex(sentences.pop())].rstrip()
    return passage


def _without_beginning(passage: str, repeated: Set[str]) -> str:
    for sentence in _SENTENCE.split(passage):
        if _key(sentence) not in repeated:
            break
        passage = passage[len(sentence) :].lstrip()
    return passage


def _with_cut_shown(text: str) -> str:
    left = text
    for _ in range(_MOST_CUTS):
        cut = _CUT_OFF.search(left, max(0, len(left) - _LONGEST_CUT))
        if cut is None:
            break
        left = left[: cut.start()].rstrip()
    return text if left == text else f"{left.rstrip('… ')} …"


def _passage_keys(text: str) -> set[str]:
    """All passages of a text, and the sentences of its first and last ones, long enough to tell."""
    passages = _passages(text)
    edges = passages if len(passages) <= 2 * EDGE else [*passages[:EDGE], *passages[-EDGE:]]
    keys = {key for passage in passages if len(key := _key(passage)) >= LEAST_LINE}
    keys |= {label for passage in passages if (label := _label(passage))}
    sentences = (_key(sentence) for passage in edges for sentence in _SENTENCE.split(passage))
    return keys | {sentence for sentence in sentences if len(sentence) >= LEAST_LENGTH}


def _label(passage: str) -> str:
    """What stands before a colon, with it, when that is short; else nothing."""
    before, colon, _ = passage[:80].partition(":")
    return _key(before).rstrip() + colon if colon and len(before.split()) <= LABEL else ""


def _passages(text: str) -> list[str]:
    if "[/" in text:
        text = SHORTCODE.sub("", BUTTON_CODE.sub("", text))
    return [passage for passage in map(str.strip, text.split("\n\n")) if passage]


def _key(passage: str) -> str:
    return " ".join(passage.casefold().split())
