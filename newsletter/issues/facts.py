"""An issue as it stands, read once: what its bytes and its checks are decided from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from newsletter.design.templates import Templates
from newsletter.issues.choosing.same_event import Standing
from newsletter.model.address import story_url
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.consent import Allowed, Channel
from newsletter.model.issue import DraftFile, Edition
from newsletter.model.item import Item
from newsletter.model.logo import LogoFile
from newsletter.model.message import InlinePicture
from newsletter.model.organisation import Organisation
from newsletter.model.story import Story
from newsletter.stories.record.item import placed_as, story_item


@dataclass(frozen=True, kw_only=True, slots=True)
class PictureFile:
    """A picture file as a message would carry it, or the problem with it."""

    picture: InlinePicture | None = None
    problem: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueFacts:
    """Everything that an issue's bytes depend on, as the workspace has it at one moment.

    `drafts` are in the order of languages. `items` are those pulled that the drafts place, by id;
    `stories` all that may be used, by id. `pictures` are the files in the issue's `pictures/`, by
    name, read where a draft names them; `story_pictures` those of the placed stories, by story id.
    `called_off` says how the placed events stand that some calendar calls off, by item id.
    `corrects` is the issue that a correction corrects, as its drafts stand.
    """

    coalition: Coalition
    sender: Sender
    templates: Templates
    organisations: Mapping[str, Organisation]
    drafts: tuple[DraftFile, ...]
    items: Mapping[str, Item]
    stories: Mapping[str, Story]
    pictures: Mapping[str, PictureFile]
    story_pictures: Mapping[str, PictureFile]
    logo: LogoFile = field(default_factory=LogoFile)
    called_off: Mapping[str, Standing] = field(default_factory=dict)
    corrects: "IssueFacts | None" = None

    @property
    def issue_id(self) -> str:
        """The issue that the drafts are of."""
        return self.drafts[0].edition.issue_id

    @property
    def editions(self) -> tuple[Edition, ...]:
        """The editions as the drafts say them, without what they borrow from one another."""
        return tuple(draft.edition for draft in self.drafts)

    def items_in(self, edition: Edition) -> dict[str, Item]:
        """Return the items and stories that an edition places, by id, without unknown ids."""
        placed = {
            placement.item_id: placement
            for placement in edition.placements
            if placement.item_id is not None
        }
        items = {item_id: self.items[item_id] for item_id in placed if item_id in self.items}
        for story_id, placement in placed.items():
            story = self.stories.get(story_id)
            if story is not None and story.text_in(edition.language) is not None:
                channel = placed_as(placement)
                item = story_item(story, language=edition.language, channel=channel)
                items[story_id] = replace(item, link=self._story_page(story, edition.language))
        return items

    def _story_page(self, story: Story, language: str) -> str | None:
        """Return the story's address in the archive, where its storyteller agreed to one.

        Asked as of the consent's last day: the same answer on whatever day the issue is rendered.
        """
        last_day = story.consent.last_day
        answer = story.answer(channel=Channel.WEB_ARCHIVE, language=language, on=last_day)
        if not self.coalition.public_url or not isinstance(answer, Allowed):
            return None
        return story_url(self.coalition.public_url.rstrip("/"), story.id, language)
