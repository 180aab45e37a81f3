"""The database keeps a mark of the recognition key, and says whether it has anything to lose."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from newsletter.model.submission import Actor, EventKind, StoryEvent
from newsletter.store.schema import migrate
from newsletter.store.state_marks import SqlStateMarks, has_history
from newsletter.store.stories import SqlStories


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest) -> Engine:
    made: Engine = request.getfixturevalue(request.param)
    migrate(made)
    return made


def url_of(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def test_the_first_mark_stays_until_it_is_replaced(empty: Engine) -> None:
    marks = SqlStateMarks(empty)
    assert marks.key_mark() == ""
    assert marks.add_key_mark("one") == "one"
    assert SqlStateMarks(empty).add_key_mark("two") == "one"
    marks.replace_key_mark("two")
    assert marks.add_key_mark("three") == "two"


def test_an_event_or_a_mark_is_history(empty: Engine, tmp_path: Path) -> None:
    assert not has_history(url_of(empty), tmp_path)
    SqlStories(empty).append_events(
        [StoryEvent(record_id="r", kind=EventKind.GIVEN, on=date(2026, 11, 20), actor=Actor.EDITOR)]
    )
    assert has_history(url_of(empty), tmp_path)
    with empty.begin() as connection:
        connection.execute(text("DELETE FROM story_events"))
    assert not has_history(url_of(empty), tmp_path)
    SqlStateMarks(empty).add_key_mark("one")
    assert has_history(url_of(empty), tmp_path)


def test_a_database_of_an_older_version_is_only_read(tmp_path: Path, sqlite: Engine) -> None:
    with sqlite.begin() as connection:
        connection.execute(text("CREATE TABLE sends (id INTEGER)"))
    assert not has_history(url_of(sqlite), tmp_path)
    with sqlite.begin() as connection:
        connection.execute(text("INSERT INTO sends VALUES (1)"))
    assert has_history(url_of(sqlite), tmp_path)
