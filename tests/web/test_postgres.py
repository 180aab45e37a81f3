"""The same pages on PostgreSQL: the whole way, and many people at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from newsletter.config import Config
from newsletter.model.subscriber import SubscriberState
from newsletter.people.links import Purpose
from newsletter.wiring import Workspace
from tests.web.conftest import Pages, submit


@pytest.fixture
def workspace(make_config: Callable[..., Config], postgres: Engine) -> Iterator[Workspace]:
    """A workspace whose database is a PostgreSQL of this test's own."""
    url = postgres.url.set(drivername="postgresql").render_as_string(hide_password=False)
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
