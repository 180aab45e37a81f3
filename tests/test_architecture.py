"""The structure is a failing check: a forbidden import is noticed, and pure stages stay pure."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "newsletter"
# The faces and what is made for this machine; everywhere else a module that touches the network,
# files, clocks or the database says so with the mark.
FACES = {"cli", "web", "store", "config", "wiring", "doctor", "demo", "shipped"}
MARK = "[I/O]"
CLOCKS = {"now", "today", "utcnow", "time", "monotonic", "perf_counter", "sleep"}
WORLD = {"socket", "subprocess", "urllib.request", "http.client", "smtplib", "imaplib", "ftplib"}
WORLD |= {"aiohttp", "requests", "shutil", "tempfile", "dns.resolver", "sqlalchemy", "fcntl"}
# What a verb is handed to act with; beside the `ports` of a slice.
DOORS = {"newsletter.files", "newsletter.issues.sources", "newsletter.stories.services"}


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [linter, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.usefixtures("processes")
@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("issues/zz_violation.py", "import newsletter.store.database"),
        ("pulling/zz_violation.py", "import newsletter.members.load"),
        ("members/zz_violation.py", "import newsletter.issues.approve"),
        ("store/zz_violation.py", "import newsletter.people.links"),
        ("model/zz_violation.py", "import click"),
        ("sending/zz_violation.py", "import newsletter.cli.output"),
        ("web/zz_violation.py", "import newsletter.store.items"),
        ("design/zz_violation.py", "import sqlalchemy"),
        ("store/zz_violation.py", "import psycopg"),
    ],
)
def test_a_forbidden_import_breaks_the_check(tmp_path: Path, module: str, line: str) -> None:
    shutil.copytree(PACKAGE, tmp_path / "newsletter", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "newsletter" / module).write_text(line + "\n", encoding="utf-8")
    result = lint_imports(tmp_path)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "zz_violation" in result.stdout


@pytest.mark.usefixtures("processes")
def test_the_code_as_it_is_keeps_every_contract() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def pure_modules() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if path.relative_to(PACKAGE).parts[0] not in FACES and MARK not in docstring:
            yield path


def impurities(tree: ast.AST) -> Iterator[str]:
    """What in the code reads a clock, opens a file, talks to a network or asks a store."""
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom(module=str(module)) if module in DOORS or module.endswith(".ports"):
                yield f"from {module} import"
            case ast.Import(names=names):
                yield from (f"import {name.name}" for name in names if name.name in WORLD)
            case ast.ImportFrom(module=str(module)) if module in WORLD:
                yield f"from {module} import"
            case ast.Call(func=ast.Name(id="open")):
                yield "open()"
            case ast.Call(func=ast.Attribute(value=owner, attr="open")) if (
                ast.unparse(owner) != "Image"  # Pillow, on bytes in memory
            ):
                yield ".open()"
            case ast.Attribute(value=ast.Name(id="os"), attr="environ" | "remove" | "rename"):
                yield "os"
            case ast.ImportFrom(module="time"):
                yield "from time import"
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=attr)) if (
                owner in {"datetime", "date", "time"} and attr in CLOCKS
            ):
                yield f"{owner}.{attr}()"
            case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="datetime"), attr="now")):
                yield "datetime.datetime.now()"
            case ast.Call(func=ast.Attribute(attr=attr)) if attr in {
                "read_text",
                "read_bytes",
                "write_text",
                "write_bytes",
                "iterdir",
                "unlink",
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
        "import imaplib",
        "from time import time",
        "import datetime\ndatetime.datetime.now()",
        "from pathlib import Path\nPath('x').open()",
        "import os\nos.environ['x']",
        "from newsletter.files import WorkspaceFiles",
        "from newsletter.people.ports import SubscriberStore",
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


def test_no_base_name_stands_in_more_than_two_folders() -> None:
    """Elsewhere `notice.py` four times is a search, not a name. A face may repeat its verb."""
    faces = {"cli", "web", "store"}
    folders: dict[str, list[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        if path.stem not in {"__init__", "ports"} and path.parent.name not in faces:
            folders.setdefault(path.stem, []).append(str(path.parent.relative_to(ROOT)))
    assert not {name: found for name, found in folders.items() if len(found) > 2}


def definitions(kind: type[ast.AST]) -> Iterator[tuple[Path, ast.AST]]:
    """Every definition of that kind in the package, with its file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kind):
                yield path, node


def members_of(node: ast.ClassDef) -> frozenset[str]:
    """The names that a class gives its objects."""
    named = {part.name for part in node.body if isinstance(part, ast.FunctionDef)}
    named |= {part.name for part in node.body if isinstance(part, ast.AsyncFunctionDef)}
    targets = [part.target for part in node.body if isinstance(part, ast.AnnAssign)]
    return frozenset(named | {target.id for target in targets if isinstance(target, ast.Name)})


def test_a_protocol_has_two_implementations_or_is_a_slices_port_to_the_store() -> None:
    """A Protocol of one class says what the class says, and doubles each of its signatures."""
    classes = [node for _, node in definitions(ast.ClassDef)]
    is_protocol = {
        node.name: any(ast.unparse(part) == "Protocol" for part in node.bases) for node in classes
    }
    lonely = []
    for path, node in definitions(ast.ClassDef):
        if is_protocol[node.name] and path.name != "ports.py":
            wanted = members_of(node)
            fulfil = [
                other.name
                for other in classes
                if not is_protocol[other.name]
                and wanted <= members_of(other) | inherited(other, classes)
            ]
            if len(fulfil) < 2:
                lonely.append((node.name, fulfil))
    assert not lonely
    assert sum(is_protocol.values()) <= 20


def inherited(node: ast.ClassDef, classes: list[ast.ClassDef]) -> frozenset[str]:
    """The names that a class has from its bases in the package."""
    bases = {ast.unparse(part) for part in node.bases}
    return frozenset().union(*(members_of(other) for other in classes if other.name in bases))


NO_VERB = re.compile(
    "(the|an?|what|whether|who[ms]?|whose|how|all|each|where|why|one|as|every|when|which|th(at|is)"
    "|th[eo]se|its|their|for|in|of|to|from|same|yes|none|no|nothing|text|at|by|with|on|if|until"
    "|it|two|some|everything|several|more|words)\b",
    re.IGNORECASE,
)


def test_a_public_functions_docstring_begins_with_a_verb() -> None:
    nouns = []
    for path, node in definitions(ast.FunctionDef):
        assert isinstance(node, ast.FunctionDef)
        docstring = ast.get_docstring(node) or ""
        is_property = any("property" in ast.unparse(part) for part in node.decorator_list)
        is_public = not node.name.startswith("_") and not is_property
        if is_public and NO_VERB.match(docstring):
            nouns.append(f"{path.relative_to(ROOT)}:{node.lineno} {docstring.splitlines()[0]}")
    assert not nouns


def test_model_and_errors_import_the_standard_library_only() -> None:
    foreign = []
    for path in [*(PACKAGE / "model").rglob("*.py"), PACKAGE / "errors.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [part.name for part in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            foreign += [name for name in names if name.split(".")[0] not in STANDARD]
    assert not foreign


STANDARD = sys.stdlib_module_names | {"newsletter"}


def test_feedparser_stays_behind_its_adapter() -> None:
    text = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    knowing = {path.stem for path, code in text.items() if "import feedparser" in code}
    knowing |= {path.stem for path, code in text.items() if "from feedparser" in code}
    assert knowing == {"entry_dict", "feedparser_adapter", "plain_parser", "strict_parser"}


def test_no_function_returns_a_tuple_of_several_texts() -> None:
    """Which text is which is a name's to say: a documented type."""
    nameless = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, node in definitions(ast.FunctionDef)
        if isinstance(node, ast.FunctionDef) and node.returns is not None
        for part in ast.walk(node.returns)
        if isinstance(part, ast.Subscript) and ast.unparse(part.value) == "tuple"
        if ast.unparse(part.slice).split(", ").count("str") > 2
    ]
    assert not nameless
