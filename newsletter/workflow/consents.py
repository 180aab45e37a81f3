"""May we, still? Asked when drafting, checking, approving, and for each batch while sending."""

from collections.abc import Iterable, Sequence
from datetime import date

from newsletter.model.consent import Allowed, Channel, Denied, Stop
from newsletter.model.item import Item
from newsletter.model.message import RenderedEdition
from newsletter.model.story import FULL_SUFFIX, Story
from newsletter.stories.folder import StoryFolder
from newsletter.stories.recognition import withdrawn_words
from newsletter.workflow.ports import StopStore

Answer = Allowed | Denied


class Consents:
    """The one place that answers for stories, by files and stops as they are at this moment.

    What is not known is denied. Stops count whether the file beside the stories or the database
    holds them, so that neither can be restored past a withdrawal.
    """

    def __init__(self, folder: StoryFolder, store: StopStore | None = None) -> None:
        self._folder = folder
        self._store = store

    def stops(self) -> tuple[Stop, ...]:
        """Everything that was ever taken back."""
        stored = self._store.stops() if self._store is not None else ()
        return tuple(dict.fromkeys((*self._folder.tombstones.read(), *stored)))

    def stories(self) -> tuple[Story, ...]:
        """The readable stories as they may be used now."""
        return self._folder.load_after(self.stops())[0]

    def answers(
        self, story_ids: Iterable[str], *, channel: Channel, language: str, on: date
    ) -> dict[str, Answer]:
        """For each item id of a story (`abc`, or `abc-full` for the whole text), yes or no.

        `on` is the day of sending. An id ending in `-full` asks for the whole text by mail.
        """
        known = {story.id: story for story in self.stories()}
        return {
            item_id: _answer(known, item_id, channel=channel, language=language, on=on)
            for item_id in story_ids
        }

    def denials(self, edition: RenderedEdition, *, on: date) -> dict[str, Denied]:
        """Why this edition may not be mailed today, by item id; empty when it may.

        Looks at the stories it places and also for the words of withdrawn ones, which may have
        come in through a member's feed or an editor's own hand.
        """
        answers = self.answers(
            edition.story_ids, channel=Channel.EMAIL_EXCERPT, language=edition.language, on=on
        )
        denied = {
            story_id: answer for story_id, answer in answers.items() if isinstance(answer, Denied)
        }
        carried = self.carried(edition.text)
        if carried is not None and not denied:
            denied[carried.story_id or carried.record_id] = Denied(
                reason=f"the text carries a story withdrawn on {carried.on}"
            )
        return denied

    def carried(self, text: str) -> Stop | None:
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


def _answer(
    known: dict[str, Story], item_id: str, *, channel: Channel, language: str, on: date
) -> Answer:
    story = known.get(item_id.removesuffix(FULL_SUFFIX))
    if story is None:
        return Denied(reason="there is no such story (withdrawn, or its file is unreadable)")
    if item_id.endswith(FULL_SUFFIX) and channel is Channel.EMAIL_EXCERPT:
        channel = Channel.EMAIL_FULL
    return story.answer(channel=channel, language=language, on=on)
