"""Words of a story known again wherever they come from: a new id, a letter, a member's feed."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from newsletter.model.consent import Revocation
from newsletter.model.item import Item
from newsletter.model.keyed import keyed
from newsletter.model.story import Story, StoryText
from newsletter.stories.recognition.bare_words import words_of
from newsletter.stories.recognition.fingerprints import (
    NO_RUN,
    SHAPES,
    DigestsBefore,
    fingerprint,
    has_run_in,
    plain_runs,
    runs_in,
    runs_of,
)
from newsletter.stories.recognition.not_evidence import NotEvidence, PublicText
from newsletter.stories.recognition.quotes import Passage, Shelf, is_quote, quotes
from newsletter.stories.recognition.words import as_text

_HALF = 2 * len(SHAPES)


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One text that is looked for. `given` is the day it came in, None when nobody knows.

    `runs` are digests in order, `before` what 0.2 kept instead. `language` and `is_excerpt` say
    which text of the story it is.
    """

    record_id: str
    runs: Sequence[str] = field(default=(), repr=False)
    before: frozenset[str] = field(default=frozenset(), repr=False)
    given: date | None = None
    language: str = ""
    is_excerpt: bool = False


class Searched:
    """A text that is looked through, prepared once for all that is looked for."""

    def __init__(self, text: str, key: bytes) -> None:
        self._text = text
        self._key = key

    @cached_property
    def words(self) -> list[str]:
        """Its bare words."""
        return words_of(self._text)

    @cached_property
    def passage(self) -> Passage:
        """The digests of their runs."""
        return Passage.of(self.words, runs_of(self.words, self._key))

    @cached_property
    def before(self) -> DigestsBefore:
        """What 0.2 would have kept of it."""
        return DigestsBefore(self._text, self._key)

    def may_quote(self, runs: Collection[str]) -> bool:
        """Return whether it is worth while to look closely for texts with these runs."""
        return has_run_in(self.words, self._key, runs)

    def are_quote(self, places: Iterable[int]) -> bool:
        """Return whether the words there are enough to be a quote."""
        return is_quote([self.words[place] for place in places])

    def passages(self, places: Iterable[int]) -> tuple[str, ...]:
        """Return the bare words at those places, what hangs together in one."""
        groups: list[list[int]] = []
        for place in sorted(places):
            if groups and place - groups[-1][-1] <= len(SHAPES):
                groups[-1].append(place)
            else:
                groups.append([place])
        words = (" ".join(self.words[group[0] : group[-1] + 1]) for group in groups)
        return tuple(dict.fromkeys(words))  # the letter stands in both forms of an edition


class KnownTexts:
    """Texts that are looked for at once."""

    def __init__(self, texts: Iterable[Known]) -> None:
        self._texts = tuple(texts)
        self._shelf = Shelf([text.runs for text in self._texts])
        self._before = tuple(text for text in self._texts if text.before)

    def quoted_in(self, searched: Searched) -> Iterator[tuple[Known, list[set[int]]]]:
        """Return each text that is quoted, and the places of each quote's words."""
        if self._shelf.runs and searched.may_quote(self._shelf.runs):
            for number, found in self._shelf.quotes(searched.passage).items():
                yield self._texts[number], [quote.places for quote in found]
        for text in self._before:
            words = words_of(" ".join(searched.before.words_in(text.before)))
            if words:
                passage = Passage.of(searched.words, plain_runs(searched.words))
                yield text, [quote.places for quote in quotes(passage, plain_runs(words))]


class Recognizer:
    """Compares texts by digests under the workspace's key; `excused` is what does not count."""

    def __init__(self, key: bytes, excused: NotEvidence | None = None) -> None:
        self._key = key
        self.excused = excused or NotEvidence()
        self._withdrawn: tuple[Sequence[Revocation], KnownTexts] = ((), KnownTexts(()))

    def __repr__(self) -> str:
        return "Recognizer()"  # never the key

    def searched(self, text: str) -> Searched:
        """Return a text to be looked through."""
        return Searched(text, self._key)

    def keyed(self, digest: str) -> str:
        """Return a digest of words as it may be kept for good: under the key."""
        return keyed(self._key, digest)

    def fingerprints(self, texts: Iterable[StoryText]) -> tuple[str, ...]:
        """Return what is kept of a story to know it again: a fingerprint a language or two."""
        lines = (fingerprint(words_of(part), self._key) for part in _parts(texts))
        return tuple(dict.fromkeys(filter(None, lines)))

    def known(
        self,
        record_id: str,
        words: str,
        *,
        given: date | None,
        language: str = "",
        is_excerpt: bool = False,
    ) -> Known:
        """Return a plain text to be looked for."""
        return Known(
            record_id=record_id,
            runs=runs_of(words_of(words), self._key),
            given=given,
            language=language,
            is_excerpt=is_excerpt,
        )

    def decision_on(self, passages: Iterable[str]) -> str:
        """Return the digests by which an editor's decision on quoted passages is kept."""
        return "".join(fingerprint(words.split(), self._key) for words in passages)

    def decided_in(self, text: str, record_id: str) -> tuple[str, ...]:
        """Return the bare words of a text that an editor decided are not this story's."""
        searched = self.searched(text)
        overruled = self.excused.overruled(record_id)
        return searched.passages(self._overruled(searched.words, overruled))

    def quoted(self, searched: Searched, texts: KnownTexts) -> list[tuple[Known, set[int]]]:
        """Return which of those texts it quotes, and the places of the words; nothing excused."""
        found = []
        for known, quoted in texts.quoted_in(searched):
            given = self.excused.given(known.record_id) or known.given
            overruled = self.excused.overruled(known.record_id)
            left = (self._left(searched, one, known, given, overruled) for one in quoted)
            places = set[int]().union(*left)
            if places:
                found.append((known, places))
        return found

    def find_withdrawal(self, text: str, revocations: Sequence[Revocation]) -> Revocation | None:
        """Return the withdrawal whose story this plain text quotes, if any."""
        found = self.quoted(self.searched(text), self.withdrawn_texts(revocations))
        return _first(revocations, {known.record_id for known, _ in found})

    def apply_revocations(self, story: Story, revocations: Sequence[Revocation]) -> Story:
        """Return the story after what was revoked under its id, its consent's or by its words.

        A shorter quote of a withdrawn story is found where the words would be shown.
        """
        left = story.after(revocations)
        if left.consent.withdrawn_on is not None:
            return left
        for text in story.texts:
            whole = as_text(f"{text.title}\n\n{text.body}")
            back = self.withdrawn_again(whole, revocations)
            if back is not None:
                return replace(left, consent=replace(left.consent, withdrawn_on=back.on))
        return left

    def withdrawn_again(self, text: str, revocations: Sequence[Revocation]) -> Revocation | None:
        """Return the withdrawal whose story this text is: a third of its words are."""
        searched = self.searched(text)
        found = self.quoted(searched, self.withdrawn_texts(revocations))
        third = len(searched.words) / 3
        back = {one.record_id for one, places in found if one.before or len(places) >= third}
        return _first(revocations, back)

    def withdrawn_texts(self, revocations: Sequence[Revocation]) -> KnownTexts:
        """Return what is known of all that was withdrawn."""
        if self._withdrawn[0] != revocations:
            texts = (text for one in revocations if one.withdrawn for text in _known_again(one))
            self._withdrawn = (revocations, KnownTexts(texts))
        return self._withdrawn[1]

    def _left(
        self,
        searched: Searched,
        places: set[int],
        known: Known,
        given: date | None,
        overruled: frozenset[str],
    ) -> set[int]:
        """The quoted words, unless too few are left without those that are not the story's."""
        first, last = min(places), max(places)
        words = searched.words[first : last + 1]
        said = {place - first for place in places} - self._overruled(words, overruled)
        if given is not None and _is_enough(words, said):
            passage = Passage.of(words, plain_runs(words))
            for public in self.excused.elsewhere(known.record_id, given):
                said = said - self._public(passage, public, known, given)
                if not _is_enough(words, said):
                    break
        return {first + place for place in said} if _is_enough(words, said) else set()

    def _overruled(self, words: Sequence[str], overruled: frozenset[str]) -> set[int]:
        runs = enumerate(runs_of(words, self._key)) if overruled else ()
        return {
            number // len(SHAPES) + step
            for number, run in runs
            if run in overruled and run != NO_RUN
            for step in SHAPES[number % len(SHAPES)]
        }

    def _public(self, passage: Passage, public: PublicText, known: Known, given: date) -> set[int]:
        """Which of the quoted words stand in a text that was public before."""
        words = words_of(public.text)
        within = quotes(passage, plain_runs(words))
        if within and public.then is not None:
            words = words_of(public.then())
            within = quotes(passage, plain_runs(words))
        if within and public.since >= given and self._is_the_story(words, known):
            return set()
        return set[int]().union(*(quote.places for quote in within))

    def _is_the_story(self, words: Sequence[str], known: Known) -> bool:
        """Whether a text of the same day is no source of the story, but half of it."""
        found = quotes(Passage.of(words, runs_of(words, self._key)), known.runs)
        shared = len(set[int]().union(*(quote.places for quote in found)))
        return not known.runs or _HALF * shared >= len(known.runs)


def item_words(item: Item) -> str:
    """Return what of an item is looked through for a story's words."""
    return f"{item.title}\n\n{item.text}"


def _first(revocations: Sequence[Revocation], record_ids: Collection[str]) -> Revocation | None:
    withdrawn = (one for one in revocations if one.withdrawn and one.record_id in record_ids)
    return next(withdrawn, None)


def _is_enough(words: Sequence[str], said: set[int]) -> bool:
    return is_quote([words[place] for place in said])


def _parts(texts: Iterable[StoryText]) -> Iterator[str]:
    """The whole of each text, and an excerpt that is not a part of it."""
    for text in texts:
        whole, excerpt = as_text(f"{text.title}\n\n{text.body}"), as_text(text.excerpt)
        yield whole
        if excerpt not in whole:
            yield excerpt


def _known_again(revocation: Revocation) -> Iterator[Known]:
    """What is kept of a withdrawn story."""
    record_id, given = revocation.record_id, revocation.given
    for line in revocation.fingerprints:
        yield Known(record_id=record_id, runs=runs_in(line), given=given)
    for before in revocation.before:
        yield Known(record_id=record_id, before=before, given=given)
