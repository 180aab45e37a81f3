"""The documentation is tested: each command has help and stands in it; README keeps its word."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from newsletter.cli.main import COMMANDS, cli

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").glob("*.md"))
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in [*DOCS, ROOT / "README.md"])
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
LINK = re.compile(r"\]\((?!https?://|mailto:|#)([^)#\s]+)[^)]*\)")


def commands(group: click.Group, words: tuple[str, ...]) -> Iterator[tuple[str, click.Command]]:
    """Every command below `group`, by the words that call it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield " ".join((*words, name)), command
        if isinstance(command, click.Group):
            yield from commands(command, (*words, name))


ALL = dict(commands(cli, ("newsletter",)))


@pytest.mark.parametrize("name", ALL)
def test_a_command_and_each_of_its_options_has_help(name: str) -> None:
    command = ALL[name]
    assert (command.help or "").strip().endswith((".", "?", ")")), "one sentence, at least"
    for option in command.params:
        if isinstance(option, click.Option) and not option.hidden:
            assert option.help, f"{option.opts} has no help"


def test_every_command_has_an_example_that_can_be_typed() -> None:
    for name, command in ALL.items():
        if isinstance(command, click.Group):
            continue
        assert len(str(command.epilog)) <= 76, "wrapped, it could not be copied"
        words = shlex.split(str(command.epilog).removeprefix("Example: "))
        assert words[: len(name.split())] == name.split()
        parser = command.make_parser(click.Context(command))
        _, left, _ = parser.parse_args(words[len(name.split()) :])
        assert not left


def test_a_list_of_commands_is_not_cut_short() -> None:
    for name, command in ALL.items():
        if isinstance(command, click.Group):
            context = click.Context(command, terminal_width=60)
            listed = command.get_help(context).partition("Commands:\n")[2]
            assert listed, name
            assert "..." not in listed, name


@pytest.mark.parametrize("name", ALL)
def test_a_command_stands_in_the_documentation(name: str) -> None:
    assert name in TEXT, "say in docs/ what it is for"


def test_the_line_in_the_list_of_commands_is_a_sentence() -> None:
    assert all(line.endswith(".") for line in COMMANDS.values())


def test_what_the_readme_and_contributing_say_to_make_is_in_the_makefile() -> None:
    said = set()
    for name in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        said |= set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
    assert {"demo", "test", "check", "bench"} <= said
    for target in said:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE), f"make {target}"


def test_the_readme_names_only_commands_that_exist() -> None:
    for path in [*DOCS, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]:
        for block in re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), re.S):
            for word in re.findall(r"^(?:\$ )?newsletter ([a-z][a-z-]*)", block, re.MULTILINE):
                assert word in COMMANDS, f"{path.name}: newsletter {word}"


def test_every_command_line_in_the_documentation_can_be_typed() -> None:
    """Each `newsletter …` in a block or between backticks: the command and its options exist."""
    lines = re.findall(r"^(newsletter [a-z].*)$|`(newsletter [a-z][^`]*)`", TEXT, re.MULTILINE)
    typed = [" ".join("".join(line).split("#")[0].split()) for line in lines]
    assert len(typed) > 100
    for line in typed:
        words = line.split()[1:]
        command: click.Command = cli
        while words and isinstance(command, click.Group):
            command = ALL.get(f"{line[: line.index(words[0])]}{words.pop(0)}", command)
        known = {name for option in command.params for name in option.opts + option.secondary_opts}
        named = {word.partition("=")[0].rstrip(".,;:)") for word in words if word.startswith("--")}
        assert command is not cli, line
        assert named <= known | {"--help"}, line


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("*.md"))],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_links_between_our_pages_lead_somewhere(path: Path) -> None:
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_every_page_is_reached_from_the_index(path: Path) -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert path.name == "README.md" or f"({path.name})" in index
