"""Preferences: what someone gets, changed by whoever holds the link, and the address unseen."""

from dataclasses import replace
from datetime import date

import pytest

from newsletter.model.subscriber import Frequency, Purpose, SubscriberState, SuppressionReason
from tests.web.conftest import Pages, submit


def test_choices_are_shown_and_stored(pages: Pages) -> None:
    person = pages.person(topics=frozenset({"legal"}))
    link = pages.link(Purpose.PREFERENCES, person)
    shown = pages.client().get(link).text
    assert 'value="legal" checked' in shown
    assert 'value="work" checked' not in shown
    assert 'value="es" checked' in shown
    client = pages.client()
    answer = submit(
        client,
        link,
        edition="en",
        frequency="urgent",
        topics=["work", "housing"],
        regions=["los-angeles"],
        discreet="y",
        paused_until="2026-12-31",
    )
    assert "Your choices are saved." in client.get(answer.location).text
    changed = pages.workspace.subscribers.get(person.id)
    assert changed is not None
    assert (changed.language, changed.frequency) == ("en", Frequency.URGENT)
    assert (changed.topics, changed.regions) == ({"work", "housing"}, {"los-angeles"})
    assert (changed.discreet, changed.paused_until) == (True, date(2026, 12, 31))
    assert (changed.address, changed.proof) == (person.address, person.proof)


@pytest.mark.parametrize("topics", [[], ["housing", "legal", "work"]])
def test_none_and_all_topics_both_mean_every_topic_to_come(pages: Pages, topics: list[str]) -> None:
    person = pages.person(topics=frozenset({"legal"}))
    link = pages.link(Purpose.PREFERENCES, person)
    submit(pages.client(), link, edition="es", frequency="weekly", topics=topics)
    changed = pages.workspace.subscribers.get(person.id)
    assert changed is not None
    assert changed.topics == frozenset()


def test_what_is_not_on_offer_any_more_stays_until_the_person_changes_it(pages: Pages) -> None:
    person = pages.person(
        language="es-MX", topics=frozenset({"gone"}), regions=frozenset({"far", "los-angeles"})
    )
    link = pages.link(Purpose.PREFERENCES, person)
    shown = pages.client().get(link).text
    for value in ("es", "gone", "far", "los-angeles"):
        assert f'value="{value}" checked' in shown
    chosen = {"edition": "es", "topics": ["gone"], "regions": ["far", "los-angeles"]}
    submit(pages.client(), link, frequency="monthly", **chosen)
    changed = pages.workspace.subscribers.get(person.id)
    assert changed == replace(person, frequency=Frequency.MONTHLY)
    submit(pages.client(), link, frequency="monthly", edition="en", topics=["legal"])
    changed = pages.workspace.subscribers.get(person.id)
    assert changed is not None
    assert (changed.language, changed.topics, changed.regions) == ("en", {"legal"}, frozenset())


def test_a_language_that_is_not_published_any_more_is_not_lost(pages: Pages) -> None:
    person = pages.person(language="ht")
    link = pages.link(Purpose.PREFERENCES, person)
    assert 'value="ht" checked' in pages.client().get(link).text
    submit(pages.client(), link, edition="ht", frequency="urgent")
    changed = pages.workspace.subscribers.get(person.id)
    assert changed is not None
    assert (changed.language, changed.frequency) == ("ht", Frequency.URGENT)


@pytest.mark.parametrize("day", ["2026-11-20", "2020-01-01", "2028-01-01", "soon"])
def test_a_pause_ends_within_a_year(pages: Pages, day: str) -> None:
    person = pages.person(language="en")
    link = pages.link(Purpose.PREFERENCES, person)
    answer = submit(pages.client(), link, edition="en", frequency="weekly", paused_until=day)
    assert "Choose a day between tomorrow and a year from now" in answer.text
    assert pages.workspace.subscribers.get(person.id) == person


def test_a_pause_that_is_over_is_not_shown(pages: Pages) -> None:
    person = pages.person(paused_until=date(2026, 11, 1))
    assert "2026-11-01" not in pages.client().get(pages.link(Purpose.PREFERENCES, person)).text


def test_the_address_is_not_shown_for_digests_are_forwarded(pages: Pages) -> None:
    shown = pages.client().get(pages.link(Purpose.PREFERENCES, pages.person())).text
    assert "@x.example" not in shown


def test_nothing_is_stored_without_the_form_of_our_own_page(pages: Pages) -> None:
    person = pages.person()
    link = pages.link(Purpose.PREFERENCES, person)
    values = {"edition": "en", "frequency": "urgent"}
    assert pages.client().post(link, data=values).status_code == 400
    assert pages.workspace.subscribers.get(person.id) == person


def test_who_has_not_confirmed_or_has_left_has_no_choices(pages: Pages) -> None:
    waiting = pages.person("bo@x.example", state=SubscriberState.PENDING)
    gone = pages.person()
    link = pages.link(Purpose.PREFERENCES, gone)
    pages.workspace.subscribers.suppress(gone.address, SuppressionReason.ERASED, pages.now)
    assert pages.client().get(pages.link(Purpose.PREFERENCES, waiting)).status_code == 410
    assert pages.client().get(link).status_code == 410
