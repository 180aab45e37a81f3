"""Finding the line of a key again."""

import pytest

from newsletter.errors import ConfigError
from newsletter.fields.table import Path
from newsletter.fields.toml import line_of, read_toml

TEXT = '''\
top = 1

[coalition]
name = "A"
text = """
name = "not a key"
[nor a table]
"""
[ transport ]  # spaces
"quoted key" = 1
a.b = 2

[[editors]]
name = "x"
[[editors]]
name = "y"
[[issue.sections]]
id = "s"
title = {en = "S", es = "H"}
[[issue.sections]]
id = "t"
[issue.sections.title]
en = "T"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 1),
        (("coalition",), 3),
        (("coalition", "name"), 4),
        (("transport", "quoted key"), 10),
        (("transport", "a", "b"), 11),
        (("editors", 0, "name"), 14),
        (("editors", 1), 15),
        (("editors", 1, "name"), 16),
        (("issue", "sections", 0, "title", "es"), 19),
        (("issue", "sections", 1, "id"), 21),
        (("issue", "sections", 1, "title", "en"), 23),
        (("coalition", "missing"), 3),
        (("nowhere",), None),
    ],
)
def test_the_line_of_a_key_or_of_what_is_around_it(path: Path, line: int | None) -> None:
    assert line_of(TEXT, path) == line


def test_quotes_of_a_word_processor_are_named() -> None:
    with pytest.raises(ConfigError) as caught:
        read_toml("a = 1\nb = “Recipes”\n", file="x.toml", environ={})
    assert caught.value.line == 2
    assert "straight quotes" in caught.value.hint


def test_a_dotted_key_has_a_line_for_each_part_of_its_name() -> None:
    text = "x = 1\ntitle.en = 2\ntitle.es = 3\n"
    assert [line_of(text, path) for path in (("title",), ("title", "es"))] == [2, 3]
