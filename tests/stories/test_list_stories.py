"""The list of stories warns of a consent's end while there is time to ask again."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from newsletter.model.story import Story
from newsletter.stories.consent.list_stories import StoryList, list_stories
from newsletter.stories.record.consents import Consents
from newsletter.stories.record.document import write
from newsletter.stories.record.folder import StoryFolder
from tests.stories.conftest import ENDS, story  # noqa: F401
from tests.stories.keys import KEY


@pytest.fixture
def listed(tmp_path: Path, story: Story) -> Callable[[int], StoryList]:  # noqa: F811
    """The list so many days before the story's last one."""
    (tmp_path / "stories").mkdir()
    (tmp_path / story.path).write_text(write(story), encoding="utf-8")
    folder = StoryFolder(tmp_path, key=KEY)
    return lambda days: list_stories(Consents(folder), folder, today=ENDS - timedelta(days))


@pytest.mark.parametrize(("days", "is_warned"), [(31, False), (30, True), (0, True), (-1, False)])
def test_an_end_is_told_thirty_days_before_and_until_it_has_come(
    listed: Callable[[int], StoryList], days: int, is_warned: bool
) -> None:
    stories = listed(days)
    assert len(stories.rows) == 1
    assert stories.ending_soon == (stories.rows if is_warned else ())
