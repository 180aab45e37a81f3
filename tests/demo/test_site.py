"""The demo's members, over real HTTP."""

import http.client
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPResponse
from zoneinfo import ZoneInfo

import pytest

from newsletter.demo.site import DemoSite
from newsletter.members import registry
from newsletter.shipped import shipped
from tests.processes import PATIENCE
from tests.signals import signalled_beside

ORGANISATIONS = registry.read(shipped("feeds.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def site() -> Iterator[DemoSite]:
    members = frozenset(organisation.id for organisation in ORGANISATIONS)
    folder = shipped("demo") / "site"
    now = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
    with DemoSite(folder, members=members, now=now, timezone=ZoneInfo("UTC")) as site:
        yield site


def get(site: DemoSite, path: str, etag: str = "") -> tuple[HTTPResponse, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", site.server_port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"If-None-Match": etag} if etag else {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_the_coalition_is_as_large_as_promised() -> None:
    assert len(ORGANISATIONS) >= 8
    assert sum(len(organisation.feeds) for organisation in ORGANISATIONS) >= 12
    assert {"en", "es", "ar"} <= {org.languages[0] for org in ORGANISATIONS}


def test_every_feed_of_feeds_yaml_is_answered_as_planned(site: DemoSite) -> None:
    troubled = {
        "old-mill-arts": 410,
        "night-kitchen": 403,
        "bridge-street-library/events": 302,
    }
    for organisation in ORGANISATIONS:
        for feed in organisation.feeds:
            path = site.localised(feed.url).removeprefix(site.address)
            expected = next((troubled[name] for name in troubled if name in path), 200)
            assert get(site, path)[0].status == expected, path


def test_nothing_unfilled_is_left_in_a_served_feed(site: DemoSite) -> None:
    for organisation in ORGANISATIONS:
        for feed in organisation.feeds:
            _, body = get(site, site.localised(feed.url).removeprefix(site.address))
            assert b"{{" not in body
            assert f"https://{organisation.id}.example/".encode() not in body


def test_an_unchanged_feed_is_a_304(site: DemoSite) -> None:
    response, _ = get(site, "/casa-del-rio/feed.xml")
    again, body = get(site, "/casa-del-rio/feed.xml", etag=response.headers["ETag"])
    assert again.status == 304
    assert body == b""


def test_one_feed_has_news_the_second_time(site: DemoSite) -> None:
    first, _ = get(site, "/millbrook-workers/feed.xml")
    second, body = get(site, "/millbrook-workers/feed.xml", etag=first.headers["ETag"])
    assert second.status == 200
    assert b"wage-clinic-tonight" in body


def test_articles_and_home_pages_answer_and_home_pages_name_their_feeds(site: DemoSite) -> None:
    assert get(site, "/casa-del-rio/tamales/")[0].status == 200
    assert b'href="/casa-del-rio/feed.xml"' in get(site, "/casa-del-rio/")[1]
    assert get(site, "/nobody/")[0].status == 404


def test_the_server_stays_inside_its_folder(site: DemoSite) -> None:
    for path in ("/../subscribers.csv", "/%2e%2e/subscribers.csv", "/casa-del-rio/../../x"):
        assert b"readers.example" not in get(site, path)[1]


def test_a_ctrl_c_at_any_moment_ends_the_wait(site: DemoSite) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    with signalled_beside(interrupt, after=0.2), pytest.raises(KeyboardInterrupt):
        site.wait()
