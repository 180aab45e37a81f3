"""The receipt: what was agreed, for a person and for a machine, and nothing of who it is."""

import json

import pytest

from newsletter.stories.record.consent_notice import notice
from newsletter.stories.taking.receipt import Receipt
from tests.stories.conftest import make_consent
from tests.stories.making import ANSWERS, TODAY, make_intake


def make(language: str = "en") -> Receipt:
    shown = notice(language, coalition="Test Coalition", withdraw="https://x.example/w")
    consent = make_intake().consent(
        record_id="r1",
        receipt_hash="h",
        notice=shown,
        method="web",
        taken_by="",
        today=TODAY,
    )
    return Receipt(
        consent=consent,
        notice=shown,
        code="7GQK-2M9X-0TRV-3H8DW",
        controller="Test Coalition",
        withdraw_at="https://x.example/w",
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("You said yes to: the short part by email, on our website", "to journalists",
                "Until November 20, 2027", "cannot be called back")),
        ("es", ("Usted dijo sí a: la parte corta por correo, en nuestro sitio web", "a periodistas",
                "Hasta el 20 de noviembre de 2027", "no se puede recuperar")),
    ],
)  # fmt: skip
def test_the_text_says_what_was_agreed(language: str, words: tuple[str, ...]) -> None:
    text = make(language).text()
    assert "7GQK-2M9X-0TRV-3H8DW" in text
    for phrase in words:
        assert phrase in text


def test_the_json_has_the_fields_of_a_consent_record() -> None:
    data = json.loads(json.dumps(make().as_mapping()))
    assert data["receipt_header"]["schema_version"] == "ISO/IEC TS 27560:2023"
    assert data["notice"]["notice_sha256"] == make().notice.sha256
    assert data["consent"]["expires_on"] == "2027-11-20"
    purposes = {one["purpose"]: one["consented"] for one in data["processing"]["purposes"]}
    assert purposes == {
        "email_excerpt": True,
        "email_full": False,
        "web_archive": True,
        "social": False,
        "press": False,
    }
    assert data["processing"]["withdrawal_methods"]


def test_a_receipt_names_nobody() -> None:
    text = make().text() + json.dumps(make().as_mapping())
    for question in ("name", "contact", "contact_safely", "attribution_words", "text"):
        assert ANSWERS[question] not in text


def test_the_notice_hash_is_of_the_words_as_shown() -> None:
    one = notice("en", coalition="One", withdraw="w")
    assert one.sha256 != notice("en", coalition="Two", withdraw="w").sha256
    assert notice("fr", coalition="One", withdraw="w") == one
    assert "{" not in one.text


def test_both_languages_say_the_same_number_of_things() -> None:
    languages = [notice(tag, coalition="C", withdraw="w") for tag in ("en", "es")]
    assert len({len(one.paragraphs) for one in languages}) == 1
    assert make_consent().notice_id == languages[0].id
