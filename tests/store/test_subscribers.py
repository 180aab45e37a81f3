"""The contract of the store of people, on both databases."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from newsletter.errors import ConfigError
from newsletter.model.subscriber import (
    NOT_STORED,
    Frequency,
    Subscriber,
    SubscriberState,
    SuppressionReason,
)
from newsletter.model.suppression import SuppressionKeys
from newsletter.store.schema import migrate
from newsletter.store.subscribers import SqlSubscribers

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


def person(address: str = "ana@harbor.example", **changes: object) -> Subscriber:
    values: dict[str, object] = {
        "id": NOT_STORED,
        "address": address,
        "language": "es",
        "state": SubscriberState.CONFIRMED,
        "joined_at": NOW,
        "confirmed_at": NOW,
        "proof": "sign-up sheet",
    }
    return Subscriber(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def store(engine: Engine) -> SqlSubscribers:
    return SqlSubscribers(engine, SuppressionKeys(["a key for tests"]))


def added(store: SqlSubscribers, one: Subscriber) -> Subscriber:
    store.add([one])
    stored = store.by_address(one.address)
    assert stored is not None
    return stored


def test_what_is_stored_of_a_person_comes_back_as_it_was(store: SqlSubscribers) -> None:
    whole = person(
        frequency=Frequency.MONTHLY,
        topics=frozenset({"legal", "housing"}),
        regions=frozenset({"los-angeles"}),
        discreet=True,
        paused_until=date(2027, 1, 1),
    )
    stored = added(store, whole)
    assert stored == person(
        id=stored.id,
        frequency=Frequency.MONTHLY,
        topics=frozenset({"legal", "housing"}),
        regions=frozenset({"los-angeles"}),
        discreet=True,
        paused_until=date(2027, 1, 1),
    )
    assert store.get(stored.id) == stored


@pytest.mark.parametrize("other", ["ana@strasse.example", "ſam@harbor.example"])
def test_two_mailboxes_that_case_folding_would_confuse_are_two_people(
    store: SqlSubscribers, other: str
) -> None:
    first = {"ana@strasse.example": "ana@straße.example"}.get(other, "sam@harbor.example")
    store.add([person(first)])
    assert store.add([person(other)]).added == 1


def test_nobody_has_two_rows_however_the_address_is_capitalised(store: SqlSubscribers) -> None:
    first = added(store, person())
    again = store.add([person("ANA@harbor.example", language="en"), person("bo@harbor.example")])
    assert (again.added, again.known) == (1, {"ANA@harbor.example"})
    assert store.by_address("Ana@Harbor.example") == first
    assert sum(store.counts().values()) == 2


def test_people_stream_in_order_a_page_at_a_time(store: SqlSubscribers) -> None:
    store.add([person(f"p{number}@harbor.example") for number in range(7)])
    pages, after = [], 0
    while page := store.stream(after, 3):
        pages.append([one.address for one in page])
        after = page[-1].id
    assert [len(page) for page in pages] == [3, 3, 1]
    met = [address for page in pages for address in page]
    assert met == [f"p{number}@harbor.example" for number in range(7)]


def test_counts_are_by_language_and_state(store: SqlSubscribers) -> None:
    store.add([person("a@x.example"), person("b@x.example", state=SubscriberState.PENDING)])
    assert store.counts() == {
        ("es", SubscriberState.CONFIRMED): 1,
        ("es", SubscriberState.PENDING): 1,
    }


@pytest.mark.parametrize(
    "reason", [SuppressionReason.LEFT, SuppressionReason.COMPLAINED, SuppressionReason.ERASED]
)
def test_who_leaves_has_no_row_and_stays_out(
    store: SqlSubscribers, engine: Engine, reason: SuppressionReason
) -> None:
    gone = added(store, person())
    assert store.suppress("Ana@harbor.example", reason, NOW)
    assert store.get(gone.id) is None
    assert store.suppressed(["ANA@HARBOR.example", "bo@harbor.example"]) == {"ANA@HARBOR.example"}
    assert store.suppression(gone.address) is reason
    back = store.add([person()])
    assert (back.added, back.suppressed) == (0, {"ana@harbor.example"})
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM suppressions")).all()
    assert b"ana" not in b"".join(bytes(row[0]) for row in rows)


def test_a_bounced_row_stays_and_is_marked(store: SqlSubscribers) -> None:
    one = added(store, person())
    store.suppress(one.address, SuppressionReason.BOUNCED, NOW)
    marked = store.get(one.id)
    assert marked is not None
    assert marked.state is SubscriberState.BOUNCED
    assert store.suppressed([one.address]) == {one.address}


def test_suppressing_an_address_without_a_row_still_keeps_it_out(store: SqlSubscribers) -> None:
    assert not store.suppress("never@harbor.example", SuppressionReason.LEFT, NOW)
    assert store.suppressed(["never@harbor.example"])


def test_a_number_is_never_given_twice(store: SqlSubscribers) -> None:
    first = added(store, person())
    store.suppress(first.address, SuppressionReason.ERASED, NOW)
    assert added(store, person("bo@harbor.example")).id > first.id


def test_a_suppression_made_under_an_older_key_still_holds(engine: Engine) -> None:
    SqlSubscribers(engine, SuppressionKeys(["old"])).suppress(
        "ana@harbor.example", SuppressionReason.ERASED, NOW
    )
    rotated = SqlSubscribers(engine, SuppressionKeys(["new", "old"]))
    assert rotated.suppressed(["ana@harbor.example"]) == {"ana@harbor.example"}
    other = SqlSubscribers(engine, SuppressionKeys(["new"]))
    assert other.suppressed(["ana@harbor.example"]) == set()


def test_without_the_secret_key_nobody_can_be_suppressed_or_looked_up(engine: Engine) -> None:
    keyless = SqlSubscribers(engine, None)
    assert keyless.suppressed(["ana@harbor.example"]) == set()  # nobody is: no key is needed
    with pytest.raises(ConfigError, match="NEWSLETTER_SECRET_KEY"):
        keyless.suppress("ana@harbor.example", SuppressionReason.LEFT, NOW)
    SqlSubscribers(engine, SuppressionKeys(["k"])).suppress(
        "ana@harbor.example", SuppressionReason.ERASED, NOW
    )
    with pytest.raises(ConfigError, match="NEWSLETTER_SECRET_KEY"):
        keyless.suppressed(["bo@harbor.example"])


def test_who_left_may_ask_anew_and_is_taken_back_when_they_confirm(store: SqlSubscribers) -> None:
    store.suppress("ana@harbor.example", SuppressionReason.ERASED, NOW)
    asked = added(store, person(state=SubscriberState.PENDING))
    assert store.suppressed([asked.address])
    assert store.readmit(person(id=asked.id))
    assert store.suppressed([asked.address]) == set()
    assert store.get(asked.id) == person(id=asked.id)


def test_nothing_is_updated_or_taken_back_when_the_row_is_gone(store: SqlSubscribers) -> None:
    gone = added(store, person())
    store.suppress(gone.address, SuppressionReason.ERASED, NOW)
    assert not store.update(gone)
    assert not store.readmit(gone)
    assert store.suppressed([gone.address])


def test_addresses_with_a_row_are_not_kept_out_by_a_list(store: SqlSubscribers) -> None:
    store.add([person()])
    both = ["ANA@harbor.example", "bo@harbor.example"]
    assert store.suppress_new(both, SuppressionReason.LEFT, NOW) == 1
    assert store.suppressed(both) == {"bo@harbor.example"}
    assert store.suppress_new(both, SuppressionReason.LEFT, NOW) == 0


def test_who_never_confirmed_is_forgotten_and_may_ask_anew(store: SqlSubscribers) -> None:
    store.add(
        [
            person("old@x.example", state=SubscriberState.PENDING, joined_at=NOW),
            person(
                "new@x.example", state=SubscriberState.PENDING, joined_at=NOW + timedelta(days=8)
            ),
            person("here@x.example"),
        ]
    )
    assert store.forget_pending(NOW + timedelta(days=7)) == 1
    assert store.by_address("old@x.example") is None
    assert store.suppressed(["old@x.example"]) == set()
    assert sum(store.counts().values()) == 2


def test_more_people_than_one_query_takes(store: SqlSubscribers) -> None:
    many = [person(f"p{number}@x.example") for number in range(1200)]
    assert store.add(many).added == 1200
    assert len(store.known([one.address for one in many])) == 1200
    store.suppress("p700@x.example", SuppressionReason.ERASED, NOW)
    assert store.suppressed([one.address for one in many]) == {"p700@x.example"}


def test_nothing_of_who_left_stays_in_the_files_of_the_database(
    sqlite: Engine, tmp_path: Path
) -> None:
    migrate(sqlite)
    store = SqlSubscribers(sqlite, SuppressionKeys(["k"]))
    store.add([person(f"canary-{number}@x.example") for number in range(300)])
    store.suppress("canary-7@x.example", SuppressionReason.LEFT, NOW)
    store.suppress("canary-299@x.example", SuppressionReason.ERASED, NOW)
    files = b"".join(path.read_bytes() for path in tmp_path.glob("test.db*"))
    assert b"canary-8@x.example" in files
    assert b"canary-7@x.example" not in files
    assert b"canary-299@x.example" not in files
