"""Single mails through SendGrid: what it is asked, and what its answers lead to."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import jsonschema
import pytest

from newsletter.errors import ServiceError
from newsletter.model.coalition import Sender
from newsletter.model.delivery import Refused, Uncertain
from newsletter.model.message import InlinePicture
from newsletter.model.notice import Notice
from newsletter.sending.transports.notices_sendgrid import SendgridPost, request_of
from newsletter.sending.transports.sendgrid import Api
from tests.processes import PATIENCE
from tests.sending.sendgrid_stub import Stub

SENDER = Sender(name="Coalition", address="news@coalition.example", reply_to="ed@x.example")
NOTICE = Notice(
    address="ana@x.example", language="es", subject="Confirme", text="t\n", html="<p>t</p>"
)


@pytest.fixture
def stub(tmp_path: Path) -> Iterator[Stub]:
    with Stub(tmp_path / "taken", lambda _body: (200, {}, b"")) as running:
        yield running


def post(stub: Stub) -> SendgridPost:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    api = Api("key", clock=lambda: now, host=stub.url, seconds=PATIENCE)
    return SendgridPost(api, SENDER)


def test_one_person_is_asked_for_and_nothing_is_tracked(stub: Stub) -> None:
    post(stub).send(NOTICE)
    (body,) = stub.bodies
    assert body["personalizations"] == [{"to": [{"email": "ana@x.example"}]}]
    assert body["headers"]["Auto-Submitted"] == "auto-generated"
    assert not any(setting["enable"] for setting in body["tracking_settings"].values())


@pytest.mark.parametrize("status", [401, 429, 503])
def test_a_refusal_that_is_not_about_the_mail_is_tried_again(stub: Stub, status: int) -> None:
    stub.respond = lambda _body: (status, {}, b'{"errors": [{"message": "no"}]}')
    with pytest.raises(ServiceError, match="SendGrid"):
        post(stub).send(NOTICE)


def test_a_mail_with_a_fault_and_a_lost_answer_are_not_tried_again(stub: Stub) -> None:
    fault = {"errors": [{"message": "bad", "field": "personalizations.0.to.0.email"}]}
    stub.respond = lambda _body: (400, {}, json.dumps(fault).encode())
    assert post(stub).send(NOTICE) == Refused(reason="bad")
    stub.respond = lambda _body: (502, {}, b"<html>")
    assert isinstance(post(stub).send(NOTICE), Uncertain)
    assert len(stub.bodies) == 2


def test_the_request_is_as_the_published_description_wants_it(corpora: Path) -> None:
    described = json.loads((corpora / "sendgrid-openapi" / "tsg_mail_v3.json").read_text())
    schema = {
        "$ref": "#/components/requestBodies/PostMailSend/content/application~1json/schema",
        "components": described["components"],
    }
    jsonschema.Draft202012Validator(schema).validate(request_of(NOTICE, SENDER))
    named = request_of(replace(NOTICE, token="a" * 32), SENDER)
    jsonschema.Draft202012Validator(schema).validate(named)
    assert named["personalizations"][0]["custom_args"] == {"newsletter_delivery": "a" * 32}


def test_a_logo_travels_inside(stub: Stub) -> None:
    logo = InlinePicture(cid="a1@logo", media_type="image/png", data=b"png")
    post(stub).send(replace(NOTICE, pictures=(logo,)))
    (attached,) = stub.bodies[0]["attachments"]
    assert (attached["content_id"], attached["disposition"]) == ("a1@logo", "inline")
