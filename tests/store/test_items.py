"""The contract of the item and feed stores, on SQLite and on PostgreSQL."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, update

from newsletter.model.item import Event, Item, ItemKind, MailedPage, Media, Picture
from newsletter.model.pulling import FeedResult, FeedState, KnownItem, Recording
from newsletter.store.feeds import FeedStore
from newsletter.store.item_rows import items
from newsletter.store.items import ItemStore

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://harbor.example/feed"
STATE = FeedState(url=URL, organisation_id="harbor", result=FeedResult.NEW, last_pulled_at=NOW)


@pytest.fixture
def store(engine: Engine) -> ItemStore:
    return ItemStore(engine)


@pytest.fixture
def feeds(engine: Engine) -> FeedStore:
    return FeedStore(engine)


def item(number: int, **facts: object) -> Item:
    standard = Item(
        id=f"item{number:04d}",
        kind=ItemKind.NEWS,
        title=f"Title {number}",
        text=f"Text {number}",
        organisation_id="harbor",
        feed_url=URL,
        first_seen_at=NOW,
        content_sha256=f"{number:064d}",
        identity=f"guid:{number}",
    )
    return replace(standard, **facts)  # type: ignore[arg-type]


def record(store: ItemStore, *new: Item, state: FeedState = STATE, **more: object) -> Recording:
    recording = Recording(
        state=state,
        new=new,
        keys={one.identity: one.id for one in new},
        present=frozenset(one.id for one in new),
        **more,  # type: ignore[arg-type]
    )
    return store.record("harbor", [], [], lambda known, taken: recording, NOW)


def test_all_items_are_gone_through_the_newest_first(store: ItemStore) -> None:
    one, other = item(1), item(2, first_seen_at=NOW + timedelta(days=1))
    store.save([one, other])
    assert list(store.each()) == [other, one]


def test_who_reads_waits_for_nobody_who_writes(
    engine: Engine, store: ItemStore, feeds: FeedStore
) -> None:
    record(store, item(1))
    with engine.begin() as writing:
        writing.execute(update(items).values(title="not yet"))
        assert [one.title for one in store.each()] == ["Title 1"]
        assert [one.title for one in store.all()] == ["Title 1"]
        assert store.as_of("item0001", NOW) is None
        assert feeds.states() == {URL: STATE}
        assert feeds.blocked_hosts(NOW) == {}


def test_an_item_comes_back_as_it_went_in(store: ItemStore) -> None:
    whole = item(
        1,
        kind=ItemKind.EVENT,
        link="https://harbor.example/1",
        canonical_link="harbor.example/1",
        html="<p>Text</p>",
        language="es-MX",
        authors=("Ana", "Bo"),
        topics=("food",),
        regions=("la",),
        published_at=NOW - timedelta(days=1),
        updated_at=NOW - timedelta(hours=1),
        source_name="Origin",
        source_url="https://origin.example/",
        picture=Picture(url="https://harbor.example/p.jpg", alt="P", width=3, height=4),
        media=Media(
            url="https://harbor.example/a.mp3", media_type="audio/mpeg", seconds=5, bytes=6
        ),
        event=Event(starts=NOW, ends=NOW + timedelta(hours=1), place="Hall", cancelled=True),
        is_backlog=True,
    )
    all_day = item(2, kind=ItemKind.EVENT, event=Event(starts=date(2026, 12, 1)))
    story = item(3, organisation_id=None, feed_url=None)
    store.save([whole, all_day, story])
    assert store.get([whole.id, all_day.id, story.id, "nothing"]) == {
        one.id: one for one in (whole, all_day, story)
    }


def test_since_leaves_out_what_is_older_hidden_or_withdrawn(store: ItemStore) -> None:
    store.save(
        [
            item(1),
            item(2, first_seen_at=NOW - timedelta(days=8)),
            item(3, hidden=True),
            item(4, withdrawn_at=NOW),
            item(5, first_seen_at=NOW - timedelta(hours=1)),
        ]
    )
    assert [one.id for one in store.since(NOW - timedelta(days=7))] == ["item0001", "item0005"]


def test_items_are_found_by_the_start_of_their_id_and_by_words(store: ItemStore) -> None:
    store.save([item(1), item(2, title="Otra cosa", hidden=True), item(10, kind=ItemKind.AUDIO)])
    assert [one.id for one in store.find("item000")] == ["item0001", "item0002"]
    assert store.find("ITEM0001") == [item(1)]
    assert store.find("%") == store.find("")
    assert [one.id for one in store.all(words="otra")] == ["item0002"]
    assert [one.id for one in store.all(words="100%_")] == []
    assert [one.id for one in store.all(kind=ItemKind.AUDIO)] == ["item0010"]
    assert [one.id for one in store.all(hidden=False)] == ["item0001", "item0010"]
    assert store.all(organisation_id="other") == []
    assert len(store.all(limit=2)) == 2


def test_hiding_says_whether_there_was_something_to_hide(store: ItemStore) -> None:
    store.save([item(1)])
    assert store.hide("item0001", True)
    assert store.get(["item0001"])["item0001"].hidden
    assert not store.hide("nothing", True)


def test_a_recording_is_seen_by_the_next(store: ItemStore, feeds: FeedStore) -> None:
    record(store, item(1), item(2))
    seen: list[tuple[Mapping[str, KnownItem], frozenset[str]]] = []

    def decide(known: Mapping[str, KnownItem], taken: frozenset[str]) -> Recording:
        seen.append((known, taken))
        return Recording(state=replace(STATE, failures=3))

    store.record("harbor", ["guid:1", "guid:9"], ["item0002", "item0009"], decide, NOW)
    assert seen == [({"guid:1": KnownItem("item0001", f"{1:064d}")}, frozenset({"item0002"}))]
    assert store.known("another organisation", ["guid:1"]) == {}
    assert feeds.states()[URL].failures == 3


def test_more_keys_than_one_query_holds(store: ItemStore) -> None:
    record(store, *(item(number) for number in range(1200)))
    assert len(store.known("harbor", [f"guid:{number}" for number in range(1300)])) == 1200


def test_a_recording_that_fails_leaves_nothing(store: ItemStore, feeds: FeedStore) -> None:
    """Its last write is refused: the items before it are gone, too."""
    broken = replace(STATE, url=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"(?i)null"):
        record(store, item(1), state=broken)
    assert store.all() == []
    assert feeds.states() == {}


def test_edits_are_kept_in_order(store: ItemStore) -> None:
    record(store, item(1, hidden=True))
    for hours, words in ((1, "Second"), (2, "Third")):
        edit = item(1, text=words, content_sha256=words, first_seen_at=NOW + timedelta(hours=hours))
        store.update([edit], NOW + timedelta(hours=hours))
    now = store.get(["item0001"])["item0001"]
    assert (now.text, now.first_seen_at, now.hidden) == ("Third", NOW, True)
    assert store.as_of("item0001", NOW) == ("Title 1", "Text 1")
    assert store.as_of("item0001", NOW + timedelta(hours=1)) == ("Title 1", "Second")
    assert store.as_of("item0001", NOW + timedelta(hours=2)) is None


def test_events_that_a_calendar_lost_are_withdrawn_and_come_back(store: ItemStore) -> None:
    soon = item(1, kind=ItemKind.EVENT, event=Event(starts=NOW + timedelta(days=1)))
    past = item(2, kind=ItemKind.EVENT, event=Event(starts=NOW - timedelta(days=1)))
    other = item(3, kind=ItemKind.EVENT, event=Event(starts=date(2026, 12, 1)), feed_url="x")
    far = item(4, kind=ItemKind.EVENT, event=Event(starts=NOW + timedelta(days=31)))
    store.save([soon, past, other, far])

    def pulled(present: frozenset[str]) -> tuple[str, ...]:
        recording = Recording(state=STATE, present=present, until=NOW + timedelta(days=30))
        return store.record("harbor", [], [], lambda k, t: recording, NOW).withdrawn

    assert pulled(frozenset()) == ("item0001",)
    assert pulled(frozenset()) == ()
    assert {one.id for one in store.since(NOW)} == {"item0002", "item0003", "item0004"}
    pulled(frozenset({"item0001"}))
    assert len(store.since(NOW)) == 4


def test_withdrawing_counts_what_there_was(store: ItemStore) -> None:
    store.save([item(1)])
    assert store.withdraw(["item0001", "nothing"], NOW) == 1
    assert store.get(["item0001"])["item0001"].withdrawn_at == NOW
    store.withdraw(["item0001"], None)
    assert store.get(["item0001"])["item0001"].withdrawn_at is None


def test_a_feed_state_comes_back_as_it_went_in(feeds: FeedStore) -> None:
    state = replace(
        STATE,
        etag='W/"1"',
        last_modified="Thu, 19 Nov 2026 10:00:00 GMT",
        warnings=("one", "two"),
        failing_since=NOW,
        moved_to="https://new.example/",
        moved_since=NOW,
        moved_seen=3,
        move_refused=True,
        gone_at=NOW,
        entries=7,
    )
    feeds.save([state, replace(STATE, url="https://other.example/")])
    feeds.save([replace(state, failures=2)])
    assert feeds.states()[URL] == replace(state, failures=2)
    assert len(feeds.states()) == 2


def test_a_feed_takes_its_memory_and_its_items_to_its_new_address(
    store: ItemStore, feeds: FeedStore
) -> None:
    store.save([item(1), item(2, feed_url="https://harbor.example/other")])
    feeds.save([replace(STATE, etag="kept", moved_to="https://new.example/", moved_seen=4)])
    feeds.move(URL, "https://new.example/")
    (state,) = feeds.states().values()
    assert (state.url, state.etag, state.moved_to) == ("https://new.example/", "kept", "")
    assert {one.id: one.feed_url for one in store.all()} == {
        "item0001": "https://new.example/",
        "item0002": "https://harbor.example/other",
    }


def test_a_blocked_host_is_free_again_when_its_time_comes(feeds: FeedStore) -> None:
    feeds.block_host("harbor.example", NOW + timedelta(hours=1))
    feeds.block_host("harbor.example", NOW + timedelta(hours=2))
    assert feeds.blocked_hosts(NOW) == {"harbor.example": NOW + timedelta(hours=2)}
    assert feeds.blocked_hosts(NOW + timedelta(hours=2)) == {}


def test_events_are_found_by_the_day_that_their_calendar_writes(store: ItemStore) -> None:
    late = datetime(2026, 11, 21, 23, tzinfo=timezone(timedelta(hours=-8)))
    known = [
        item(1, kind=ItemKind.EVENT, event=Event(starts=late), hidden=True),
        item(2, kind=ItemKind.EVENT, event=Event(starts=date(2026, 11, 21)), withdrawn_at=NOW),
        item(3, kind=ItemKind.EVENT, event=Event(starts=date(2026, 11, 22))),
        item(4),
    ]
    store.save(known)
    assert store.events_on({date(2026, 11, 21)}) == known[:2]
    assert store.events_on(frozenset()) == []


def test_items_are_found_by_the_page_that_they_lead_to(store: ItemStore) -> None:
    known = [item(1, canonical_link="a.example/x"), item(2, canonical_link="a.example/y"), item(3)]
    store.save(known)
    assert store.on_pages({"a.example/x", "a.example/z"}) == known[:1]
    assert store.on_pages(frozenset()) == []


def test_what_is_seen_of_a_mailed_page_is_kept_until_its_feed_lists_the_piece(
    store: ItemStore,
) -> None:
    one, other = item(1), item(2)
    record(store, one, other)
    both = frozenset((one.id, other.id))
    lost = MailedPage(is_listed=False, asked_at=NOW, lost_since=NOW - timedelta(days=1))
    store.note_pages({one.id: lost})
    store.withdraw([one.id], NOW)
    record(store, mailed=both)
    assert store.get([one.id])[one.id] == replace(one, withdrawn_at=NOW, mailed_page=lost)
    assert store.get([other.id])[other.id].mailed_page == MailedPage(is_listed=False)
    relisted = Recording(state=STATE, present=both, mailed=both)
    store.record("harbor", [], [], lambda known, taken: relisted, NOW)
    for each in store.get(both).values():
        assert each.mailed_page == MailedPage(is_listed=True)
        assert each.withdrawn_at is None


def test_an_edit_forgets_what_was_seen_of_its_page(store: ItemStore) -> None:
    """Its feed lists it, then; nothing else of what is kept beside its columns goes."""
    one = item(1, authors=("Ana",))
    record(store, one)
    store.note_pages({one.id: MailedPage(is_listed=False)})
    assert store.get([one.id])[one.id].authors == ("Ana",)
    store.update([replace(one, text="Other")], NOW)
    assert store.get([one.id])[one.id].mailed_page is None
