"""The pages, with a clock that tests move and mails that tests read."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from newsletter.model.notice import Notice
from newsletter.model.subscriber import NOT_STORED, Purpose, Subscriber, SubscriberState
from newsletter.web.after_response import AfterResponse
from newsletter.web.app import create_app
from newsletter.web.limits import limiter
from newsletter.wiring import Workspace

FEEDS = """\
organisations:
  - id: harbor-legal-aid
    name: Harbor Legal Aid
    url: https://harbor.example
    languages: [en, es]
    regions: [los-angeles]
    topics: [legal, housing]
    feeds:
      - {url: "https://harbor.example/feed/", kind: news}
  - id: valley-workers
    name: Valley Workers
    url: https://valley.example
    languages: [es]
    regions: [central-valley]
    topics: [work]
    feeds:
      - {url: "https://valley.example/feed/", kind: news}
"""


@dataclass
class Mailbox:
    """A post that keeps what it is given."""

    notices: list[Notice] = field(default_factory=list)
    base: str = "https://news.coalition.example"

    def send(self, notice: Notice) -> None:
        self.notices.append(notice)

    def link(self, place: str) -> str:
        """The path of the last mail's link to `/place/`."""
        found = re.search(rf"{re.escape(self.base)}(/{place}/\S+)", self.notices[-1].text)
        assert found is not None
        return found[1]


@dataclass
class Pages:
    """A running app as a visitor sees it."""

    app: Flask
    workspace: Workspace
    mailbox: Mailbox
    later: AfterResponse
    now: datetime = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)

    def client(self, language: str = "en") -> FlaskClient:
        """A browser with no cookies."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        client.environ_base["wsgi.url_scheme"] = "https"
        return client

    def pass_time(self, **amount: int) -> None:
        """Move the clock."""
        self.now += timedelta(**amount)

    def person(self, address: str = "ana@x.example", **changes: object) -> Subscriber:
        """Someone on the list."""
        values: dict[str, object] = {
            "id": NOT_STORED,
            "address": address,
            "language": "es",
            "state": SubscriberState.CONFIRMED,
            "joined_at": self.now,
            "proof": "sheet",
        }
        self.workspace.subscribers.add([Subscriber(**(values | changes))])  # type: ignore[arg-type]
        stored = self.workspace.subscribers.by_address(address)
        assert stored is not None
        return stored

    def link(self, purpose: Purpose, person: Subscriber, *, aged: bool = False) -> str:
        """The path of a personal link."""
        token = self.workspace.links.make(purpose, person.id, now=self.now if aged else None)
        return f"/{purpose}/{token}"


@contextmanager
def database_away(pages: Pages) -> Iterator[None]:
    """Meanwhile a folder is where the database was."""
    pages.workspace.engine.dispose()
    path = pages.workspace.root / "newsletter.db"
    away = path.rename(path.with_suffix(".away"))
    path.mkdir()
    yield
    path.rmdir()
    away.rename(path)


def submit(client: FlaskClient, path: str, **values: object) -> TestResponse:
    """Load the form, and send it as a browser would."""
    shown = client.get(path)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown.text)
    assert token is not None, shown.text
    return client.post(path, data={"csrf_token": token[1], **values})


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def pages(workspace: Workspace, mailbox: Mailbox) -> Iterator[Pages]:
    (workspace.root / "feeds.yaml").write_text(FEEDS)
    workspace.__dict__["post"] = mailbox
    later = AfterResponse(later=(0, 0))
    app = create_app(workspace, clock=lambda: made.now, later=later)
    app.testing = True
    made = Pages(app=app, workspace=workspace, mailbox=mailbox, later=later)
    yield made
    later.stop()
    limiter.reset()
