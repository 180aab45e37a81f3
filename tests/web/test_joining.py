"""Subscribe and confirm: double opt-in, and a form that tells nobody who is on the list."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from limits import parse

from newsletter.errors import ServiceError
from newsletter.model.delivery import Refused
from newsletter.model.notice import Notice
from newsletter.model.subscriber import Frequency, Purpose, SubscriberState, SuppressionReason
from newsletter.people.sign_up_keys import sign_up_page
from newsletter.web.limits import may_mail
from tests.web.conftest import Pages, submit

WISH = {"address": "Ana@x.example", "edition": "es", "frequency": "monthly"}


def asked(pages: Pages, **values: object) -> str:
    """Ask to join; the path of the link that is mailed."""
    submit(pages.client(), "/subscribe", **(WISH | values))
    pages.later.wait()
    return pages.mailbox.link("confirm")


def test_from_the_form_to_the_list(pages: Pages) -> None:
    answer = submit(
        pages.client("es"),
        "/subscribe",
        **WISH,
        topics=["legal"],
        regions=["los-angeles"],
        discreet="y",
    )
    assert (answer.status_code, answer.location) == (303, "/subscribe/sent")
    pages.later.wait()
    (mail,) = pages.mailbox.notices
    assert (mail.address, mail.language) == ("Ana@x.example", "es")
    assert mail.subject == "Confirme, por favor"  # discreet: it does not name the coalition
    waiting = pages.workspace.subscribers.by_address("ana@x.example")
    assert waiting is not None
    assert waiting.state is SubscriberState.PENDING

    pages.pass_time(days=1)
    done = submit(pages.client(), pages.mailbox.link("confirm"))
    assert "Le damos la bienvenida" in done.text  # in the language they read
    person = pages.workspace.subscribers.by_address("ana@x.example")
    assert person is not None
    assert person.state is SubscriberState.CONFIRMED
    assert person.frequency is Frequency.MONTHLY
    assert (person.topics, person.regions) == ({"legal"}, {"los-angeles"})
    assert person.discreet
    assert person.joined_at == datetime(2026, 11, 20, 9, tzinfo=UTC)
    assert person.confirmed_at == datetime(2026, 11, 21, 9, tzinfo=UTC)
    assert person.proof == (
        "asked on the public page (es, wording web-2); confirmed by the mailed link"
    )


def test_who_is_on_the_list_and_asks_for_a_neutral_sender_is_answered_by_one(pages: Pages) -> None:
    pages.person("ana@x.example", language="es")
    submit(pages.client(), "/subscribe", **WISH, discreet="y")
    pages.later.wait()
    (mail,) = pages.mailbox.notices
    assert mail.subject == "Su suscripción ya está activa"
    assert mail.discreet
    person = pages.workspace.subscribers.by_address("ana@x.example")
    assert person is not None
    assert not person.discreet  # anybody can fill in the form


def test_a_scanner_that_opens_the_link_confirms_nothing(pages: Pages) -> None:
    link = asked(pages)
    for method in ("GET", "HEAD"):
        assert pages.client().open(link, method=method).status_code == 200
    assert pages.client().post(link).status_code == 400  # no form, no cookie
    person = pages.workspace.subscribers.by_address("ana@x.example")
    assert person is not None
    assert person.state is SubscriberState.PENDING


def test_the_answer_is_the_same_whether_or_not_an_address_is_known(pages: Pages) -> None:
    pages.person("known@x.example")
    pages.workspace.subscribers.suppress("gone@x.example", SuppressionReason.COMPLAINED, pages.now)
    answers = []
    for address in ("known@x.example", "gone@x.example", "new@x.example"):
        client = pages.client()
        answer = submit(client, "/subscribe", **(WISH | {"address": address}))
        shown = client.get(answer.location).text
        answers.append((answer.status_code, answer.location, answer.text, shown))
    assert len(set(answers)) == 1


def test_the_page_answers_before_the_address_is_looked_up(pages: Pages) -> None:
    client = pages.client()
    token = re.search(r'csrf_token"[^>]*value="([^"]+)"', client.get("/subscribe").text)
    assert token is not None
    pages.workspace.__dict__["subscribers"] = None  # whoever looks now fails
    taken = []
    pages.later.do = lambda job: not taken.append(job)  # type: ignore[method-assign]
    answer = client.post("/subscribe", data={"csrf_token": token[1], **WISH})
    assert answer.status_code == 303
    assert len(taken) == 1


def test_who_is_on_the_list_is_reminded_and_nothing_of_theirs_changes(pages: Pages) -> None:
    before = pages.person("ana@x.example")
    submit(pages.client(), "/subscribe", **WISH)
    pages.later.wait()
    assert pages.workspace.subscribers.by_address("ana@x.example") == before
    assert "Su suscripción ya está activa" in pages.mailbox.notices[-1].subject
    assert pages.client().get(pages.mailbox.link("preferences")).status_code == 200


def test_nobody_is_mailed_often_through_the_form(pages: Pages) -> None:
    for _ in range(2):
        asked(pages)
    assert len(pages.mailbox.notices) == 1  # just asked
    for _ in range(5):
        pages.pass_time(minutes=11)
        asked(pages)
    assert len(pages.mailbox.notices) == 2  # the third and last request of the day was the second


def test_the_pages_stop_mailing_when_far_too_many_people_are_mailed(
    pages: Pages, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.limits.MAILS_AT_ALL", parse("20 per hour"))
    with pages.app.app_context():
        for number in range(20):
            assert may_mail(f"p{number}@x.example")
    submit(pages.client(), "/subscribe", **WISH)
    pages.later.wait()
    assert pages.mailbox.notices == []
    assert "more than 1000 mails" in caplog.text


def test_who_complained_is_never_mailed_by_the_form(pages: Pages) -> None:
    pages.workspace.subscribers.suppress("ana@x.example", SuppressionReason.COMPLAINED, pages.now)
    submit(pages.client(), "/subscribe", **WISH)
    pages.later.wait()
    assert pages.mailbox.notices == []


def test_who_left_may_come_back_by_asking_and_confirming(pages: Pages) -> None:
    store = pages.workspace.subscribers
    store.suppress("ana@x.example", SuppressionReason.LEFT, pages.now)
    link = asked(pages)
    assert store.suppressed(["ana@x.example"])
    submit(pages.client(), link)
    assert store.suppressed(["ana@x.example"]) == set()


def test_a_link_used_again_says_so_and_changes_nothing(pages: Pages) -> None:
    link = asked(pages)
    submit(pages.client(), link)
    before = pages.workspace.subscribers.by_address("ana@x.example")
    again = pages.client("en").get(link)
    assert "Este enlace ya se usó" in again.text
    assert pages.workspace.subscribers.by_address("ana@x.example") == before


def test_a_used_link_brings_nobody_back_who_left_since(pages: Pages) -> None:
    link = asked(pages)
    submit(pages.client(), link)
    pages.workspace.subscribers.suppress("ana@x.example", SuppressionReason.LEFT, pages.now)
    answer = pages.client().get(link)
    assert answer.status_code == 410
    assert "You are not subscribed" in answer.text
    assert pages.workspace.subscribers.by_address("ana@x.example") is None


def test_a_link_expires_after_a_week(pages: Pages) -> None:
    link = asked(pages)
    pages.pass_time(days=7, minutes=2)
    answer = pages.client().get(link)
    assert answer.status_code == 410
    assert "Este enlace ya venció" in answer.text


def test_who_never_confirmed_is_forgotten_when_the_next_person_asks(pages: Pages) -> None:
    asked(pages)
    pages.pass_time(days=8)
    asked(pages, address="bo@x.example")
    assert pages.workspace.subscribers.by_address("ana@x.example") is None


@pytest.mark.parametrize("purpose", [Purpose.LEAVE, Purpose.PREFERENCES, Purpose.DATA])
def test_a_link_for_something_else_confirms_nothing(pages: Pages, purpose: Purpose) -> None:
    asked(pages)
    person = pages.workspace.subscribers.by_address("ana@x.example")
    assert person is not None
    token = pages.link(purpose, person, aged=True).rpartition("/")[2]
    answer = pages.client().get(f"/confirm/{token}")
    assert answer.status_code == 404
    assert "This link does not work" in answer.text


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"address": "ana"}, "Write your email address"),
        ({"address": ""}, "Write your email address"),
        ({"edition": "fr"}, "Choose one of these"),
        ({"frequency": "daily"}, "Choose one of these"),
    ],
)
def test_a_form_filled_in_wrongly_says_where(
    pages: Pages, values: dict[str, object], error: str
) -> None:
    answer = submit(pages.client(), "/subscribe", **(WISH | values))
    assert answer.status_code == 200
    assert error in answer.text
    assert "<title>Error: " in answer.text
    pages.later.wait()
    assert pages.mailbox.notices == []


def test_a_program_that_fills_in_everything_is_thanked_and_ignored(pages: Pages) -> None:
    answer = submit(pages.client(), "/subscribe", **WISH, website="https://spam.example")
    assert answer.location == "/subscribe/sent"
    pages.later.wait()
    assert pages.mailbox.notices == []


def test_the_form_offers_the_members_topics_and_regions_in_words(pages: Pages) -> None:
    shown = pages.client().get("/subscribe").text
    for words in ("Housing", "Legal", "Work", "Los Angeles", "Central Valley"):
        assert f">{words}</label>" in shown


def test_links_in_mails_name_the_public_address_whatever_host_was_asked(pages: Pages) -> None:
    client = pages.client()
    client.environ_base["HTTP_HOST"] = "evil.example"
    submit(client, "/subscribe", **WISH)
    pages.later.wait()
    assert "evil" not in pages.mailbox.notices[-1].text + pages.mailbox.notices[-1].html


def test_many_people_ask_on_one_tablet_with_a_key_that_an_editor_gave_out(pages: Pages) -> None:
    url = sign_up_page(pages.workspace.links, now=pages.now)
    page = url.removeprefix(pages.workspace.config.coalition.public_url)
    client = pages.client()
    answers = [
        submit(client, page, address=f"p{n}@x.example", edition="es", frequency="weekly")
        for n in range(40)
    ]
    assert {answer.status_code for answer in answers} == {303}
    shown = client.get(answers[0].location).text
    assert "We are sending you a mail" in shown
    assert "p0@x.example" not in shown
    pages.later.wait()
    assert len(pages.mailbox.notices) == 40
    pages.pass_time(days=32)
    assert client.get(page).location == "/subscribe"
    assert client.get("/subscribe/made-up").location == "/subscribe"
    for _ in range(20):
        last = client.post("/subscribe/made-up", data={"address": "z@x.example"})
    assert last.status_code in (400, 429)


class Greylisting:
    """A mail server that puts off whatever comes, until it takes it."""

    def __init__(self, pages: Pages) -> None:
        self.pages, self.answers, self.tries = pages, False, 0

    def send(self, notice: Notice) -> None:
        self.tries += 1
        if not self.answers:
            raise ServiceError("the mail server puts a mail off: try again")
        self.pages.mailbox.notices.append(notice)


@pytest.fixture
def greylisting(pages: Pages) -> Greylisting:
    server = Greylisting(pages)
    pages.workspace.__dict__["post"] = server
    return server


def look(pages: Pages) -> None:
    """What the pages do each minute."""
    pages.app.extensions["newsletter"].send_notices()


def test_a_mail_that_cannot_leave_is_tried_until_it_left(
    pages: Pages, greylisting: Greylisting
) -> None:
    submit(pages.client(), "/subscribe", **WISH)
    pages.later.wait()
    for _ in range(30):
        pages.pass_time(minutes=1)
        look(pages)
    assert 3 <= greylisting.tries <= 5  # at once, and after 1, 5 and 15 minutes
    assert pages.mailbox.notices == []
    greylisting.answers = True
    pages.pass_time(hours=1)
    look(pages)
    look(pages)
    assert [mail.address for mail in pages.mailbox.notices] == ["Ana@x.example"]
    assert pages.client().get(pages.mailbox.link("confirm")).status_code == 200


def test_tries_do_not_count_as_asking_and_asking_again_works(
    pages: Pages, greylisting: Greylisting
) -> None:
    submit(pages.client(), "/subscribe", **WISH)
    pages.later.wait()
    for _ in range(5):
        pages.pass_time(minutes=20)
        look(pages)
    greylisting.answers = True
    asked(pages)
    look(pages)
    assert len(pages.mailbox.notices) == 1  # that one, and not the queued one besides


def test_what_is_given_up_after_three_days_is_logged_and_names_nobody(
    pages: Pages, greylisting: Greylisting, caplog: pytest.LogCaptureFixture
) -> None:
    submit(pages.client(), "/subscribe", **WISH)
    pages.later.wait()
    for _ in range(24 * 3 + 1):
        pages.pass_time(hours=1)
        look(pages)
    (given_up,) = (line for line in caplog.messages if "gave up" in line)
    assert given_up.startswith("gave up on mail 1 (confirm) after try 73: ")
    assert pages.app.extensions["newsletter"].given_up.value == 1
    assert "x.example" not in caplog.text
    tries = greylisting.tries
    pages.pass_time(hours=5)
    look(pages)
    assert greylisting.tries == tries


def test_a_mail_that_is_refused_is_logged_by_its_number_and_not_tried_again(
    pages: Pages, greylisting: Greylisting, caplog: pytest.LogCaptureFixture
) -> None:
    class Refusing:
        def send(self, _notice: Notice) -> Refused:
            return Refused(reason="550 5.1.1 no such user")

    pages.workspace.__dict__["post"] = Refusing()
    submit(pages.client(), "/subscribe", **WISH)
    pages.later.wait()
    pages.pass_time(hours=1)
    look(pages)
    (line,) = caplog.messages
    assert line == "gave up on mail 1 (confirm) after try 1: 550 5.1.1 no such user"
    assert pages.app.extensions["newsletter"].given_up.value == 1


class Broken(Greylisting):
    """Something of ours that is wrong for one address: nobody foresaw it."""

    def send(self, notice: Notice) -> None:
        if "ana" in notice.address.lower():
            self.tries += 1
            raise KeyError(notice.address)
        self.pages.mailbox.notices.append(notice)


def test_a_fault_of_ours_costs_no_other_mail_and_is_not_tried_for_ever(
    pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    pages.workspace.__dict__["post"] = broken = Broken(pages)
    submit(pages.client(), "/subscribe", **WISH)
    submit(pages.client(), "/subscribe", **WISH | {"address": "bo@x.example"})
    pages.later.wait()
    assert [mail.address for mail in pages.mailbox.notices] == ["bo@x.example"]
    stuck = pages.workspace.notice_queue.stuck(now=pages.now)
    assert (stuck.waiting, stuck.given_up, stuck.reason) == (1, 0, "KeyError")
    for _ in range(24 * 3 + 1):
        pages.pass_time(hours=1)
        look(pages)
    tries = broken.tries
    for _ in range(3):
        pages.pass_time(hours=5)
        look(pages)
    assert 72 <= tries == broken.tries <= 80
    stuck = pages.workspace.notice_queue.stuck(now=pages.now)
    assert (stuck.waiting, stuck.given_up, stuck.reason) == (0, 1, "KeyError")
    assert "gave up on mail 1 (confirm) after try 73: KeyError" in caplog.text
    assert "x.example" not in caplog.text.lower()


def test_who_left_or_confirmed_meanwhile_gets_no_late_mail(
    pages: Pages, greylisting: Greylisting
) -> None:
    submit(pages.client(), "/subscribe", **WISH)
    pages.later.wait()
    greylisting.answers = True
    pages.workspace.subscribers.suppress("ana@x.example", SuppressionReason.LEFT, pages.now)
    pages.pass_time(hours=1)
    look(pages)
    assert pages.mailbox.notices == []
    queue = pages.workspace.notice_queue
    assert queue.take(now=pages.now + timedelta(days=9), lease=timedelta(1)) is None


@pytest.mark.parametrize(
    ("asked", "edition"),
    [
        ("es-MX,en;q=0.5", "es"),
        ("es-419,en-US;q=0.9,en;q=0.8", "es"),
        ("en;q=0.5, es-MX;q=0.9", "es"),
        ("de, tl;q=0.8", "fil"),  # an edition that no page speaks
        ("zh-TW,zh;q=0.9,es;q=0.8", "es"),  # zh-Hant is not zh-Hans; the zh comes from zh-TW
        ("zh-CN,zh;q=0.9,es;q=0.8", "zh-Hans"),
        ("es;q=0, fr", "en"),
    ],
)
def test_an_edition_the_browser_asks_for_is_chosen_beforehand(
    pages: Pages, asked: str, edition: str
) -> None:
    config = pages.workspace.config
    coalition = replace(config.coalition, languages=("en", "es", "fil", "zh-Hans"))
    pages.workspace.__dict__["config"] = replace(config, coalition=coalition)
    page = pages.app.test_client().get("/subscribe", headers={"Accept-Language": asked})
    assert re.findall(r'name="edition" value="([^"]+)" checked', page.text) == [edition]
