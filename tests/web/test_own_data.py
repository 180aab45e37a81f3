"""Own data: only through a fresh link that was mailed, and then all of it."""

import json

import pytest

from newsletter.model.delivery import DeliveryState
from newsletter.model.ledger import NewSend
from newsletter.model.subscriber import Purpose, SuppressionReason
from tests.web.conftest import Pages, submit


def mailed(pages: Pages, address: str = "ana@x.example") -> str:
    submit(pages.client(), "/links", address=address)
    pages.later.wait()
    return pages.mailbox.link("data")


def test_the_link_is_mailed_to_who_is_on_the_list_and_the_page_does_not_tell(pages: Pages) -> None:
    pages.person()
    answers = []
    for address in ("ana@x.example", "nobody@x.example"):
        client = pages.client()
        answer = submit(client, "/links", address=address)
        answers.append((answer.status_code, answer.text, client.get(answer.location).text))
    pages.later.wait()
    assert answers[0] == answers[1]
    assert [mail.address for mail in pages.mailbox.notices] == ["ana@x.example"]


def test_everything_that_is_stored_is_shown_and_can_be_taken_along(pages: Pages) -> None:
    person = pages.person(topics=frozenset({"legal"}))
    link = mailed(pages)
    shown = pages.client().get(link).text
    for value in (
        "ana@x.example",
        "sheet",
        "Ayuda legal",
        "Cada semana",
        "20 de noviembre de 2026",
    ):
        assert value in shown
    copy = pages.client().get(f"{link}/newsletter-data.json")
    assert copy.headers["Content-Disposition"].startswith("attachment")
    data = json.loads(copy.text)
    assert (data["address"], data["proof"]) == (person.address, "sheet")


def test_what_was_sent_to_somebody_is_theirs_to_see_and_take_along(pages: Pages) -> None:
    ana, other = pages.person(), pages.person("bo@x.example")
    ledger = pages.workspace.ledger
    new = NewSend(issue_id="2026-W47", digest="d" * 64, editions={"es": "e" * 64})
    ledger.freeze(new, lambda person: "es", now=pages.now)
    link = mailed(pages)
    assert "<bdi>Semana del 16 de noviembre de 2026</bdi>" in pages.client().get(link).text
    data = json.loads(pages.client().get(f"{link}/newsletter-data.json").text)
    assert data["mailed"] == "2026-W47 es waiting"
    pages.workspace.subscribers.suppress(ana.address, SuppressionReason.LEFT, pages.now)
    assert ledger.mailed_to(other.id)[0].state is DeliveryState.WAITING


@pytest.mark.parametrize(
    ("proof", "shown"),
    [
        ("asked on the public page (es, wording web-1)", "En la página de suscripción"),
        (
            "asked on the public page (es, wording web-1); confirmed by the mailed link",
            "En la página de suscripción, y lo confirmó con el enlace del correo",
        ),
        ("form at the Friday table", "form at the Friday table"),
    ],
)
def test_how_one_agreed_is_said_in_the_readers_language(
    pages: Pages, proof: str, shown: str
) -> None:
    """The program's own English stood on a page that tells people their rights."""
    pages.person(proof=proof)
    assert f"<bdi>{shown}</bdi>" in pages.client().get(mailed(pages)).text


def test_erasing_needs_our_own_form_and_then_is_done_at_once(pages: Pages) -> None:
    person = pages.person()
    link = mailed(pages)
    assert pages.client().post(f"{link}/erase").status_code == 400
    assert pages.workspace.subscribers.get(person.id) == person
    client = pages.client()
    shown = client.get(link).text
    token = shown.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    answer = client.post(f"{link}/erase", data={"csrf_token": token})
    assert "Sus datos están borrados" in answer.text
    assert pages.workspace.subscribers.get(person.id) is None
    assert pages.workspace.subscribers.suppression(person.address) is SuppressionReason.ERASED
    assert pages.client().get(link).status_code == 410


def test_a_link_to_data_lives_an_hour(pages: Pages) -> None:
    pages.person()
    link = mailed(pages)
    pages.pass_time(minutes=59)
    assert pages.client().get(link).status_code == 200
    pages.pass_time(minutes=3)
    for path in (link, f"{link}/newsletter-data.json"):
        assert pages.client().get(path).status_code == 410


def test_the_links_of_a_forwarded_digest_do_not_open_data(pages: Pages) -> None:
    person = pages.person()
    undated = pages.link(Purpose.DATA, person)
    other = pages.link(Purpose.PREFERENCES, person).replace("preferences", "data")
    assert pages.client().get(undated).status_code == 410
    assert pages.client().get(other).status_code == 404
