"""[I/O] Everything that an issue's bytes depend on."""

from dataclasses import dataclass, replace

from newsletter.design.templates import Templates
from newsletter.files import WorkspaceFiles
from newsletter.issues.ports import ItemSource, StorySource
from newsletter.model.address import story_url
from newsletter.model.coalition import Coalition, Sender
from newsletter.model.consent import Allowed, Channel
from newsletter.model.issue import Edition
from newsletter.model.item import Item
from newsletter.model.organisation import Organisation
from newsletter.model.story import Story
from newsletter.stories.record.item import story_item


@dataclass(frozen=True, kw_only=True)
class IssueSources:
    """Everything that an issue's bytes depend on, as the workspace has it at this moment."""

    coalition: Coalition
    sender: Sender
    organisations: tuple[Organisation, ...]
    files: WorkspaceFiles
    items: ItemSource
    stories: StorySource
    templates: Templates

    @property
    def by_id(self) -> dict[str, Organisation]:
        """The organisations by id."""
        return {organisation.id: organisation for organisation in self.organisations}


def items_of(sources: IssueSources, edition: Edition) -> dict[str, Item]:
    """The items and stories that an edition places, by id; unknown ids are left out."""
    wanted = [placement.item_id for placement in edition.placements if placement.item_id]
    found = dict(sources.items.get(wanted))
    forms = {placement.item_id: placement.details.get("form") for placement in edition.placements}
    for story in sources.stories.stories():
        if story.id in forms and story.text_in(edition.language) is not None:
            whole = forms[story.id] == "full"
            channel = Channel.EMAIL_FULL if whole else Channel.EMAIL_EXCERPT
            item = story_item(story, language=edition.language, channel=channel)
            found[story.id] = replace(item, link=_story_page(sources, story, edition.language))
    return found


def _story_page(sources: IssueSources, story: Story, language: str) -> str | None:
    """The story's page in the archive, where its storyteller agreed to one.

    Asked as of the consent's last day: the same answer on whatever day the issue is rendered.
    """
    answer = story.answer(channel=Channel.WEB_ARCHIVE, language=language, on=story.consent.last_day)
    if not sources.coalition.public_url or not isinstance(answer, Allowed):
        return None
    return story_url(sources.coalition.public_url.rstrip("/"), story.id, language)
