"""Whatever an editor wrote, what is new comes after it and nothing before it changes."""

from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.issues.drafting import draft_file
from newsletter.issues.drafting.additions import ids_in, is_new_section, with_additions
from newsletter.model.issue import Edition, Placement
from tests.issues.drafting.test_draft_file import FILE, editions, placements

SINCE = datetime(2026, 11, 19, 17, 30, tzinfo=UTC)
fresh = st.lists(
    placements(st.from_regex(r"new[a-z0-9]{6}", fullmatch=True)),
    min_size=1,
    max_size=3,
    unique_by=lambda placement: placement.item_id,
).map(tuple)


def add(text: str, new: tuple[Placement, ...], untranslated: Iterable[str] = ()) -> str:
    return with_additions(
        text,
        draft_file.read(text, file=FILE),
        new,
        since=SINCE,
        zone=ZoneInfo("America/Los_Angeles"),
        notes={},
        untranslated=dict.fromkeys(untranslated, draft_file.TO_TRANSLATE),
    )


@settings(max_examples=40)
@given(editions, fresh, st.sampled_from(["", "\n", "\n\n", " \t\n"]), st.booleans())
def test_every_byte_before_stays_and_all_of_it_reads(
    edition: Edition, new: tuple[Placement, ...], tail: str, is_windows: bool
) -> None:
    text = draft_file.write(edition).rstrip("\n") + tail
    text = text.replace("\n", "\r\n") if is_windows else text
    before = draft_file.read(text, file=FILE)
    both = add(text, new)
    assert both.startswith(text)
    after = draft_file.read(both, file=FILE)
    assert after.sections[:-1] == before.sections
    assert [one.item_id for one in after.sections[-1].placements] == [one.item_id for one in new]
    assert after.letter == before.letter


@settings(max_examples=40)
@given(editions, fresh)
def test_what_waits_for_a_translation_is_in_the_file_and_not_in_the_edition(
    edition: Edition, new: tuple[Placement, ...]
) -> None:
    text = draft_file.write(edition)
    ids = frozenset(one.item_id for one in new if one.item_id)
    both = add(text, new, ids)
    after = draft_file.read(both, file=FILE)
    assert ids.isdisjoint(one.item_id for one in after.placements)
    assert ids <= ids_in(both)


def test_a_second_addition_of_the_same_minute_has_a_heading_of_its_own() -> None:
    text = "---\nlanguage: es\nsubject: Hola\n---\n"
    file = FILE.replace("en.md", "es.md")
    for name in ("a1", "b2", "c3"):
        text = with_additions(
            text,
            draft_file.read(text, file=file),
            (Placement(title=name, item_id=name),),
            since=SINCE,
            zone=ZoneInfo("UTC"),
            notes={},
            untranslated={},
        )
    sections = draft_file.read(text, file=file).sections
    assert [section.id for section in sections] == [
        "new-since-20261119-1730",
        "new-since-20261119-1730-2",
        "new-since-20261119-1730-3",
    ]
    assert all(is_new_section(section.id) for section in sections)
    assert {section.title for section in sections} == {"Nuevo desde 2026-11-19 17:30"}
