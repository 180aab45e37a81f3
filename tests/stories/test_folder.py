"""Stories on disk: read again only when changed, with every withdrawal applied."""

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.model.consent import Channel, ConsentState, Revocation
from newsletter.model.story import Story
from newsletter.stories.recognition.words import as_html, as_text
from newsletter.stories.record.document import write
from newsletter.stories.record.folder import StoryFolder
from newsletter.stories.record.revocation_file import RevocationFile
from tests.stories.keys import KEY, RECOGNIZER

DAY = date(2026, 11, 23)


def put(root: Path, story: Story) -> Path:
    path = root / "stories" / f"{story.id}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(write(story), encoding="utf-8")
    return path


def withdrawal(story: Story) -> Revocation:
    return Revocation(
        record_id=story.consent.record_id,
        story_id=story.id,
        on=DAY,
        withdrawn=True,
        fingerprints=RECOGNIZER.fingerprints(story.texts),
    )


def test_no_folder_means_no_stories(tmp_path: Path) -> None:
    assert StoryFolder(tmp_path, key=KEY).load() == ((), ())


def test_readable_stories_and_the_problems_of_the_others(tmp_path: Path, story: Story) -> None:
    put(tmp_path, story)
    (tmp_path / "stories" / "broken.md").write_text("hello", encoding="utf-8")
    (tmp_path / "stories" / "latin.md").write_bytes(b"caf\xe9")
    put(tmp_path, story).with_name("another.md").write_text(write(story), encoding="utf-8")
    stories, problems = StoryFolder(tmp_path, key=KEY).load()
    assert [one.id for one in stories] == [story.id]
    assert [problem.file for problem in problems] == [
        "stories/another.md",
        "stories/broken.md",
        "stories/latin.md",
    ]
    assert "rename the file" in problems[0].hint


@pytest.mark.parametrize(
    "line", ["name: \x1b[2J", "valid_from: 2026-13-45", "year: !!float x", "list: " + "[" * 1000]
)
def test_odd_front_matter_is_a_problem_and_stops_no_other_story(
    tmp_path: Path, story: Story, line: str
) -> None:
    put(tmp_path, story)
    (tmp_path / "stories" / "odd.md").write_text(f"---\n{line}\n---\nText", encoding="utf-8")
    stories, (problem,) = StoryFolder(tmp_path, key=KEY).load()
    assert [one.id for one in stories] == [story.id]
    assert (problem.file, problem.line) == ("stories/odd.md", 2)


def test_what_is_no_file_is_a_problem_and_is_not_waited_for(tmp_path: Path, story: Story) -> None:
    folder = put(tmp_path, story).parent
    (folder / "folder.md").mkdir()
    (folder / "gone.md").symlink_to("nowhere")
    (folder / "loop.md").symlink_to("loop.md")
    os.mkfifo(folder / "pipe.md")
    stories, problems = StoryFolder(tmp_path, key=KEY).load()
    assert [one.id for one in stories] == [story.id]
    assert [(one.file, one.message) for one in problems] == [
        (f"stories/{name}.md", "not a file") for name in ("folder", "gone", "loop", "pipe")
    ]


def test_a_change_on_disk_is_seen_by_the_next_question(tmp_path: Path, story: Story) -> None:
    put(tmp_path, story)
    folder = StoryFolder(tmp_path, key=KEY)
    first = folder.load()[0][0]
    assert folder.load()[0][0] is first
    put(tmp_path, replace(story, topics=("housing", "work")))
    assert folder.load()[0][0].topics == ("housing", "work")
    RevocationFile(tmp_path / "stories" / "withdrawn.jsonl", key=KEY).append(withdrawal(story))
    assert folder.load()[0][0].consent.state(DAY) is ConsentState.WITHDRAWN


def test_a_story_whose_file_is_gone_is_not_kept_in_memory(tmp_path: Path, story: Story) -> None:
    folder = StoryFolder(tmp_path, key=KEY)
    path = put(tmp_path, story)
    assert folder.load()[0]
    assert folder.forget_gone()
    as_text(story.texts[0].body)
    as_html(story.texts[0].body)
    path.unlink()
    assert not folder.forget_gone()
    assert story.texts[0].title not in repr(vars(folder))
    assert as_text.cache_info().currsize == as_html.cache_info().currsize == 0
    assert folder.load() == ((), ())


def test_withdrawn_words_are_known_under_a_new_id_and_a_new_consent(
    tmp_path: Path, story: Story
) -> None:
    RevocationFile(tmp_path / "stories" / "withdrawn.jsonl", key=KEY).append(withdrawal(story))
    again = replace(story, id="zzzzzzzzzz", consent=replace(story.consent, record_id="anotherone"))
    put(tmp_path, again)
    (found,), _ = StoryFolder(tmp_path, key=KEY).load()
    assert found.consent.state(DAY) is ConsentState.WITHDRAWN


def test_a_stop_is_read_as_it_was_written(tmp_path: Path, story: Story) -> None:
    revocation_file = RevocationFile(tmp_path / "apart" / "withdrawn.jsonl", key=KEY)
    stops = (
        withdrawal(story),
        Revocation(
            record_id="r",
            on=DAY,
            channels=frozenset({Channel.PRESS}),
            languages=frozenset({"es"}),
            picture=True,
            name=True,
            until=DAY,
        ),
    )
    for stop in stops:
        revocation_file.append(stop)
    assert revocation_file.read() == stops
    assert RevocationFile(*revocation_file.paths, key=KEY).read() == stops


def test_a_line_cut_by_a_power_failure_takes_no_later_withdrawal_with_it(tmp_path: Path) -> None:
    path = tmp_path / "withdrawn.jsonl"
    path.write_text('{"record": "a", "on": "2026', encoding="utf-8")
    revocation_file = RevocationFile(path, key=KEY)
    revocation_file.append(Revocation(record_id="b", on=DAY, withdrawn=True))
    with pytest.raises(ConfigError) as caught:
        revocation_file.read()
    assert caught.value.line == 1
    assert '"record": "b"' in path.read_text(encoding="utf-8").splitlines()[1]


def test_the_file_of_withdrawals_holds_no_word_of_the_story(tmp_path: Path, story: Story) -> None:
    revocation_file = RevocationFile(tmp_path / "withdrawn.jsonl", key=KEY)
    revocation_file.append(withdrawal(story))
    text = revocation_file.paths[0].read_text(encoding="utf-8")
    assert "night" not in text
    assert "Marisol" not in text
