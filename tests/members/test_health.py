"""How members' feeds are doing, in plain language, and in languages of theirs."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from newsletter.design.catalogues import MEMBERS, translations
from newsletter.members import health, health_letter
from newsletter.members.health import Health, UsedItem, health_of
from newsletter.members.health_letter import letter, write_to_contacts
from newsletter.model.delivery import Accepted, Outcome, Refused
from newsletter.model.notice import Notice
from newsletter.model.organisation import Feed, Organisation
from newsletter.model.pulling import FeedResult, FeedState

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
URL = "https://harbor.example/feed"
MEMBER = Organisation(
    id="harbor",
    name="Harbor",
    url="https://harbor.example",
    languages=("en",),
    contact="web@harbor.example",
    feeds=(Feed(url=URL),),
)
WELL = FeedState(
    url=URL,
    organisation_id="harbor",
    result=FeedResult.UNCHANGED,
    last_pulled_at=NOW,
    last_success_at=NOW,
    last_new_at=NOW - timedelta(days=3),
    newest_entry_at=NOW - timedelta(days=3),
)

FAILING = replace(WELL, result=FeedResult.TIMEOUT)


def days(number: float) -> datetime:
    return NOW - timedelta(days=number)


@pytest.mark.parametrize(
    ("state", "expected", "since"),
    [
        (None, Health.NEW, None),
        (WELL, Health.WELL, None),
        (replace(FAILING, failing_since=days(2)), Health.STRUGGLING, days(2)),
        (replace(FAILING, failing_since=days(7)), Health.BROKEN, days(7)),
        (replace(WELL, result=FeedResult.GONE, gone_at=days(1)), Health.GONE, days(1)),
        (replace(WELL, last_new_at=days(70), newest_entry_at=days(80)), Health.SILENT, days(70)),
        (replace(WELL, last_new_at=days(9), newest_entry_at=days(400)), Health.WELL, None),
        (replace(WELL, last_new_at=None, newest_entry_at=None), Health.WELL, None),
        (replace(WELL, newest_entry_at=days(-900)), Health.WELL, None),
    ],
)  # fmt: skip
def test_each_state_has_a_health_and_a_since(
    state: FeedState | None, expected: Health, since: datetime | None
) -> None:
    (feed,) = health_of(MEMBER, {URL: state} if state else {}, [], now=NOW).feeds
    assert (feed.health, feed.since) == (expected, since)
    assert bool(feed.fix) == (expected not in (Health.WELL, Health.NEW))


def test_a_paused_feed_is_paused_whatever_it_did() -> None:
    member = replace(MEMBER, feeds=(Feed(url=URL, paused=True),))
    state = replace(WELL, failing_since=days(30))
    assert health_of(member, {URL: state}, [], now=NOW).feeds[0].health is Health.PAUSED


@pytest.mark.parametrize(
    "result", [one for one in FeedResult if one.was_asked and not one.is_success]
)
def test_every_way_to_fail_says_how_to_mend_it(result: FeedResult) -> None:
    state = replace(WELL, result=result, failing_since=days(8), detail="what we saw")
    member = health_of(MEMBER, {URL: state}, [UsedItem("2026-W46", "Clinic")], now=NOW)
    assert member.needs_attention
    subject, text = letter(member, coalition="Lantern", say=str)
    assert subject == "Your feed needs attention: Harbor"
    assert member.feeds[0].fix in text
    assert "2026-11-12" in text
    assert "What we saw: what we saw" in text
    assert "2026-W46: Clinic" in text


def test_a_member_that_is_well_is_told_so() -> None:
    subject, text = letter(
        health_of(MEMBER, {URL: WELL}, [], now=NOW), coalition="Lantern", say=str
    )
    assert subject == "Your feed is well: Harbor"
    assert "It works." in text


def test_a_contact_whose_mail_is_refused_is_told_and_keeps_nobody_from_theirs() -> None:
    sent: list[str] = []

    class SomeRefused:
        def send(self, notice: Notice) -> Outcome:
            if "gone" in notice.address:
                return Refused(reason="no such user")
            sent.append(notice.address)
            return Accepted()

    members = [
        health_of(replace(MEMBER, id=name, contact=f"{name}@x.example"), {}, [], now=NOW)
        for name in ("gone", "here")
    ]
    refused = write_to_contacts(
        members, SomeRefused(), coalition="Lantern", translations=lambda _: NullTranslations()
    )
    assert (refused, sent) == (("gone",), ["here@x.example"])


def test_a_letter_in_arabic_keeps_dates_and_names_in_their_own_order() -> None:
    member = replace(MEMBER, languages=("ar",))
    state = replace(WELL, result=FeedResult.ERROR, failing_since=days(8), detail="it said 500")
    _, text = letter(
        health_of(member, {URL: state}, [UsedItem("2026-W46", "Clinic")], now=NOW),
        coalition="Lantern",
        say=translations("ar", MEMBERS).gettext,
    )
    assert "معطّلة منذ \u20682026-11-12\u2069." in text
    assert "\u2068it said 500\u2069" in text
    assert "نشرة \u2068Lantern\u2069" in text
    assert f"\n{URL}\n" in text  # as it is: programs make links of it


def sentences() -> set[str]:
    source = "".join(Path(module.__file__).read_text() for module in (health, health_letter))
    return set(re.findall(r'mark\(\s*"([^"]+)"', source))


@pytest.mark.parametrize("path", sorted(MEMBERS.glob("*.po")), ids=lambda path: path.stem)
def test_a_catalogue_has_every_sentence_and_nothing_else(path: Path) -> None:
    with path.open("rb") as source:
        catalogue = read_po(source)
    translated = {one.id: one.string for one in catalogue if one.id and one.string}
    assert set(translated) == sentences()
    for said, other in translated.items():
        assert re.findall(r"%\(\w+\)s", said) == re.findall(r"%\(\w+\)s", other)
