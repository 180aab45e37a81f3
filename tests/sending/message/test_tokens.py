"""A delivery's name for the outside: stable, opaque, readable only by us."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.sending.message.tokens import DeliveryTokens

TOKENS = DeliveryTokens(["first key"])
ISSUES = st.builds(
    lambda year, week, letter: f"{year:04d}-W{week:02d}" + (f"-{letter}" if letter else ""),
    st.integers(2000, 2100),
    st.integers(1, 53),
    st.sampled_from(["", "a", "z"]),
)


@given(ISSUES, st.integers(1, 2**48 - 1))
def test_a_token_reads_back_as_the_issue_and_the_person(issue: str, subscriber: int) -> None:
    assert TOKENS.read(TOKENS.token(issue, subscriber)) == (issue, subscriber)


def test_a_token_is_the_same_at_every_attempt_and_for_every_process() -> None:
    again = DeliveryTokens(["first key"])
    assert TOKENS.token("2026-W47", 7) == again.token("2026-W47", 7)


def test_tokens_of_neighbours_share_nothing() -> None:
    one, other = TOKENS.token("2026-W47", 7), TOKENS.token("2026-W47", 8)
    assert sum(a == b for a, b in zip(one, other, strict=True)) < 12


def test_a_token_survives_a_server_that_changes_the_case_of_addresses() -> None:
    assert TOKENS.read(TOKENS.token("2026-W47", 7).upper()) == ("2026-W47", 7)


@pytest.mark.parametrize("text", ["", "a", "x" * 32, "0" * 32, "é" * 32, "a" * 64, "bounce+a"])
def test_what_we_did_not_make_is_not_read(text: str) -> None:
    assert TOKENS.read(text) is None


def test_a_token_of_another_key_is_not_read() -> None:
    assert DeliveryTokens(["other key"]).read(TOKENS.token("2026-W47", 7)) is None


def test_tokens_of_an_older_key_are_still_read() -> None:
    rotated = DeliveryTokens(["new key", "first key"])
    assert rotated.read(TOKENS.token("2026-W47", 7)) == ("2026-W47", 7)
    assert rotated.token("2026-W47", 7) != TOKENS.token("2026-W47", 7)
