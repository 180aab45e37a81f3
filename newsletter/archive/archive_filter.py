"""[I/O] What of a sent issue may still be shown on the web: asks every consent again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain

from newsletter.issues.facts import IssueFacts
from newsletter.issues.strike import quotable, without_opening, without_quotes, words_of
from newsletter.model.address import story_path
from newsletter.model.consent import Allowed, Channel
from newsletter.model.issue import Edition, Placement
from newsletter.model.item import Item, ItemKind
from newsletter.model.story import Story, StoryText
from newsletter.stories.recognition.short_quotes import Quotable, QuoteIndex
from newsletter.stories.recognition.words import as_text
from newsletter.stories.record.consents import Consents


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownEdition:
    """An edition without the placements that may not be shown, and those."""

    edition: Edition
    left_out: tuple[Placement, ...]
    stories: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class ArchiveFilter:
    """Answers for one day. `stories` are those that exist, by id; `base` is the site's address."""

    consents: Consents
    stories: dict[str, Story]
    base: str
    today: date

    def edition(self, facts: IssueFacts) -> ShownEdition:
        """Return an approved edition without the pieces that may not be shown."""
        (edition,) = facts.editions
        items = facts.items_in(edition)
        carried = self._carried(edition, items.values())
        left_out: list[Placement] = []
        sections = []
        for section in edition.sections:
            kept = []
            for placement in section.placements:
                shown = self._placement(placement, items, edition.language)
                if shown is None or {placement.item_id, words_of(placement)} & carried:
                    left_out.append(placement)
                else:
                    kept.append(shown)
            intro = "" if section.intro in carried else section.intro
            title = section.id if section.title in carried else section.title
            sections.append(replace(section, title=title, intro=intro, placements=tuple(kept)))
        neutral = f"{facts.coalition.name}, {edition.issue_id}"
        return ShownEdition(
            edition=replace(
                without_opening(edition, carried.__contains__),
                subject=neutral if edition.subject in carried else edition.subject,
                preheader="" if edition.preheader in carried else edition.preheader,
                letter="" if edition.letter in carried else edition.letter,
                sections=tuple(sections),
            ),
            left_out=tuple(left_out),
            stories=frozenset(self.stories.keys() & set(edition.item_ids)),
        )

    def silent(self, editions: Sequence[ShownEdition], coalition: str) -> list[Edition]:
        """Return the editions without quotes of any story that may not be on the web.

        A subject may quote what another issue placed, and in another language.
        """
        hidden = {
            story.id: texts
            for story in self.stories.values()
            if (texts := [one for one in story.texts if not self.story(story.id, one.language)])
        }
        placed = [(one, placement) for one in editions for placement in one.edition.placements]
        posts = [
            words_of(placement)
            for one, placement in placed
            if placement.item_id and placement.item_id not in one.stories
        ]
        own = [words_of(placement) for _, placement in placed if not placement.item_id]
        own += [f"{one.edition.subject}\n\n{one.edition.letter}" for one in editions]
        public = chain(posts, self._not_theirs(hidden, own))
        left_out = [placement for one in editions for placement in one.left_out]
        quoted = quotable(left_out, chain(*hidden.values()), public)
        titles: dict[str, set[str]] = defaultdict(set)
        for one in editions:
            titles[one.edition.issue_id] |= {placement.title for placement in one.left_out}
        return [
            without_quotes(
                one.edition,
                quoted.with_titles(titles[one.edition.issue_id]),
                coalition,
                shown=one.stories,
            )
            for one in editions
        ]

    def _not_theirs(
        self, hidden: Mapping[str, Sequence[StoryText]], own: Iterable[str]
    ) -> Iterator[str]:
        """What is nobody's of the words that hidden stories share with editors' own pieces."""
        texts = {id_: Quotable.of((), (one.body for one in told)) for id_, told in hidden.items()}
        index = QuoteIndex(texts)
        plain = map(as_text, own)
        return self.consents.not_theirs(
            {words: [self.stories[id_] for id_ in index.named_in(words)] for words in plain}
        )

    def story(self, story_id: str, language: str) -> Allowed | None:
        """Return yes and until when, if that story may be on the web today in that language."""
        story = self.stories.get(story_id)
        if story is None:
            return None
        answer = story.answer(channel=Channel.WEB_ARCHIVE, language=language, on=self.today)
        return answer if isinstance(answer, Allowed) else None

    def _placement(
        self, placement: Placement, items: dict[str, Item], language: str
    ) -> Placement | None:
        if placement.item_id is None:
            return placement
        item = items.get(placement.item_id)
        if item is None or item.hidden or item.withdrawn_at is not None:
            return None
        if item.kind is not ItemKind.STORY:
            return placement
        language = placement.language or language
        text = self.stories[placement.item_id].text_in(language)
        if text is None or self.story(placement.item_id, language) is None:
            return None
        address = story_path(placement.item_id, language).removesuffix("index.html")
        # The storyteller's own words: a draft may have been edited since it was sent.
        return replace(
            placement, title=text.title, blurb=text.excerpt, link=f"{self.base}{address}"
        )

    def _carried(self, edition: Edition, items: Iterable[Item]) -> set[str | None]:
        """Item ids and pieces of text that carry a withdrawn story, from wherever it came in."""
        texts = [edition.subject, edition.preheader, edition.letter, *edition.opening.values()]
        texts += [text for section in edition.sections for text in (section.title, section.intro)]
        texts += [words_of(placement) for placement in edition.placements]
        ever = datetime.min.replace(tzinfo=UTC)
        # Texts dressed as items, to be looked at for a withdrawn story's words.
        pieces = [
            Item(id=text, kind=ItemKind.NEWS, title="", text=text, first_seen_at=ever)
            for text in texts
            if text.strip()
        ]
        return {*self.consents.withdrawn_items([*items, *pieces])}
