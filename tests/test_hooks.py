"""The hooks of a commit ask what `make check` asks, from the same environment."""

import re
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).parents[1]


def test_the_hooks_are_our_own_and_are_the_quick_half_of_make_check() -> None:
    repos = YAML(typ="safe").load(ROOT / ".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in repos] == ["local"]
    hooks = repos[0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8").partition("\ncheck:")[2]
    checks = re.findall(r"^\t\$\(BIN\)/([a-z- ]*[a-z])", recipe.partition("\n\n")[0], re.MULTILINE)
    assert [command.partition(" --")[0] for command in checks] == [hook["name"] for hook in hooks]
    for hook in hooks:
        assert hook["entry"].startswith(f".venv/bin/{hook['name']}")
