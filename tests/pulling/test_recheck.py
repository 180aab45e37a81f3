"""Chosen items are asked for again at their sources."""

from dataclasses import replace

import pytest

from newsletter.model.item import Item
from newsletter.model.organisation import Organisation, Terms
from newsletter.pulling.recheck import Rechecked, recheck
from tests.processes import PATIENCE
from tests.pulling.conftest import Puller
from tests.pulling.feed_text import calendar, item, rss
from tests.web_server import Asked, Reply, WebServer


@pytest.fixture
def link(server: WebServer) -> str:
    return server.page("/post", "<html>The post</html>")


def pulled(puller: Puller, server: WebServer, body: str) -> Item:
    puller.one(server.page("/f", body))
    return puller.workspace.items.all()[0]


def asked(
    puller: Puller, server: WebServer, one: Item, member: Organisation | None = None
) -> Rechecked:
    (puller.workspace.root / "feeds.yaml").write_text("organisations: []\n")
    parts = replace(
        puller.workspace.rechecking(),
        organisations=(member or puller.organisation(server.url + "/f"),),
        clock=lambda: puller.now,
    )
    puller.later(hours=1)
    return recheck([one.id], parts)


def test_what_is_as_it_was_is_well(puller: Puller, server: WebServer, link: str) -> None:
    one = pulled(puller, server, rss(item("One", link=link)))
    assert asked(puller, server, one) == Rechecked()


def test_an_edit_at_the_source_is_stored_and_told(
    puller: Puller, server: WebServer, link: str
) -> None:
    one = pulled(puller, server, rss(item("One", link=link, text="Before.")))
    server.page("/f", rss(item("One", link=link, text="After.")))
    assert asked(puller, server, one).edited == (one.id,)
    items = puller.workspace.items
    assert items.get([one.id])[one.id].text == "After."
    assert items.as_of(one.id, one.first_seen_at) == ("One", "Before.")


def test_sources_that_drip_have_one_time_together_and_are_named(
    puller: Puller, server: WebServer
) -> None:
    posts = (item(name, link=f"{server.url}/{name}") for name in ("one", "two"))
    puller.one(server.page("/f", rss(*posts)))

    def never(asked: Asked) -> Reply:
        server.released.wait(PATIENCE)
        return Reply()

    server.pages["/f"] = never
    (puller.workspace.root / "feeds.yaml").write_text("organisations: []\n")
    member = puller.organisation(f"{server.url}/f")
    parts = replace(puller.workspace.rechecking(), organisations=(member,))
    ids = [one.id for one in puller.workspace.items.all()]
    found = recheck(ids, parts, total_seconds=0.2)
    assert found == Rechecked(unanswered=tuple(sorted(ids)))


def test_an_edit_of_a_short_entry_comes_with_its_pages_words(
    puller: Puller, server: WebServer
) -> None:
    page = "<article><p>{}</p><p>" + "Bring your papers. " * 40 + "</p></article>"
    dated = "Fri, 20 Nov 2026 10:00:00 GMT"
    member = puller.organisation(server.url + "/f", terms=Terms(pages=True))
    member = replace(member, url=server.url)
    for day in ("Monday", "Tuesday"):
        text = f"The clinic opens on {day} with three lawyers."
        server.page("/clinic", page.format(text), content_type="text/html")
        feed = rss(item("Clinic", link=f"{server.url}/clinic", text=text, date=dated))
        server.page("/f", feed)
        if day == "Monday":
            puller.report(member, force=True)
    (one,) = puller.workspace.items.all()
    assert asked(puller, server, one, member).edited == (one.id,)
    (after,) = puller.workspace.items.all()
    assert after.text == one.text.replace("Monday", "Tuesday")


def test_what_rolled_off_the_feed_but_is_on_the_site_is_well(
    puller: Puller, server: WebServer, link: str
) -> None:
    one = pulled(puller, server, rss(item("One", link=link)))
    server.page("/f", rss(item("Two")))
    assert asked(puller, server, one) == Rechecked()


@pytest.mark.parametrize("status", [404, 410])
def test_what_is_gone_from_feed_and_site_is_withdrawn(
    puller: Puller, server: WebServer, link: str, status: int
) -> None:
    one = pulled(puller, server, rss(item("One", link=link)))
    server.page("/f", rss(item("Two")))
    server.page("/post", "gone", status=status)
    assert asked(puller, server, one).withdrawn == (one.id,)
    assert puller.workspace.items.get([one.id])[one.id].withdrawn_at == puller.now


def test_it_is_restored_when_it_is_back(puller: Puller, server: WebServer, link: str) -> None:
    one = pulled(puller, server, rss(item("One", link=link)))
    puller.workspace.items.withdraw([one.id], puller.now)
    assert asked(puller, server, one) == Rechecked()
    assert puller.workspace.items.get([one.id])[one.id].withdrawn_at is None


def test_a_page_that_leads_to_the_front_page_restores_nothing(
    puller: Puller, server: WebServer, link: str
) -> None:
    one = pulled(puller, server, rss(item("One", link=link)))
    puller.workspace.items.withdraw([one.id], puller.now)
    server.page("/f", rss(item("Two")))
    server.page("/", "Welcome")
    server.page("/post", "", status=301, location="/")
    assert asked(puller, server, one) == Rechecked()
    assert puller.workspace.items.get([one.id])[one.id].withdrawn_at is not None


def test_a_source_that_does_not_answer_is_told_and_nothing_is_withdrawn(
    puller: Puller, server: WebServer, link: str
) -> None:
    one = pulled(puller, server, rss(item("One", link=link)))
    server.page("/f", "down", status=500)
    server.page("/post", "down", status=503)
    assert asked(puller, server, one).unanswered == (one.id,)
    assert puller.workspace.items.get([one.id])[one.id].withdrawn_at is None


def test_an_event_of_a_post_may_roll_off_its_feed(
    puller: Puller, server: WebServer, link: str
) -> None:
    said = "<ev:startdate>2026-12-01T19:00:00Z</ev:startdate>"
    root = 'xmlns:ev="http://purl.org/rss/1.0/modules/event/"'
    one = pulled(puller, server, rss(item("Talk", link=link, more=said), root=root))
    assert one.event is not None
    server.page("/f", rss(item("Two")))
    assert asked(puller, server, one) == Rechecked()


def test_a_meeting_of_a_series_is_there_behind_an_earlier_one(
    puller: Puller, server: WebServer
) -> None:
    weekly = ["UID:1", "DTSTART:20261119T190000Z", "RRULE:FREQ=WEEKLY", "SUMMARY:Meeting"]
    one = pulled(puller, server, calendar(weekly))
    server.page("/f", calendar([*weekly, "RDATE:20261123T190000Z"]))
    assert asked(puller, server, one) == Rechecked()


def test_an_event_that_its_calendar_no_longer_has_is_withdrawn(
    puller: Puller, server: WebServer
) -> None:
    event = ["UID:1", "DTSTART:20261201T190000Z", "SUMMARY:Walk"]
    one = pulled(puller, server, calendar(event))
    server.page("/f", calendar())
    assert asked(puller, server, one).withdrawn == (one.id,)
