"""Leave: RFC 8058, and nothing that a mail scanner could press."""

import pytest

from newsletter.model.subscriber import Purpose, SuppressionReason
from tests.web.conftest import Pages


def test_a_mail_program_leaves_with_one_post_no_cookie_and_no_form(pages: Pages) -> None:
    person = pages.person()
    link = pages.link(Purpose.LEAVE, person)
    answer = pages.client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    assert pages.workspace.subscribers.get(person.id) is None
    assert pages.workspace.subscribers.suppression(person.address) is SuppressionReason.LEFT


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_scanner_that_opens_the_link_changes_nothing(pages: Pages, method: str) -> None:
    person = pages.person()
    assert pages.client().open(pages.link(Purpose.LEAVE, person), method=method).status_code == 200
    assert pages.workspace.subscribers.get(person.id) == person


def test_the_page_shows_one_button_and_speaks_the_readers_language(pages: Pages) -> None:
    shown = pages.client("en").get(pages.link(Purpose.LEAVE, pages.person())).text
    assert shown.count("<button") == 1
    assert "¿Quiere darse de baja?" in shown
    assert "ana@x.example" not in shown


def test_leaving_again_says_that_one_has_left(pages: Pages) -> None:
    link = pages.link(Purpose.LEAVE, pages.person())
    pages.client().post(link)
    for answer in (pages.client().get(link), pages.client().post(link)):
        assert answer.status_code == 200
        assert "You are not subscribed" in answer.text


def test_leaving_works_from_an_issue_of_years_ago(pages: Pages) -> None:
    person = pages.person()
    link = pages.link(Purpose.LEAVE, person)
    pages.pass_time(days=3000)
    assert pages.client().post(link).status_code == 200
    assert pages.workspace.subscribers.get(person.id) is None


def test_a_forged_link_takes_nobody_off(pages: Pages) -> None:
    person = pages.person()
    token = pages.workspace.links.make(Purpose.PREFERENCES, person.id)
    for forged in (token, "x" * 35, token[:-1], "%00", "../../etc"):
        assert pages.client().post(f"/leave/{forged}").status_code == 404
    assert pages.workspace.subscribers.get(person.id) == person


def test_many_people_may_leave_from_one_address(pages: Pages) -> None:
    client = pages.client()
    link = pages.link(Purpose.LEAVE, pages.person())
    assert {client.post(link).status_code for _ in range(320)} == {200}
