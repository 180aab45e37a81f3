"""Addresses: what is mailed, and what is refused without repeating it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.people.addresses import BadAddress, read_address
from newsletter.people.domains import domain_in_ascii


@pytest.mark.parametrize(
    ("typed", "mailed"),
    [
        ("ana@harbor.example", "ana@harbor.example"),
        ("  Ana.López@HARBOR.Example ", "Ana.López@harbor.example"),
        ("<ana@harbor.example>", "ana@harbor.example"),
        ("mailto:ana@harbor.example", "ana@harbor.example"),
        ("ana@bücher.example", "ana@bücher.example"),
        ("ana+news@harbor.example", "ana+news@harbor.example"),
    ],
)
def test_an_address_is_read_as_it_will_be_mailed(typed: str, mailed: str) -> None:
    assert read_address(typed) == mailed


@pytest.mark.parametrize(
    ("address", "mailed"),
    [
        ("ana@straße.example", "ana@xn--strae-oqa.example"),  # IDNA 2003 would write strasse
        ("ben@βόλος.example", "ben@xn--nxasmm1c.example"),
        ("ana.lópez@bücher.example", "ana.lópez@xn--bcher-kva.example"),
    ],
)
def test_an_international_domain_is_the_one_that_was_meant(address: str, mailed: str) -> None:
    assert domain_in_ascii(address) == mailed


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "ana@",
        "@harbor.example",
        "ana@harbor",
        "ana@localhost",
        "ana@host.test",
        "ana@host.invalid",
        "ana@[127.0.0.1]",
        "a b@harbor.example",
        "ana@harbor.example, bo@harbor.example",
        "ana@harbor.example\r\nBcc: bo@harbor.example",
        "x" * 65 + "@harbor.example",
        "ana@" + "x" * 251 + ".example",
        "Ana <ana@harbor.example>",
    ],
)
def test_what_cannot_be_mailed_is_refused(typed: str) -> None:
    assert isinstance(read_address(typed), BadAddress)


@given(st.text(max_size=80))
def test_whatever_is_typed_is_answered_and_never_carries_a_line_break(typed: str) -> None:
    found = read_address(typed)
    if isinstance(found, str):
        assert found.isprintable()
        assert found.count("@") == 1
    else:
        assert found.reason
