"""`newsletter templates lint` names what cannot be read, and looks at all the rest."""

import os
from pathlib import Path

import pytest

from newsletter.design.lint_parts import lint_parts
from newsletter.design.templates import Templates, shipped_folder
from newsletter.model.problem import Problem

IMPORTS = '{% from "kinds/parts.mjml" import heading, blurb, credit with context %}'
SHOWN = "<mj-text>{{ heading(p) }}{{ blurb(p) }}{{ credit(p) }}</mj-text>"
TITLED = f'{{# kind\ntitle.en = "Recipes"\n#}}{IMPORTS}\n{SHOWN}\n'
FAULT = "<mj-text>\n<blink>x</blink></mj-text>"
BLINK = "templates/footer.mjml:2: <blink> is not allowed"


def found(folder: Path, **more: str) -> list[Problem]:
    """What is wrong, with a fault in footer.mjml that is to be named whatever else is."""
    (folder / "footer.mjml").write_text(FAULT)
    (folder / "kinds").mkdir(exist_ok=True)
    for name, source in more.items():
        (folder / name).write_text(source)
    problems = lint_parts(Templates((folder, shipped_folder())), ("en",))
    said = [f"{one.place}: {one.message}" for one in problems]
    assert BLINK in said
    assert all(one.hint for one in problems if one.message not in BLINK)
    return [one for one in problems if f"{one.place}: {one.message}" != BLINK]


def test_what_we_ship_has_no_fault() -> None:
    assert lint_parts(Templates((shipped_folder(),)), ("en", "es", "ar")) == []


def test_a_kind_in_one_file_has_no_fault(tmp_path: Path) -> None:
    assert found(tmp_path, **{"kinds/recipes.mjml": TITLED}) == []


@pytest.mark.parametrize(
    ("name", "data", "place", "message"),
    [
        ("masthead.txt", b"Ol\n\xe9", "masthead.txt:2", "not UTF-8 text"),
        ("kinds/recipes.mjml", b"{# kind\ntitle.en = 'R\xe9'", "kinds/recipes.mjml:2", "not UTF-8"),
        ("kinds/news.mjml", b"x" * 200_001, "kinds/news.mjml", "more than 200,000 bytes"),
        ("tokens.toml", b"[light", "tokens.toml:1", "Expected"),
        ("tokens.toml", b"\xff", "tokens.toml:1", "not UTF-8"),
        ("tokens.toml", b'[light]\nlink = "red"\n', "tokens.toml", "light.link must be #rrggbb"),
        ("logo.png", b"\x89PNG", "logo.png", "the design has no part of that name"),
        ("foter.mjml", b"<mj-text>x</mj-text>", "foter.mjml", "the design has no part of that"),
        ("kinds/recipes.mjml.bak", b"\xff", "kinds/recipes.mjml.bak", "has no part of that name"),
        ("kinds/recipes.txt", b"x", "kinds/recipes.txt", "there is no kinds/recipes.mjml"),
        ("kinds/recipes.mjml", b"<mj-text>x</mj-text>", "kinds/recipes.mjml:1", "it has no header"),
        ("kinds/recipes.MJML", b"x", "kinds/recipes.MJML", "has no part of that name"),
        ("kinds/recipes.mjml.txt", b"x", "kinds/recipes.mjml.txt", "has no part of that name"),
        ("kinds/recipes.mjml", TITLED.replace("#}", 'shows = ["where"]\n#}').encode(),
         "kinds/recipes.mjml:3", "its header has where, and it does not show that"),
        ("kinds/recipes.mjml", f"{TITLED}{{{{ {'(' * 3000}1{')' * 3000} }}}}".encode(),
         "kinds/recipes.mjml", "nested too deeply"),
        ("kinds/Recipes.mjml", TITLED.encode(), "kinds/Recipes.mjml:1", "no kind can be called"),
        ("kinds/news.mjml", TITLED.encode(), "kinds/news.mjml:1", "a name of the program's own"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_part_is_named_and_the_rest_is_looked_at(
    tmp_path: Path, name: str, data: bytes, place: str, message: str
) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / name).write_bytes(data)
    (problem,) = found(tmp_path)
    assert problem.place == f"templates/{place}"
    assert message in problem.message


def test_broken_syntax_is_named_in_each_file(tmp_path: Path) -> None:
    problems = found(
        tmp_path,
        **{
            "masthead.mjml": "<mj-text>\n{% if e %}</mj-text>",
            "kinds/recipes.mjml": TITLED + "{% for x in e.sections %}",
            "section.txt": '{% include "kinds/absent.txt" %}',
        },
    )
    assert [one.place for one in problems] == [
        "templates/kinds/recipes.mjml:5",
        "templates/masthead.mjml:2",
        "templates/section.txt:1",
    ]
    assert problems[-1].message == "there is no part kinds/absent.txt"


def test_a_folder_or_a_dead_link_in_the_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "head.mjml").mkdir()
    (tmp_path / "brand.mjml").symlink_to("nowhere.mjml")
    (tmp_path / "letter.mjml").symlink_to("letter.mjml")
    assert [(one.file, one.message) for one in found(tmp_path)] == [
        ("templates/brand.mjml", "a link that leads nowhere"),
        ("templates/head.mjml", "a folder where a file should be"),
        ("templates/letter.mjml", "a link that leads nowhere"),
    ]


def test_what_may_not_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "masthead.txt").write_text("Hello")
    (tmp_path / "masthead.txt").chmod(0)
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/tmp"):
            folder.chmod(folder.stat().st_mode | 0o055)
    found(tmp_path)
    is_root = os.geteuid() == 0
    try:
        if is_root:
            os.seteuid(65534)
        problems = lint_parts(Templates((tmp_path, shipped_folder())), ("en",))
    finally:
        if is_root:
            os.seteuid(0)
    said = [f"{one.place}: {one.message}" for one in problems]
    assert said == ["templates/masthead.txt: cannot be read: Permission denied", BLINK]


def test_a_macro_that_an_older_copy_lacks_is_named_once_with_who_shows_it(tmp_path: Path) -> None:
    source = (shipped_folder() / "kinds" / "parts.mjml").read_text()
    older = source.replace("{% macro beside(p) %}", "{% macro besides(p) %}")
    (problem,) = found(tmp_path, **{"kinds/parts.mjml": older})
    assert problem.place == "templates/kinds/parts.mjml"
    assert problem.message == "the macro 'beside' is missing, which kinds/news.mjml asks for"
    assert "templates copy kinds/parts.mjml" in problem.hint


def test_a_macro_that_nobody_has_is_named_where_it_is_asked_for(tmp_path: Path) -> None:
    asking = '{% from "kinds/parts.mjml" import heading, blurp with context %}\n'
    (problem,) = found(tmp_path, **{"kinds/recipes.mjml": TITLED + asking})
    assert problem.place == "templates/kinds/recipes.mjml:5"
    assert (problem.message, problem.hint) == (
        "kinds/parts.mjml has no macro 'blurp'",
        "did you mean blurb?",
    )


def test_a_macro_of_a_part_that_is_imported_whole_is_looked_for_too(tmp_path: Path) -> None:
    asking = '{% import "kinds/parts.mjml" as parts with context %}\n{{ parts.blurp(p) }}\n'
    (problem,) = found(tmp_path, **{"kinds/recipes.mjml": asking.join((TITLED, ""))})
    assert problem.place == "templates/kinds/recipes.mjml:6"
    assert problem.message == "kinds/parts.mjml has no macro 'blurp'"


def test_what_every_kind_has_to_show_is_named(tmp_path: Path) -> None:
    header, _, _ = TITLED.partition("<mj-text>")
    problems = found(tmp_path, **{"kinds/recipes.mjml": header + "<mj-text>Hello</mj-text>"})
    assert [one.message for one in problems] == [
        f"it does not show a piece's {what}" for what in ("title", "link", "text", "credit")
    ]


def test_a_file_of_macros_is_no_kind_and_welcome(tmp_path: Path) -> None:
    macros = "{% macro stars(p) %}<p>***</p>{% endmacro %}"
    asking = '{% from "kinds/ours.mjml" import stars with context %}\n'
    more = {"kinds/ours.mjml": macros, "kinds/recipes.mjml": TITLED + asking}
    assert found(tmp_path, **more) == []


def test_a_title_that_a_language_lacks_is_named(tmp_path: Path) -> None:
    (tmp_path / "kinds").mkdir()
    (tmp_path / "kinds" / "recipes.mjml").write_text(TITLED)
    problems = lint_parts(Templates((tmp_path, shipped_folder())), ("en", "es", "en-US"))
    assert [(one.place, one.message, one.hint) for one in problems] == [
        (
            "templates/kinds/recipes.mjml:2",
            "the kind has no title in es",
            'write title.es = "…" in its header',
        )
    ]
