"""A pytest plugin that leaves the tests whose result could depend on today: `-p tests.dated`.

Found by reading code, not by a list. Such a test, or its module, a fixture or a helper that it
names, asks the machine's clock, or names something of a package of the program that asks it; all
else is given its moment as an argument, or by a fixture with a `now` to set. Left out is what asks
for something outside of this process, the demo's week aside: too long.
"""

import inspect
import os
import re
import select
import time
from collections.abc import Iterator
from types import CodeType
from typing import Any

import pytest
from werkzeug.local import LocalProxy

from tests.conftest import OUTSIDE, asked_for
from tests.processes import ROOT
from tests.stories.quick_seal import seal_quickly

ASKS = re.compile(r"\b(?:datetime\.now|datetime\.today|date\.today|time\.time)\(")
KEPT = "ran"  # the fixture that runs the demo's week

# Beside a real monotonic clock, libfaketime 0.9.10 refuses what Python's own sleep asks for.
time.sleep = lambda seconds: select.select([], [], [], float(seconds)) and None


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to run by another clock than the one that was asked for."""
    seal_quickly()
    if abs(time.time() - float(os.environ.get("ANY_DAY", time.time()))) > 3600:
        raise pytest.UsageError(f"faketime does not work here: it is {time.ctime()}")


def packages_that_ask() -> frozenset[str]:
    """The program's packages with a module that asks the machine's clock: `newsletter.cli` ..."""
    root = ROOT / "newsletter"
    return frozenset(
        f"newsletter.{path.relative_to(root).parts[0].removesuffix('.py')}"
        for path in root.rglob("*.py")
        if ASKS.search(path.read_text(encoding="utf-8"))
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    packages = packages_that_ask()
    known: dict[int, bool] = {}
    kept: list[pytest.Item] = []
    left: list[pytest.Item] = []
    for item in items:
        assert isinstance(item, pytest.Function)
        (kept if _is_affordable(item) and _is_dated(item, packages, known) else left).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left)


def _is_affordable(item: pytest.Function) -> bool:
    return KEPT in item.fixturenames or OUTSIDE.isdisjoint(asked_for(item))


def _is_dated(item: pytest.Function, packages: frozenset[str], known: dict[int, bool]) -> bool:
    if ASKS.search(inspect.getsource(item.module)):
        return True
    fixtures = [one.func for found in item._fixtureinfo.name2fixturedefs.values() for one in found]
    if any(map(_has_its_own_clock, fixtures)):
        return False
    return any(_asks(one, packages, known) for one in (item.function, *fixtures))


def _has_its_own_clock(fixture: Any) -> bool:
    """Whether what a fixture gives has a `now` that the test sets."""
    given = inspect.get_annotations(fixture, eval_str=True).get("return")
    classes = (given, *getattr(given, "__args__", ()))
    return any("now" in getattr(one, "__dataclass_fields__", ()) for one in classes)


def _asks(thing: Any, packages: frozenset[str], known: dict[int, bool]) -> bool:
    """Whether a function or class of the tests, or what it names, asks the machine's clock."""
    plain = inspect.unwrap(getattr(thing, "__func__", thing))
    if not _home(plain).startswith("tests.") or not (
        inspect.isfunction(plain) or inspect.isclass(plain)
    ):
        return False
    if id(plain) not in known:
        known[id(plain)] = False  # until it is known: helpers may name each other
        known[id(plain)] = (
            plain.__name__ == KEPT
            or ASKS.search(inspect.getsource(plain)) is not None
            or any(
                _package(named) in packages or _asks(named, packages, known)
                for named in _named(plain)
            )
        )
    return known[id(plain)]


def _home(thing: Any) -> str:
    return str(getattr(thing, "__module__", None) or getattr(thing, "__name__", ""))


def _package(thing: Any) -> str:
    return ".".join(_home(thing).split(".")[:2])


def _named(thing: Any) -> Iterator[Any]:
    """What a function names of its module's; of a class, what its methods do."""
    if inspect.isclass(thing):
        for part in vars(thing).values():
            if inspect.isfunction(method := getattr(part, "fget", part)):
                yield from _named(method)
        return
    for name in _names(thing.__code__):
        named = thing.__globals__.get(name)
        if type(named) is not LocalProxy:  # Flask's, which is nothing outside of a request
            yield named


def _names(code: CodeType) -> Iterator[str]:
    """The names in code, and in functions within it."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield from _names(part)
