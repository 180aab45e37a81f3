"""Who gets an issue, and why each other person does not."""

from dataclasses import replace
from datetime import date

import pytest

from newsletter.model.audience import AudienceTraits
from newsletter.model.delivery import ExclusionReason
from newsletter.model.subscriber import Frequency, SubscriberState
from newsletter.sending.audience import AudienceRules, judge

TODAY = date(2026, 11, 20)
RULES = AudienceRules(editions=("en", "es"), publishes=("en", "es", "ar"), today=TODAY)
PERSON = AudienceTraits(
    language="en",
    state=SubscriberState.CONFIRMED,
    frequency=Frequency.WEEKLY,
    topics=frozenset(),
    regions=frozenset(),
    paused_until=None,
    has_monthly=False,
    is_suppressed=False,
)


def verdict(*, rules: AudienceRules = RULES, **changes: object) -> str:
    return judge(PERSON._replace(**changes), rules)


@pytest.mark.parametrize(
    ("language", "edition"),
    [
        ("en", "en"),
        ("es", "es"),
        ("es-MX", "es"),
        ("vi", "en"),  # never published: the main edition
        ("ar", ExclusionReason.LANGUAGE),  # published, but not this time
    ],
)
def test_each_person_gets_the_edition_of_their_language(language: str, edition: str) -> None:
    assert verdict(language=language) == edition


def test_an_issue_in_spanish_alone_reaches_nobody_who_reads_english() -> None:
    only_spanish = replace(RULES, editions=("es",))
    assert verdict(rules=only_spanish) is ExclusionReason.LANGUAGE
    assert verdict(rules=only_spanish, language="vi") is ExclusionReason.LANGUAGE


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"state": SubscriberState.PENDING}, ExclusionReason.UNCONFIRMED),
        ({"state": SubscriberState.BOUNCED}, ExclusionReason.BOUNCED),
        ({"is_suppressed": True}, ExclusionReason.SUPPRESSED),
        ({"paused_until": date(2026, 11, 21)}, ExclusionReason.PAUSED),
        ({"frequency": Frequency.URGENT}, ExclusionReason.FREQUENCY),
    ],
)
def test_who_must_not_or_does_not_want_to_be_mailed_is_left_out(
    changes: dict[str, object], reason: ExclusionReason
) -> None:
    assert verdict(**changes) is reason


def test_a_pause_ends_on_its_day() -> None:
    assert verdict(paused_until=TODAY) == "en"


def test_a_bulletin_reaches_those_who_want_only_what_is_urgent() -> None:
    bulletin = replace(RULES, is_bulletin=True)
    for frequency in Frequency:
        assert verdict(rules=bulletin, frequency=frequency, has_monthly=True) == "en"


def test_monthly_readers_get_one_digest_a_month() -> None:
    assert verdict(frequency=Frequency.MONTHLY) == "en"
    assert verdict(frequency=Frequency.MONTHLY, has_monthly=True) is ExclusionReason.FREQUENCY
    assert verdict(has_monthly=True) == "en"


def test_an_issue_for_one_region_leaves_out_those_who_chose_others() -> None:
    local = replace(RULES, regions=frozenset({"los-angeles"}))
    assert verdict(rules=local, regions=frozenset({"fresno"})) is ExclusionReason.REGION
    assert verdict(rules=local, regions=frozenset({"los-angeles", "fresno"})) == "en"
    assert verdict(rules=local) == "en"


def test_an_issue_on_one_topic_leaves_out_those_who_chose_others() -> None:
    legal = replace(RULES, topics=frozenset({"legal"}))
    assert verdict(rules=legal, topics=frozenset({"health"})) is ExclusionReason.TOPIC
    assert verdict(rules=legal) == "en"
