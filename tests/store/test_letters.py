"""Letters and uses of a story: the same on SQLite and PostgreSQL."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sqlalchemy import Engine, text

from newsletter.model.letter import Direction, Letter, LetterKind, LetterState
from newsletter.model.submission import Sealed, SubmissionState
from newsletter.store.stories import SqlStories
from tests.processes import PATIENCE
from tests.store.test_stories import DAY, make


def letter(name: str = "one", **changes: object) -> Letter:
    values: dict[str, object] = {
        "id": name,
        "submission_id": "submission1",
        "direction": Direction.TO_EDITORS,
        "kind": LetterKind.MESSAGE,
        "on": DAY,
        "sealed": b"age-encryption.org/v1 letter",
    }
    return Letter(**(values | changes))  # type: ignore[arg-type]


def stored(engine: Engine) -> SqlStories:
    store = SqlStories(engine)
    store.add(make(), [])
    return store


def test_letters_come_in_the_order_in_which_they_were_written(engine: Engine) -> None:
    store = stored(engine)
    written = [letter(name) for name in ("c", "a", "b")]
    for each in written:
        assert store.add_letter(each, most=9)
    assert list(store.letters("submission1")) == written
    assert list(store.letters_to_editors()) == written
    assert store.count_waiting() == {"submission1": 3}
    store.mark_letters(["a", "nobody's"], LetterState.READ)
    assert store.count_waiting() == {"submission1": 2}
    store.reseal_letter("a", b"other")
    assert store.letters("submission1")[1] == replace(
        written[1], sealed=b"other", state=LetterState.READ
    )


def test_a_letter_takes_the_place_of_another_and_each_way_has_its_bound(engine: Engine) -> None:
    store = stored(engine)
    to_storyteller = letter("p", direction=Direction.TO_STORYTELLER, kind=LetterKind.PROPOSAL)
    assert store.add_letter(to_storyteller, most=1)
    assert store.add_letter(replace(to_storyteller, sealed=b"new"), most=1, instead_of=["p"])
    assert [one.sealed for one in store.letters("submission1")] == [b"new"]
    assert not store.add_letter(replace(to_storyteller, id="q"), most=1)
    assert store.add_letter(letter("a"), most=1)
    assert not store.add_letter(letter("b"), most=1, instead_of=["nobody's"])


def test_a_letter_that_is_refused_leaves_the_one_it_would_replace(engine: Engine) -> None:
    store = stored(engine)
    store.add_letter(letter("a"), most=9)
    store.add_letter(letter("b"), most=9)
    assert not store.add_letter(letter("c"), most=1, instead_of=["a"])
    assert [one.id for one in store.letters("submission1")] == ["a", "b"]


def test_letters_and_the_key_go_with_the_story(engine: Engine) -> None:
    store = stored(engine)
    store.keep_reply_key("submission1", "age1code")
    store.add_letter(letter(), most=9)
    kept = store.get("submission1")
    assert kept is not None
    assert kept.reply_key == "age1code"
    store.change(kept.emptied(SubmissionState.REFUSED), expected=SubmissionState.WAITING)
    emptied = store.get("submission1")
    assert emptied is not None
    assert (emptied.sealed, emptied.reply_key) == (Sealed(), "")
    assert store.letters("submission1") == ()
    store.keep_reply_key("submission1", "age1code")
    assert store.get("submission1") == emptied
    assert not store.add_letter(letter(), most=9)
    assert not store.add_letter(letter(submission_id="never known"), most=9)


def test_many_tabs_at_once_never_write_more_than_the_bound(engine: Engine) -> None:
    store = stored(engine)
    start = threading.Barrier(4, timeout=PATIENCE)

    def write(who: int) -> int:
        start.wait()
        return sum(store.add_letter(letter(f"{who}-{n}"), most=7) for n in range(4))

    with ThreadPoolExecutor(4) as tabs:
        assert sum(tabs.map(write, range(4))) == 7
    assert len(store.letters("submission1")) == 7


def test_where_a_story_was_used_follows_from_what_was_mailed(engine: Engine) -> None:
    store = stored(engine)
    mail(engine, 1, "2026-W46", stories='["story000001"]', state="accepted")
    mail(engine, 2, "2026-W47", stories='["story000001", "story000002"]', state="waiting")
    mail(engine, 3, "2026-W48", stories="[]", state="accepted")
    mail(engine, 4, "2026-W49", stories='["story000001"]', state="uncertain")
    mail(engine, 5, "2026-W50", stories='["story000001"]', state="refused")
    mail(engine, 6, "2026-W51", stories='["story000001"]', state="skipped")
    mail(engine, 7, "2026-W52", stories='["story000001"]', state="skipped", attempts=1)
    found = [(use.issue_id, use.language) for use in store.uses_of("story000001")]
    assert found == [("2026-W46", "en"), ("2026-W49", "en"), ("2026-W52", "en")]
    assert store.uses_of("story00000") == store.uses_of("story_00001") == ()


def mail(
    engine: Engine, number: int, issue_id: str, *, stories: str, state: str, attempts: int = 0
) -> None:
    """An approved edition with those stories, and where its delivery to one person stands."""
    moment = "2026-11-20 09:00:00+00:00"
    digest = f"{number}" * 64
    for statement in (
        "INSERT INTO issue_editions (issue_id, issue_digest, language, digest, subject, preheader,"
        " html, text, story_ids, item_ids, regions, topics) VALUES"
        f" ('{issue_id}', '{digest}', 'en', '{digest}', '', '', '', '', '{stories}', '[]', '', '')",
        "INSERT INTO sends (id, issue_id, state, digest, frozen_at, candidates, audience, excluded,"
        f" last_subscriber_id) VALUES ({number}, '{issue_id}', 'sent', '{digest}', '{moment}', 1,"
        " 1, 0, 1)",
        f"INSERT INTO send_editions (id, send_id, language, digest) VALUES ({number}, {number},"
        f" 'en', '{digest}')",
        "INSERT INTO deliveries (id, send_id, subscriber_id, edition_id, state, available_at,"
        f" attempts) VALUES ({number}, {number}, 1, {number}, '{state}', '{moment}', {attempts})",
    ):
        with engine.begin() as connection:
            connection.execute(text(statement))
