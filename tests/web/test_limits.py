"""Visitors are counted over all processes, by household, and by nothing that names them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from newsletter.store.schema import migrate
from newsletter.store.visits import SqlVisits
from newsletter.web.limits import SharedCounts, visitor
from tests.web.conftest import Pages, database_away, submit

HOUR = 3600


@pytest.fixture
def counting(pages: Pages) -> Iterator[Pages]:
    with pages.app.app_context():
        yield pages


def test_what_two_processes_count_is_counted_together(counting: Pages) -> None:
    one, other = SharedCounts(), SharedCounts()
    assert [one.incr("a", HOUR), other.incr("a", HOUR), one.incr("a", HOUR)] == [1, 2, 3]
    assert other.get("a") == 3
    assert one.incr("b", HOUR) == 1


def test_a_count_begins_again_when_its_time_is_over(counting: Pages) -> None:
    counts = SharedCounts()
    assert [counts.incr("a", HOUR) for _ in range(3)] == [1, 2, 3]
    counting.pass_time(hours=1)
    assert counts.get("a") == 0
    assert counts.incr("a", HOUR) == 1


def test_pages_are_told_to_the_database_in_tens(counting: Pages) -> None:
    one, other = SharedCounts(), SharedCounts()
    assert [one.incr("a", 60) for _ in range(9)] == list(range(1, 10))
    assert other.get("a") == 0
    assert one.incr("a", 60) == 10
    assert [other.incr("a", 60) for _ in range(10)][-1] == 20


def test_visitors_without_number_fill_no_memory_and_are_counted_all_the_same(
    counting: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.limits._MOST_COUNTED", 3)
    counts = SharedCounts()
    for household in "abcdefg":
        assert [counts.incr(household, HOUR) for _ in range(2)] == [1, 2]
    assert len(counts._counted) <= 3
    assert counts.incr("a", HOUR) == 3


def test_without_the_database_each_process_counts_by_itself(
    counting: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = SharedCounts()
    assert counts.incr("a", HOUR) == 1
    with database_away(counting):
        assert [counts.incr("a", HOUR) for _ in range(2)] == [2, 3]


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unix:", "unix:"),
    ],
)
def test_a_household_is_one_visitor(counting: Pages, address: str, seen: str) -> None:
    with counting.app.test_request_context(environ_base={"REMOTE_ADDR": address}):
        assert visitor() == seen


def test_a_64_is_one_visitor_on_every_page(pages: Pages) -> None:
    client = pages.client()
    for path in ("/links", "/subscribe"):
        statuses = []
        for number in range(13):
            client.environ_base["REMOTE_ADDR"] = f"2001:db8::{number:x}:1"
            statuses.append(submit(client, path, address="nobody").status_code)
        assert (path, statuses) == (path, [200] * 12 + [429])


def test_no_address_is_in_the_database_and_no_key_of_its_hash(counting: Pages) -> None:
    client = counting.client()
    client.environ_base["REMOTE_ADDR"] = "198.51.100.77"
    assert client.post("/links", data={"csrf_token": "none"}).status_code == 400
    secret = counting.workspace.secret_keys[0]
    counting.workspace.engine.dispose()
    for path in counting.workspace.root.glob("newsletter.db*"):
        data = path.read_bytes()
        assert b"198.51.100.77" not in data
        assert secret.encode() not in data


def test_the_same_visitor_has_another_hash_the_next_day(counting: Pages) -> None:
    keys = []

    class Kept:
        def add(self, key: bytes, *_: object, **__: object) -> int:
            keys.append(key)
            return 1

    counting.workspace.__dict__["visits"] = Kept()
    SharedCounts().incr("a", HOUR)
    counting.pass_time(days=1)
    SharedCounts().incr("a", HOUR)
    assert len(set(keys)) == 2


def test_counts_whose_time_is_over_leave_the_database(counting: Pages) -> None:
    visits, now = counting.workspace.visits, counting.now
    visits.add(b"a", 1, until=now.replace(hour=10), now=now)
    visits.add(b"b", 1, until=now.replace(hour=23), now=now.replace(hour=11))
    assert visits.count(b"a", now=now) == 0
    assert visits.count(b"b", now=now) == 1


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_counting_is_the_same_on_both_databases(
    request: pytest.FixtureRequest, pages: Pages, database: str
) -> None:
    engine: Engine = pages.workspace.engine
    if database == "postgres":
        engine = request.getfixturevalue("postgres")
        migrate(engine)
    visits, now = SqlVisits(engine), pages.now
    until = now.replace(hour=23)
    assert [visits.add(b"k", 2, until=until, now=now) for _ in range(3)] == [2, 4, 6]
    assert visits.add(b"k", 1, until=until, now=until) == 1
