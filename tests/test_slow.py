"""What is slow is known by the fixtures that a test asks for; what is longest, by a list."""

import re

import pytest

from tests.conftest import LONG_FIRST, SLOW
from tests.processes import ROOT


def is_slow(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("slow") is not None


@pytest.fixture
def through_another(processes: None) -> None:
    """Asks for what is slow."""


def test_a_test_that_starts_processes_is_slow(
    request: pytest.FixtureRequest, processes: None
) -> None:
    assert is_slow(request)


@pytest.mark.usefixtures("through_another")
def test_so_is_one_whose_fixture_does(request: pytest.FixtureRequest) -> None:
    assert is_slow(request)


@pytest.mark.parametrize("chosen", ["sqlite"])
def test_so_is_one_that_chooses_it_by_a_parameter(
    request: pytest.FixtureRequest, chosen: str
) -> None:
    assert is_slow(request)


def test_no_other_is(request: pytest.FixtureRequest) -> None:
    assert not is_slow(request)


def test_every_fixture_that_makes_a_test_slow_exists(request: pytest.FixtureRequest) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("conftest.py")]
    fixtures = set(re.findall(r"^def (\w+)\(", "\n".join(sources), re.MULTILINE))
    assert fixtures >= SLOW


def test_what_begins_first_exists() -> None:
    assert [path for path in LONG_FIRST if not (ROOT / path).is_file()] == []


def test_no_test_is_marked_slow_by_hand() -> None:
    by_hand = re.compile(r"\bmark\.slow\b")
    files = (ROOT / "tests").rglob("*.py")
    assert [path for path in files if by_hand.search(path.read_text(encoding="utf-8"))] == []
