"""The receipt: what was agreed, for a person and for a machine, and nothing of who it is."""

import json

import pytest

from newsletter.stories.record.consent_notice import notice
from newsletter.stories.record.identifiers import new_code, read_code
from newsletter.stories.taking.receipt import Receipt
from tests.stories.making import ANSWERS, TODAY, make_intake


def make(language: str = "en", *, page: str = "https://x.example/w") -> Receipt:
    shown = notice(language, coalition="Test Coalition", page=page)
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
        withdraw_at=page,
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("– a short part by email: yes", "– our website: yes", "– social media: no",
                "– news media (journalists): no", "Until November 20, 2027", "called back",
                "90 days after November 20, 2027", "on this page: https://x.example/w")),
        ("es", ("– una parte corta por correo: sí", "– nuestro sitio web: sí",
                "– medios de comunicación (periodistas): no", "Hasta el 20 de noviembre de 2027",
                "no se puede borrar ni hacer que regrese", "en esta página: https://x.example/w")),
        ("ar", ("– جزء قصير بالبريد الإلكتروني: نعم", "– وسائل التواصل الاجتماعي: لا",
                "حتى 20 نوفمبر 2027", "https://x.example/w")),
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


def test_a_code_keeps_its_order_in_an_arabic_receipt() -> None:
    """After an Arabic word the code's first digit was shown at its other end."""
    text = make("ar").text()
    assert "\u20687GQK-2M9X-0TRV-3H8DW\u2069" in text
    assert "\u2068https://x.example/w\u2069" in text
    assert "\u2068" not in make("es").text()
    code = new_code()
    assert read_code(f"\u2068{code}\u2069") == read_code(code) is not None


def test_without_a_page_nobody_is_told_to_open_one() -> None:
    """The coalition's name stood where an address was promised: it read like the code."""
    receipt = make(page="")
    assert "page" not in receipt.text()
    assert "any editor of Test Coalition" in receipt.text()
    assert receipt.as_mapping()["processing"]["withdrawal_methods"] == ["ask any editor"]
