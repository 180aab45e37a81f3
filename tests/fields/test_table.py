"""A table answers by type, and names the line and the fix of whatever is wrong in it."""

from datetime import date
from enum import StrEnum

import pytest

from newsletter.errors import ConfigError
from newsletter.fields.table import Table
from newsletter.fields.toml import read_toml
from newsletter.fields.tree import table_of
from newsletter.fields.yaml import load_yaml


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


YAML = """\
name: " Ana "
on: 2026-11-20
colours: [red, blue]
nothing:
count: 7
people:
  - {role: sister}
  - brother
"""


def yaml(*, first_line: int = 1) -> Table:
    tree = load_yaml(YAML, file="f.yaml", first_line=first_line)
    return table_of(tree, file="f.yaml", first_line=first_line)


def test_each_kind_is_read_as_what_it_is() -> None:
    table = yaml()
    assert table.text("name") == "Ana"
    assert table.day("on") == date(2026, 11, 20)
    assert table.choices("colours", Colour) == {Colour.RED, Colour.BLUE}
    assert table.day_or_none("nothing") is None
    assert table.text("nothing", "otherwise") == "otherwise"
    assert table.whole("count", 0, least=7, most=7) == 7
    people = list(table.tables("people", of_text="role"))
    assert [person.text("role") for person in people] == ["sister", "brother"]
    table.close()


@pytest.mark.parametrize(
    ("ask", "line", "message", "hint"),
    [
        (lambda table: table.text("nothing"), 13, "nothing is missing", "null means no value"),
        (lambda table: table.text("nmae"), 10, "unknown key 'name'", "did you mean 'nmae'?"),
        (lambda table: table.text("other"), 10, "other is missing", 'write other: "…"'),
        (lambda table: table.text("count"), 14, "count must be text, not a whole number", '"…"'),
        (lambda table: table.day("name"), 10, "name is not a date", "write name: 2026-11-20"),
        (lambda table: table.flag("count"), 14, "count must be true or false", "count: true"),
        (lambda table: table.whole("count", 0, most=6), 14, "a whole number, at most 6", ""),
        (lambda table: table.whole("name", 1), 10, "a whole number, not text", "write name: …,"),
        (lambda table: table.choice("name", Colour), 10, "'Ana'", "use one of: red, blue"),
        (lambda table: table.wholes("colours"), 12, "colours[1] must be a whole number", "[1]"),
        (lambda table: table.table("colours"), 12, "colours must be keys with values", "key: "),
        (lambda table: list(table.tables("people")), 17, "people[2] must be keys", ""),
        (lambda table: table.close(), 10, "unknown key 'name'", "use one of"),
    ],
)
def test_a_mistake_is_named_with_its_line_in_the_whole_file(
    ask: object, line: int, message: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        ask(yaml(first_line=10))
    assert message in caught.value.message
    assert hint in caught.value.hint
    assert (caught.value.file, caught.value.line) == ("f.yaml", line)


def test_the_environment_stands_for_plain_values_of_top_level_tables() -> None:
    environ = {"NEWSLETTER_FETCH_PORTS": "80, 443", "NEWSLETTER_NAME": "not a table's"}
    top = read_toml('name = "file"\n[fetch]\nports = [1]\n', file="f.toml", environ=environ)
    assert top.table("fetch").wholes("ports") == (80, 443)
    assert top.text("name") == "file"


def test_a_tree_without_positions_names_no_line() -> None:
    with pytest.raises(ConfigError) as caught:
        table_of({"a": {"b": 1}}, file="copy.json").table("a").text("b")
    assert caught.value.line is None


def test_only_text_keeps_what_was_written() -> None:
    tree = load_yaml("a: 1.0\nb: true\nc: [2026-11-20]\n", file="f", only_text=True)
    assert tree == {"a": "1.0", "b": "true", "c": ["2026-11-20"]}


def test_where_numbers_are_text_they_are_as_the_file_says_but_nothing_is_no_text() -> None:
    tree = load_yaml("id: 12\non: 2026-11-20\nyes: true\nlist: [a, ~]\n", file="f")
    table = table_of(tree, file="f", numbers_are_text=True)
    assert [table.text(key) for key in ("id", "on", "yes")] == ["12", "2026-11-20", "True"]
    with pytest.raises(ConfigError, match=r"list\[2\] must be text, not nothing"):
        table.texts("list")


@pytest.mark.parametrize(("written", "meant"), [('"25"', "25"), ("25x", "25"), ("true", "…")])
def test_a_number_that_is_none_is_given_back_as_what_was_meant(written: str, meant: str) -> None:
    with pytest.raises(ConfigError, match="port must be a whole number, not") as caught:
        table_of(load_yaml(f"port: {written}\n", file="f.yaml"), file="f.yaml").whole("port", 587)
    assert caught.value.hint == f"write port: {meant}, in digits and without quotes"
