"""newsletter feeds add, as an editor at a terminal answers it."""

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from newsletter.cli import feeds_questions
from newsletter.files import WorkspaceFiles
from newsletter.members.kept_answers import FILE, KeptAnswers
from newsletter.members.registry import read
from newsletter.model.organisation import Terms, TextTerms
from newsletter.wiring import Workspace
from tests.processes import PATIENCE
from tests.pulling.feed_text import RSS, calendar
from tests.web_server import WebServer

Asking = Callable[..., tuple[dict[str, str], str]]


@pytest.fixture
def asking() -> Asking:
    """`asking(typed, kept={}, without=())`: the answers that were kept last, and the output."""

    def run(typed: str, **how: object) -> tuple[dict[str, str], str]:
        kept: list[dict[str, str]] = [{}]

        @click.command()
        def command() -> None:
            asked = feeds_questions.questions(
                title="Harbor", languages=["en"], regions=["Bay"], topics=["Food", "Law"]
            )
            before = how.get("kept", {})
            feeds_questions.ask(
                asked,
                before,  # type: ignore[arg-type]
                lambda answers: kept.append(dict(answers)),
                without=how.get("without", ()),  # type: ignore[arg-type]
            )

        result = CliRunner().invoke(command, input=typed)
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return kept[-1], result.output

    return run


def test_enter_takes_the_careful_answer_to_each_question(asking: Asking) -> None:
    answers, shown = asking("\n" * 9)
    assert feeds_questions.details(answers) == {
        "name": "Harbor", "languages": ("en",), "regions": (), "topics": (), "contact": None,
    }  # fmt: skip
    assert Terms(**feeds_questions.terms(answers)) == Terms()
    assert "so far: Food, Law" in shown


def test_answers_are_read_as_people_write_them(asking: Asking) -> None:
    typed = "Casa  Azul\nes; en\n bay ,Port،Bay\nfood, Health\nweb@casa.example\nFull\ny\nNO\n"
    answers, _ = asking(typed)
    assert feeds_questions.details(answers) == {
        "name": "Casa Azul",
        "languages": ("es", "en"),
        "regions": ("Bay", "Port"),
        "topics": ("Food", "Health"),
        "contact": "web@casa.example",
    }
    assert feeds_questions.terms(answers) == {
        "text": TextTerms.FULL, "pictures": True, "pages": False,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("-\nHarbor", "needs a name"),
        ("\nSpanish\nes", "no language tag"),
        ("\n\n\n\nweb at harbor\nweb@harbor.example", "not one email address"),
        ("\n\n\n\n\nall\nex", "write link, excerpt or full"),
        ("\n\n\n\n\n\nmany\n0\n60", "a number from 1"),
        ("\n\n\n\n\n\n\nmaybe\nno", "write yes or no"),
    ],
)
def test_a_wrong_answer_is_asked_again_and_costs_no_other(
    asking: Asking, typed: str, said: str
) -> None:
    answers, shown = asking(typed + "\n" * 9)
    assert said in shown
    assert answers["name"] == "Harbor"
    assert answers["pictures"] == "no"


def test_what_was_answered_before_stands_there_and_can_be_taken_back(asking: Asking) -> None:
    before = {"name": "Casa", "topics": "Food", "contact": "a@b.example", "text": "link"}
    answers, shown = asking("\n\n\n-\n\n\n\n", kept=before)
    assert "your answers from before" in shown
    assert answers == before | {
        "topics": "", "languages": "en", "regions": "", "pictures": "no",
    }  # fmt: skip
    assert "How many words" not in shown


def test_none_is_an_answer_too(asking: Asking) -> None:
    first, _ = asking("\n-\n")
    assert first["languages"] == ""
    again, shown = asking("\n" * 9, kept=first)
    assert again["languages"] == ""
    assert "[en]" not in shown


def test_what_the_options_say_is_not_asked(asking: Asking) -> None:
    _, shown = asking("\n" * 9, without={"name", "text", "words"})
    assert "Name" not in shown
    assert "reprint" not in shown


def test_answers_are_kept_by_address_until_they_are_not_needed(tmp_path: Path) -> None:
    files = WorkspaceFiles(tmp_path)
    one, two = KeptAnswers(files, "https://one.example"), KeptAnswers(files, "https://two.example")
    one.keep({"name": "Uno"})
    two.keep({"name": "Dos"})
    assert (one.read(), two.read()) == ({"name": "Uno"}, {"name": "Dos"})
    two.keep({})
    one.keep({})
    assert not (tmp_path / FILE).exists()
    (tmp_path / FILE).write_text('{"https://one.example": [1')
    assert one.read() == {}


class Terminal:
    """A command at a terminal of its own: what it shows, and what is typed."""

    def __init__(self, workspace: Workspace, *words: str) -> None:
        self._leader, follower = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "newsletter", "-w", str(workspace.root), *words],
            stdin=follower,
            stdout=follower,
            stderr=follower,
            env={**os.environ, "TERM": "dumb", "PYTHONPATH": str(Path.cwd())},
        )
        os.close(follower)
        self.seen = ""

    def answer(self, question: str, typed: str) -> None:
        """Wait for the question, and type."""
        start = len(self.seen)
        while question not in self.seen[start:]:
            assert select.select([self._leader], [], [], PATIENCE)[0]
            self.seen += os.read(self._leader, 65536).decode()
        os.write(self._leader, typed.encode())

    def interrupt(self, question: str) -> None:
        """Wait for the question, and press Ctrl-C; again where it came between question and read,
        when Python does not hear it."""
        self.answer(question, "")
        while self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(10)

    def ended(self) -> int:
        """The exit code, once all was shown."""
        try:
            while data := os.read(self._leader, 65536):
                self.seen += data.decode()
        except OSError:
            pass  # the other end is closed
        os.close(self._leader)
        return self._process.wait(PATIENCE)


@pytest.mark.usefixtures("processes")
def test_an_interrupted_run_goes_on_where_it_was(workspace: Workspace, server: WebServer) -> None:
    page = (
        '<link rel="alternate" type="application/rss+xml" href="/feed/">'
        '<link rel="alternate" type="text/calendar" href="/events.ics">'
    )
    site = server.page("/", f"<html>{page}</html>")
    feed = server.page("/feed/", RSS)
    day = datetime.now(UTC) + timedelta(days=30)
    starts = f"DTSTART:{day:%Y%m%d}T190000Z"
    events = server.page("/events.ics", calendar(["UID:1", starts, "SUMMARY:Walk"]))
    first = Terminal(workspace, "feeds", "add", site)
    first.answer("Which one first [1]", "2\n")
    first.answer("Name of the organisation", "Casa Azul\n")
    first.answer("Languages", "Spanish\n")
    first.answer("no language tag", "es\n")
    first.interrupt("Regions")
    assert first.ended() == 1
    assert "stopped, nothing was added; what you answered is kept" in first.seen
    assert f"{day:%Y-%m-%d}" in first.seen, "the calendar is mentioned, with its next event"

    again = Terminal(workspace, "feeds", "add", site)
    again.answer("Which one first [2]", "\n")
    again.answer("[Casa Azul]", "\n")
    again.answer("[es]", "\n")
    for question in ("Regions", "Topics", "Email", "reprint", "words", "pictures", "rest of"):
        again.answer(question, "\n")
    again.answer("[Y/n]", "\n")
    assert again.ended() == 0
    (member,) = read((workspace.root / "feeds.yaml").read_text())
    assert (member.id, member.languages, member.feeds[0].url) == ("casa-azul", ("es",), events)
    assert f"feeds add {feed} --organisation casa-azul" in again.seen
    assert not (workspace.root / FILE).exists()
