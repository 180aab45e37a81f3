"""A server without the stories' files: its disk, its database and its log hold no word of a letter,
and two processes share what waits."""

import logging
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, inspect, text

from newsletter.config import Config
from newsletter.model.consent import Allowed, Denied
from newsletter.store.database import open_engine
from newsletter.store.stories import SqlStories
from newsletter.stories.letters.desk import read_letters
from newsletter.stories.letters.from_storyteller import Says
from newsletter.stories.letters.to_storyteller import propose, write_to_storyteller
from newsletter.stories.services import StoryServices
from newsletter.web.after_response import AfterResponse
from newsletter.web.app import create_app
from newsletter.web.stories_frame import YOURS
from newsletter.wiring import Workspace
from tests.conftest import url_of
from tests.stories.crash_harness import found_on_disk
from tests.stories.making import asked, give_keys, make_services, picture, review, take
from tests.web.conftest import Mailbox
from tests.web.telling import follow

CHANGE, MESSAGE = "Quetzal feathers in the spring", "Ring the green bell after nine"
EDITORS = "Shall we meet at the lighthouse"
WORDS = ["offices at night", "whole law on one sheet", "Two hands and a sheet", "Marisol"]
SECRETS = [CHANGE, MESSAGE, EDITORS, *WORDS, "AGE-SECRET-KEY-1"]


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The database that the server and the laptop share."""
    if request.param == "sqlite":
        (tmp_path / "shared").mkdir()
        return f"sqlite:///{tmp_path}/shared/newsletter.db"
    engine: Engine = request.getfixturevalue("postgres")
    return url_of(engine)


@pytest.fixture
def servers(make_config: Callable[..., Config], url: str) -> Iterator[list[FlaskClient]]:
    """Two processes' worth of pages, and the same visitor at each."""
    clients, laters, opened = [], [], []
    for _ in range(2):
        workspace = Workspace(config=make_config(NEWSLETTER_DATABASE_URL=url))
        workspace.__dict__["post"] = Mailbox()
        later = AfterResponse(later=(0, 0))
        client = create_app(workspace, later=later).test_client()
        client.environ_base["wsgi.url_scheme"] = "https"
        clients.append(client)
        laters.append(later)
        opened.append(workspace)
    yield clients
    for later in laters:
        later.stop()
    for workspace in opened:
        workspace.engine.dispose()


@pytest.fixture
def laptop(url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoryServices]:
    """An editor's machine, which has the files of the stories."""
    services = make_services(tmp_path_factory.mktemp("laptop"), url=url)
    yield services
    store = services.store
    assert isinstance(store, SqlStories)
    store._engine.dispose()


def stored(url: str) -> bytes:
    """Every value of every table."""
    engine = open_engine(url, root=Path("/"))
    found = []
    with engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):
                found += [
                    bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    for value in row
                ]
    engine.dispose()
    return b"\n".join(found).lower()


def test_no_word_of_a_proposal_or_letter_is_on_the_server_nor_in_the_database(
    servers: list[FlaskClient],
    laptop: StoryServices,
    url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    today = Workspace.now().date()
    pair = give_keys(laptop)[0]
    keys = laptop.files.read("stories/recipients.txt")
    (tmp_path / "stories").mkdir(exist_ok=True)
    (tmp_path / "stories" / "recipients.txt").write_text(keys)
    submitted = take(laptop, picture=picture(), today=today)
    story = review(laptop, submitted, pair, with_picture=True)
    propose(laptop, story, today=today)
    write_to_storyteller(laptop, story.id, EDITORS, today=today)
    first, second = servers

    def nothing_found() -> None:
        places = [tmp_path, Path(os.environ["NEWSLETTER_STATE"])]
        assert [hit for place in places for hit in found_on_disk(place, [*SECRETS, code])] == []
        kept = stored(url)
        assert [word for word in (*SECRETS, code) if word.lower().encode() in kept] == []
        assert [word for word in (*SECRETS, code) if word in caplog.text] == []

    code = submitted.receipt.code
    shown = first.get(YOURS).text

    def press(client: FlaskClient, do: str, **typed: str) -> str:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', shown)
        proof = re.search(r'name="proof" value="([^"]+)"', shown)
        assert token is not None
        fields = {"csrf_token": token[1], "code": code, "do": do}
        fields["proof"] = proof[1] if proof else ""
        answer = client.post(YOURS, data=fields | typed)
        nothing_found()
        other = second if client is first else first
        for cookie in ("newsletter", *re.findall(r"(page-\S+?)=", str(answer.headers))):
            held = client.get_cookie(cookie) or client.get_cookie(cookie, path="/stories")
            if held is not None:
                other.set_cookie(cookie, held.value, path=held.path)
        return follow(other, answer).text

    shown = press(first, "look")
    assert [word for word in (*WORDS, EDITORS) if word not in shown] == []
    assert "on its way" in press(first, "yes")
    assert "see what you wrote" in press(second, "change", text=CHANGE)
    assert "waits for the editors" in press(first, "write", text=MESSAGE)
    assert "It is done" in press(first, "narrow", use_web_archive="yes")
    assert isinstance(asked(laptop, story.id, on=today), Denied)
    letters = list(read_letters(laptop, pair.secret, today=today))
    said = [(letter.said.says, letter.said.text) for letter in letters if letter.said]
    assert said == [
        (Says.YES, ""),
        (Says.CHANGE, CHANGE),
        (Says.MESSAGE, MESSAGE),
        (Says.NARROWED, ""),
    ]
    assert [letter.outcome for letter in letters[:2]] == [
        "recorded now",
        "an earlier yes was taken back",
    ]
    assert "on its way" in press(first, "yes")
    (letter,) = read_letters(laptop, pair.secret, today=today)
    assert letter.outcome == "recorded now"
    assert isinstance(asked(laptop, story.id, on=today), Allowed)
    nothing_found()
