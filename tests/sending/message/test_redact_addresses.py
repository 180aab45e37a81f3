"""No address lives on in what is kept of an answer."""

import json

import pytest

from newsletter.sending.message.redact_addresses import without_addresses
from newsletter.sending.results import bounces, events
from newsletter.sending.transports.sendgrid_request import DELIVERY_ARGUMENT
from tests.sending.results.test_bounces import NOW, report


@pytest.mark.parametrize(
    "said",
    [
        "RCPT: 550 5.1.1 <ana.reyes@example.org>: Recipient address rejected",
        "550 5.1.1 ANA.REYES@EXAMPLE.ORG... User unknown",
        "550 (ana.reyes) is not here; ask postmaster@example.org",
        "no such user ana.reyes",
        "srs0=hh=tt=example.org=ana.reyes@forwarder.example",
        "5.1.1 'ana.reyes@xn--bcher-kva.example', \"ana.reyes@bücher.example\"",
    ],
)
def test_a_repeated_address_is_hidden(said: str) -> None:
    kept = without_addresses(said, "ana.reyes@example.org").casefold()
    assert "ana" not in kept
    assert "@" not in kept


def test_the_rest_of_an_answer_stays() -> None:
    said = "RCPT: 550 5.1.1 <ana@example.org>: user ana unknown, see https://mx.example/?q=1"
    assert without_addresses(said, "ana@example.org") == (
        "RCPT: 550 5.1.1 <(address)>: user (address) unknown, see https://mx.example/?q=1"
    )


def test_a_bounce_keeps_no_address() -> None:
    said = report("5.1.1").replace(b"because", b"<ana@example.net> unknown, no mailbox ana")
    event = bounces.read(said, NOW)
    assert event is not None
    assert event.reason == "smtp; 550 5.1.1 <(address)> unknown, no mailbox (address)"


def test_an_event_keeps_no_address_wherever_it_stands() -> None:
    told = {
        "event": "bounce",
        "email": "ana@example.org",
        "reason": "550 ana@example.org: no ana here",
        "smtp-id": "<abc@coalition.example>",
        "more": {"said": ["to ana@example.org"], "email": "ana@example.org"},
        DELIVERY_ARGUMENT: "a" * 26,
    }
    (event,) = events.read(json.dumps([told]).encode())
    assert event.reason == "550 (address): no (address) here"
    assert "ana" not in event.raw
    assert json.loads(event.raw)["smtp-id"] == "<abc@coalition.example>"


def test_of_an_event_nested_without_end_nothing_more_is_kept() -> None:
    deep = "[" * 700 + "]" * 700
    raw = f'[{{"{DELIVERY_ARGUMENT}": "{"a" * 26}", "more": {deep}}}]'
    (event,) = events.read(raw.encode())
    assert event.raw == ""
