"""A review as a session: one decision for the same words, undo, and only decided words change."""

import re
import string
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.consent import ThirdParty
from newsletter.stories.reviewing.places import Searchable, Span, folded, pieces
from newsletter.stories.reviewing.replacing import Choice, Decision, replaced
from newsletter.stories.reviewing.review import names_somebody
from newsletter.stories.reviewing.session import (
    BY_EDITOR,
    Detail,
    Part,
    ReviewSession,
    WordsNotFoundError,
)
from tests.stories.making import NAME, decided

REMOVE = Decision(choice=Choice.REMOVE)
FOURTEEN = "Yesenia carried the box. " * 14


def session(text: str, title: str = "", language: str = "en") -> ReviewSession:
    named = (("title", title), ("text", text))
    return ReviewSession.start(
        Part(name=name, language=language, text=text) for name, text in named
    )


def detail(of: ReviewSession, words: str) -> Detail:
    return next(one for one in of.details if one.key == folded(words))


def instead(text: str, words: str, new: str | None) -> str:
    """The text with every place of the words removed, or replaced."""
    decision = REMOVE if new is None else Decision(choice=Choice.GENERALISE, words=new)
    found = Searchable(text=text).find(folded(words))
    return replaced(text, [(span, decision) for span in found])


def test_the_same_name_fourteen_times_is_one_question() -> None:
    review = session(FOURTEEN, title="Yesenia's boxes")
    named = detail(review, "yesenia")
    assert len(named.places) == 15
    done = review.decide(Decision(choice=Choice.GENERALISE, words="my friend"), [named])
    title, text = done.preview()
    assert title == "My friend's boxes"
    assert text.count("My friend carried") == 14


def test_a_name_is_found_without_its_accent_in_capitals_and_across_a_line() -> None:
    review = session("José Núñez came. I saw JOSE NUNEZ, and jose\nnuñez saw me.")
    assert len(detail(review, "jose nunez").places) == 3


def test_a_short_name_inside_a_longer_one_is_decided_apart() -> None:
    review = session(f"I met {NAME} there. Then Canarina left.")
    assert len(detail(review, NAME).places) == 1
    assert len(detail(review, "Canarina").places) == 1
    text = review.decide(REMOVE, [detail(review, NAME)]).preview()[1]
    assert text == "I met there. Then Canarina left."


@pytest.mark.parametrize(
    ("text", "words", "new", "after"),
    [
        ("at 4:40 and then", "4:40", "somebody", "at somebody and then"),
        ("We met, Yesenia, at the door.", "Yesenia", None, "We met, at the door."),
        ("We met (Yesenia) there.", "Yesenia", None, "We met there."),
        ("It was Ana. Then we left.", "Ana", None, "It was. Then we left."),
        ("Hi. Yesenia. Then we left.", "Yesenia", None, "Hi. Then we left."),
        ("Yesenia came home.", "Yesenia", None, "Came home."),
        ("¿Yesenia? Sí. ¡Yesenia! Ya.", "Yesenia", None, "Sí. Ya."),
        ("¿Yesenia vino? Sí.", "Yesenia", "mi amiga", "¿Mi amiga vino? Sí."),
        ("Dr. Abarca said so.", "Abarca", "somebody", "Dr. somebody said so."),
        ("قالت مريم، ثم ذهبنا. أين مريم؟", "مريم", None, "قالت، ثم ذهبنا. أين؟"),
        ("قالت مريم ومريم؟", "مريم", "صديقتي", "قالت صديقتي وصديقتي؟"),
        ("میں نے مریم سے کہا۔ مریم آئی۔", "مریم", "دوست", "میں نے دوست سے کہا۔ دوست آئی۔"),
        ("我在北京工作。北京很大。", "北京", "城里", "我在城里工作。城里很大。"),
        ("line one  two\n\tthree Ana", "Ana", None, "line one  two\n\tthree"),
        ('"Ana," she said, "come."', "Ana", None, 'She said, "come."'),
        ('They said, "Ana?" as if', "Ana", None, "They said, as if"),
        ('She said "Ana." Then we left.', "Ana", None, "She said. Then we left."),
        ('She said "Hi" Ana "bye"', "Ana", None, 'She said "Hi" "bye"'),
        ("«\u00a0Ana\u00a0» dit-elle", "Ana", None, "Dit-elle"),
        ("**Ana** said 'Ana' twice", "Ana", None, "Said twice"),
        ("We saw (Ana, Beto) there.", "Ana", None, "We saw (Beto) there."),
        ("We saw (Beto, Ana) there.", "Ana", None, "We saw (Beto) there."),
        ('She said: "Ana, come here."', "Ana", None, 'She said: "come here."'),
        ("The children: Ana, Beto and I.", "Ana", None, "The children: Beto and I."),
        ("the plate—Ana—and what", "Ana", None, "the plate—and what"),
        ("Hector — Ana — was there", "Ana", None, "Hector — was there"),
        ("Vi a Beto —Ana, la otra— y ya.", "Ana", None, "Vi a Beto —la otra— y ya."),
        ("—Ven, Ana —dijo.", "Ana", None, "—Ven —dijo."),
        ("—Ana, ven —dijo.", "Ana", None, "—Ven —dijo."),
        ("—Ana, ven —dijo.", "Ana", "hija", "—Hija, ven —dijo."),
        ("- Ana first", "Ana", "my friend", "- My friend first"),
        ("Ana, the owner, came.", "Ana", None, "The owner, came."),
        ("Ana's hands shook. ‘Ana’s here’", "Ana", None, "Hands shook. ‘Here’"),
        ("We took James' car.", "James", None, "We took car."),
        ("It was Ana's. Ana left.", "Ana", "my friend", "It was my friend's. My friend left."),
        ("I saw Dr. Abarca. Then we left.", "Abarca", None, "I saw Dr. Then we left."),
        ('I said, "No. Ana. Say it."', "Ana", None, 'I said, "No. Say it."'),
    ],
)  # fmt: skip
def test_replacing_eats_no_space_crosses_no_sentence_and_leaves_no_hole(
    text: str, words: str, new: str | None, after: str
) -> None:
    assert instead(text, words, new).strip() == after


@given(
    st.lists(st.sampled_from(["Ana", "went", "4:40", "¿Y", "home.", "(Ana)", "no,", "a", "\n\n"])),
    st.sampled_from(["Ana", "4:40", "went"]),
)
def test_replacing_changes_the_decided_words_alone(words: list[str], key: str) -> None:
    text = " ".join(words)
    after = instead(text, key, "Somebody")
    assert after.replace("Somebody", key) == text
    kept = [char for char in instead(text, key, None) if char in string.ascii_letters]
    plain = re.sub(rf"(?<!\w){key}(?!\w)", "", text)
    assert "".join(kept).lower() == re.sub(r"[^A-Za-z]", "", plain).lower()


@given(st.text(alphabet="Ab. ,!?¿\n'1"), st.data())
def test_no_piece_of_a_mark_has_a_space_at_its_edge_or_a_sentence_end_in_it(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for span in pieces(text, start, end):
        words = text[span.start : span.end]
        assert words == words.strip()
        assert not re.search(r"[!?]\s", words)
        assert start <= span.start < span.end <= end


def test_words_the_scan_missed_are_marked_in_all_their_places() -> None:
    review = session("The blue house. We painted the Blue House, and left the blue house.")
    marked = review.mark("blue  house")
    blue = detail(marked, "blue house")
    assert (blue.why, len(blue.places)) == (BY_EDITOR, 3)
    with pytest.raises(WordsNotFoundError) as caught:
        review.mark("a word Quetzal that is not there")
    assert "Quetzal" not in str(caught.value)


def test_a_mark_of_the_editors_takes_the_place_of_the_scans_inside_it() -> None:
    review = session("I stood at the corner of Alvarado and Seventh at four.")
    marked = review.mark("corner of Alvarado and Seventh")
    keys = [one.key for one in marked.details]
    assert "corner of alvarado and seventh" in keys
    assert not any("alvarado" in key for key in keys if not key.startswith("corner"))


def test_every_step_can_be_undone() -> None:
    start = session(FOURTEEN)
    named = detail(start, "yesenia")
    once = start.decide(REMOVE, [named])
    twice = once.settle([ThirdParty(role="friend", settled="open")]).mark("box")
    assert twice.undone.undone == once
    assert once.undone == start
    assert start.undone is start
    assert named in once.reopen(named).open


def test_another_decision_asks_again_whether_they_would_be_recognized() -> None:
    done = decided(session(FOURTEEN), Choice.REMOVE)
    assert done.is_finished
    changed = done.decide(Decision(choice=Choice.KEEP, words="x"), done.details[:1])
    assert not changed.is_finished


def test_nobody_else_has_to_be_said_too() -> None:
    review = session("I came alone.")
    review = review.decide(REMOVE, review.open).confirm_unrecognizable()
    assert not review.is_finished
    assert review.settle([]).is_finished


def test_what_is_left_is_shown_together() -> None:
    review = session("Yesenia bakes on Alvarado with Teodoro.").mark("bakes")
    for words, decision in (
        ("bakes", Decision(choice=Choice.KEEP)),
        ("yesenia", Decision(choice=Choice.GENERALISE, words="my cousin")),
    ):
        review = review.decide(decision, [detail(review, words)])
    review = review.decide(REMOVE, review.open)
    assert set(review.combination) == {"bakes", "my cousin"}


def test_a_replacement_without_words_is_refused() -> None:
    review = session(FOURTEEN)
    with pytest.raises(ValueError, match="words"):
        review.decide(Decision(choice=Choice.GENERALISE, words="  "), review.open)


def test_a_session_shows_no_word_when_it_is_printed() -> None:
    review = decided(session(f"I met {NAME}."), Choice.KEEP, NAME)
    assert "Canarina" not in repr(review) + repr(review.details[0])


def test_places_never_meet() -> None:
    text = "Ana Ruiz and Ana, Ruiz and Ana Ruiz Ana at 1200 Alvarado Street, Ruiz Ana."
    review = session(text).mark("Ruiz and Ana").mark("Ana Ruiz Ana")
    spans = sorted(place.span for one in review.details for place in one.places)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    assert text[27:39] == "Ana Ruiz Ana"
    assert Span(start=27, end=39) in spans


@pytest.mark.parametrize(
    ("roles", "named"),
    [
        ("sister, boss", False),
        ("my sister, Yesenia", True),
        ("sister, yesenia", True),
        ("boss 213-555-0147", True),
    ],
)
def test_roles_are_written_in_clear_so_they_hold_no_name_in_small_letters_either(
    roles: str, named: bool
) -> None:
    assert names_somebody(roles) is named


def test_each_open_question_keeps_a_review_from_its_end() -> None:
    review = session(f"I met {NAME} there.")
    everything = decided(review, Choice.REMOVE)
    assert everything.is_finished
    (first, *_) = everything.details
    for left in (
        everything.reopen(first),
        everything.decide(REMOVE, [first]),  # another combination, to be looked at again
        review.decide(REMOVE, review.details).confirm_unrecognizable(),
        review.decide(REMOVE, review.details).settle(()),
        review.settle(()).confirm_unrecognizable(),
    ):
        assert not left.is_finished
