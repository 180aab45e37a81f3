"""`newsletter stories review` at a terminal: what is asked, and that nothing is written before."""

import io
import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from newsletter.cli.main import cli
from newsletter.model.consent import Channel
from newsletter.model.submission import SubmissionState
from newsletter.stories.reviewing.session import IN_ONE_GO, Part, ReviewSession
from newsletter.stories.scan.scan import scan
from tests.cli.test_stories import Editor, editor, session_of
from tests.stories.making import NAME, take, typed_review
from tests.stories.test_review_session import FOURTEEN

__all__ = ["editor"]

LONG = Path(__file__).parents[1] / "stories" / "data" / "long_story.txt"
THREE = (
    "I met Yesenia there. I met Marisol here. "
    "We saw them both, at the door, every day of that long year."
)


def waiting(editor: Editor, text: str, **answers: str) -> str:
    told = take(editor.workspace.story_services, {"text": text, **answers})
    return told.submission_id


def written(editor: Editor) -> list[str]:
    stories = editor.workspace.root / "stories"
    return [path.read_text() for path in stories.glob("*.md")]


def lines(*typed: str) -> str:
    return "\n".join([*typed, ""])


class Watched(io.BytesIO):
    """What is typed, a line at a time; looks at the disk before each line is read."""

    def __init__(self, typed: str, folders: Iterable[Path]) -> None:
        super().__init__(typed.encode())
        self.folders = list(folders)
        self.seen: list[dict[str, bytes]] = []

    def read1(self, size: int | None = -1, /) -> bytes:
        self.seen.append(
            {
                str(path): path.read_bytes()
                for folder in self.folders
                for path in sorted(folder.rglob("*"))
                if path.is_file()
            }
        )
        return self.readline()


def test_invariant_36_nothing_in_clear_is_written_before_the_last_answer(
    editor: Editor, tmp_path: Path
) -> None:
    wanted = waiting(editor, f"{THREE} {NAME} was there.", title="")
    typed = "Two of them\n" + typed_review(session_of(editor, wanted))
    root = editor.workspace.root
    watched = Watched(typed, [root, editor.workspace.state_folder.path, tmp_path])
    result = editor.runner.invoke(
        cli, ["-w", str(root), "stories", "review", wanted],
        input=watched, env=editor.environ,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert len(watched.seen) >= 8
    told = (*NAME.split(), "Yesenia", "Marisol", "someone", "long year")
    words = [word.encode() for word in told]
    for seen in watched.seen:
        assert [name for name, data in seen.items() for word in words if word in data] == []
        assert not any(name.endswith(".md") for name in seen)
    assert "long year" in written(editor)[0]


def test_one_decision_is_for_all_places_of_a_name(editor: Editor) -> None:
    wanted = waiting(editor, FOURTEEN, title="The boxes")
    out = editor.run(
        "stories", "review", wanted, typed=lines("g my friend", "", "", "n", "")
    ).output
    assert "14 places" in out
    assert "Yesenia" not in written(editor)[0]
    assert written(editor)[0].count("My friend carried") == 14


def test_a_decision_can_be_undone_gone_back_to_and_made_for_several(editor: Editor) -> None:
    wanted = waiting(editor, THREE, title="The door")
    typed = lines(
        "r", "u", "k she wants it", "b", "l", "k9 x", "x", "g1,2 a friend", "", "", "n", ""
    )  # fmt: skip
    out = editor.run("stories", "review", wanted, typed=typed).output
    assert written(editor)[0].count("I met a friend ") == 2
    assert "there are 2 details" in out
    assert "  - a friend" in out


def test_words_that_the_scan_missed_are_marked_at_the_end(editor: Editor) -> None:
    wanted = waiting(editor, f"{THREE} I sing in the kitchen.", title="The door")
    typed = lines("r", "r", "sings", "sing in the kitchen", "g do it", "", "", "n", "")
    out = editor.run("stories", "review", wanted, typed=typed).output
    assert "not in the text" in out
    assert "I do it." in written(editor)[0]


def test_others_are_asked_for_whatever_was_filled_in_and_never_by_name(editor: Editor) -> None:
    wanted = waiting(editor, THREE, title="The door", others="")
    typed = lines(
        "r", "r", "", "my sister Flor Ramirez", "sister, boss", "removed", "open", "n", ""
    )
    out = editor.run("stories", "review", wanted, typed=typed).output
    assert "looks like a name" in out
    assert "sister" in written(editor)[0]
    assert "Flor" not in written(editor)[0]


def test_whether_they_would_be_recognized_is_asked_at_the_end_and_yes_goes_back(
    editor: Editor,
) -> None:
    wanted = waiting(editor, THREE, title="The door")
    typed = lines("k both know", "g a man", "", "", "y", "1", "r", "", "n", "")
    out = editor.run("stories", "review", wanted, typed=typed).output
    assert "  - Yesenia\n  - a man" in out
    assert "Yesenia" not in written(editor)[0]


def test_a_title_of_the_editors_is_reviewed_like_the_rest(editor: Editor) -> None:
    wanted = waiting(editor, THREE, title="")
    typed = lines("Yesenia's door", "g a friend", "r", "", "", "n", "")
    out = editor.run("stories", "review", wanted, typed=typed).output
    assert "name, 2 places" in out
    assert "# A friend's door {en}" in written(editor)[0]
    again = waiting(editor, f"{THREE} Truly.", title="")
    typed = lines("r", "r", "", "", "n", "")
    editor.run("stories", "review", again, "--title", "Yesenia at noon", typed=typed)
    assert not any("Yesenia" in text for text in written(editor))


def test_each_question_after_the_details_goes_back_too(editor: Editor) -> None:
    wanted = waiting(editor, THREE, title="The door")
    typed = lines(
        "r", "r", "b", "g a man", "u", "k x", "", "b", "r", "m", "door", "r", "", "", "n", ""
    )
    out = editor.run("stories", "review", wanted, typed=typed).output
    assert "not in the text" not in out
    assert "door" not in written(editor)[0]
    assert "role:" not in written(editor)[0]


def test_what_was_decided_last_is_what_is_gone_back_to(editor: Editor) -> None:
    wanted = waiting(editor, THREE, title="The door")
    typed = lines("g a man", "g1 a friend", "b", "r", "r", "", "", "n", "")
    editor.run("stories", "review", wanted, typed=typed)
    assert "I met there." in written(editor)[0]
    assert "I met here." in written(editor)[0]


@pytest.mark.parametrize("slip", ["g1, 2 a friend", "r 2", "k 1,2"])
def test_numbers_after_a_space_decide_nothing(editor: Editor, slip: str) -> None:
    wanted = waiting(editor, THREE, title="The door")
    editor.run("stories", "review", wanted, typed=lines(slip, "g a", "g b", "", "", "n", ""))
    assert "I met a there." in written(editor)[0]
    assert "I met b here." in written(editor)[0]


def test_a_story_without_details_can_still_be_called_recognizable(editor: Editor) -> None:
    wanted = waiting(editor, "We sing in the kitchen every day, all of us.", title="The door")
    typed = lines("", "", "y", "sing in the kitchen", "g meet", "n", "")
    editor.run("stories", "review", wanted, typed=typed)
    assert "We meet every day" in written(editor)[0]


def test_the_story_is_shown_and_is_no_result_to_be_led_to_a_file(editor: Editor) -> None:
    wanted = waiting(editor, THREE, title="The door")
    result = editor.run("stories", "review", wanted, typed=lines("r", "r", "", "", "n", ""))
    assert "long year" in result.stderr
    assert "long year" not in result.stdout


def test_what_is_listed_has_a_row_of_the_terminal(editor: Editor) -> None:
    text = "We came here in the spring, in May of 2019, and stayed until the rain came at 4:40."
    wanted = waiting(editor, text, title="The door")
    editor.environ["COLUMNS"] = "80"
    out = editor.run("stories", "review", wanted, typed=lines("", "", "", "n", "")).stderr
    rows = [line for line in out.splitlines() if "[[" in line]
    assert rows
    assert max(map(len, rows)) <= 80


@pytest.mark.parametrize(
    "typed", ["", "k\n", "r\nr\n", "r\nr\n\n\n", "r\nr\n\n\nn\n", "s\n", "?\n"]
)
def test_input_that_ends_writes_nothing_and_says_so(editor: Editor, typed: str) -> None:
    wanted = waiting(editor, THREE, title="The door")
    said = editor.refused("stories", "review", wanted, typed=typed, code=1)
    assert "nothing was written" in str(said)
    assert written(editor) == []
    kept = editor.workspace.story_services.store.get(wanted)
    assert kept is not None
    assert kept.state is SubmissionState.WAITING


def test_a_short_part_is_proposed_moved_and_never_the_whole(editor: Editor) -> None:
    text = "We waited. We went in. " + "We asked them for our wages and they said no to us. " * 9
    wanted = waiting(editor, text, title="The door")
    out = editor.run(
        "stories", "review", wanted, typed=lines("", "", "n", "+", "-", "-", "")
    ).output
    assert "at most" in out
    story = next(iter(editor.workspace.story_services.consents.stories()))
    assert Channel.EMAIL_FULL not in story.consent.channels
    assert story.texts[0].is_short
    assert story.texts[0].excerpt.endswith("us.")
    assert story.texts[0].body.split() == text.split()


def test_all_of_it_agreed_to_is_not_cut(editor: Editor) -> None:
    wanted = waiting(editor, THREE, title="The door", use_email_full="yes")
    editor.run("stories", "review", wanted, typed=lines("r", "r", "", "", "n"))
    assert "<!-- more -->" not in written(editor)[0]


def test_a_story_in_another_language_than_the_form_is_asked_about(editor: Editor) -> None:
    text = "Esperamos en la puerta desde las cuatro de la mañana y nadie vino a abrirnos. " * 3
    wanted = waiting(editor, text, title="La puerta")
    parts = [("title", "La puerta"), ("text", text.strip())]
    session = ReviewSession.start(Part(name=n, language="es", text=t) for n, t in parts)
    out = editor.run("stories", "review", wanted, typed="\n" + typed_review(session)).output
    assert "reads as Spanish" in out
    assert "# La puerta {es}" in written(editor)[0]


def test_a_language_the_scan_does_not_know_is_said(editor: Editor) -> None:
    wanted = waiting(editor, "Mwen te rive isit la ak pitit mwen yo.", title="x")
    typed = typed_review(session_of(editor, wanted), "r")
    out = editor.run("stories", "review", wanted, "--language", "ht", typed=typed).output
    assert "does not know the language of “Mwen te rive isit la" in out
    assert "of “x…" not in out


def test_of_a_language_the_scan_does_not_know_what_is_spelled_out_is_still_marked(
    editor: Editor,
) -> None:
    text = "Mwen te rive isit la ak pitit mwen yo, ekri ana arroba mail punto com."
    wanted = waiting(editor, text, title="x")
    parts = [("title", "x"), ("text", text)]
    session = ReviewSession.start(Part(name=n, language="mam", text=t) for n, t in parts)
    assert any("ana arroba mail punto com" in one.words for one in session.open)
    out = editor.run(
        "stories", "review", wanted, "--language", "mam", typed=typed_review(session, "r")
    ).output
    assert "does not know the language of “Mwen te rive isit la" in out
    assert "arroba" not in written(editor)[0]


def test_the_files_own_signs_in_a_story_stay_words(editor: Editor) -> None:
    text = "We asked.\n<!-- more -->\n# we waited {es}\nThen we left <ana@x.example>, all of us."
    wanted = waiting(editor, text, title="The door", use_email_full="yes")
    session = session_of(editor, wanted)
    editor.run("stories", "review", wanted, typed=typed_review(session, "k she wants it"))
    (story,) = editor.workspace.story_services.consents.stories()
    assert [one.language for one in story.texts] == ["en"]
    assert story.texts[0].excerpt == story.texts[0].body


def test_an_edited_file_is_reviewed_in_the_same_way(editor: Editor) -> None:
    wanted = waiting(editor, THREE, title="The door")
    editor.run("stories", "review", wanted, typed=lines("r", "r", "", "", "n", ""))
    (path,) = (editor.workspace.root / "stories").glob("*.md")
    path.write_text(path.read_text().replace("at the door", "at the door of Yesenia"))
    assert "nothing was written" in str(editor.refused("stories", "review", path.stem, code=1))
    editor.run("stories", "review", path.stem, typed=lines("r", "", "", "n", "", ""))
    assert "Yesenia" not in path.read_text()
    row = json.loads(editor.run("stories", "list", "--json").stdout)[0]
    assert "not agreed" in row["needs"]


def test_a_story_of_544_words_takes_a_third_of_the_answers_it_took() -> None:
    text = LONG.read_text().strip()
    session = ReviewSession.start([Part(name="text", language="en", text=text)])
    single = [one for one in session.open if one.why not in IN_ONE_GO]
    at_the_end = 5  # the list, what was missed, others, recognizable, the short part
    before = 2 * len(scan(text, "en"))  # a choice and its words for each mark
    assert (len(single) + at_the_end) * 3 <= before
