"""Personal links cannot be read, forged, altered, kept too long or used for something else."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.message import LEAVE_URL, PERSONAL_FIELDS, PREFERENCES_URL
from newsletter.model.subscriber import Purpose, Subscriber, SubscriberState
from newsletter.people.links import AgedLink, ForgedLink, Links, Opened

NOW = datetime(2026, 11, 20, 9, 0, 30, tzinfo=UTC)
ANA = Subscriber(
    id=42, address="ana@harbor.example", language="es", state=SubscriberState.CONFIRMED
)


@pytest.fixture
def links() -> Links:
    return Links(["a key"], "https://news.coalition.example/")


def test_every_personal_field_of_a_message_has_its_link(links: Links) -> None:
    personal = links.personal(ANA.id)
    assert set(personal) == set(PERSONAL_FIELDS)
    base = "https://news.coalition.example"
    leave = personal[LEAVE_URL].removeprefix(f"{base}/leave/")
    preferences = personal[PREFERENCES_URL].removeprefix(f"{base}/preferences/")
    assert links.read(leave, Purpose.LEAVE, now=NOW) == Opened(subscriber_id=42)
    assert links.read(preferences, Purpose.PREFERENCES, now=NOW) == Opened(
        subscriber_id=42,
    )
    assert links.personal(ANA.id) == personal


@given(st.integers(1, 2**47))
def test_a_token_shows_neither_the_number_nor_the_purpose(number: int) -> None:
    links = Links(["a key"], "")
    token = links.make(Purpose.LEAVE, number)
    assert len(token) == 35
    assert links.read(token, Purpose.LEAVE, now=NOW) == Opened(subscriber_id=number)
    neighbour = links.make(Purpose.LEAVE, number + 1)
    assert sum(one == other for one, other in zip(token, neighbour, strict=True)) < 12


@given(st.data())
def test_no_altered_token_opens(data: st.DataObject) -> None:
    links = Links(["a key"], "")
    token = links.make(Purpose.CONFIRM, 42, now=NOW)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.characters())
    altered = token[:place] + letter + token[place + 1 :]
    if altered != token:
        assert links.read(altered, Purpose.CONFIRM, now=NOW) == ForgedLink()


@given(st.text(max_size=60))
def test_no_invented_token_opens(text: str) -> None:
    assert Links(["a key"], "").read(text, Purpose.LEAVE, now=NOW) == ForgedLink()


@pytest.mark.parametrize("purpose", Purpose)
def test_a_token_serves_one_purpose_only(links: Links, purpose: Purpose) -> None:
    token = links.make(purpose, 42, now=NOW)
    for other in Purpose:
        opened = links.read(token, other, now=NOW)
        assert isinstance(opened, Opened if other is purpose else ForgedLink)


def test_a_token_ages_only_where_an_age_is_asked_for(links: Links) -> None:
    token = links.make(Purpose.CONFIRM, 42, now=NOW)
    week = timedelta(days=7)
    for late, expected in ((timedelta(days=6), Opened), (timedelta(days=8), AgedLink)):
        assert isinstance(
            links.read(token, Purpose.CONFIRM, now=NOW + late, max_age=week), expected
        )
    assert isinstance(links.read(token, Purpose.CONFIRM, now=NOW + timedelta(days=999)), Opened)


def test_a_link_from_a_mail_is_too_old_where_a_fresh_one_is_asked_for(links: Links) -> None:
    token = links.make(Purpose.DATA, 42)
    assert links.read(token, Purpose.DATA, now=NOW, max_age=timedelta(hours=1)) == AgedLink(
        subscriber_id=42
    )


def test_links_made_before_a_key_was_rotated_still_open(links: Links) -> None:
    token = links.make(Purpose.LEAVE, 42)
    rotated = Links(["a new key", "a key"], "")
    assert isinstance(rotated.read(token, Purpose.LEAVE, now=NOW), Opened)
    assert rotated.make(Purpose.LEAVE, 42) != token
    assert Links(["a new key"], "").read(token, Purpose.LEAVE, now=NOW) == ForgedLink()
