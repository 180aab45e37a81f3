"""How members' feeds are doing, in plain language, and in languages of theirs."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from gettext import NullTranslations
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from newsletter.design.catalogues import MEMBERS, translations
from newsletter.design.localizer import Localizer
from newsletter.design.notice import NoticeRenderer
from newsletter.design.templates import Templates, shipped_folder
from newsletter.members import health, health_letter
from newsletter.members.health import Health, OrganisationHealth, UsedItem, health_of
from newsletter.members.health_letter import letter, write_to_contacts
from newsletter.model.delivery import Accepted, Outcome, Refused
from newsletter.model.notice import Notice
from newsletter.model.organisation import Feed, Organisation
from newsletter.model.pulling import FeedResult, FeedState
from tests.sending.parts import COALITION, SENDER

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


RENDERER = NoticeRenderer(
    templates=Templates((shipped_folder(),)), coalition=COALITION, sender=SENDER
)


def written(member: OrganisationHealth) -> Notice:
    language = member.language
    localizer = Localizer(
        language=language, zone=COALITION.zone, translations=translations(language, MEMBERS)
    )
    words = letter(member, localizer, coalition=replace(COALITION, name="Lantern"))
    return RENDERER.render(words, address="web@harbor.example")


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
    notice = written(member)
    text = " ".join(notice.text.split())
    assert notice.subject == "Your feed needs attention: Harbor"
    assert member.feeds[0].fix in text
    assert "since November 12, 2026." in text
    assert "Technical detail for your host: what we saw" in text
    assert "Week of November 9, 2026: Clinic" in text


def test_a_member_that_is_well_is_told_so() -> None:
    notice = written(health_of(MEMBER, {URL: WELL}, [], now=NOW))
    assert notice.subject == "Your feed is well: Harbor"
    assert "It works." in notice.text


def test_a_letter_links_the_feeds_it_is_about_and_shows_who_writes() -> None:
    notice = written(health_of(MEMBER, {URL: WELL}, [], now=NOW))
    assert f'href="{URL}"' in notice.html
    assert COALITION.name in notice.html
    assert COALITION.name in notice.text


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
        members, SomeRefused(), RENDERER, translations=lambda _: NullTranslations()
    )
    assert (refused, sent) == (("gone",), ["here@x.example"])


def test_a_letter_in_arabic_keeps_dates_and_names_in_their_own_order() -> None:
    member = replace(MEMBER, languages=("ar",))
    state = replace(WELL, result=FeedResult.ERROR, failing_since=days(8), detail="it said 500")
    notice = written(health_of(member, {URL: state}, [UsedItem("2026-W46", "Clinic")], now=NOW))
    text = " ".join(notice.text.split())
    assert "معطّلة منذ 12 نوفمبر 2026." in text
    assert "\u2068it said 500\u2069" in text
    assert "نشرة \u2068Lantern\u2069" in text
    assert "أسبوع 9 نوفمبر 2026: \u2068Clinic\u2069" in text
    assert f"\n{URL}\n" in notice.text  # as it is: programs make links of it
    assert '<span dir="ltr">Lantern</span>' in notice.html
    assert not set("\u2068\u2069") & set(notice.html)  # Word shows them as boxes


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
        assert set(re.findall(r"%\(\w+\)s", said)) == set(re.findall(r"%\(\w+\)s", other))
