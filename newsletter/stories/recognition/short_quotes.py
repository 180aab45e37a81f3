"""Whether a text quotes stories whose words are at hand, also in the few words of a subject.

`recognition` knows withdrawn words by digests, and from some eight words on. A subject quotes a
title, or four words; this compares the words themselves, while there are any.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from newsletter.stories.recognition.bare_words import words_of
from newsletter.stories.recognition.words import as_text

RUN = 4  # words; two of them must be longer ones, or a fifth must follow
LONGER = 4  # letters
IN_A_PARAGRAPH = 6  # words in a row: long texts share shorter runs by chance


@dataclass(frozen=True, kw_only=True, slots=True)
class Quotable:
    """The titles of some stories, and all runs of four words of theirs. `repr` shows none.

    A title of one word is kept as it is written: `names`.
    """

    titles: frozenset[str] = field(default=frozenset(), repr=False)
    names: frozenset[str] = field(default=frozenset(), repr=False)
    runs: frozenset[tuple[str, ...]] = field(default=frozenset(), repr=False)

    @classmethod
    def of(
        cls, titles: Iterable[str], texts: Iterable[str], public: Iterable[str] = ()
    ) -> "Quotable":
        """Make it of plain titles, and of texts in Markdown.

        What stands in the `public` texts as well is nobody's: a story may quote a card of rights.
        """
        made = cls().with_titles(titles)
        runs = {run for title in made.titles for run in _runs(title.split())}
        runs |= {run for text in texts for run in _runs(words_of(as_text(text)))}
        for text in public if runs else ():
            runs -= set(_runs(words_of(as_text(text))))
        return replace(made, runs=frozenset(runs))

    def with_titles(self, titles: Iterable[str]) -> "Quotable":
        """Return it with these titles too, however short."""
        told = {title.strip(): words_of(title) for title in titles}
        return replace(
            self,
            titles=self.titles | {" ".join(words) for words in told.values() if len(words) > 1},
            names=self.names
            | {
                title
                for title, words in told.items()
                if len(words) == 1 and title.casefold() != title
            },
        )

    def in_line(self, text: str) -> bool:
        """Return whether a subject, title or the like quotes them: a title, or four words."""
        words = words_of(text)
        return self._names(text, words) or any(
            count > 1 or sum(len(word) >= LONGER for word in run) > 1
            for run, count in self._common(words)
        )

    def in_paragraph(self, text: str) -> bool:
        """Return whether a plain text names one by its title, or has six of their words in a
        row."""
        words = words_of(text)
        most = max((count for _, count in self._common(words)), default=0)
        return self._names(text, words) or most > IN_A_PARAGRAPH - RUN

    def _names(self, text: str, words: Sequence[str]) -> bool:
        line = f" {' '.join(words)} "
        return any(f" {title} " in line for title in self.titles) or any(
            _is_named(name, text) for name in self.names
        )

    def _common(self, words: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int]]:
        """Each run in common, with how many in a row it ends."""
        count = 0
        for run in _runs(words):
            count = count + 1 if run in self.runs else 0
            if count:
                yield run, count


class QuoteIndex:
    """Many stories at once, by name: each text is gone through once."""

    def __init__(self, stories: Mapping[str, Quotable]) -> None:
        self._names = [(word, name) for name, one in stories.items() for word in one.names]
        self._titles = [(title, name) for name, one in stories.items() for title in one.titles]
        self._runs: dict[tuple[str, ...], list[str]] = {}
        for name, one in stories.items():
            for run in one.runs:
                self._runs.setdefault(run, []).append(name)

    def named_in(self, text: str) -> set[str]:
        """Return whose words a plain text has, as `Quotable.in_paragraph` does."""
        words = words_of(text)
        line = f" {' '.join(words)} "
        found = {name for title, name in self._titles if f" {title} " in line}
        found |= {name for word, name in self._names if _is_named(word, text)}
        counts: dict[str, int] = {}
        for run in _runs(words):
            counts = {name: counts.get(name, 0) + 1 for name in self._runs.get(run, ())}
            found |= {name for name, count in counts.items() if count > IN_A_PARAGRAPH - RUN}
        return found


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[at:] for at in range(RUN)), strict=False)


def _is_named(title: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(title)}(?!\w)", text) is not None
