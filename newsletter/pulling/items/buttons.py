"""Buttons: links that a page builder draws as such, alone in their block. No part of the article.

They are known by their classes (`wp-block-button__link`, `elementor-button`, `mcnButton`,
`sqs-block-button-element`, `btn`), their role, or a style with padding and background; the
sanitiser keeps none of these. A link inside a sentence, in a list or a heading, with a number to
call in it, or one of a row of them is what the article says, however it is drawn.
"""

import html
import re
from collections.abc import Container, Iterator, Sequence

from newsletter.pulling.items.picture_tags import TAG

BUTTONS = 2  # side by side; more are a list
MOST_WORDS, MOST_DIGITS = 12, 6  # of a caption
MOST, LONGEST = 2_000, 1_500  # links looked at; characters of a link's inside, of a tag
BEFORE = 600  # characters before a link in which its wrapper's tag stands
_SIGNS = ("utton", "btn", "outon", "padding")  # each is quicker to look for than one pattern
_NAMED = re.compile(
    r"\b(?:class|role|data-testid|data-component-name)\s*=\s*"
    r"(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))",
    re.IGNORECASE,
)
_BUTTON = re.compile(r"\S*(?:button|btn|bouton)\S*", re.IGNORECASE)
# Of pages that fold, and of what has none.
_OTHER = re.compile(r"accordion|toggle|collaps|dropdown|[-_]tab\b|no-?b(?:utto|t)n", re.IGNORECASE)
_DRAWN = re.compile(r"style\s*=\s*[\"'](?=[^\"']*padding)[^\"']*background", re.IGNORECASE)
_END = re.compile(r"</a\s*>", re.IGNORECASE)
_INLINE = frozenset(
    {"span", "strong", "b", "em", "i", "u", "font", "center", "small", "ins", "o", "v", "w"}
)
_LISTED = frozenset({"li", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "th", "summary"})
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][\w:-]*)[^<>]*>|<!--.*?-->")
_TAGS = re.compile(r"<[^<>]*>")
_SENTENCE = re.compile(r"[.!?…؟]\s+\S")
_SPACE = re.compile(r"(?:\s|&nbsp;|&#160;|\u200b)*")

Span = tuple[int, int]


def without_buttons(markup: str) -> str:
    """Return HTML, not cleaned yet, without the buttons in it."""
    places = sorted(set(_signs_at_links(markup)))
    links = dict(_buttons(markup, places)) if places else {}
    if not links:
        return markup
    ends = set(links.values())
    spans = [
        (start, end)
        for start, end in sorted(links.items())
        if _ends_block(markup, start, ends) and _begins_block(markup, end, links)
    ]
    kept: list[str] = []
    end = 0
    for run in _runs(markup, spans):
        for start, stop in run if len(run) <= BUTTONS else ():
            kept.append(markup[end:start])
            end = stop
    return "".join((*kept, markup[end:])) if kept else markup


def _signs_at_links(markup: str) -> Iterator[int]:
    """Where a sign of a button stands in a link's tag, or shortly before it."""
    at, links = markup.find("<a"), 0
    while at >= 0 and links < MOST:
        before = markup[max(0, at - BEFORE) : at]
        if before[-40:].rstrip()[-1:] in ("", ">", ";"):  # else in a sentence: most links are
            end = markup.find(">", at, at + LONGEST)
            around = before + markup[at : end if end >= 0 else at + LONGEST]
            for sign in _SIGNS:
                place = around.find(sign)
                while place >= 0:
                    yield at - len(before) + place
                    place = around.find(sign, place + 1)
        at, links = markup.find("<a", at + 2), links + 1


def _buttons(markup: str, places: Sequence[int]) -> Iterator[Span]:
    """Where links are that are drawn as buttons, and say what buttons do."""
    seen = -1
    for place in places:
        at = markup.rfind("<", max(seen, place - LONGEST, 0), place)
        tag = TAG.match(markup, at, at + LONGEST) if at > seen else None
        if tag is None or tag.end() < place:
            continue
        seen = at
        start = at if tag[1].lower() == "a" else _wrapped(markup, tag.end())
        if start >= 0 and _is_drawn(tag[2], is_link=start == at):
            inside = markup.find(">", start if start != at else tag.end() - 1) + 1
            end = _END.search(markup, inside, inside + LONGEST)
            if end and _is_caption(markup[inside : end.start()]):
                yield start, end.end()


def _is_drawn(attributes: str, *, is_link: bool) -> bool:
    named = " ".join(one or two or three for one, two, three in _NAMED.findall(attributes))
    if any(not _OTHER.search(name) for name in _BUTTON.findall(named)):
        return True
    return is_link and _DRAWN.search(attributes) is not None


def _wrapped(markup: str, at: int) -> int:
    """Where the link begins that is all that an element holds; -1 where it is not."""
    opened = 1
    while tag := _ANY_TAG.match(markup, _after_space(markup, at)):
        if tag[1] or not tag[2] or opened > 6:
            return -1
        if tag[2].lower() == "a":
            break
        opened, at = opened + 1, tag.end()
    end = _END.search(markup, tag.end(), tag.end() + LONGEST) if tag else None
    if tag is None or end is None:
        return -1
    at = end.end()
    for _ in range(opened):
        closing = _ANY_TAG.match(markup, _after_space(markup, at))
        if closing is None or not closing[1]:
            return -1
        at = closing.end()
    return tag.start()


def _is_caption(inside: str) -> bool:
    words = " ".join(html.unescape(_TAGS.sub(" ", inside)).split())
    digits = sum(map(str.isdigit, words))
    is_short = 0 < len(words.split()) <= MOST_WORDS and digits <= MOST_DIGITS
    return is_short and "@" not in words and not _SENTENCE.search(words)


def _ends_block(markup: str, at: int, ends: Container[int]) -> bool:
    """Whether nothing of its block stands before that place; a list's or a heading's is none."""
    while True:
        before = markup[max(0, at - LONGEST) : at]
        while before != (before := before.rstrip().removesuffix("&nbsp;").removesuffix("&#160;")):
            pass
        at = max(0, at - LONGEST) + len(before)
        if not before or at in ends:
            return True
        tag = (
            _ANY_TAG.fullmatch(markup, markup.rfind("<", 0, at), at) if before[-1] == ">" else None
        )
        if tag is None:
            return False
        name = (tag[2] or "").lower()
        if name and name not in _INLINE:
            return name != "a" and (bool(tag[1]) or name not in _LISTED)
        at = tag.start()


def _begins_block(markup: str, at: int, links: Container[int]) -> bool:
    while True:
        at = _after_space(markup, at)
        if at >= len(markup) or at in links:
            return True
        tag = _ANY_TAG.match(markup, at)
        if tag is None:
            return False
        name = (tag[2] or "").lower()
        if name and name not in _INLINE:
            return name != "a" and not (tag[1] and name in _LISTED)
        at = tag.end()


def _after_space(markup: str, at: int) -> int:
    space = _SPACE.match(markup, at)
    return space.end() if space else at


def _runs(markup: str, spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Those that stand side by side together."""
    run: list[Span] = []
    for span in spans:
        if run and _TAGS.sub("", markup[run[-1][1] : span[0]]).replace("&nbsp;", "").strip():
            yield run
            run = []
        run.append(span)
    if run:
        yield run
