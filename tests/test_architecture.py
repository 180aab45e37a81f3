"""The structure is a failing check: a forbidden import is noticed, and pure stages stay pure."""

import ast
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "newsletter"
STAGES = (
    "feeds",
    "stories",
    "items",
    "curation",
    "issue",
    "rendering",
    "subscribers",
    "delivery",
    "reports",
)
MARK = "[I/O]"  # in the first lines of a module that may touch the network, files and clocks
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "sleep"}
WORLD = {"socket", "subprocess", "urllib.request", "http.client", "smtplib", "aiohttp", "requests"}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("curation/zz_violation.py", "import newsletter.store.database"),
        ("feeds/zz_violation.py", "import newsletter.items"),
        ("model/zz_violation.py", "import click"),
        ("workflow/zz_violation.py", "import newsletter.cli.output"),
    ],
)
def test_a_forbidden_import_breaks_the_check(tmp_path: Path, module: str, line: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "newsletter", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "newsletter" / module).write_text(line + "\n", encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "zz_violation" in result.stdout


@pytest.mark.slow
def test_the_code_as_it_is_keeps_every_contract() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def pure_modules() -> Iterator[Path]:
    for stage in (*STAGES, "model"):
        for path in sorted((PACKAGE / stage).rglob("*.py")):
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            if MARK not in docstring:
                yield path


def impurities(tree: ast.AST) -> Iterator[str]:
    """What in the code reads a clock, opens a file or talks to a network."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (f"import {name.name}" for name in names if name.name in WORLD)
            case ast.ImportFrom(module=str(module)) if module in WORLD:
                yield f"from {module} import"
            case ast.Call(func=ast.Name(id="open")):
                yield "open()"
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=attr)) if (
                owner in {"datetime", "date", "time"} and attr in CLOCKS
            ):
                yield f"{owner}.{attr}()"
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in {
                "read_text",
                "read_bytes",
                "write_text",
                "write_bytes",
            }:
                yield f".{attr}()"


@pytest.mark.parametrize(
    "path", list(pure_modules()), ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_a_pure_module_touches_no_clock_file_or_network(path: Path) -> None:
    found = list(impurities(ast.parse(path.read_text(encoding="utf-8"))))
    assert not found, f"{path.name} is pure, it does not say {MARK}: take it as an argument"


@pytest.mark.parametrize(
    "code",
    [
        "import socket",
        "from aiohttp import ClientSession",
        "from datetime import datetime\ndatetime.now()",
        "import time\ntime.time()",
        "open('x')",
        "from pathlib import Path\nPath('x').read_text()",
    ],
)
def test_the_purity_check_would_notice(code: str) -> None:
    assert list(impurities(ast.parse(code)))


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
    assert not [path for path in PACKAGE.rglob("*.py") if path.stem in empty]


def test_no_module_outgrows_300_lines() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in PACKAGE.rglob("*.py")
        if "versions" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert not long, "split by noun"
