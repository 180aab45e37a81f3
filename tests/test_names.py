"""The coalition's and the sender's names, as readers of each language know them."""

import email
import email.policy
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from newsletter.archive.files import archive_files
from newsletter.archive.issue_page import issue_page
from newsletter.archive.pages import Site
from newsletter.design.notice import NoticeRenderer, NoticeWords, Words
from newsletter.design.render import render
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.coalition import Sender
from newsletter.model.message import LEAVE_URL, PREFERENCES_URL, Message
from newsletter.sending.message.compose import Splicer
from newsletter.sending.transports.notices import compose_notice
from newsletter.sending.transports.notices_sendgrid import request_of
from newsletter.sending.transports.sendgrid_request import EditionBody
from tests.design import samples

NAMES = {"es": "Vecinas y Vecinos", "ar": "جيران معًا"}
COALITION = replace(samples.COALITION, names=NAMES)
SENDER = replace(
    samples.SENDER,
    names=NAMES,
    discreet_name="Digest",
    discreet_names={"es": "Resumen"},
    discreet_subjects={"es": "Su resumen"},
)
TEMPLATES = Templates((shipped_folder(),))
MOMENT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "name", "discreet"),
    [
        ("en", "Neighbors Together", "Digest"),
        ("es", "Vecinas y Vecinos", "Resumen"),
        ("es-MX", "Vecinas y Vecinos", "Resumen"),
        ("ar", "جيران معًا", "Digest"),
    ],
)
def test_readers_see_the_name_that_they_know(language: str, name: str, discreet: str) -> None:
    sender: Sender = SENDER.in_language(language)
    assert COALITION.in_language(language).name == name
    assert (sender.name, sender.discreet_name) == (name, discreet)


def headers(raw: bytes) -> tuple[str, str]:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return str(message["From"].addresses[0].display_name), str(message["Subject"])


def spanish() -> tuple:  # type: ignore[type-arg]
    edition, facts = samples.digest(12, "es")
    return edition, replace(facts, coalition=COALITION)


def test_an_issue_is_from_and_of_that_name_and_discreet_ones_have_theirs() -> None:
    rendered = render(*spanish(), TEMPLATES)
    for part in (rendered.html, rendered.text):
        assert "Vecinas y Vecinos" in part
        assert "Neighbors Together" not in part
    splicer = Splicer(rendered, SENDER, clock=lambda: MOMENT)
    message = Message(
        delivery_id=1,
        edition=rendered,
        address="a@x.example",
        message_id="<1@x.example>",
        personal={LEAVE_URL: "https://x.example/leave/a", PREFERENCES_URL: "https://x.example/p"},
    )
    assert headers(splicer.message(message))[0] == "Vecinas y Vecinos"
    discreet = splicer.message(message._replace(discreet=True))
    assert headers(discreet) == ("Resumen", "Su resumen")
    for is_discreet, name in ((False, "Vecinas y Vecinos"), (True, "Resumen")):
        body = EditionBody(rendered, SENDER, discreet=is_discreet).request([message])
        assert json.loads(body)["from"]["name"] == name


def test_a_single_mail_is_too() -> None:
    renderer = NoticeRenderer(templates=TEMPLATES, coalition=COALITION, sender=SENDER)
    words = NoticeWords(language="es", subject="Hola", blocks=(Words(text="Hola."),))
    for discreet, name in ((False, "Vecinas y Vecinos"), (True, "Resumen")):
        notice = renderer.render(words, address="a@x.example", discreet=discreet)
        raw = compose_notice(notice, SENDER, date=MOMENT, message_id="<1@x.example>")
        assert headers(raw)[0] == name
        assert name in notice.html
        assert "Neighbors Together" not in notice.html + notice.text
        assert request_of(notice, SENDER)["from"]["name"] == name


def test_the_archive_calls_it_so_in_that_language() -> None:
    page = issue_page(*spanish(), MOMENT)
    site = Site(coalition=COALITION, templates=TEMPLATES, base="https://x.example/",
                languages=("en", "es"))  # fmt: skip
    files = archive_files(site, [page], [])
    for name in ("es/index.html", "feed-es.xml", page.path):
        assert "Vecinas y Vecinos" in str(files[name])
        assert "Neighbors Together" not in str(files[name])
    assert "Neighbors Together" in str(files["en/index.html"])
