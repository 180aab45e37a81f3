"""A kind of section of a workspace's own says its facts at the top of its one file."""

from pathlib import Path

import pytest

from newsletter.design.own_kinds import read_kind
from newsletter.design.templates import Templates, shipped_folder
from newsletter.errors import ConfigError
from newsletter.model.section_kinds import KINDS, Kind

BODY = "<mj-text>{{ p.title }}</mj-text>\n"
HEADER = """{# kind
title.en = "Recipes"
title.es = "Recetas"
needs = ["where", "call or text"]
shows = ["hours"]
topics = ["recipes"]
#}
"""


def read(source: str, name: str = "recipes") -> Kind | None:
    return read_kind(source, name=name, file=f"kinds/{name}.mjml")


def test_a_header_says_titles_details_and_topics() -> None:
    assert read(HEADER + BODY) == Kind(
        titles={"en": "Recipes", "es": "Recetas"},
        needs=(("where",), ("call", "text")),
        shows=("where", "call", "text", "hours"),
        topics=("recipes",),
    )


@pytest.mark.parametrize(
    "header",
    [
        '{# kind title.en = "Recipes" #}',
        '{#- kind\r\n[title]\r\nen = "Recipes"\r\n-#}',
        '\ufeff\n\n{#kind:\n  title = {en = "Recipes"}\n#}',
        '{# Kind\n# ours, by Rosa\ntitle.en = "Recipes"  # short\n#}',
    ],
)
def test_it_may_be_written_in_several_ways(header: str) -> None:
    assert read(header + BODY) == Kind(titles={"en": "Recipes"})


def test_a_file_without_one_is_no_kind(tmp_path: Path) -> None:
    for source in (BODY, "{# kindly made by Rosa #}\n" + BODY, "{# kind of ugly #}" + BODY):
        assert read(source) is None
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "card.mjml").write_text(BODY)
    assert Templates((tmp_path, shipped_folder())).kinds == KINDS


@pytest.mark.parametrize(
    ("header", "line", "message", "hint"),
    [
        ('{# kind\ntitle.en = "R"\nserves = 4\n#}', 3, "unknown key 'serves'", "title"),
        ('{# kind\ntitel.en = "R"\n#}', 2, "unknown key 'titel'", "did you mean 'title'"),
        ('{# kind\ntitle = "R"\n#}', 2, "no title by language", "title.en"),
        ("{# kind\ntitle.en = 4\n#}", 2, "title.en must be text", "title"),
        ('{# kind\ntitle.en = " "\n#}', 2, "title.en is empty", "title"),
        ('{# kind\ntitle.english-please = "R"\n#}', 2, "is no language", "title.en"),
        ('{# kind\nshows = ["where"]\n#}', 1, "no title by language", "title.en"),
        ('\n{# kind\n\ntitle.en = "R"\nshows = "where"\n#}', 5, "shows must be a list", "shows"),
        ('{# kind\ntitle.en = "R"\nneeds = ["serves"]\n#}', 3, "no such detail: 'serves'", ""),
        ('{# kind\ntitle.en = "R"\nshows = ["hour"]\n#}', 3, "no such detail", "'hours'"),
        ("{# kind\ntitle.en = Recipes\n#}", 2, "", "quotes"),
        ('{# kind\ntitle: {en: "Recipes"}\n#}', 2, "", "quotes"),
        ('{# kind\ntitle.en = "R"\n', 1, "never ends", "#}"),
        ("{# kind #}", 1, "no title by language", "title.en"),
        (BODY + HEADER, 2, "something stands above the header", "top of the file"),
        ('{# kind\ntitle.en = "R"\nx = ' + "[" * 20_000 + "\n#}", 1, "nested too deeply", ""),
    ],
)
def test_a_header_that_cannot_be_read_is_named_with_its_line(
    header: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        read(header)
    error = caught.value
    assert (error.file, error.line) == ("kinds/recipes.mjml", line)
    assert message in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("news", "news is a name of the program's own"),
        ("parts", "parts is a name of the program's own"),
        ("any", "any is a name of the program's own"),
        ("Recipes", "no kind can be called 'Recipes'"),
        ("our recipes", "no kind can be called 'our recipes'"),
        ("recetas-ñ", "no kind can be called"),
        ("2go", "no kind can be called"),
        ("a_b", "no kind can be called"),
        ("sub/recipes", "no kind can be called"),
    ],
)
def test_a_name_that_no_heading_can_say_or_that_is_taken_is_refused(
    name: str, message: str
) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        read(HEADER, name=name)
    assert caught.value.line == 1
    assert caught.value.hint


def test_a_file_that_is_no_template_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "kinds"
    folder.mkdir()
    templates = Templates((tmp_path, shipped_folder()))
    for data, message, line in (
        (b'{# kind\ntitle.en = "Se\xf1as"\n#}', "not UTF-8 text", 2),
        (b"{# kind" + b" " * 200_000, "more than 200,000 bytes", None),
    ):
        (folder / "recipes.mjml").write_bytes(data)
        with pytest.raises(ConfigError, match=message) as caught:
            _ = templates.kinds
        assert caught.value.file == str(folder / "recipes.mjml")
        assert caught.value.line == line
        assert caught.value.hint
