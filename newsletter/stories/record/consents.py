"""[I/O] May we still? Asked by draft, check, approve, and for each batch while sending."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from newsletter.model.consent import Allowed, Channel, Denied, Revocation
from newsletter.model.issue import Placement
from newsletter.model.item import Item
from newsletter.model.message import RenderedEdition
from newsletter.model.problem import Problem
from newsletter.model.story import Story
from newsletter.stories.recognition.leaving_words import leaving_words
from newsletter.stories.recognition.recognizer import KnownTexts, item_words
from newsletter.stories.recognition.story_search import (
    UNKNOWN,
    Finding,
    StorySearch,
    find_stories,
    story_texts,
)
from newsletter.stories.recognition.words import same_words
from newsletter.stories.record.folder import StoryFolder
from newsletter.stories.record.item import placed_as

Answer = Allowed | Denied
_Asked = tuple[RenderedEdition, tuple[Story, ...], tuple[Revocation, ...], date, StorySearch]


class Consents:
    """The one place that answers for stories, by files and revocations as they are at this moment.

    What is not known is denied. Revocations count whether the file beside the stories has them or
    the database (`stored`), so that neither can be restored past a withdrawal.
    """

    def __init__(
        self, folder: StoryFolder, stored: Callable[[], tuple[Revocation, ...]] = lambda: ()
    ) -> None:
        self._folder = folder
        self._stored = stored
        self._recognizer = folder.recognizer
        self._asked: dict[str, _Asked] = {}
        self._texts: tuple[tuple[Story, ...], KnownTexts] | None = None

    def revocations(self) -> tuple[Revocation, ...]:
        """Return everything that was ever taken back."""
        return tuple(dict.fromkeys((*self._folder.revocation_file.read(), *self._stored())))

    def unreadable(self) -> tuple[Problem, ...]:
        """Return what is wrong with story files that cannot be read, and so not be compared."""
        return self._folder.load_after(self.revocations())[1]

    def stories(self) -> tuple[Story, ...]:
        """Return the readable stories as they may be used now."""
        return self._folder.load_after(self.revocations())[0]

    @staticmethod
    def may_place(
        stories: Mapping[str, Story], placement: Placement, *, language: str, on: date
    ) -> Answer:
        """Return whether a draft may place a story so: in exactly the form and words agreed to."""
        story = stories.get(placement.item_id or "")
        if story is None:
            return UNKNOWN
        language, channel = placement.language or language, placed_as(placement)
        answer = story.answer(channel=channel, language=language, on=on)
        text = story.text_in(language)
        if isinstance(answer, Denied) or text is None:
            return answer
        if not same_words(placement.title, text.title):
            return Denied(reason="the title is not the one the storyteller agreed to")
        words = text.body if channel is Channel.EMAIL_FULL else text.excerpt
        if not same_words(placement.blurb, words):
            return Denied(reason="the words are not the ones the storyteller agreed to")
        return answer

    def stamp(self, story_ids: Sequence[str]) -> object:
        """Return what differs once a file that answers for these stories changed (microseconds)."""
        return self._folder.stamp(story_ids)

    def denials(self, edition: RenderedEdition, *, on: date) -> dict[str, Denied]:
        """Return why this edition may not be mailed that day, by story id; empty when it may."""
        return {found.about: found.denied for found in self.findings(edition, on=on)}

    def findings(self, edition: RenderedEdition, *, on: date) -> tuple[Finding, ...]:
        """Return the stories that it may not carry that day, as it does.

        Looks at the stories it names, in the form it shows them, and for the words of all others:
        they may have come in through a member's feed or an editor's own hand.
        """
        return self._searched(edition, on).findings

    def quoted(
        self, edition: RenderedEdition, texts: KnownTexts, *, on: date
    ) -> dict[str, tuple[str, ...]]:
        """Return the words that an edition has of other texts, by their consent record.

        Without those that a story may show there: the same story may have come in twice.
        """
        search = self._searched(edition, on)
        found = {}
        for known, places in self._recognizer.quoted(search.searched, texts):
            places = places - search.allowed
            if search.searched.are_quote(places):
                found[known.record_id] = search.searched.passages(places)
        return found

    def not_theirs(self, quoting: Mapping[str, Iterable[Story]]) -> Iterator[str]:
        """Return words of stories that are nobody's: of issues and standing blocks before them,
        and what an editor decided on of the texts that quote them."""
        came_in: dict[str, date | None] = {}
        for text, stories in quoting.items():
            for story in stories:
                came_in[story.consent.record_id] = story.consent.valid_from
                yield from self._recognizer.decided_in(text, story.consent.record_id)
        yield from self._recognizer.excused.public_before(came_in)

    def _searched(self, edition: RenderedEdition, on: date) -> StorySearch:
        revocations = self.revocations()
        stories = self._folder.load_after(revocations)[0]
        last = self._asked.get(edition.language)
        if last is None or last[0] is not edition or last[1:4] != (stories, revocations, on):
            # Asked before each message: the words are only looked through when something changed.
            found = self._search(edition, stories, revocations, on)
            last = self._asked[edition.language] = (edition, stories, revocations, on, found)
        return last[4]

    def _search(
        self,
        edition: RenderedEdition,
        stories: tuple[Story, ...],
        revocations: tuple[Revocation, ...],
        on: date,
    ) -> StorySearch:
        if self._texts is None or self._texts[0] is not stories:
            self._texts = (stories, story_texts(stories, self._recognizer))
        searched = self._recognizer.searched(leaving_words(edition))
        withdrawn = self._recognizer.withdrawn_texts(revocations)
        return find_stories(
            edition,
            searched,
            stories={story.id: story for story in stories},
            quoted=self._recognizer.quoted(searched, self._texts[1]),
            withdrawn=self._recognizer.quoted(searched, withdrawn),
            revocations=revocations,
            on=on,
        )

    def withdrawn_items(self, items: Sequence[Item]) -> dict[str, Denied]:
        """Return a denial by id for the items, from any feed, that carry a withdrawn story."""
        return {item_id: found[0].denied for item_id, found in self.carried(items).items()}

    def carried(self, items: Sequence[Item]) -> dict[str, tuple[Finding, ...]]:
        """Return by id which withdrawn stories the items carry."""
        withdrawals = tuple(
            revocation
            for revocation in self.revocations()
            if revocation.withdrawn and (revocation.fingerprints or revocation.before)
        )
        if not withdrawals:
            return {}
        texts = self._recognizer.withdrawn_texts(withdrawals)
        on = {one.record_id: one.on for one in withdrawals}
        carried: dict[str, tuple[Finding, ...]] = {}
        for item in items:
            searched = self._recognizer.searched(item_words(item))
            found = tuple(
                Finding(
                    about=item.id,
                    record_id=known.record_id,
                    denied=Denied(reason=f"carries a story withdrawn on {on[known.record_id]}"),
                    passages=searched.passages(places),
                )
                for known, places in self._recognizer.quoted(searched, texts)
            )
            if found:
                carried[item.id] = found
        return carried
