"""SendGrid: what is asked, and what each answer does to the ledger's people."""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from newsletter.errors import ServiceError
from newsletter.model.delivery import Accepted, Deferred, Outcome, Refused, Uncertain
from newsletter.model.message import InlinePicture, Message, RenderedEdition
from newsletter.sending.transports.retry import NOT_TRIED
from newsletter.sending.transports.sendgrid import Api, Sendgrid
from newsletter.sending.transports.sendgrid_request import EditionBody, in_requests
from newsletter.sending.transports.transport import Claim, Settled
from tests.processes import PATIENCE
from tests.sending.parts import SENDER, edition
from tests.sending.sendgrid_stub import Stub, taken
from tests.signals import signalled_beside

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
FULL = edition("en", pictures=(InlinePicture(cid="p@x", media_type="image/png", data=b"\x89PNG"),))


def message(number: int, made: RenderedEdition = FULL, **changes: object) -> Message:
    fields = {
        "delivery_id": number,
        "edition": made,
        "address": f"person{number}@example.org",
        "message_id": f"<token{number}@coalition.example>",
        "personal": {
            "@@leave_url@@": f"https://news.example/leave/{number}",
            "@@preferences_url@@": f"https://news.example/preferences/{number}",
        },
    }
    return Message(**{**fields, **changes})


@dataclass
class Line:
    """A queue over a list of messages: gives each until it is settled for good."""

    waiting: list[Message]
    outcomes: dict[int, list[Outcome]] = field(default_factory=dict)
    slept: list[float] = field(default_factory=list)
    stop_after: int = 20
    leases: list[bool] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    held: dict[int, Message] = field(default_factory=dict)

    def settle_and_claim(self, settled: Sequence[Settled], want: int) -> Claim:
        with self.lock:
            for each in settled:
                self.outcomes.setdefault(each.delivery_id, []).append(each.outcome)
                back = self.held.pop(each.delivery_id)
                if isinstance(each.outcome, Deferred) and len(self.slept) < self.stop_after:
                    self.waiting.append(back)
            given, self.waiting = self.waiting[:want], self.waiting[want:]
            self.held.update((one.delivery_id, one) for one in given)
            return Claim(messages=tuple(given))

    def lease_is_held(self) -> bool:
        return self.leases.pop(0) if self.leases else True

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


@pytest.fixture
def stub(tmp_path: Path) -> Iterator[Stub]:
    with Stub(tmp_path / "taken") as running:
        yield running


def sendgrid(stub: Stub, **more: Any) -> Sendgrid:
    api = Api("SG.key", host=stub.url, clock=lambda: NOW, seconds=more.pop("seconds", PATIENCE))
    return Sendgrid(api, SENDER, clock=lambda: NOW, **{"connections": 1, **more})


def deliver(stub: Stub, count: int, **more: Any) -> Line:
    line = Line([message(number) for number in range(count)])
    sendgrid(stub, **more).deliver(line)
    return line


def last(line: Line) -> dict[int, Outcome]:
    return {number: outcomes[-1] for number, outcomes in line.outcomes.items()}


def test_everyone_is_asked_for_once_in_requests_of_the_size_set(stub: Stub) -> None:
    line = deliver(stub, 25, request_size=10)
    sizes = [len(body["personalizations"]) for body in stub.bodies]
    assert sizes == [10, 10, 5]
    assert set(last(line).values()) == {Accepted(provider_id="sg-1")}
    order = [p["to"][0]["email"] for body in stub.bodies for p in body["personalizations"]]
    assert order == [f"person{number}@example.org" for number in range(25)]


def test_each_person_has_their_own_links_headers_and_our_argument(stub: Stub) -> None:
    deliver(stub, 2)
    (first, second) = stub.bodies[0]["personalizations"]
    assert first["substitutions"]["@@leave_url@@"] == "https://news.example/leave/0"
    assert second["headers"]["List-Unsubscribe"] == "<https://news.example/leave/1>"
    assert second["headers"]["Message-ID"] == "<token1@coalition.example>"
    assert second["custom_args"] == {"newsletter_delivery": "token1"}
    assert stub.bodies[0]["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


@pytest.mark.parametrize("unsafe", ['"', "\\", "<", "&", " ", "é", "\n"])
def test_a_link_that_would_mean_something_else_in_json_or_html_is_never_sent(unsafe: str) -> None:
    personal = {**message(1).personal, "@@leave_url@@": f"https://news.example/{unsafe}"}
    body = EditionBody(FULL, SENDER)
    with pytest.raises(ValueError, match="not a plain URL"):
        body.request([message(1)._replace(personal=personal)])


def test_nobody_is_tracked_whatever_the_account_says(stub: Stub) -> None:
    deliver(stub, 1)
    settings = stub.bodies[0]["tracking_settings"]
    assert {name for name, value in settings.items() if value["enable"]} == set()
    assert set(settings) == {
        "click_tracking",
        "open_tracking",
        "subscription_tracking",
        "ganalytics",
    }
    assert settings["click_tracking"]["enable_text"] is False


def test_requests_are_as_the_published_description_wants_them(corpora: Path) -> None:
    text = (corpora / "sendgrid-openapi" / "tsg_mail_v3.json").read_text()
    described = json.loads(text)
    schema = {
        "$ref": "#/components/requestBodies/PostMailSend/content/application~1json/schema",
        "components": described["components"],
    }
    validator = jsonschema.Draft202012Validator(schema)
    people = [message(number) for number in range(1000)]
    sender = replace(SENDER, reply_to="editors@coalition.example")
    for made in (FULL, edition("es")):
        body = EditionBody(made, sender)
        plain = body.request([one._replace(edition=made) for one in people])
        neutral = EditionBody(made, sender, discreet=True)
        rich = neutral.request([message(1, discreet=True)], sandbox=True, batch_id="b", send_at=NOW)
        for request in (plain, rich):
            validator.validate(json.loads(request))
    too_many = body.request([*people, message(1000)])
    with pytest.raises(jsonschema.ValidationError, match="too long"):
        validator.validate(json.loads(too_many))


def test_an_address_twice_in_other_capitals_goes_into_another_request() -> None:
    twice = [message(1, address="Ana@example.org"), message(2, address="ana@EXAMPLE.org")]
    assert [[one.delivery_id for one in each] for each in in_requests(twice, 500)] == [[1], [2]]


def test_a_request_carries_one_edition() -> None:
    spanish = edition("es")
    mixed = [message(1), message(2, spanish), message(3), message(4, spanish)]
    found = in_requests(mixed, 500)
    assert [[one.delivery_id for one in each] for each in found] == [[1, 3], [2, 4]]


def test_discreet_copies_are_a_request_of_their_own_that_names_nothing(stub: Stub) -> None:
    line = Line([message(1), message(2, discreet=True), message(3)])
    sendgrid(stub).deliver(line)
    open_ones, discreet = stub.bodies
    assert len(open_ones["personalizations"]) == 2
    assert discreet["from"]["name"] == "Weekly update"
    assert discreet["subject"] == "Your weekly update"
    for part in discreet["content"]:
        shown = part["value"].partition("<body>")[2] or part["value"]
        assert re.sub(r"^<[^>]*>", "", shown).startswith("Your weekly update")
    assert set(last(line).values()) == {Accepted(provider_id="sg-1")}


def test_the_answer_to_one_request_is_written_down_before_the_next_one_leaves(stub: Stub) -> None:
    """At stake is one request a thread: while SendGrid asks us to wait, nobody is."""
    spanish = edition("es")
    line = Line([message(1), message(2, spanish)])
    known: list[set[int]] = []

    def respond(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        known.append(set(line.outcomes))
        return taken(body)

    stub.respond = respond
    sendgrid(stub, connections=1).deliver(line)
    assert known == [set(), {1}]


def test_nobody_is_posted_who_may_belong_to_another_sender_by_now(stub: Stub) -> None:
    line = Line([message(1), message(2)], leases=[False, True])
    sendgrid(stub).deliver(line)
    assert line.outcomes == {n: [NOT_TRIED, Accepted(provider_id="sg-1")] for n in (1, 2)}
    assert len(stub.bodies) == 1


def test_an_address_that_sendgrid_cannot_take_is_refused_without_asking(stub: Stub) -> None:
    line = Line([message(1, address="ñandú@example.org"), message(2)])
    sendgrid(stub).deliver(line)
    assert isinstance(last(line)[1], Refused)
    assert last(line)[2] == Accepted(provider_id="sg-1")
    assert len(stub.bodies[0]["personalizations"]) == 1


def test_one_bad_address_does_not_cost_the_others_their_mail(stub: Stub) -> None:
    def respond(body: dict[str, Any]) -> tuple[int, dict[str, str], bytes]:
        for at, person in enumerate(body["personalizations"]):
            if person["to"][0]["email"].startswith("person3@"):
                error = {"field": f"personalizations.{at}.to.0.email", "message": "not valid"}
                return 400, {}, json.dumps({"errors": [error]}).encode()
        return taken(body)

    stub.respond = respond
    outcomes = last(deliver(stub, 5))
    assert outcomes.pop(3) == Refused(reason="not valid", code="400")
    assert set(outcomes.values()) == {Accepted(provider_id="sg-1")}


@pytest.mark.parametrize(
    ("status", "content"),
    [
        (401, b'{"errors": [{"field": null, "message": "wrong key"}]}'),
        (413, b"too large"),
        (400, b'{"errors": [{"field": "from.email", "message": "not verified"}]}'),
    ],
)
def test_a_wrong_account_or_request_stops_the_send_and_refuses_nobody(
    stub: Stub, status: int, content: bytes
) -> None:
    stub.respond = lambda body: (status, {}, content)
    line = Line([message(number) for number in range(3)])
    line.stop_after = 0
    with pytest.raises(ServiceError, match="refuses to send"):
        sendgrid(stub).deliver(line)
    assert set(last(line).values()) == {NOT_TRIED}
    assert len(stub.bodies) == 1


def test_too_many_requests_waits_until_the_time_named(stub: Stub) -> None:
    answers = [(429, {"X-RateLimit-Reset": str(int(NOW.timestamp()) + 42)}, b"{}")]
    stub.respond = lambda body: answers.pop() if answers else taken(body)
    line = deliver(stub, 3)
    assert line.slept == [42.0]
    assert [NOT_TRIED, Accepted(provider_id="sg-1")] == line.outcomes[0]


@pytest.mark.parametrize("content", [b"", b"<html>oops</html>", b'{"errors": "odd"}'])
def test_a_server_error_puts_off_even_when_its_body_is_not_json(stub: Stub, content: bytes) -> None:
    answers = [(503, {}, content)]
    stub.respond = lambda body: answers.pop() if answers else taken(body)
    line = deliver(stub, 2)
    assert isinstance(line.outcomes[0][0], Deferred)
    assert line.outcomes[0][0] != NOT_TRIED
    assert line.outcomes[0][1] == Accepted(provider_id="sg-1")


@pytest.mark.parametrize("status", [502, 504])
def test_a_gateway_error_leaves_everyone_uncertain(stub: Stub, status: int) -> None:
    stub.respond = lambda body: (status, {}, b"")
    line = deliver(stub, 2)
    assert {type(outcome) for outcome in last(line).values()} == {Uncertain}
    assert len(stub.bodies) == 1


def test_a_connection_dropped_after_the_request_leaves_everyone_uncertain(stub: Stub) -> None:
    stub.respond = lambda body: None
    line = deliver(stub, 2)
    assert {type(outcome) for outcome in last(line).values()} == {Uncertain}
    assert len(stub.bodies) == 1


def test_no_answer_in_time_leaves_everyone_uncertain(stub: Stub) -> None:
    release = threading.Event()

    def slow(body: dict[str, Any]) -> None:
        release.wait(PATIENCE)

    stub.respond = slow
    line = deliver(stub, 2, seconds=2.0)
    release.set()
    unheard = Uncertain(reason="posted, then no answer in time")
    assert list(last(line).values()) == [unheard, unheard]


def test_being_asked_to_end_is_heard_while_requests_are_under_way(stub: Stub) -> None:
    heard = threading.Event()
    stub.respond = lambda body: taken(body) if heard.wait(PATIENCE) else None
    with signalled_beside(heard.set, after=0.2):
        line = deliver(stub, 2, seconds=PATIENCE)
    assert {type(outcome) for outcome in last(line).values()} == {Accepted}


def test_a_service_that_cannot_be_reached_costs_nobody_anything(stub: Stub) -> None:
    away = Api("SG.key", host="http://127.0.0.1:9", clock=lambda: NOW)
    line = Line([message(1)], stop_after=3)
    Sendgrid(away, SENDER, clock=lambda: NOW, connections=1).deliver(line)
    assert set(line.outcomes[1]) == {NOT_TRIED}
    assert set(line.slept) == {1.0}


def test_the_sandbox_checks_and_sends_nothing(stub: Stub, tmp_path: Path) -> None:
    assert sendgrid(stub).rehearse([message(1)]) == "SendGrid would take it"
    assert stub.bodies[0]["mail_settings"] == {"sandbox_mode": {"enable": True}}
    assert (tmp_path / "taken").read_text() == ""


def test_held_mail_is_scheduled_under_a_name_and_can_be_recalled(stub: Stub) -> None:
    made = sendgrid(stub, held_for=timedelta(minutes=30))
    stub.respond = lambda body: (201, {}, b'{"batch_id": "b-1"}')
    assert made.hold(None) == "b-1"
    assert made.hold("b-1") == "b-1"  # a send that goes on keeps its name
    stub.respond = taken
    made.deliver(Line([message(1)]))
    assert stub.bodies[0] is None  # the published description knows no body there
    assert stub.bodies[-1]["batch_id"] == "b-1"
    assert stub.bodies[-1]["send_at"] == int((NOW + timedelta(minutes=30)).timestamp())
    made.recall("b-1")
    assert stub.bodies[-1] == {"batch_id": "b-1", "status": "cancel"}
    assert stub.paths == ["/v3/mail/batch", "/v3/mail/send", "/v3/user/scheduled_sends"]


def test_several_requests_run_at_once_and_nobody_is_asked_for_twice(stub: Stub) -> None:
    line = deliver(stub, 200, request_size=7, connections=4)
    asked = [p["to"][0]["email"] for body in stub.bodies for p in body["personalizations"]]
    assert len(asked) == len(set(asked)) == 200
    assert set(last(line).values()) == {Accepted(provider_id="sg-1")}
