"""Between a POST and its GET: sealed, read once, gone after ten minutes."""

from base64 import urlsafe_b64decode
from collections.abc import Callable

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from newsletter.errors import StoreError
from newsletter.web.handover import MOST_PAGES, hand_over, is_spent, purge_pages, take_over
from newsletter.web.site import Site
from tests.web.conftest import Pages, database_away

WORDS = "Canarina Quetzalcoatl"


@pytest.fixture
def client(pages: Pages) -> FlaskClient:
    """A browser of an app with a page that hands over what it is sent."""

    def told() -> Response | dict[str, object]:
        if request.method == "POST":
            return hand_over(request.path, {"words": request.form["words"]})
        return {"taken": take_over(), "spent": is_spent()}

    for path in ("/stories/told", "/stories/other"):
        pages.app.add_url_rule(path, path, told, methods=["GET", "POST"])
    pages.app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    return pages.client()


def post(client: FlaskClient, words: str = WORDS, path: str = "/stories/told") -> str:
    answer = client.post(path, data={"words": words})
    assert answer.status_code == 303
    return answer.headers["Location"]


def taken(client: FlaskClient, address: str) -> object:
    return client.get(address).get_json()["taken"]


def here(app: Flask) -> Site:
    return app.extensions["newsletter"]  # type: ignore[no-any-return]


def test_what_was_handed_over_is_read_once(pages: Pages, client: FlaskClient) -> None:
    address = post(client)
    assert WORDS not in address
    name = f"page-{address.partition('p=')[2]}"
    assert client.get_cookie(name, path="/stories") is not None
    assert taken(client, address) == {"words": WORDS}
    assert client.get_cookie(name, path="/stories") is None
    assert client.get(address).get_json() == {"taken": None, "spent": True}
    assert client.get("/stories/told").get_json() == {"taken": None, "spent": False}
    assert pages.workspace.sealed_pages.purge(now=pages.now) == 0


def test_two_tabs_each_get_their_own(client: FlaskClient) -> None:
    first, second = post(client, "one"), post(client, "two")
    assert taken(client, first) == {"words": "one"}
    assert taken(client, second) == {"words": "two"}


def test_only_the_browser_that_sent_it_can_read_it(pages: Pages, client: FlaskClient) -> None:
    address = post(client)
    assert taken(pages.client(), address) is None
    assert taken(client, address) == {"words": WORDS}


def test_it_opens_on_no_other_page(client: FlaskClient) -> None:
    address = post(client)
    assert taken(client, address.replace("told", "other")) is None


def test_a_look_without_reading_leaves_it(client: FlaskClient) -> None:
    address = post(client)
    client.head(address)
    assert taken(client, address) == {"words": WORDS}


def test_after_ten_minutes_it_is_gone(pages: Pages, client: FlaskClient) -> None:
    address = post(client)
    pages.pass_time(minutes=10)
    assert taken(client, address) is None


def test_what_nobody_reads_is_deleted_with_nobody_coming(pages: Pages, client: FlaskClient) -> None:
    post(client)
    pages.pass_time(minutes=5)
    later = post(client)
    pages.pass_time(minutes=6)
    purge_pages(here(pages.app))  # what the timer does
    assert pages.workspace.sealed_pages.purge(now=pages.now) == 1
    assert taken(client, later) == {"words": WORDS}


def test_each_page_that_waits_has_a_timer_that_deletes_it(
    pages: Pages, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    timers: list[tuple[float, Callable[[], object]]] = []

    def once_after(seconds: float, name: str, job: Callable[[], object]) -> None:
        if name == "pages":
            timers.append((seconds, job))

    monkeypatch.setattr(pages.later, "once_after", once_after)
    post(client)
    ((seconds, delete),) = timers
    begun = pages.now
    pages.pass_time(seconds=int(seconds))
    delete()
    assert pages.workspace.sealed_pages.purge(now=begun) == 0


def test_the_key_is_in_a_cookie_that_only_the_story_pages_get(client: FlaskClient) -> None:
    answer = client.post("/stories/told", data={"words": WORDS})
    (cookie,) = (one for one in answer.headers.getlist("Set-Cookie") if one.startswith("page-"))
    parts = {part.strip() for part in cookie.split(";")[1:]}
    assert {"Path=/stories", "HttpOnly", "SameSite=Strict", "Secure", "Max-Age=600"} <= parts


def test_nothing_in_the_database_opens_it(pages: Pages, client: FlaskClient) -> None:
    address = post(client)
    for path in pages.workspace.root.glob("newsletter.db*"):
        assert WORDS.encode() not in path.read_bytes()
    cookie = client.get_cookie(f"page-{address.partition('p=')[2]}", path="/stories")
    assert cookie is not None
    key = urlsafe_b64decode(cookie.value)
    for path in pages.workspace.root.glob("newsletter.db*"):
        for written in (cookie.value.encode(), key, key.hex().encode()):
            assert written not in path.read_bytes()


def test_a_flood_takes_the_oldest_page_and_no_more_room(pages: Pages) -> None:
    kept = pages.workspace.sealed_pages
    for number in range(MOST_PAGES + 3):
        pages.pass_time(seconds=1)
        kept.keep(str(number), b"", expires_at=pages.now, most=MOST_PAGES)
    long_ago = pages.now.replace(year=2020)
    assert kept.take("2", now=long_ago) is None
    assert kept.take("3", now=long_ago) == b""
    assert kept.purge(now=long_ago) == MOST_PAGES - 1


def test_what_waits_in_memory_has_a_bound_and_an_end(
    pages: Pages, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr("newsletter.store.sealed_pages.SqlSealedPages.keep", away)
    addresses = [post(client) for _ in range(52)]
    assert len(here(pages.app).pages_in_memory) == 50
    assert taken(client, addresses[0]) is None
    assert taken(client, addresses[-1]) == {"words": WORDS}
    pages.pass_time(minutes=10)
    assert taken(client, addresses[-2]) is None
    purge_pages(here(pages.app))
    assert here(pages.app).pages_in_memory == {}


def test_without_the_database_it_waits_in_memory(pages: Pages, client: FlaskClient) -> None:
    with database_away(pages):
        address = post(client)
    assert taken(client, address) == {"words": WORDS}
    assert here(pages.app).pages_in_memory == {}


def test_no_cookie_that_was_made_up_is_an_error(client: FlaskClient) -> None:
    client.set_cookie("page-x", "no key", path="/stories")
    assert taken(client, "/stories/told?p=x") is None
