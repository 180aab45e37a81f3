"""Whose fault a refusal is: two sets of replies, one of which the table was not written with."""

from pathlib import Path

import pytest

from newsletter.model.delivery import Fault
from newsletter.sending.refusals import fault_of
from newsletter.sending.results.bounces import is_hard
from tests.sending.refusals.figures import Reply, figures, replies

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", ["known.tsv", "held_out.tsv", "held_out_2.tsv"])
def test_readers_are_ended_for_their_own_addresses_and_hardly_ever_for_anything_else(
    name: str,
) -> None:
    found = figures(replies(FOLDER / name))
    assert found.recall >= 0.95, found
    assert found.soft_taken_for_hard <= 0.02, found


@pytest.mark.parametrize("name", ["known.tsv"])
def test_each_reply_that_the_table_was_written_with_is_read_right(name: str) -> None:
    wrong = [
        each for each in replies(FOLDER / name) if each.is_hard != is_hard(each.text, each.status)
    ]
    assert wrong == []


def test_the_words_count_before_the_code_and_the_code_alone_where_they_say_nothing() -> None:
    assert fault_of("550 5.1.1 mailbox is full") is Fault.MAILBOX
    assert fault_of("550 5.1.1 sorry") is Fault.ADDRESS
    assert fault_of("sorry", "5.1.1") is Fault.ADDRESS
    assert fault_of("550 sorry") is None
    assert fault_of("") is None


def test_what_was_never_heard_of_ends_nobody() -> None:
    assert not is_hard("550 computer says no", "5.0.0")
    assert not is_hard("", "")
    assert not is_hard("450 4.1.1 user unknown", "4.1.1")


def test_a_reply_without_end_is_read_in_no_time() -> None:
    for one in ("user ", "no ", "mail box ", "not a ", "relay ", "quota ", "<" * 50, "a@b "):
        assert fault_of(one * 100_000) in (None, *Fault)


def test_a_reply_of_a_set_is_told_in_its_words() -> None:
    assert str(Reply(is_hard=True, status="", text="550 no")) == "550 no"
