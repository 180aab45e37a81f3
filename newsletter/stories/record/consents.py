"""[I/O] May we still? Asked by draft, check, approve, and for each batch while sending."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from newsletter.model.consent import Allowed, Channel, Denied, Revocation
from newsletter.model.issue import Placement
from newsletter.model.item import Item
from newsletter.model.message import RenderedEdition
from newsletter.model.story import Story
from newsletter.stories.ports import RevocationReader
from newsletter.stories.record.folder import StoryFolder
from newsletter.stories.record.recognition import carries, withdrawn_words
from newsletter.stories.record.words import same_words

Answer = Allowed | Denied
_Asked = tuple[
    RenderedEdition, tuple[Story, ...], tuple[Revocation, ...], date, Mapping[str, Denied]
]
_UNKNOWN = Denied(reason="there is no such story (withdrawn, or its file is unreadable)")


class Consents:
    """The one place that answers for stories, by files and stops as they are at this moment.

    What is not known is denied. Stops count whether the file beside the stories or the database
    holds them, so that neither can be restored past a withdrawal.
    """

    def __init__(self, folder: StoryFolder, store: RevocationReader | None = None) -> None:
        self._folder = folder
        self._store = store
        self._asked: dict[str, _Asked] = {}

    def stops(self) -> tuple[Revocation, ...]:
        """Everything that was ever taken back."""
        stored = self._store.stops() if self._store is not None else ()
        return tuple(dict.fromkeys((*self._folder.tombstones.read(), *stored)))

    def stories(self) -> tuple[Story, ...]:
        """The readable stories as they may be used now."""
        return self._folder.load_after(self.stops())[0]

    def answers(
        self, story_ids: Iterable[str], *, channel: Channel, language: str, on: date
    ) -> dict[str, Answer]:
        """For each story id, yes or no. `on` is the day of sending."""
        known = {story.id: story for story in self.stories()}
        return {
            story_id: known[story_id].answer(channel=channel, language=language, on=on)
            if story_id in known
            else _UNKNOWN
            for story_id in story_ids
        }

    def placed(self, placement: Placement, *, language: str, on: date) -> Answer:
        """Whether a draft may place a story so: the right form, in exactly the words agreed to."""
        language = placement.language or language
        story = next((one for one in self.stories() if one.id == placement.item_id), None)
        if story is None:
            return _UNKNOWN
        full = placement.details.get("form", "") == "full"
        channel = Channel.EMAIL_FULL if full else Channel.EMAIL_EXCERPT
        answer = story.answer(channel=channel, language=language, on=on)
        text = story.text_in(language)
        if isinstance(answer, Denied) or text is None:
            return answer
        if not same_words(placement.title, text.title):
            return Denied(reason="the title is not the one the storyteller agreed to")
        if not same_words(placement.blurb, text.body if full else text.excerpt):
            return Denied(reason="the words are not the ones the storyteller agreed to")
        return answer

    def stamp(self, story_ids: Sequence[str]) -> object:
        """Differs when the files that answer for these stories changed; a few microseconds."""
        return self._folder.stamp(story_ids)

    def denials(self, edition: RenderedEdition, *, on: date) -> dict[str, Denied]:
        """Why this edition may not be mailed today, by story id; empty when it may.

        Looks at the stories it names, in the form it shows them, and also for the words of
        withdrawn ones, which may have come in through a member's feed or an editor's own hand.
        """
        stops = self.stops()
        stories = self._folder.load_after(stops)[0]
        last = self._asked.get(edition.language)
        if last is None or last[0] is not edition or last[1:4] != (stories, stops, on):
            # Asked before each message: the words are only looked through when something changed.
            denied = _denials(stories, stops, edition, on)
            last = self._asked[edition.language] = (edition, stories, stops, on, denied)
        return dict(last[4])

    def carried(self, text: str) -> Revocation | None:
        """The withdrawal whose story this text carries, if any."""
        return withdrawn_words(text, self.stops())

    def withdrawn_items(self, items: Sequence[Item]) -> dict[str, Denied]:
        """The items, from whatever feed, that carry the words of a withdrawn story."""
        stops = [stop for stop in self.stops() if stop.withdrawn and stop.fingerprints]
        if not stops:
            return {}
        found = {item.id: withdrawn_words(f"{item.title}\n\n{item.text}", stops) for item in items}
        return {
            item_id: Denied(reason=f"carries a story withdrawn on {stop.on}")
            for item_id, stop in found.items()
            if stop is not None
        }


def _denials(
    stories: Sequence[Story], stops: Sequence[Revocation], edition: RenderedEdition, on: date
) -> dict[str, Denied]:
    known = {story.id: story for story in stories}
    denied: dict[str, Denied] = {}
    for story_id in edition.story_ids:
        answer = _mailed(known.get(story_id), edition, on)
        if isinstance(answer, Denied):
            denied[story_id] = answer
    carried = withdrawn_words(edition.text, stops)
    if carried is not None and not denied:
        denied[carried.story_id or carried.record_id] = Denied(
            reason=f"the text carries a story withdrawn on {carried.on}"
        )
    return denied


def _mailed(story: Story | None, edition: RenderedEdition, on: date) -> Answer:
    if story is None:
        return _UNKNOWN
    channels = [Channel.EMAIL_EXCERPT]
    for text in story.texts:
        rest = text.body.removeprefix(text.excerpt)
        if rest.strip() and carries(edition.text, rest):
            channels = [Channel.EMAIL_FULL]
    languages = [text.language for text in story.texts if carries(edition.text, text.excerpt)]
    answers = [
        story.answer(channel=channel, language=language, on=on)
        for channel in channels
        for language in languages or [edition.language]
    ]
    return next((answer for answer in answers if isinstance(answer, Denied)), answers[0])
