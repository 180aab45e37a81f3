"""Where the short part of a story may end: at the end of a sentence."""

from dataclasses import replace

from newsletter.model.story import StoryText, count_words, most_words_of
from newsletter.stories.scan.sentences import sentence_ends


def excerpt_ends(body: str) -> tuple[int, ...]:
    """Return where an excerpt may end, in order; the last is the end of the whole text."""
    whole = len(body.rstrip())
    ends = (len(body[:end].rstrip()) for end in sentence_ends(body))
    return (*dict.fromkeys(end for end in ends if count_words(body[:end]) and end < whole), whole)


def proposed_end(body: str) -> int:
    """Return the end of the longest short part.

    Where the first sentence alone is too long for one, that sentence's end: an excerpt never
    breaks off inside a sentence, and this one needs a yes of its own.
    """
    ends = excerpt_ends(body)
    most = most_words_of(body)
    return max((end for end in ends if count_words(body[:end]) <= most), default=ends[0])


def with_excerpt(text: StoryText, end: int) -> StoryText:
    """Return the text with its excerpt ending there; what follows begins a paragraph."""
    excerpt, rest = text.body[:end].strip(), text.body[end:].strip()
    body = f"{excerpt}\n\n{rest}" if rest else excerpt
    return replace(text, excerpt=excerpt, body=body)
