"""The same pages on PostgreSQL: the whole way, and many people at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from newsletter.config import Config
from newsletter.model.subscriber import Purpose, SubscriberState
from newsletter.web.stories_frame import TELL
from newsletter.wiring import Workspace
from tests.conftest import url_of
from tests.stories.making import give_keys
from tests.web.conftest import Pages, submit
from tests.web.telling import YES, Form, at_the_end, code_on, follow, take_back, tell


@pytest.fixture
def workspace(make_config: Callable[..., Config], postgres: Engine) -> Iterator[Workspace]:
    """A workspace whose database is a PostgreSQL of this test's own."""
    url = url_of(postgres)
    opened = Workspace(config=make_config(NEWSLETTER_DATABASE_URL=url))
    assert opened.engine.dialect.name == "postgresql"
    yield opened
    opened.engine.dispose()


def test_from_the_form_to_the_list_and_off_it(pages: Pages) -> None:
    submit(pages.client(), "/subscribe", address="ana@x.example", edition="es", frequency="weekly")
    pages.later.wait()
    submit(pages.client(), pages.mailbox.link("confirm"))
    person = pages.workspace.subscribers.by_address("ana@x.example")
    assert person is not None
    assert person.state is SubscriberState.CONFIRMED
    pages.client().post(pages.link(Purpose.LEAVE, person))
    assert pages.workspace.subscribers.by_address("ana@x.example") is None


def test_people_who_leave_at_the_same_moment_all_leave(pages: Pages) -> None:
    links = [
        pages.link(Purpose.LEAVE, pages.person(f"p{number}@x.example")) for number in range(24)
    ]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda link: pages.client().post(link).status_code, links * 2))
    assert set(answers) == {200}
    assert pages.workspace.subscribers.counts() == {}


def test_a_story_is_told_and_taken_back(pages: Pages) -> None:
    give_keys(pages.workspace.story_services)
    client = pages.client()
    code = code_on(tell(client))
    assert "Your story is taken back" in take_back(client, code).text


def test_a_form_sent_many_times_at_the_same_moment_is_one_story(pages: Pages) -> None:
    give_keys(pages.workspace.story_services)
    client = pages.client()
    page = at_the_end(client)
    data = {**Form(page.text).fields, **YES, "go": "next"}
    cookie = client.get_cookie("newsletter")
    assert cookie is not None

    def press(_: int) -> str:
        other = pages.client()
        other.set_cookie("newsletter", cookie.value, domain="localhost")
        return code_on(follow(other, other.post(TELL, data=data)))

    with ThreadPoolExecutor(4) as threads:
        codes = set(threads.map(press, range(8)))
    assert len(codes) == 1
    assert len(pages.workspace.story_store.all()) == 1
