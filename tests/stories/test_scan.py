"""Identifying details are found in the words storytellers use, without any network."""

import os
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from bench.scan_recall import corpus, field_sentences, measure
from newsletter.stories.scan.marks import MarkKind
from newsletter.stories.scan.scan import scan

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("A123456789", MarkKind.ID),
        ("A 123 456 789", MarkKind.ID),
        ("A-12-345-678", MarkKind.ID),
        ("a209447318", MarkKind.ID),
        ("MSC2190012345", MarkKind.ID),
        ("IOE 09 1234 5678", MarkKind.ID),
        ("7KXR219", MarkKind.ID),
        ("(213) 555-0198", MarkKind.CONTACT),
        ("+52 664 123 4567", MarkKind.CONTACT),
        ("ana@mail.example", MarkKind.CONTACT),
        ("1418 W 51st Pl", MarkKind.ADDRESS),
        ("calle Nogal 14", MarkKind.ADDRESS),
        ("14 de julio de 2019", MarkKind.DATE),
        ("Lincoln High School", MarkKind.PLACE),
        ("lavandería Dos Hermanas", MarkKind.PLACE),
        ("cuñada", MarkKind.FAMILY),
        ("Wilfredo", MarkKind.NAME),
    ],
)
def test_what_identifies_people_is_wholly_marked(words: str, kind: MarkKind) -> None:
    for language in ("en", "es"):
        text = f"and it was {words} , we said"
        start = text.index(words)
        marks = scan(text, language)
        assert any(mark.start <= start and mark.end >= start + len(words) for mark in marks), marks
    assert kind in {mark.kind for mark in scan(f"and it was {words} , we said", "en")} | {
        mark.kind for mark in scan(f"y era {words} , dijimos", "es")
    }


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "We were afraid to ask, and nobody there knew us. The lawyer was kind."),
        ("es", "Nos daba miedo preguntar y nadie allí nos conocía. La abogada fue amable."),
    ],
)
def test_ordinary_sentences_are_left_alone(language: str, text: str) -> None:
    assert scan(text, language) == ()


def test_marks_are_in_order_and_do_not_overlap() -> None:
    for language, text, _ in field_sentences():
        marks = scan(text, language)
        for one, other in pairwise(marks):
            assert one.end <= other.start
        assert all(0 <= mark.start < mark.end <= len(text) for mark in marks)


def test_a_hostile_text_is_scanned_in_time_that_grows_with_its_length() -> None:
    for text in ("A" * 20_000, "1 " * 10_000, "a b " * 5_000, "calle de la " * 2_000, "-" * 20_000):
        scan(text, "es")


def test_most_of_the_forty_sentences_is_found() -> None:
    samples = list(field_sentences())
    assert len(samples) == 40
    recall, innocent, missed = measure(samples)
    assert recall >= 0.95, missed
    assert innocent <= 0.20
    assert measure(samples, lower=True)[0] >= 0.80


@pytest.mark.parametrize(
    ("name", "language", "least"),
    [("en-presidio-research-half", "en", 0.95), ("es-meddocan-train-half", "es", 0.92)],
)
def test_recall_on_outside_texts(corpora: Path, name: str, language: str, least: float) -> None:
    samples = list(corpus(corpora / "pii" / f"{name}.jsonl", language))
    recall, innocent, _ = measure(samples)
    assert recall >= least
    assert innocent <= 0.20
    assert measure(samples, lower=True)[0] >= 0.80


def test_scanning_needs_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert scan("My name is Yesenia Carrillo.", "en")


@pytest.mark.usefixtures("processes")
def test_scanning_loads_no_network_module() -> None:
    code = (
        "import sys; from newsletter.stories.scan.scan import scan; scan('Hello Ana', 'en');"
        "print([m for m in ('aiohttp', 'urllib.request', 'requests', 'ssl') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "[]"
